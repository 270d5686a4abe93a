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
  const keys = Float64Array.from(finite, (point) => (point.value - mean) * scale + gumbel(rng));
  const drawn = largest(keys, count)
    .map((i) => finite[i]!)
    .filter((point) => point !== best);
  return [best, ...drawn.slice(0, count - 1)];
}

/** Indices of the `count` largest, largest first; of equals the earlier one. */
function largest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (found.length === count && !(value > values[found[count - 1]!]!)) continue;
    let at = Math.min(found.length, count - 1);
    for (; at > 0 && value > values[found[at - 1]!]!; at--) found[at] = found[at - 1]!;
    found[at] = i;
  }
  return found;
}

function gumbel(rng: Rng): number {
  const u = rng.uniform() + 1.1102230246251565e-16; // half of 2^−52: inside (0, 1]
  return -log(-log(u) + Number.MIN_VALUE);
}
