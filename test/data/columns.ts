import type { ColumnExpectation, Table } from "../../src/data/table.js";

/** Columns of a small calendering campaign. */
export const calendering: readonly ColumnExpectation[] = [
  { name: "line_load", kind: "number", unit: "N/mm", role: "parameter", required: true },
  { name: "roll_temperature", kind: "number", unit: "degC", role: "parameter" },
  { name: "passes", kind: "integer", unit: "1", role: "parameter" },
  { name: "preheating", kind: "choice", choices: ["off", "on"], role: "parameter" },
  { name: "coil", kind: "text", role: "group" },
  { name: "porosity", kind: "number", unit: "%", role: "outcome", minimum: 0, maximum: 100 },
  { name: "adhesion", kind: "number", unit: "N/m", role: "outcome" },
];

/** Values of a column as plain array; NaN and null where cells are empty. */
export function values(table: Table, name: string): readonly (number | string | null)[] {
  const column = table.columns.get(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return Array.from<number | string | null>(column.values);
}
