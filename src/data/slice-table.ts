import type { Table, TableColumn } from "./table.js";

/** Rows `from` … `to` − 1 of a table; numbers are views, not copies. */
export function sliceTable(table: Table, from: number, to: number): Table {
  const columns = new Map<string, TableColumn>();
  for (const [name, column] of table.columns) {
    columns.set(
      name,
      column.kind === "number"
        ? { ...column, values: column.values.subarray(from, to) }
        : { ...column, values: column.values.slice(from, to) },
    );
  }
  const rowCount = Math.max(0, Math.min(to, table.rowCount) - from);
  return { ...table, rowCount, columns, lines: table.lines.subarray(from, to) };
}
