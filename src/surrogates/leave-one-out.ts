import { CellwrightError } from "../errors.js";
import { cholesky, choleskyInverse, choleskySolve } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { ProcessPosterior } from "./posterior.js";
import { membersOfPlots } from "./whole-plots.js";

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
 * Hyperparameters and the constant mean stay as fitted on all data. Where settings share the errors of whole plots, each
 * is predicted from all other plots: the rest of its own would tell its error, which no new run can know.
 *
 * @see Rasmussen & Williams (2006), eqs. 5.10–5.12
 */
export function leaveOneSettingOut(posterior: ProcessPosterior): LeaveOneOut {
  if (posterior.statistics.plot !== undefined) return leavePlotsOut(posterior);
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
 * Predicts some settings from all others, without refitting, on the model scale: z̄_G − (A⁻¹_GG)⁻¹ α_G, [settings]. Where
 * settings share the errors of whole plots the rest of their plots is left out too.
 *
 * @see Rasmussen & Williams (2006), eq. 5.12, for one setting; the block form is the same identity for several
 */
export function leaveSettingsOut(posterior: ProcessPosterior, settings: readonly number[]): Float64Array {
  const { plot, mean } = posterior.statistics;
  const left = plot === undefined ? settings : withTheirPlots(plot, settings);
  const { deviation } = leaveBlockOut(posterior, left);
  return Float64Array.from(settings, (setting) => mean[setting]! - deviation[left.indexOf(setting)]!);
}

/** The settings and all others of their plots. */
function withTheirPlots(plot: Int32Array, settings: readonly number[]): readonly number[] {
  const concerned = new Set(settings.map((g) => plot[g]!));
  return Array.from(plot.keys()).filter((g) => concerned.has(plot[g]!));
}

/** Each setting predicted from all other plots: a new run has the error of a plot of its own. */
function leavePlotsOut(posterior: ProcessPosterior): LeaveOneOut {
  const { noise, statistics, hyperparameters } = posterior;
  const n = statistics.mean.length;
  const mean = new Float64Array(n);
  const latentVariance = new Float64Array(n);
  const logDensity = new Float64Array(n);
  for (const settings of membersOfPlots(statistics.plot!)) {
    const { deviation, factor } = leaveBlockOut(posterior, settings);
    const covariance = choleskyInverse(factor);
    settings.forEach((g, i) => {
      const variance = covariance.data[i * settings.length + i]!;
      mean[g] = statistics.mean[g]! - deviation[i]!;
      latentVariance[g] = Math.max(variance - noise[g]! - (hyperparameters.plotVariance ?? 0), 0);
      logDensity[g] = -0.5 * (log(2 * Math.PI * variance) + (deviation[i]! * deviation[i]!) / variance);
    });
  }
  return { mean, latentVariance, logDensity };
}

/** What is missed of settings that are predicted from all others, and the Cholesky factor of their precision A⁻¹_GG. */
function leaveBlockOut(
  { alpha, conditioned }: ProcessPosterior,
  settings: readonly number[],
): { readonly deviation: Float64Array; readonly factor: Matrix } {
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
  const missed = Float64Array.from(settings, (setting) => alpha[setting]!);
  return { deviation: choleskySolve(factor.L, missed), factor: factor.L };
}
