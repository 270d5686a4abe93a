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
  const words = natural.map((_, i) => Math.max(...rows.map((row) => longestWord(row[i] ?? ""))));
  // First at blanks; inside words only where that does not make room enough.
  narrow(widths, room, (i) => (whole.includes(i) ? natural[i]! : Math.max(LEAST_WIDTH, words[i]!)));
  narrow(widths, room, (i) => (whole.includes(i) ? natural[i]! : LEAST_WIDTH));
  return widths;
}

/** Takes from the widest column that is above its least width, until there is room or nothing to take. */
function narrow(widths: number[], room: number, least: (column: number) => number): void {
  while (widths.reduce((sum, width) => sum + width + FRAME, 0) > room) {
    let widest = -1;
    widths.forEach((width, i) => {
      if (width > least(i) && (widest < 0 || width > widths[widest]!)) widest = i;
    });
    if (widest < 0) return;
    widths[widest]! -= 1;
  }
}

function longestWord(text: string): number {
  return Math.max(...text.split(/[ \n]/).map(lengthOf));
}

/** A table with a row each, or, where that is wider than the terminal, tables with a column each. */
export function tableOrColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  effects: Pick<CliEffects, "columns">,
): string {
  const room = (effects.columns ?? DEFAULT_COLUMNS) - 1;
  const natural = fitWidths([head, ...rows], [], Number.POSITIVE_INFINITY);
  if (natural.reduce((sum, width) => sum + width + FRAME, 0) <= room)
    return fittedTable({ head, rows }, effects);
  const cell = Math.max(...rows.flat().map(lengthOf)) + FRAME;
  const label = Math.max(...head.map(lengthOf)) + FRAME;
  const beside = Math.max(1, Math.floor((room - label) / cell));
  const tables: string[] = [];
  for (let first = 0; first < rows.length; first += beside) {
    const some = rows.slice(first, first + beside);
    const [titles, ...below] = head.map((name, i) => [name, ...some.map((row) => row[i] ?? "")]);
    const align = ["left" as const, ...some.map(() => "right" as const)];
    tables.push(fittedTable({ head: titles!, rows: below, align }, effects));
  }
  return tables.join("\n");
}
