import { CellwrightError } from "../errors.js";
import type { Table } from "./table.js";

/** A table with the roles of its columns. */
export interface Dataset {
  readonly name: string;
  readonly table: Table;
  /** Columns that are settings or states, in order. */
  readonly inputs: readonly string[];
  /** Columns that were measured. */
  readonly outcomes: readonly string[];
}

/**
 * The outcome to learn: the one that is named, or the only one.
 *
 * @throws CellwrightError INVALID_OPTION where none or no numeric one is named
 */
export function chooseOutcome(dataset: Dataset, options: { readonly outcome?: string }): string {
  const only = dataset.outcomes.length === 1 ? dataset.outcomes[0] : undefined;
  const outcome = options.outcome ?? only;
  if (outcome === undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `outcome: say which of ${dataset.outcomes.join(", ")} to learn.`,
    );
  }
  if (dataset.table.columns.get(outcome)?.kind !== "number") {
    throw new CellwrightError(
      "INVALID_OPTION",
      `outcome: "${outcome}" is not a numeric column of ${dataset.name}.`,
    );
  }
  return outcome;
}

/**
 * The columns to learn from: those that are named, or the data set's that vary.
 *
 * @param others - Outcomes and the like, which are never inputs.
 * @throws CellwrightError INVALID_OPTION for unknown columns, and where none is left
 */
export function chooseInputs(
  dataset: Dataset,
  options: { readonly inputs?: readonly string[] },
  ...others: readonly string[]
): readonly string[] {
  const { columns } = dataset.table;
  const usual = dataset.inputs.filter((name) => distinct(dataset.table, name) > 1 && !others.includes(name));
  const chosen = options.inputs ?? usual;
  const unknown = chosen.filter((name) => !columns.has(name) || others.includes(name));
  if (unknown.length > 0 || chosen.length === 0) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `inputs: found ${unknown.length === 0 ? "none" : unknown.join(", ")}, expected some of ${[...columns.keys()].filter((n) => !others.includes(n)).join(", ")}.`,
    );
  }
  return chosen;
}

/** The value of a cell; null where it is empty. */
export function valueAt(table: Table, name: string, row: number): string | number | null {
  const value = table.columns.get(name)?.values[row] ?? null;
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}

/** Numbers of the rows in which all of these columns have a value. */
export function completeRows(table: Table, names: readonly string[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    if (names.every((name) => valueAt(table, name, row) !== null)) rows.push(row);
  }
  return rows;
}

function distinct(table: Table, name: string): number {
  const column = table.columns.get(name);
  if (column === undefined) return 0;
  const values = new Set<string | number>();
  for (let row = 0; row < table.rowCount; row++) {
    const value = valueAt(table, name, row);
    if (value !== null) values.add(value);
  }
  return values.size;
}
