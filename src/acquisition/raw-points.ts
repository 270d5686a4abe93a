import { type Matrix, matrixRow } from "../math/matrix.js";
import { permutation, type Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { isThin, shiftedWithin } from "./columns.js";

/** Points of each kind that a search looks at first (Balandat et al. 2020 take 1,024 in all). */
const SPREAD_POINTS = 512;
const NEAR_POINTS = 512;
/**
 * Widths of the Gaussian clouds about good points, unit cube: from a third of the range to its last hundredth.
 *
 * @see Eriksson, Pearce, Gardner, Turner & Poloczek (2019), NeurIPS 32, supplement, for moving random subsets of coordinates
 */
const WIDTHS = [0.3, 0.1, 0.03, 0.01] as const;
/** Tries to put a moved point inside the constraints, each half as wide as the one before: assumption. */
const TRIES = 4;

/** Points to start from: low-discrepancy ones over the whole set, and clouds about `centers`, not rounded. */
export function rawPoints(set: FeasibleSet, centers: readonly Float64Array[], rng: Rng): Float64Array[] {
  const spread = set.sample(SPREAD_POINTS, rng.fork("spread"));
  const points = Array.from({ length: spread.rows }, (_, i) => matrixRow(spread, i));
  if (centers.length === 0 || set.free.length === 0) return points;
  const near = rng.fork("near");
  for (let k = 0; k < NEAR_POINTS; k++) {
    const center = centers[k % centers.length]!;
    const width = WIDTHS[Math.floor(k / centers.length) % WIDTHS.length]!;
    const point = movedNear(set, center, width, near);
    if (point !== null) points.push(point);
  }
  return points;
}

/** `center` with a random subset of its free columns moved; null if no try stays inside the constraints. */
export function movedNear(
  set: FeasibleSet,
  center: Float64Array,
  width: number,
  rng: Rng,
): Float64Array | null {
  const thin = isThin(set);
  const order = permutation(rng, set.free.length);
  const moved = 1 + rng.integer(set.free.length);
  let scale = width;
  for (let attempt = 0; attempt < TRIES; attempt++, scale /= 2) {
    const point = Float64Array.from(center);
    for (let k = 0; k < moved; k++) {
      const j = set.free[order[k]!]!;
      const { kind, levels } = set.space.columns[j]!;
      const shift = scale * rng.normal();
      point[j] =
        kind === "categorical" ? rng.integer(levels!.count) : shiftedWithin(set, center[j]!, j, shift);
    }
    if (thin) {
      const [rounded] = set.round(point);
      if (rounded !== undefined) return rounded;
    } else if (set.slack(point) >= 0) return point;
  }
  return null;
}

/**
 * Encoded rows of past trials moved into the set: fixed columns and context as asked, inside the bounds and constraints;
 * rows with no feasible point beside them are left out.
 */
export function projectedInto(set: FeasibleSet, settings: Matrix, anchor: Float64Array): Float64Array[] {
  const projected: Float64Array[] = [];
  for (let i = 0; i < settings.rows; i++) {
    const row = matrixRow(settings, i);
    const point = Float64Array.from(anchor);
    for (const j of set.free) point[j] = shiftedWithin(set, row[j]!, j, 0);
    const inside = set.slack(point) >= 0 && !isThin(set);
    const place = inside ? point : set.round(point)[0];
    if (place !== undefined) projected.push(place);
  }
  return projected;
}
