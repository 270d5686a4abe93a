import type { CsvError, InfoRecord, Options } from "csv-parse/sync";
import type { CsvDialect } from "./csv-dialect.js";
import type { TableBuilder } from "./table-builder.js";

/** Characters that one row may hold. Assumption: 10,000 columns of 100 characters; a larger row is a broken quote. */
const MAX_ROW_CHARACTERS = 1_000_000;

/** csv-parse's errors after which the rest of a file cannot be split into rows. */
const FATAL = new Set(["CSV_MAX_RECORD_SIZE", "CSV_INVALID_CLOSING_QUOTE", "CSV_QUOTE_NOT_CLOSED"]);

/** Options for csv-parse that hand each record to a table builder with the line on which it starts. */
export function csvParseOptions(builder: TableBuilder, dialect: CsvDialect): Options {
  let lastLine = dialect.skippedLines;
  let emptyLines = 0;
  // csv-parse counts the CR and the LF of a line break inside quotes as two lines.
  let overcounted = 0;
  const startOf = (record: readonly string[], info: InfoRecord): number => {
    const spanned = info.lines - overcounted - lastLine - (info.empty_lines - emptyLines) > 1;
    let within = 0;
    for (const field of spanned ? record : []) {
      overcounted += field.match(/\r\n/gu)?.length ?? 0;
      within += field.match(/\r\n|\r|\n/gu)?.length ?? 0;
    }
    lastLine = info.lines - overcounted;
    emptyLines = info.empty_lines;
    return lastLine - within;
  };
  return {
    bom: true,
    delimiter: dialect.delimiter,
    // Listed, not discovered: a file may mix them, and discovery would leave a CR in the last cell.
    record_delimiter: ["\r\n", "\n", "\r"],
    from_line: dialect.skippedLines + 1,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_CHARACTERS,
    on_record(record, info) {
      builder.add(record, startOf(record, info));
      return null;
    },
    on_skip(error) {
      if (error === undefined) return undefined;
      if (!FATAL.has(error.code)) {
        const line = Number(error["lines"]) - overcounted;
        builder.refuseRow({ ...rowFault(error), where: `line ${line}` });
        return undefined;
      }
      builder.refuseFile(fileFault(error, lastLine + 1));
      throw error; // stops csv-parse, which would drop rows in silence; `finish` then reports the file
    },
  };
}

function rowFault(error: CsvError): { found: string; expected: string; remedy: string } {
  const column = typeof error["column"] === "number" ? ` in cell ${error["column"] + 1}` : "";
  return {
    found: `a quotation mark${column} that does not stand at its start`,
    expected: "quotation marks around a whole cell",
    remedy: 'Quote the cell and double the mark inside it, as in "5"" gap".',
  };
}

function fileFault(
  error: CsvError,
  line: number,
): { where: string; found: string; expected: string; remedy: string } {
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    return {
      where: `line ${line}`,
      found: `a row of more than ${MAX_ROW_CHARACTERS} characters`,
      expected: "shorter rows",
      remedy: "Look for a quotation mark that is never closed, or for a file that is no table.",
    };
  }
  const never = error.code === "CSV_QUOTE_NOT_CLOSED";
  return {
    where: `line ${line}`,
    found: never ? "a quotation mark that is never closed" : "text behind a closing quotation mark",
    expected: "quotation marks around a whole cell",
    remedy:
      'Close the quotation mark, and double marks inside a cell ("5"" gap"). The rows behind it were not read.',
  };
}
