import { createRng } from "../math/rng.js";
import type { Constraint } from "./constraint.js";
import type { Column } from "./encode.js";

/** Places at which two differences are compared. Assumption: functions of this language that agree there are the same. */
const PLACES = 16;
/** How exactly they must agree, relative to the largest: some roundings of their terms. */
const SAME = 1e-13;
const SEED = 1;

/** Raw values spread over the columns' ranges; the same ones every time. */
function places(columns: readonly Column[]): readonly Float64Array[] {
  const rng = createRng(SEED);
  return Array.from({ length: PLACES }, () =>
    Float64Array.from(columns, (column) => column.toRaw(rng.uniform() * Math.max(1, column.upper))),
  );
}

/** left − right of an inequality that allows equality, so signed that it is ≥ 0 where the inequality holds; else null. */
function signedSlack(constraint: Constraint): ((raw: Float64Array) => number) | null {
  const { operator } = constraint.expression;
  if (operator === ">=") return (raw) => constraint.difference(raw);
  return operator === "<=" ? (raw) => -constraint.difference(raw) : null;
}

function sameColumns(a: Constraint, b: Constraint): boolean {
  return a.columns.length === b.columns.length && a.columns.every((j) => b.columns.includes(j));
}

/** Whether a(x) = −c b(x) with a positive c, at every place where both are defined. */
function areOpposite(
  a: (raw: Float64Array) => number,
  b: (raw: Float64Array) => number,
  at: readonly Float64Array[],
): boolean {
  const pairs = at.map((raw) => [a(raw), b(raw)] as const).filter((pair) => pair.every(Number.isFinite));
  const largest = pairs.reduce((best, pair) => (Math.abs(pair[1]) > Math.abs(best[1]) ? pair : best), [0, 0]);
  const ratio = -largest[0] / largest[1];
  if (pairs.length < PLACES / 2 || !(ratio > 0 && Number.isFinite(ratio))) return false;
  return pairs.every(([p, q]) => Math.abs(p + ratio * q) <= SAME * Math.abs(largest[0]));
}

/**
 * Which constraints ask for the opposite of constraint `i`, so that both hold only where its sides are equal.
 *
 * @param constraints - As compiled one by one.
 */
export function oppositesOf(
  constraints: readonly Constraint[],
  i: number,
  columns: readonly Column[],
): readonly number[] {
  const own = constraints[i]!;
  const slack = signedSlack(own);
  if (slack === null || own.columns.length === 0) return [];
  return constraints.flatMap((other, k) => {
    const opposite = k === i || !sameColumns(own, other) ? null : signedSlack(other);
    return opposite !== null && areOpposite(slack, opposite, places(columns)) ? [k] : [];
  });
}
