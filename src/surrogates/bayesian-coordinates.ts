import { CellwrightError } from "../errors.js";
import { exp, log } from "../math/elementary.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { GaussianProcessPreset, GaussianProcessPresetName, MeanFunction } from "./presets/preset.js";
import { presets } from "./presets/presets.js";
import { saas2021 } from "./presets/saas-2021.js";
import type { Prior } from "./prior.js";

/** Presets under which hyperparameters can be sampled. */
export type BayesianPresetName = Exclude<GaussianProcessPresetName, "sparse-axes"> | "saas-2021";

/**
 * Options with a preset that can be sampled.
 *
 * @throws CellwrightError INVALID_OPTION for sparse-axes, whose density is for a maximum
 */
export function sampled<Options extends { readonly preset?: BayesianPresetName | "sparse-axes" }>(
  options: Options,
): Omit<Options, "preset"> & { readonly preset?: BayesianPresetName } {
  const { preset, ...rest } = options;
  if (preset === "sparse-axes") {
    throw new CellwrightError(
      "INVALID_OPTION",
      "preset sparse-axes is for a maximum: found drawn hyperparameters, expected saas-2021 for those.",
    );
  }
  return preset === undefined ? rest : { ...rest, preset };
}

/** Every such preset by name. */
export const BAYESIAN_PRESETS = [
  "default",
  "hvarfner-2024",
  "saas-2021",
] as const satisfies readonly BayesianPresetName[];

/** Unconstrained coordinates x of a Gaussian process's hyperparameters, and their prior. */
export interface SamplingCoordinates {
  readonly dimension: number;
  readonly mean: MeanFunction;
  /** A point where priors and data of any kind have density, [dimension]. */
  readonly start: Float64Array;
  hyperparametersAt(x: Float64Array): Hyperparameters;
  /**
   * log prior density of x, and the gradient of the log posterior.
   *
   * @param likelihoodGradient - ∂ log p(z | θ)/∂ log θ, ordered as in marginal-likelihood.ts, [d + 1 + L].
   * @param gradient - Receives ∂ log p(x | z)/∂x, [dimension].
   */
  logPrior(x: Float64Array, likelihoodGradient: Float64Array, gradient: Float64Array): number;
}

/**
 * The coordinates in which a preset is sampled: x = log(θ − floor), the logarithm of every hyperparameter above its
 * lower limit, so that the prior is cut off at the limit without a wall.
 *
 * Priors are densities in the natural parameter (prior.ts). Sampling x needs the density of x, which is p(θ) dθ/dx =
 * p(θ) e^x: the Jacobian is added here, and only here. Upper limits of the search for a maximum do not apply.
 */
export function samplingCoordinates(
  preset: BayesianPresetName,
  dimension: number,
  levels: number,
): SamplingCoordinates {
  return preset === "saas-2021"
    ? sparseCoordinates(dimension, levels)
    : presetCoordinates(presets[preset], dimension, levels);
}

/** One hyperparameter θ = lower + e^x. */
interface Floored {
  readonly prior: Prior;
  readonly lower: number;
  /** Place of ∂/∂log θ in the likelihood's gradient. */
  readonly position: number;
  readonly start: number;
}

/** log p(θ) + x, and its gradient together with the likelihood's. */
function flooredPrior(
  { prior, lower, position }: Floored,
  x: number,
  k: number,
  likelihoodGradient: Float64Array,
  gradient: Float64Array,
): number {
  const above = exp(x);
  const logValue = log(lower + above);
  const share = above / (lower + above); // d log θ/dx
  gradient[k] = share * (prior.gradient(logValue) + likelihoodGradient[position]!) + 1;
  return prior.logDensity(logValue) + x;
}

/** Order of x: lengthscales, noise levels, signal variance when free. */
function presetCoordinates(preset: GaussianProcessPreset, d: number, levels: number): SamplingCoordinates {
  const floored = (
    {
      prior,
      range,
    }: { readonly prior: Prior; readonly range: { readonly lower: number; readonly start: number } },
    position: number,
  ): Floored => ({ prior, lower: range.lower, position, start: Math.max(range.start, 2 * range.lower) });
  const all = [
    ...Array.from({ length: d }, (_, k) => floored(preset.lengthscale(d), k)),
    ...Array.from({ length: levels }, (_, k) => floored(preset.noiseVariance, d + 1 + k)),
    ...(preset.signalVariance === null ? [] : [floored(preset.signalVariance, d)]),
  ];
  return {
    dimension: all.length,
    mean: preset.mean,
    start: Float64Array.from(all, ({ start, lower }) => log(start - lower)),
    hyperparametersAt(x) {
      const natural = Float64Array.from(all, ({ lower }, k) => lower + exp(x[k]!));
      return {
        lengthscales: natural.slice(0, d),
        noiseVariance: natural.slice(d, d + levels),
        signalVariance: natural[d + levels] ?? 1,
      };
    },
    logPrior(x, likelihoodGradient, gradient) {
      let value = 0;
      all.forEach((one, k) => {
        value += flooredPrior(one, x[k]!, k, likelihoodGradient, gradient);
      });
      return value;
    },
  };
}

/** Order of x: log τ, log ρ_d/τ, noise levels, signal variance. ℓ_d = (τ · ρ_d/τ)^(−1/2). */
function sparseCoordinates(d: number, levels: number): SamplingCoordinates {
  const { shrinkage, relevance, signalVariance, noiseVariance } = saas2021;
  const floored: Floored[] = [
    ...Array.from({ length: levels }, (_, k) => ({ ...noiseVariance, position: d + 1 + k, start: 1e-2 })),
    { prior: signalVariance, lower: 0, position: d, start: 1 },
  ];
  const first = 1 + d;
  return {
    dimension: first + floored.length,
    mean: saas2021.mean,
    start: Float64Array.from([
      log(0.1),
      ...new Array<number>(d).fill(0),
      ...floored.map(({ start, lower }) => log(start - lower)),
    ]),
    hyperparametersAt: (x) => ({
      lengthscales: Float64Array.from({ length: d }, (_, k) => exp(-0.5 * (x[0]! + x[1 + k]!))),
      noiseVariance: Float64Array.from({ length: levels }, (_, k) => floored[k]!.lower + exp(x[first + k]!)),
      signalVariance: exp(x[first + levels]!),
    }),
    logPrior(x, likelihoodGradient, gradient) {
      let value = shrinkage.logDensity(x[0]!) + x[0]!;
      let shrinkageSlope = shrinkage.gradient(x[0]!) + 1;
      for (let k = 0; k < d; k++) {
        const slope = -0.5 * likelihoodGradient[k]!; // log ℓ = −½ (log τ + log ρ/τ)
        shrinkageSlope += slope;
        value += relevance.logDensity(x[1 + k]!) + x[1 + k]!;
        gradient[1 + k] = relevance.gradient(x[1 + k]!) + 1 + slope;
      }
      gradient[0] = shrinkageSlope;
      floored.forEach((one, k) => {
        value += flooredPrior(one, x[first + k]!, first + k, likelihoodGradient, gradient);
      });
      return value;
    },
  };
}
