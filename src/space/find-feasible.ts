import type { Rng } from "../math/rng.js";
import { feasibleGrid, gridSize, MAX_GRID } from "./enumerate.js";
import { encodeRaw, holds, type Region, snappedAt } from "./region.js";
import { settle } from "./rounding.js";
import { spread } from "./sample.js";

interface FeasibilityAnswer {
  /** Raw values of a feasible point; null where none was found. */
  readonly witness: Float64Array | null;
  /** Whether "none" is certain (every grid point was looked at) or the outcome of a search. */
  readonly proven: boolean;
}

const SOBOL_POINTS = 512;
const STARTS = 24;
const ROUNDINGS = 16;
/** Columns whose 2^n corners are looked at: constraints that hold only at the end of several bounds. */
const CORNER_COLUMNS = 6;

/** Encoded corners of the box of the columns in constraints, the others in the middle. */
function corners(region: Region, columns: readonly number[]): readonly Float64Array[] {
  const centre = encodeRaw(region, region.base);
  for (const j of region.free) centre[j] = 0.5 * Math.min(1, region.columns[j]!.upper);
  const moving = columns.filter((j) => region.columns[j]!.upper > 0).slice(0, CORNER_COLUMNS);
  return Array.from({ length: 1 << moving.length }, (_, mask) => {
    const point = centre.slice();
    moving.forEach((j, i) => {
      point[j] = Math.floor(mask / (1 << i)) % 2 === 0 ? 0 : Math.min(1, region.columns[j]!.upper);
    });
    return point;
  });
}

/** Looks for one feasible point: every grid point where the columns in constraints are few and discrete, else a search. */
export function findFeasible(region: Region, rng: Rng): FeasibilityAnswer {
  const involved = new Set(region.constraints.flatMap(({ columns }) => columns));
  const columns = region.free.filter((j) => involved.has(j));
  if (gridSize(region, columns) <= MAX_GRID) {
    const first = feasibleGrid(region, columns).next();
    return { witness: first.done === true ? null : first.value, proven: true };
  }
  const points = spread(region, rng);
  const sobol = Array.from({ length: SOBOL_POINTS }, () => points.next().value as Float64Array);
  const ends = corners(region, columns);
  for (const z of [...sobol, ...ends]) {
    const raw = snappedAt(region, z);
    if (holds(region, raw)) return { witness: raw, proven: true };
  }
  const starts = [...sobol.slice(0, STARTS), ...ends.slice(0, STARTS)];
  for (const start of starts) {
    const [raw] = settle(region, start, ROUNDINGS, 1);
    if (raw !== undefined) return { witness: raw, proven: true };
  }
  return { witness: null, proven: false };
}
