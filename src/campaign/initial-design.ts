import { type Matrix, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";

/** A point of a design, and how far it lies from everything tried or picked before (null for the very first). */
export interface DesignPoint {
  readonly x: Float64Array;
  readonly distance: number | null;
}

/**
 * Low-discrepancy candidates for each point that is wanted or there already (assumption: enough to fill gaps, few
 * enough that the farthest ones are not all corners).
 */
const CANDIDATES_PER_POINT = 8;

/**
 * Spreads points over the feasible set: scrambled Sobol candidates, of which each next one is farthest from all that was
 * tried or picked before (greedy maximin; the first of an empty campaign is the first candidate).
 *
 * @param tried - Encoded settings that are there already.
 * @param isTaken - Points that must not be picked.
 * @returns Up to `count` points; fewer only where the set is exhausted.
 * @see Johnson, Moore & Ylvisaker (1990), J. Statist. Plann. Inference 26, for the maximin distance
 */
export function initialDesign(
  set: FeasibleSet,
  count: number,
  tried: readonly Float64Array[],
  isTaken: (x: Float64Array) => boolean,
  rng: Rng,
): DesignPoint[] {
  const candidates = candidatePoints(set, count, tried.length, isTaken, rng);
  const categorical = set.space.inputs.map((input) => input.kind === "categorical");
  const nearest = candidates.map((x) =>
    tried.reduce((least, t) => Math.min(least, squaredDistance(x, t, set.free, categorical)), Infinity),
  );
  const picked: DesignPoint[] = [];
  while (picked.length < Math.min(count, candidates.length)) {
    let best = 0;
    for (let i = 1; i < candidates.length; i++) if (nearest[i]! > nearest[best]!) best = i;
    const x = candidates[best]!;
    picked.push({ x, distance: nearest[best] === Infinity ? null : Math.sqrt(nearest[best]!) });
    candidates.forEach((other, i) => {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(other, x, set.free, categorical));
    });
    nearest[best] = -1;
  }
  return picked;
}

/** Distinct points that are not taken; all there are where a sample holds too few. */
function candidatePoints(
  set: FeasibleSet,
  count: number,
  triedCount: number,
  isTaken: (x: Float64Array) => boolean,
  rng: Rng,
): Float64Array[] {
  const sampled = openPoints(set.sample(CANDIDATES_PER_POINT * (count + triedCount), rng), isTaken);
  if (sampled.length >= count) return sampled;
  const all = set.enumerate();
  return all === null ? sampled : openPoints(all, isTaken);
}

function openPoints(points: Matrix, isTaken: (x: Float64Array) => boolean): Float64Array[] {
  const open = new Map<string, Float64Array>();
  for (let i = 0; i < points.rows; i++) {
    const x = Float64Array.from(matrixRow(points, i));
    if (!isTaken(x)) open.set(x.join(" "), x);
  }
  return [...open.values()];
}

/** Squared distance over the free columns; two choices differ by 1. */
function squaredDistance(
  a: Float64Array,
  b: Float64Array,
  free: readonly number[],
  categorical: readonly boolean[],
): number {
  let sum = 0;
  for (const k of free) {
    const difference = categorical[k] === true ? (a[k] === b[k] ? 0 : 1) : a[k]! - b[k]!;
    sum += difference * difference;
  }
  return sum;
}
