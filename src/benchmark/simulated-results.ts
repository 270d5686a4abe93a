import type { SimulatedColumn, SimulatedRow } from "../process/simulated-table.js";

/** What a simulated row says: numbers that were measured by name, and what became of the run. */
export function cellsByName(
  columns: readonly SimulatedColumn[],
  row: SimulatedRow,
): {
  readonly status: "completed" | "failed";
  readonly reason: string | null;
  readonly values: ReadonlyMap<string, number>;
} {
  const cells = new Map(columns.map(({ name }, i) => [name, row[i] ?? null]));
  const reason = cells.get("reason");
  return {
    status: cells.get("status") === "failed" ? "failed" : "completed",
    reason: typeof reason === "string" && reason !== "" ? reason : null,
    values: new Map([...cells].flatMap(([name, cell]) => (typeof cell === "number" ? [[name, cell]] : []))),
  };
}
