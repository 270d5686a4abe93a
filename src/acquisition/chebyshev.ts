import { log } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";

/**
 * Augmented Chebyshev scalarisation of utilities u (larger is better), each scaled to its range over what is known:
 * g(u) = min_m a_m + α Σ_m a_m with a_m = w_m (u_m − top_m)/range_m.
 */
export interface Chebyshev {
  /** w_m/range_m, [M]. */
  readonly slopes: Float64Array;
  /** The best known utility of each objective, [M]: a_m is 0 there. */
  readonly top: Float64Array;
}

/**
 * Share of the weighted sum, which tells weakly from properly non-dominated points.
 *
 * @see Knowles (2006), IEEE Trans. Evol. Comput. 10(1), eq. 2: ρ = 0.05
 */
export const AUGMENTATION = 0.05;
/** Smallest weight: with none an objective would have no slope to integrate along (assumption). */
const SMALLEST_WEIGHT = 1e-6;

/** Weights drawn uniformly from the simplex, [count]. */
export function simplexWeights(count: number, rng: Rng): Float64Array {
  const parts = Float64Array.from({ length: count }, () => SMALLEST_WEIGHT - log(1 - rng.uniform()));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/**
 * Scales every objective to the range of its utilities over the rows.
 *
 * @param weights - [M], above 0.
 * @param utilities - [n × M], n ≥ 1; a column without a range is scaled by 1.
 */
export function chebyshevOf(weights: Float64Array, utilities: Matrix): Chebyshev {
  const M = weights.length;
  const top = new Float64Array(M).fill(-Infinity);
  const bottom = new Float64Array(M).fill(Infinity);
  utilities.data.forEach((value, at) => {
    top[at % M] = Math.max(top[at % M]!, value);
    bottom[at % M] = Math.min(bottom[at % M]!, value);
  });
  const slopes = weights.map((weight, m) => weight / (top[m]! > bottom[m]! ? top[m]! - bottom[m]! : 1));
  return { slopes, top };
}

/** g(u), u [M]. */
export function scalarize({ slopes, top }: Chebyshev, utilities: ArrayLike<number>): number {
  let least = Infinity;
  let sum = 0;
  for (let m = 0; m < slopes.length; m++) {
    const part = slopes[m]! * (utilities[m]! - top[m]!);
    least = Math.min(least, part);
    sum += part;
  }
  return least + AUGMENTATION * sum;
}
