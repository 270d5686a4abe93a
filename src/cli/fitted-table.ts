import Table from "cli-table3";
import type { CliEffects } from "./effects.js";
import { lengthOf, wrapText } from "./wrap-text.js";

/** Columns to assume where there is no terminal. */
export const DEFAULT_COLUMNS = 120;
/** A column is not made narrower than this, even where the table then is too wide for the terminal. */
const LEAST_WIDTH = 8;
/** Padding and border of a cell. */
const FRAME = 3;

export interface FittedTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly align?: readonly ("left" | "right")[];
  /** Columns that are never wrapped: their texts are copied and typed. */
  readonly whole?: readonly number[];
}

/** A table that is as wide as the terminal at most: the widest columns are wrapped first. */
export function fittedTable(
  { head, rows, align, whole = [] }: FittedTable,
  effects: Pick<CliEffects, "columns">,
): string {
  const widths = fitWidths([head, ...rows], whole, (effects.columns ?? DEFAULT_COLUMNS) - 1);
  const wrapped = (row: readonly string[]): string[] => row.map((cell, i) => wrapText(cell, widths[i]));
  const table = new Table({
    head: wrapped(head),
    style: { head: [], border: [], compact: true },
    ...(align === undefined ? {} : { colAligns: [...align] }),
  });
  for (const row of rows) table.push(wrapped(row));
  return table.toString();
}

/** Widths of the columns' texts, [columns of the table]: natural where there is room, else the widest give way. */
function fitWidths(rows: readonly (readonly string[])[], whole: readonly number[], room: number): number[] {
  const natural = rows[0]!.map((_, i) => Math.max(...rows.map((row) => lengthOf(row[i] ?? ""))));
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, width) => sum + width + FRAME, 0);
  while (total() > room) {
    const widest = Math.max(...widths.filter((_, i) => !whole.includes(i)));
    if (!(widest > LEAST_WIDTH)) break;
    widths[widths.findIndex((width, i) => width === widest && !whole.includes(i))]! -= 1;
  }
  return widths;
}
