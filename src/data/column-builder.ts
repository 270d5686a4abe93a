import type { Problem } from "../errors.js";
import type { TableColumn } from "./table.js";

/** A cell as a file holds it: text of a CSV, text or number of a spreadsheet, null where there is none. */
export type RawCell = string | number | null;

/** Builds one column of a table, row by row. A row is kept only when none of its columns has a problem. */
export interface ColumnBuilder {
  /** Reads the cell of the current row; returns what is wrong with it. */
  accept(cell: RawCell, line: number): Problem | undefined;
  /** Appends what was accepted last. */
  keep(): void;
  /** What only the whole column shows to be wrong. */
  problems(): readonly Problem[];
  messages(): readonly string[];
  /** The finished column; the builder is empty afterwards. */
  finish(): TableColumn;
}
