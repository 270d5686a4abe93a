import type { Problem } from "../errors.js";

/** What a consumer expects of a column: its unit, its kind, and which names are allowed. */
export interface ColumnExpectation {
  readonly name: string;
  /** Unit into which values are converted; absent for text. */
  readonly unit?: string;
  readonly kind: "number" | "integer" | "text" | "choice";
  readonly choices?: readonly string[];
  readonly role: "id" | "group" | "parameter" | "context" | "outcome" | "metadata";
  /** A file without this column is refused. */
  readonly required?: boolean;
  /** A row whose cell is empty is refused. */
  readonly complete?: boolean;
  /** A value outside is refused as impossible (a schema's range, not a campaign's bounds). */
  readonly minimum?: number;
  readonly maximum?: number;
}

export type TrialStatus = "suggested" | "running" | "completed" | "failed" | "abandoned";
export type Origin = "measured" | "SYNTHETIC";

/** A numeric column in `unit`; NaN where the cell is empty. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly unit: string;
  readonly values: Float64Array;
}

/** A text column; null where the cell is empty. Equal texts share one string. */
export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  readonly values: readonly (string | null)[];
}

export type TableColumn = NumberColumn | TextColumn;

/** A validated table, column by column (a million rows stay small). Every column has `rowCount` values. */
export interface Table {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
  /** Line of the file that row i came from (1 is the header), for messages. */
  readonly lines: Uint32Array;
  /** Where it came from, as the user named it. */
  readonly source: string;
  /** Things the reader did that the user should know (unit conversions, ignored columns). */
  readonly messages: readonly string[];
  /** Rows left out because the reader was asked to skip invalid ones; absent where every row was taken. */
  readonly refused?: RefusedRows;
}

/** What was left out of a table, and why (the problems are the first ones of a long list). */
export interface RefusedRows {
  readonly rows: number;
  readonly problemCount: number;
  readonly problems: readonly Problem[];
}
