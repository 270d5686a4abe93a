import type { ColumnExpectation } from "./table.js";

/** Columns that every data file may hold beside the ones that its reader asks for. */
const STANDARD_COLUMNS: readonly ColumnExpectation[] = [
  { name: "trial", kind: "text", role: "id" },
  {
    name: "status",
    kind: "choice",
    choices: ["suggested", "running", "completed", "failed", "abandoned"],
    role: "metadata",
  },
  { name: "reason", kind: "text", role: "metadata" },
  { name: "replicate", kind: "integer", unit: "1", role: "metadata", minimum: 0 },
  { name: "measured_at", kind: "text", role: "metadata" },
  { name: "origin", kind: "choice", choices: ["measured", "SYNTHETIC"], role: "metadata" },
  { name: "comment", kind: "text", role: "metadata" },
];

/** The column whose values are dates; it is checked to be ISO 8601. */
export const DATE_COLUMN = "measured_at";

/** What a file may hold: the expectations, `<outcome>_sem` for each numeric outcome, and the standard columns. */
export function withStandardColumns(
  expectations: readonly ColumnExpectation[],
): readonly ColumnExpectation[] {
  const names = new Set(expectations.map((expectation) => expectation.name));
  const errors = expectations
    .filter(({ kind, role }) => role === "outcome" && (kind === "number" || kind === "integer"))
    .map(standardErrorColumn)
    .filter(({ name }) => !names.has(name));
  const standard = STANDARD_COLUMNS.filter(({ name }) => !names.has(name));
  return [...expectations, ...errors, ...standard];
}

/** Name of the outcome whose standard error a column holds, or undefined. */
export function outcomeOfStandardError(
  name: string,
  expectations: ReadonlyMap<string, ColumnExpectation>,
): string | undefined {
  if (!name.endsWith("_sem")) return undefined;
  const outcome = name.slice(0, -"_sem".length);
  return expectations.get(outcome)?.role === "outcome" ? outcome : undefined;
}

function standardErrorColumn(outcome: ColumnExpectation): ColumnExpectation {
  return {
    name: `${outcome.name}_sem`,
    kind: "number",
    role: "metadata",
    minimum: 0,
    ...(outcome.unit === undefined ? {} : { unit: outcome.unit }),
  };
}

/** Whether a text is a calendar date, with or without a time of day, as ISO 8601 writes it. */
export function isIsoDate(text: string): boolean {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u.exec(
      text,
    );
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  return day! >= 1 && day! <= daysInMonth(year!, month!) && hour! <= 23 && minute! <= 59 && second! <= 60;
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
