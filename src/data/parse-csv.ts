import { CsvError, parse } from "csv-parse/sync";
import { findDialect, PREVIEW_CHARACTERS } from "./csv-dialect.js";
import { csvParseOptions } from "./csv-records.js";
import type { ParseOptions } from "./parse-options.js";
import { dataInvalid } from "./problem-list.js";
import { createTableBuilder } from "./table-builder.js";
import type { Table } from "./table.js";
import { nulProblem } from "./text-check.js";

/**
 * Reads a CSV (RFC 4180, with or without BOM) that is in memory into a validated table.
 *
 * @throws CellwrightError DATA_INVALID with every problem of the file at once, unless `skipInvalid` leaves bad rows out.
 */
export function parseCsv(text: string, options: ParseOptions): Table {
  const nul = text.indexOf("\0");
  if (nul >= 0) throw dataInvalid(options.source, [nulProblem(text.slice(0, nul).split("\n").length)]);
  const dialect = findDialect(text.slice(0, PREVIEW_CHARACTERS), options);
  const builder = createTableBuilder(options, { decimal: dialect.decimal });
  try {
    parse(text, csvParseOptions(builder, dialect));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error; // the builder knows what stopped the splitting
  }
  return builder.finish();
}
