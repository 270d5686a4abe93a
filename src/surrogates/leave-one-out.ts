import { CellwrightError } from "../errors.js";
import { cholesky, choleskySolve } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix } from "../math/matrix.js";
import type { ProcessPosterior } from "./posterior.js";

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
export function leaveOneSettingOut(posterior: ProcessPosterior): LeaveOneOut {
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

/**
 * Predicts some settings from all others, without refitting, on the model scale: z̄_G − (A⁻¹_GG)⁻¹ α_G, [settings].
 *
 * @see Rasmussen & Williams (2006), eq. 5.12, for one setting; the block form is the same identity for several
 */
export function leaveSettingsOut(posterior: ProcessPosterior, settings: readonly number[]): Float64Array {
  const { alpha, statistics, conditioned } = posterior;
  const block = createMatrix(settings.length, settings.length);
  settings.forEach((setting, i) => {
    const unit = new Float64Array(conditioned.L.rows);
    unit[setting] = 1;
    const column = choleskySolve(conditioned.L, unit);
    settings.forEach((other, j) => (block.data[i * settings.length + j] = column[other]!));
  });
  const factor = cholesky(block);
  if (!factor.ok) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      `${settings.length} settings that are left out together cannot be told apart.`,
      { details: { pivot: factor.pivot } },
    );
  }
  const deviation = choleskySolve(
    factor.L,
    Float64Array.from(settings, (setting) => alpha[setting]!),
  );
  return deviation.map((value, i) => statistics.mean[settings[i]!]! - value);
}
