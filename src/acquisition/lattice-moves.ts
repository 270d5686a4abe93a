import type { FeasibleSet } from "../space/feasible-set.js";
import type { FreeColumns } from "./columns.js";

/** Points that differ from `x` in one categorical column; feasibility is not asked. */
export function levelExchanges(
  set: FeasibleSet,
  x: Float64Array,
  { categorical }: FreeColumns,
): Float64Array[] {
  return categorical.flatMap((j) => {
    const { count } = set.space.columns[j]!.levels!;
    const others = Array.from({ length: count }, (_, level) => level).filter((level) => level !== x[j]);
    return others.map((level) => replaced(x, j, level));
  });
}

/** Points one level up or down from the rounded point `x` in one stepped column; feasibility is not asked. */
export function singleSteps(set: FeasibleSet, x: Float64Array, { stepped }: FreeColumns): Float64Array[] {
  return stepped.flatMap((j) => {
    const levels = set.space.columns[j]!.levels!;
    const at = levels.nearest(x[j]!);
    const inside = [at - 1, at + 1].filter((k) => k >= 0 && k < levels.count);
    return inside.map((k) => replaced(x, j, levels.encoded(k)));
  });
}

/** `x` with stepped column `j` on the level below and on the one above it; one point where it is on a level. */
export function levelsBeside(set: FeasibleSet, x: Float64Array, j: number): Float64Array[] {
  const levels = set.space.columns[j]!.levels!;
  const near = levels.nearest(x[j]!);
  const at = levels.encoded(near);
  const other = at < x[j]! ? near + 1 : near - 1;
  const both = at === x[j]! || other < 0 || other >= levels.count ? [near] : [near, other];
  return both.map((k) => replaced(x, j, levels.encoded(k)));
}

function replaced(x: Float64Array, j: number, value: number): Float64Array {
  const point = Float64Array.from(x);
  point[j] = value;
  return point;
}
