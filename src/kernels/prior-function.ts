import { cos, sin } from "../math/elementary.js";
import type { Rng } from "../math/rng.js";
import type { RadialKernelName } from "./kernel.js";
import { levelCorrelation } from "./categorical.js";

/** A function with its slope along the inputs. */
export interface SmoothFunction {
  value(x: Float64Array): number;
  /** As `value`; writes ∂value/∂x into `gradient`, [d], 0 for categorical inputs. */
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
}

/** Frequencies of one function: enough that its values are jointly normal to the eye (assumption). */
const FREQUENCIES = 256;

/**
 * Degrees of freedom of the multivariate t distribution that is the spectral density of a Matérn kernel, 2ν; the squared
 * exponential's is normal.
 *
 * @see Rasmussen & Williams (2006), eq. 4.15, at unit lengthscale
 */
const SPECTRAL_FREEDOM: Record<RadialKernelName, number> = {
  "matern-1/2": 1,
  "matern-3/2": 3,
  "matern-5/2": 5,
  rbf: Infinity,
};

/** The correlation of a product kernel (product-kernel.ts), as much of it as a function needs. */
export interface PriorKernel {
  readonly radial: RadialKernelName;
  /** Levels of each categorical input, 0 for a continuous one, [d]. */
  readonly levels: readonly number[];
  /** [d] */
  readonly lengthscales: Float64Array;
}

/**
 * Draws a function with prior covariance ρ(x, x′), as a sum of waves: f(x) = √(1/J) Σ_j σ_j(x) (a_j cos ω_j·x + b_j sin ω_j·x),
 * with normal a and b and frequencies from the kernel's spectral density.
 *
 * σ_j is a random sign per combination of categories: of each categorical input, one sign for all levels with probability
 * e^(−1/ℓ), else one per level, so that E[σ_j(x) σ_j(x′)] is the exchangeable kernel exactly. Every function draws its own
 * frequencies and signs: over functions mean and covariance are those of the prior whatever the number of waves, and only
 * higher moments approximate.
 *
 * @see Rahimi & Recht (2007), NeurIPS 20, algorithm 1; Sutherland & Schneider (2015), UAI, for pairs of cosine and sine
 */
export function drawPriorFunction(kernel: PriorKernel, rng: Rng): SmoothFunction {
  const { levels, lengthscales } = kernel;
  const d = levels.length;
  const omega = frequencies(kernel, rng);
  const signs = levels.map((count, k) => (count === 0 ? null : levelSigns(count, lengthscales[k]!, rng)));
  const scale = 1 / Math.sqrt(FREQUENCIES);
  const amplitudes = Float64Array.from({ length: 2 * FREQUENCIES }, () => scale * rng.normal());
  const signAt = (j: number, x: Float64Array): number => {
    let sign = 1;
    for (let k = 0; k < d; k++) if (signs[k] !== null) sign *= signs[k]![j * levels[k]! + x[k]!]!;
    return sign;
  };
  const sum = (x: Float64Array, gradient: Float64Array | null): number => {
    gradient?.fill(0);
    let total = 0;
    for (let j = 0; j < FREQUENCIES; j++) {
      let phase = 0;
      for (let k = 0; k < d; k++) phase += omega[j * d + k]! * x[k]!;
      const [c, s, sign] = [cos(phase), sin(phase), signAt(j, x)];
      const [a, b] = [sign * amplitudes[2 * j]!, sign * amplitudes[2 * j + 1]!];
      total += a * c + b * s;
      if (gradient === null) continue;
      const slope = b * c - a * s;
      for (let k = 0; k < d; k++) gradient[k] = gradient[k]! + slope * omega[j * d + k]!;
    }
    return total;
  };
  return { value: (x) => sum(x, null), valueAndGradient: sum };
}

/** Frequencies in radians per unit of each input, 0 along categorical ones, [J × d]. */
function frequencies({ radial, levels, lengthscales }: PriorKernel, rng: Rng): Float64Array {
  const d = levels.length;
  const freedom = SPECTRAL_FREEDOM[radial];
  const omega = new Float64Array(FREQUENCIES * d);
  for (let j = 0; j < FREQUENCIES; j++) {
    const stretch = freedom === Infinity ? 1 : Math.sqrt(freedom / chiSquared(freedom, rng));
    for (let k = 0; k < d; k++) {
      if (levels[k] === 0) omega[j * d + k] = (stretch * rng.normal()) / lengthscales[k]!;
    }
  }
  return omega;
}

function chiSquared(freedom: number, rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < freedom; i++) {
    const z = rng.normal();
    sum += z * z;
  }
  return sum;
}

/** One sign of every frequency and level, [J × levels]. */
function levelSigns(count: number, lengthscale: number, rng: Rng): Int8Array {
  const shared = levelCorrelation(lengthscale);
  const sign = (): number => (rng.uniform() < 0.5 ? -1 : 1);
  const signs = new Int8Array(FREQUENCIES * count);
  for (let j = 0; j < FREQUENCIES; j++) {
    if (rng.uniform() < shared) signs.fill(sign(), j * count, (j + 1) * count);
    else for (let h = 0; h < count; h++) signs[j * count + h] = sign();
  }
  return signs;
}
