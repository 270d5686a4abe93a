import { log } from "../math/elementary.js";
import type { GaussianPosterior } from "./posterior.js";

/** Leave-one-out predictions on the model scale, one per setting in canonical order. */
export interface LeaveOneOut {
  readonly mean: Float64Array;
  /** Variance of the latent outcome. */
  readonly latentVariance: Float64Array;
  /** log density of the setting's mean outcome, which has noise τ_g/c_g. */
  readonly logDensity: Float64Array;
}

/**
 * Predicts each setting's mean from all other settings, exactly and without refitting: with K⁻¹ of all data,
 * mean z̄_i − α_i/K⁻¹_ii and predictive variance 1/K⁻¹_ii.
 *
 * Hyperparameters and the constant mean stay as fitted on all data.
 *
 * @see Rasmussen & Williams (2006), eqs. 5.10–5.12
 */
export function leaveOneSettingOut(posterior: GaussianPosterior): LeaveOneOut {
  const { alpha, noise, statistics, conditioned } = posterior;
  const n = alpha.length;
  const inverseDiagonal = conditioned.inverseDiagonal();
  const mean = new Float64Array(n);
  const latentVariance = new Float64Array(n);
  const logDensity = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const variance = 1 / inverseDiagonal[i]!;
    const deviation = alpha[i]! * variance;
    mean[i] = statistics.mean[i]! - deviation;
    // Rounding only: 1/K⁻¹_ii is at least the noise.
    latentVariance[i] = Math.max(variance - noise[i]!, 0);
    logDensity[i] = -0.5 * (log(2 * Math.PI * variance) + (deviation * deviation) / variance);
  }
  return { mean, latentVariance, logDensity };
}
