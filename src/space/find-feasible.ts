import type { Rng } from "../math/rng.js";
import { feasibleGrid, gridSize, MAX_GRID } from "./enumerate.js";
import { holds, type Region, rawAt, snappedAt } from "./region.js";
import { settle } from "./rounding.js";
import { spread } from "./sample.js";

export interface FeasibilityAnswer {
  /** Raw values of a feasible point; null where none was found. */
  readonly witness: Float64Array | null;
  /** Whether "none" is certain (every grid point was looked at) or the outcome of a search. */
  readonly proven: boolean;
}

const SOBOL_POINTS = 512;
const STARTS = 24;
const ROUNDINGS = 16;

/** Looks for one feasible point: every grid point where the columns in constraints are few and discrete, else a search. */
export function findFeasible(region: Region, rng: Rng): FeasibilityAnswer {
  const involved = new Set(region.constraints.flatMap(({ columns }) => columns));
  const columns = region.free.filter((j) => involved.has(j));
  if (gridSize(region, columns) <= MAX_GRID) {
    const first = feasibleGrid(region, columns).next();
    return { witness: first.done === true ? null : first.value, proven: true };
  }
  const starts: Float64Array[] = [];
  const points = spread(region, rng);
  for (let i = 0; i < SOBOL_POINTS; i++) {
    const z = points.next().value as Float64Array;
    if (starts.length < STARTS) starts.push(z);
    if (!holds(region, rawAt(region, z))) continue;
    const raw = snappedAt(region, z);
    if (holds(region, raw)) return { witness: raw, proven: true };
  }
  for (const start of starts) {
    const [raw] = settle(region, start, ROUNDINGS, 1);
    if (raw !== undefined) return { witness: raw, proven: true };
  }
  return { witness: null, proven: false };
}
