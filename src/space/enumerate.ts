import { holds, type Region } from "./region.js";

/** Grid points that are looked at one by one rather than searched. Assumption: some tens of milliseconds. */
export const MAX_GRID = 200_000;

/** Number of grid points of the given columns; Infinity where one is continuous. */
export function gridSize(region: Region, columns: readonly number[]): number {
  return columns.reduce(
    (size, j) => size * (region.columns[j]!.levels?.count ?? Number.POSITIVE_INFINITY),
    1,
  );
}

/** Raw values of every feasible grid point of the given columns, in lexicographic order; the others stay at the base. */
export function* feasibleGrid(region: Region, columns: readonly number[]): Generator<Float64Array> {
  const raw = region.base.slice();
  const index = new Int32Array(columns.length);
  const put = (i: number) => {
    raw[columns[i]!] = region.columns[columns[i]!]!.levels!.value(index[i]!);
  };
  for (let i = 0; i < columns.length; i++) put(i);
  for (;;) {
    if (holds(region, raw)) yield raw.slice();
    let i = columns.length - 1;
    while (i >= 0 && ++index[i]! >= region.columns[columns[i]!]!.levels!.count) {
      index[i] = 0;
      put(i--);
    }
    if (i < 0) return;
    put(i);
  }
}
