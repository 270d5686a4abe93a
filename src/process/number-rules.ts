import { CellwrightError, type Problem } from "../errors.js";

/** What a number must be. */
export interface NumberRule {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Lower bound; `exclusive` leaves the bound itself out. */
  readonly min?: number;
  readonly exclusive?: boolean;
  readonly max?: number;
  readonly whole?: boolean;
}

/**
 * Refuses numbers that a physical law cannot take, all of them at once; NaN satisfies no rule.
 *
 * @throws CellwrightError INVALID_OPTION with a problem for each.
 */
export function requireNumbers(what: string, rules: readonly NumberRule[]): void {
  const problems = numberProblems(rules);
  if (problems.length === 0) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `${what}: ${problems.map((p) => `${p.where} is ${p.found}, expected ${p.expected}`).join("; ")}.`,
    { problems },
  );
}

/** The rules that are broken, as problems. */
export function numberProblems(rules: readonly NumberRule[]): readonly Problem[] {
  return rules.filter((rule) => !satisfies(rule)).map(problemOf);
}

function satisfies({ value, min = -Infinity, max = Infinity, exclusive, whole }: NumberRule): boolean {
  if (!Number.isFinite(value) || (whole === true && !Number.isInteger(value))) return false;
  return (exclusive === true ? value > min : value >= min) && value <= max;
}

function problemOf(rule: NumberRule): Problem {
  const shown = rule.unit === "1" ? "" : ` ${rule.unit}`;
  const low = rule.min === undefined ? [] : [`${rule.exclusive === true ? "above" : "at least"} ${rule.min}`];
  const high = rule.max === undefined ? [] : [`at most ${rule.max}`];
  const bounds = [...low, ...high].join(" and ");
  return {
    where: rule.name,
    found: `${rule.value}${shown}`,
    expected:
      `${rule.whole === true ? "a whole number" : "a number"} ${bounds}${bounds === "" ? "" : shown}`.trim(),
  };
}
