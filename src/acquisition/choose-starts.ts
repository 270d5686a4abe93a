import { log } from "../math/elementary.js";
import type { Rng } from "../math/rng.js";

/** A point and what it is worth. */
export interface Scored {
  readonly x: Float64Array;
  readonly value: number;
}

/** Largest first; of equals the earlier one. */
export function byValue(points: readonly Scored[]): Scored[] {
  return points
    .map((point, i) => ({ point, i }))
    .sort((a, b) => (a.point.value === b.point.value ? a.i - b.i : b.point.value > a.point.value ? 1 : -1))
    .map(({ point }) => point);
}

/**
 * The best point, then points drawn without replacement with probability ∝ exp(z), z the standardised value: mostly
 * good, still spread out.
 *
 * Drawing without replacement takes the largest z plus standard Gumbel noise.
 *
 * @see Balandat et al. (2020), NeurIPS 33, appendix F.1, for the heuristic
 */
export function boltzmannStarts(points: readonly Scored[], count: number, rng: Rng): Scored[] {
  const finite = points.filter((point) => point.value > -Infinity);
  if (finite.length <= count) return finite;
  const mean = finite.reduce((sum, { value }) => sum + value, 0) / finite.length;
  const variance =
    finite.reduce((sum, { value }) => sum + (value - mean) * (value - mean), 0) / finite.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  const best = finite.reduce((a, b) => (b.value > a.value ? b : a));
  const keyed = finite.map((point, i) => ({ point, i, key: (point.value - mean) * scale + gumbel(rng) }));
  keyed.sort((a, b) => b.key - a.key || a.i - b.i);
  const drawn = keyed.map(({ point }) => point).filter((point) => point !== best);
  return [best, ...drawn.slice(0, count - 1)];
}

function gumbel(rng: Rng): number {
  const u = rng.uniform() + 1.1102230246251565e-16; // half of 2^−52: inside (0, 1]
  return -log(-log(u) + Number.MIN_VALUE);
}
