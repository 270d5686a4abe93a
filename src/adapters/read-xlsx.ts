import {
  InvalidInputError,
  InvalidSpreadsheetError,
  readSheet,
  SheetNotFoundError,
} from "read-excel-file/node";
import type { RawCell } from "../data/column-builder.js";
import type { ParseOptions } from "../data/parse-options.js";
import { dataInvalid } from "../data/problem-list.js";
import { quoted } from "../data/quoted.js";
import { createTableBuilder } from "../data/table-builder.js";
import type { Table } from "../data/table.js";
import type { Problem } from "../errors.js";
import { unpackedSize } from "./zip-size.js";

/** A workbook is held in memory as a whole. Assumption: about a million cells; larger tables belong into a CSV. */
const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024;

/** Assumption: a cell takes at most 250 bytes of XML. Beyond 512 MB its text does not fit a string of V8. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

export interface XlsxOptions extends ParseOptions {
  /** Name of the sheet, or its number from 1; the first one when absent. */
  readonly sheet?: string | number | undefined;
}

const MESSAGE =
  "Formulas were read as the values that Excel stored; cells that show an error such as #N/A count as empty.";

/**
 * Reads one sheet of an Excel workbook by the rules of a CSV: the first row that is not empty is the header.
 *
 * Dates become ISO 8601 text. Cells formatted as percentages hold fractions, so a column of per cent with nothing
 * above 1 is refused even where its header says `[%]`.
 *
 * @throws CellwrightError DATA_INVALID with every problem of the sheet at once, or if it is no workbook.
 */
export async function readXlsx(bytes: Uint8Array, options: XlsxOptions): Promise<Table> {
  refuseLarge(bytes.length, MAX_WORKBOOK_BYTES, "", options.source);
  refuseLarge(unpackedSize(bytes) ?? 0, MAX_UNPACKED_BYTES, " when unpacked", options.source);
  const rows = await readRows(bytes, options);
  const builder = createTableBuilder(options, {
    decimal: options.decimal ?? "detect",
    doubtStatedPercent: true,
    messages: [MESSAGE],
  });
  rows.forEach((row, i) => builder.add(row.map(readCell), i + 1));
  return builder.finish();
}

function refuseLarge(bytes: number, most: number, when: string, source: string): void {
  if (bytes <= most) return;
  const megabytes = bytes < Infinity ? `${Math.round(bytes / 1e6)} MB` : "more than 4 GB";
  throw dataInvalid(source, [
    {
      where: "file",
      found: `a workbook of ${megabytes}${when}`,
      expected: `at most ${Math.round(most / 1e6)} MB`,
      remedy: "Save the sheet as CSV UTF-8, which is read piece by piece.",
    },
  ]);
}

async function readRows(bytes: Uint8Array, options: XlsxOptions): Promise<readonly (readonly unknown[])[]> {
  try {
    return await readSheet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options.sheet ?? 1);
  } catch (cause) {
    throw dataInvalid(options.source, [workbookProblem(cause, options.sheet)]);
  }
}

function workbookProblem(cause: unknown, sheet: string | number | undefined): Problem {
  if (cause instanceof SheetNotFoundError) {
    return {
      where: "workbook",
      found: `no sheet ${sheet === undefined ? "at all" : quoted(String(sheet))}`,
      expected: "the name of a sheet, or its number from 1",
      remedy: cause.message,
    };
  }
  if (cause instanceof InvalidInputError || cause instanceof InvalidSpreadsheetError) {
    return {
      where: "workbook",
      found: "a file that is no Excel workbook, or a damaged one",
      expected: "an Excel workbook (.xlsx)",
      remedy: `Save it again as .xlsx or as CSV UTF-8. (${cause.message})`,
    };
  }
  throw cause;
}

/** A cell as the table builder takes it. */
function readCell(value: unknown): RawCell {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value instanceof Date ? isoText(value) : null;
}

/**
 * Excel's dates have no time zone; the reader hands them over as if they were UTC. They are binary fractions of a day,
 * so 14:30 arrives as 14:29:59.999: rounded to the second.
 */
function isoText(date: Date): string {
  const seconds = Math.round(date.getTime() / 1000);
  if (!Number.isFinite(seconds)) return "invalid date";
  const text = new Date(seconds * 1000).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 19);
}
