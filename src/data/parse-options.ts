import type { ColumnExpectation } from "./table.js";

export type Delimiter = "," | ";" | "\t";
export type DecimalMark = "." | ",";

/** What a reader of a table needs to know; text, CSV streams and spreadsheets take the same. */
export interface ParseOptions {
  /** Name of the file as the user knows it, for messages. */
  readonly source: string;
  readonly expectations: readonly ColumnExpectation[];
  /** Detected from the first lines when absent. */
  readonly delimiter?: Delimiter | undefined;
  /** Point when absent, except that a decimal comma is detected in files separated by `;` or tab. */
  readonly decimal?: DecimalMark | undefined;
  /** Leave refused rows out and report them in `Table.refused` instead of refusing the file. */
  readonly skipInvalid?: boolean | undefined;
  /** Unit of a column by name, from a data package; a unit in the header comes before it. */
  readonly schemaUnits?: Readonly<Record<string, string>> | undefined;
  /** Column that identifies rows; read as `trial` where the file has no column of that name. */
  readonly primaryKey?: string | undefined;
  /** Bytes read so far and in total (0: not known). */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Size of the input, for progress. */
  readonly totalBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
