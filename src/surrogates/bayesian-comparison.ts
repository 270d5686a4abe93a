import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp, log } from "../math/elementary.js";
import { matrixRow, selectRows } from "../math/matrix.js";
import { normalLogPdf } from "../math/normal.js";
import { createRng } from "../math/rng.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { leaveOneSettingOut } from "./leave-one-out.js";
import { maximizePosterior } from "./maximum-a-posteriori.js";
import { conditionGaussianProcess } from "./posterior.js";
import type { GaussianProcessPreset, MeanFunction } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";

/**
 * Leave-one-out log densities of each setting's mean outcome under the maximum a posteriori, which is found anew without
 * the setting, from the maximum of all data. Model scale, [g].
 *
 * Keeping the hyperparameters of all rows would flatter the maximum: it has seen the row that it is asked to predict, and
 * fits it more closely than draws do (on 12 noisy rows by 1 to 2 nats in all, while it was no better on new rows).
 *
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function refittedLeaveOneOut(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
  maximum: Hyperparameters,
  signal?: AbortSignal,
): Float64Array {
  return statistics.mean.map((z, g) => {
    if (signal?.aborted === true) throw new CellwrightError("CANCELLED", "Leaving one out was cancelled.");
    const others = without(statistics, g);
    const { hyperparameters } = maximizePosterior(others, kernel, preset, {
      randomStarts: 0,
      rng: createRng(0), // not drawn from: there are no random starts
      warmStart: maximum,
    });
    const posterior = conditionGaussianProcess(others, kernel, hyperparameters, preset.mean);
    const { mean, variance } = posterior.momentsAt(matrixRow(statistics.X, g));
    const noise = hyperparameters.noiseVariance[statistics.noiseLevel[g]!]! + statistics.knownVariance[g]!;
    const stdDev = Math.sqrt(variance + noise / statistics.count[g]!);
    return normalLogPdf((z - mean) / stdDev) - log(stdDev);
  });
}

/**
 * Leave-one-out log densities averaged over draws from the posterior of the hyperparameters without the setting, which
 * are the draws from all data with weights 1/p(z_g | z_−g, θ). Model scale, [g].
 *
 * Weights are truncated at √S times their mean, which bounds the influence of single draws (Ionides 2008, Journal of
 * Computational and Graphical Statistics 17(2), section 2; Vehtari, Gelman & Gabry 2017, Statistics and Computing 27,
 * section 2.1, for the identity).
 */
export function reweightedLeaveOneOut(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  mean: MeanFunction,
  draws: readonly Hyperparameters[],
): Float64Array {
  const each = draws.map(
    (draw) => leaveOneSettingOut(conditionGaussianProcess(statistics, kernel, draw, mean)).logDensity,
  );
  return statistics.mean.map((_, g) => logWeightedDensity(each.map((densities) => densities[g]!)));
}

/** log Σ w p / Σ w for weights 1/p, truncated; scaled by the smallest density so that nothing overflows. */
function logWeightedDensity(logDensities: readonly number[]): number {
  const S = logDensities.length;
  const least = logDensities.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const weights = logDensities.map((value) => exp(least - value));
  let total = 0;
  for (const weight of weights) total += weight;
  const most = (Math.sqrt(S) * total) / S;
  let numerator = 0;
  let denominator = 0;
  for (const full of weights) {
    const weight = Math.min(full, most);
    numerator += weight / full; // weight · p, in units of the smallest density
    denominator += weight;
  }
  return least + log(numerator / denominator);
}

/** The statistics of all settings but one; noise levels keep their numbers. */
function without(statistics: SettingStatistics, left: number): SettingStatistics {
  const kept = Array.from(statistics.mean.keys()).filter((g) => g !== left);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (g) => values[g]!);
  return {
    X: selectRows(statistics.X, kept),
    mean: pick(statistics.mean),
    count: pick(statistics.count),
    scatter: pick(statistics.scatter),
    knownVariance: pick(statistics.knownVariance),
    noiseLevel: Int32Array.from(kept, (g) => statistics.noiseLevel[g]!),
    levels: statistics.levels,
  };
}
