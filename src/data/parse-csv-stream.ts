import { CsvError, type Parser, parse } from "csv-parse";
import { CellwrightError } from "../errors.js";
import { findDialect, PREVIEW_CHARACTERS } from "./csv-dialect.js";
import { csvParseOptions } from "./csv-records.js";
import type { ParseOptions } from "./parse-options.js";
import { createTableBuilder, type TableBuilder } from "./table-builder.js";
import type { Table } from "./table.js";
import { createTextCheck } from "./text-check.js";

/**
 * Reads a CSV (RFC 4180, UTF-8 with or without BOM) chunk by chunk; only the columns of the table stay in memory.
 *
 * @throws CellwrightError DATA_INVALID with every problem of the file at once, unless `skipInvalid` leaves bad rows out;
 * CANCELLED when the signal is aborted between two chunks.
 */
export async function parseCsvStream(
  chunks: AsyncIterable<Uint8Array | string>,
  options: ParseOptions,
): Promise<Table> {
  const check = createTextCheck(options.source);
  const encoder = new TextEncoder();
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let splitter: RecordSplitter | undefined;
  for await (const chunk of chunks) {
    if (options.signal?.aborted === true) throw cancelled(options.source);
    const part = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    check(part, false);
    bytes += part.length;
    if (splitter === undefined) waiting.push(part);
    else await splitter.write(part);
    if (splitter === undefined && bytes >= PREVIEW_CHARACTERS) {
      splitter = await startSplitter(waiting, options);
      waiting = [];
    }
    options.onProgress?.(bytes, options.totalBytes ?? 0);
    if (splitter?.stopped === true) break;
  }
  if (splitter?.stopped !== true) check(new Uint8Array(0), true);
  splitter ??= await startSplitter(waiting, options);
  return splitter.finish();
}

function cancelled(source: string): CellwrightError {
  return new CellwrightError("CANCELLED", `Reading ${source} was cancelled; nothing was imported.`);
}

/** Splits bytes into records for a table builder. */
interface RecordSplitter {
  write(bytes: Uint8Array): Promise<void>;
  /** Whether the rest of the file cannot be split. */
  readonly stopped: boolean;
  finish(): Promise<Table>;
}

async function startSplitter(waiting: readonly Uint8Array[], options: ParseOptions): Promise<RecordSplitter> {
  const start = Buffer.concat(waiting);
  const dialect = findDialect(start.toString("utf8").slice(0, PREVIEW_CHARACTERS), options);
  const builder = createTableBuilder(options, { decimal: dialect.decimal });
  const splitter = createSplitter(parse(csvParseOptions(builder, dialect)), builder);
  await splitter.write(start);
  return splitter;
}

function createSplitter(parser: Parser, builder: TableBuilder): RecordSplitter {
  let failure: Error | undefined;
  parser.on("error", (error: Error) => {
    failure = error;
  });
  parser.resume(); // no record is ever pushed: the builder takes them on the way
  const settle = (act: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      act(() => resolve());
    });
  return {
    write: (bytes) => settle((done) => parser.write(bytes, done)),
    get stopped() {
      return failure !== undefined;
    },
    async finish() {
      if (failure === undefined) await settle((done) => parser.once("close", done).end());
      if (failure !== undefined && !(failure instanceof CsvError)) throw failure;
      return builder.finish(); // the builder knows what stopped the splitting
    },
  };
}
