import { matrixRow } from "../math/matrix.js";
import type { ProcessPosterior } from "./posterior.js";
import { LINEAR_VARIANCE, type ShapedModel } from "./shaped-prior.js";

/** One coefficient of a linear mean given the data, on the model scale. */
export interface LinearCoefficient {
  /** Index of the input; null for the constant, the value at the middle of all ranges. */
  readonly input: number | null;
  readonly mean: number;
  readonly stdDev: number;
}

/**
 * Posterior of the coefficients of a linear mean: mean B H A⁻¹z and covariance B − B H A⁻¹Hᵀ B with B = 25 I and A the
 * covariance of the data, the linear mean's part included. As B grows the mean becomes the generalised-least-squares
 * estimate.
 *
 * @see Rasmussen & Williams (2006), eq. 2.41, in the form that conditions β and the data jointly
 */
export function linearCoefficients(model: ShapedModel, posterior: ProcessPosterior): LinearCoefficient[] {
  const { statistics, alpha, conditioned } = posterior;
  return [null, ...model.continuous].map((input) => {
    const h = alpha.map((_, g) => (input === null ? 1 : matrixRow(statistics.X, g)[input]! - 0.5));
    const solved = conditioned.solve(h);
    let mean = 0;
    let explained = 0;
    for (let g = 0; g < h.length; g++) {
      mean += LINEAR_VARIANCE * h[g]! * alpha[g]!;
      explained += LINEAR_VARIANCE * h[g]! * solved[g]!;
    }
    // Rounding only: the data cannot explain more than the prior variance.
    return { input, mean, stdDev: Math.sqrt(LINEAR_VARIANCE * Math.max(1 - explained, 0)) };
  });
}
