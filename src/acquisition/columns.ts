import type { FeasibleSet } from "../space/feasible-set.js";

/** The free columns of a set by how they may move: freely, on ordered levels, or between names. */
export interface FreeColumns {
  readonly smooth: readonly number[];
  readonly stepped: readonly number[];
  readonly categorical: readonly number[];
}

export function freeColumns(set: FeasibleSet): FreeColumns {
  const { columns } = set.space;
  return {
    smooth: set.free.filter((j) => columns[j]!.levels === null),
    stepped: set.free.filter((j) => columns[j]!.levels !== null && columns[j]!.kind === "continuous"),
    categorical: set.free.filter((j) => columns[j]!.kind === "categorical"),
  };
}

/** Whether the set is so thin that points meet it only by rounding: an equality among free columns. */
export function isThin(set: FeasibleSet): boolean {
  return set.space.constraints.some(
    ({ equality, columns }) => equality && columns.some((j) => set.free.includes(j)),
  );
}

/** Moves `x` in column `j` by `shift`, kept inside the column's encoded range. */
export function shiftedWithin(set: FeasibleSet, x: number, j: number, shift: number): number {
  const { lower, upper } = set.space.columns[j]!;
  return Math.min(Math.max(x + shift, lower), upper);
}
