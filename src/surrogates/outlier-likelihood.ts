import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { createMarginalLikelihood, type MarginalLikelihood } from "./marginal-likelihood.js";
import {
  defaultHyperparameters,
  negativeLogPosterior,
  pack,
  SEARCH,
  searchCoordinates,
  unpack,
} from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";

/** Extra noise variances between the noise floor and a million standard deviations, model scale (assumption). */
const EXTRA_RANGE = { lower: 1e-6, upper: 1e12 } as const;

/** Settings beyond which the joint search starts from the last optimum alone (assumption: one mode dominates). */
const MOST_WITH_TWO_STARTS = 500;

/** Hyperparameters and extra noise at a maximum. */
export interface OutlierFit {
  readonly hyperparameters: Hyperparameters;
  /** ρ of each outlier, model scale. */
  readonly extra: Float64Array;
  /** log p(z | θ, ρ) + log p(θ). */
  readonly logPosterior: number;
}

/**
 * Maximises log p(z | θ, ρ) + log p(θ) over the hyperparameters and the extra noise variances ρ of given settings, by
 * L-BFGS-B over their logarithms; ρ has no prior.
 *
 * @param statistics - With the outliers as settings of their own, without ρ.
 * @param settings - Setting of each outlier.
 * @returns null where no start has a covariance that can be factorised
 * @see Ament et al. (2024), NeurIPS 37, "Robust Gaussian processes via relevance pursuit", section 3
 */
export function fitWithOutliers(
  statistics: SettingStatistics,
  settings: Int32Array,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
  start: { readonly hyperparameters: Hyperparameters; readonly extra: Float64Array },
): OutlierFit | null {
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const p = coordinates.length;
  const objective = outlierObjective(statistics, settings, kernel, preset);
  const bounds = (of: "lower" | "upper"): Float64Array =>
    Float64Array.from([
      ...coordinates.map(({ range }) => log(range[of])),
      ...Array.from(settings, () => log(EXTRA_RANGE[of])),
    ]);
  const options = { lower: bounds("lower"), upper: bounds("upper"), ...SEARCH };
  const starts = [start.hyperparameters];
  if (statistics.X.rows <= MOST_WITH_TWO_STARTS) {
    starts.push(defaultHyperparameters(preset, kernel.dimension, statistics.levels));
  }
  let best: { x: Float64Array; value: number } | undefined;
  for (const hyperparameters of starts) {
    const extra = start.extra.map((rho) =>
      log(Math.min(Math.max(rho, EXTRA_RANGE.lower), EXTRA_RANGE.upper)),
    );
    const x = Float64Array.from([...pack(hyperparameters, coordinates), ...extra]);
    const found = minimize(objective, x, options);
    if (found.value < (best?.value ?? Number.POSITIVE_INFINITY)) best = found;
  }
  if (best === undefined) return null;
  return {
    hyperparameters: unpack(best.x.subarray(0, p), kernel.dimension, preset),
    extra: best.x.slice(p).map(exp),
    logPosterior: -best.value,
  };
}

/** The negative log posterior over (log θ, log ρ) with its gradient. */
export function outlierObjective(
  statistics: SettingStatistics,
  settings: Int32Array,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
): (x: Float64Array, gradient: Float64Array) => number {
  const likelihood = createMarginalLikelihood(statistics, kernel, preset.mean);
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const p = coordinates.length;
  const { noiseLevel, knownVariance } = statistics;
  const extra = new Float64Array(settings.length);
  const noiseGradient = new Float64Array(noiseLevel.length);
  const withExtra: MarginalLikelihood = {
    evaluate(hyperparameters, gradient) {
      const { noiseVariance, lengthscales } = hyperparameters;
      const noise = knownVariance.map((known, g) => noiseVariance[noiseLevel[g]!]! + known);
      settings.forEach((g, k) => (noise[g] = noise[g]! + extra[k]!));
      const value = likelihood.evaluateRowNoise(hyperparameters, noise, gradient, noiseGradient);
      const first = lengthscales.length + 1;
      noiseLevel.forEach((level, g) => {
        gradient[first + level] = gradient[first + level]! + noiseVariance[level]! * noiseGradient[g]!;
      });
      return value;
    },
  };
  const inner = negativeLogPosterior(withExtra, kernel.dimension, statistics.levels, preset, coordinates);
  return (x, gradient) => {
    extra.forEach((_, k) => (extra[k] = exp(x[p + k]!)));
    const value = inner(x.subarray(0, p), gradient.subarray(0, p));
    settings.forEach((g, k) => (gradient[p + k] = -extra[k]! * noiseGradient[g]!));
    return value;
  };
}

/** The statistics with ρ added to the known variance of the outliers' settings. */
export function withExtraVariance(
  statistics: SettingStatistics,
  settings: Int32Array,
  extra: Float64Array,
): SettingStatistics {
  const knownVariance = statistics.knownVariance.slice();
  settings.forEach((g, k) => (knownVariance[g] = knownVariance[g]! + extra[k]!));
  return { ...statistics, knownVariance };
}
