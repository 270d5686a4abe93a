import type { ProductKernel } from "../kernels/product-kernel.js";
import { CellwrightError } from "../errors.js";
import { choleskyInverse, logDetFromCholesky } from "../math/cholesky.js";
import { cholesky, multiplyTransposed } from "../math/dense.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Hyperparameters } from "./hyperparameters.js";
import {
  factorNoiseCorrelation,
  logFactorsOf,
  type NoisePrior,
  noiseWeights,
  transposedProduct,
} from "./input-noise-model.js";
import { createMarginalLikelihood, type MarginalLikelihood } from "./marginal-likelihood.js";
import { negativeLogPosterior, pack, SEARCH, searchCoordinates, unpack } from "./maximum-a-posteriori.js";
import { conditionGaussianProcess } from "./posterior.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";

/**
 * What the log noise variance may look like: bending within the bounds or almost linear across them, and changing the
 * noise standard deviation by a factor of about 1.6 or 2.7 (e^½ or e) at one standard deviation (assumption).
 */
export const NOISE_PRIORS: readonly NoisePrior[] = [
  { lengthscale: 1.5, stdDev: 1 },
  { lengthscale: 0.5, stdDev: 1 },
  { lengthscale: 0.5, stdDev: 2 },
  { lengthscale: 1.5, stdDev: 2 },
];

/** Standard normal coordinates of the log noise beyond this are not searched. */
const WIDEST = 10;

/** The most likely noise process of one prior, with the hyperparameters found beside it. */
export interface InputNoiseFit {
  readonly prior: NoisePrior;
  readonly hyperparameters: Hyperparameters;
  /** Log factors of the noise variance at the settings, [g], and weights of noise-model.ts between them, [g]. */
  readonly logFactors: Float64Array;
  readonly weights: Float64Array;
  /** Standard normal coordinates of the log factors, [g]. */
  readonly v: Float64Array;
  /** log p(z, v̂ | θ) + log p(θ), with v integrated out by Laplace's method. */
  readonly logEvidence: number;
}

/** A data set, its kernel and the priors of its hyperparameters. */
export interface InputNoiseProblem {
  readonly statistics: SettingStatistics;
  readonly kernel: ProductKernel;
  readonly preset: GaussianProcessPreset;
}

/**
 * Maximises log p(z | θ, δ) + log p(θ) + log N(v; 0, I) over hyperparameters and log noise factors δ = s L v together.
 *
 * The likelihood is that of Binois, Gramacy & Ludkovski (2018, J. Comput. Graph. Stat. 27(4), section 3): replicates
 * merged, latent log noise variances at the distinct settings under a Gaussian process of their own, one joint search with
 * analytic gradients. Deviations: the latent variables are whitened (v instead of δ), because the density of δ itself is
 * unbounded as its variance goes to zero; and the noise process has one of few fixed lengthscales and variances, chosen by
 * their evidence, in place of nugget and searched ones.
 *
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function fitInputNoise(
  problem: InputNoiseProblem,
  prior: NoisePrior,
  start: { readonly hyperparameters: Hyperparameters; readonly v?: Float64Array },
  signal?: AbortSignal,
): InputNoiseFit {
  if (signal?.aborted === true) {
    throw new CellwrightError("CANCELLED", "Fitting input-dependent noise was cancelled.");
  }
  const { statistics, kernel, preset } = problem;
  const settings = statistics.mean.length;
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const p = coordinates.length;
  const L = factorNoiseCorrelation(kernel, statistics.X, prior.lengthscale);
  const bounds = (of: "lower" | "upper"): Float64Array => {
    const widest = new Float64Array(settings).fill(of === "lower" ? -WIDEST : WIDEST);
    return Float64Array.from([...coordinates.map(({ range }) => log(range[of])), ...widest]);
  };
  const begin = [...pack(start.hyperparameters, coordinates), ...(start.v ?? new Float64Array(settings))];
  const found = minimize(inputNoiseObjective(problem, L, prior.stdDev), Float64Array.from(begin), {
    lower: bounds("lower"),
    upper: bounds("upper"),
    ...SEARCH,
  });
  const hyperparameters = unpack(found.x.subarray(0, p), kernel.dimension, preset);
  const v = found.x.slice(p);
  const logFactors = logFactorsOf(L, prior.stdDev, v);
  const occam = 0.5 * logDeterminant(problem, hyperparameters, logFactors, L, prior.stdDev);
  return {
    prior,
    hyperparameters,
    logFactors,
    weights: noiseWeights(L, prior.stdDev, v),
    v,
    logEvidence: -found.value - occam,
  };
}

/** The negative objective over (log θ, v), without constants that do not depend on them, and its gradient. */
export function inputNoiseObjective(
  { statistics, kernel, preset }: InputNoiseProblem,
  L: Matrix,
  stdDev: number,
): (x: Float64Array, gradient: Float64Array) => number {
  const likelihood = createMarginalLikelihood(statistics, kernel, preset.mean);
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const p = coordinates.length;
  const { noiseLevel } = statistics;
  let factors = new Float64Array(noiseLevel.length);
  const noiseGradient = new Float64Array(noiseLevel.length);
  /** ∂ log p/∂δ, [g]. */
  const slopes = new Float64Array(noiseLevel.length);
  const withFactors: MarginalLikelihood = {
    evaluate(hyperparameters, gradient) {
      const { noiseVariance, lengthscales } = hyperparameters;
      const noise = rowNoise(statistics, noiseVariance, factors);
      const value = likelihood.evaluateRowNoise(hyperparameters, noise, gradient, noiseGradient);
      const first = lengthscales.length + 1;
      noiseLevel.forEach((level, g) => {
        slopes[g] = noiseVariance[level]! * factors[g]! * noiseGradient[g]!;
        gradient[first + level] = gradient[first + level]! + slopes[g];
      });
      return value;
    },
  };
  const inner = negativeLogPosterior(withFactors, kernel.dimension, statistics.levels, preset, coordinates);
  return (x, gradient) => {
    const v = x.subarray(p);
    factors = logFactorsOf(L, stdDev, v).map(exp);
    let value = inner(x.subarray(0, p), gradient.subarray(0, p));
    transposedProduct(L, slopes).forEach((slope, k) => (gradient[p + k] = v[k]! - stdDev * slope));
    for (const coordinate of v) value += 0.5 * coordinate * coordinate;
    return value;
  };
}

/** Noise variance of one row of each setting: σ²_level e^δ and the known variance, [g]. */
export function rowNoise(
  { noiseLevel, knownVariance }: SettingStatistics,
  noiseVariance: Float64Array,
  factors: Float64Array,
): Float64Array {
  return knownVariance.map((known, g) => noiseVariance[noiseLevel[g]!]! * factors[g]! + known);
}

/**
 * log |I + s² Lᵀ F L|: what the posterior of v is narrower than its prior, with the Fisher information F of δ, to which
 * A gives ½ (A⁻¹_ij)² (ν_i/c_i)(ν_j/c_j) and the scatter within settings ½ (c_i − 1)(ν_i/τ_i)², ν = σ² e^δ.
 *
 * @see MacKay (2003), Information Theory, Inference, and Learning Algorithms, chapter 27 (Laplace's method)
 */
function logDeterminant(
  { statistics, kernel, preset }: InputNoiseProblem,
  hyperparameters: Hyperparameters,
  logFactors: Float64Array,
  L: Matrix,
  stdDev: number,
): number {
  const g = logFactors.length;
  const { count, noiseLevel } = statistics;
  const tau = rowNoise(statistics, hyperparameters.noiseVariance, logFactors.map(exp));
  const posterior = conditionGaussianProcess(
    ...asKnown(statistics, kernel, hyperparameters, tau),
    preset.mean,
  );
  const F = choleskyInverse(posterior.conditioned.L);
  const nu = logFactors.map((delta, i) => hyperparameters.noiseVariance[noiseLevel[i]!]! * exp(delta));
  for (let i = 0; i < g; i++) {
    for (let j = 0; j < g; j++) {
      const element = F.data[i * g + j]!;
      F.data[i * g + j] = 0.5 * element * element * (nu[i]! / count[i]!) * (nu[j]! / count[j]!);
    }
    const share = nu[i]! / tau[i]!;
    F.data[i * g + i] = F.data[i * g + i]! + 0.5 * (count[i]! - 1) * share * share;
  }
  const transposed = createMatrix(g, g);
  for (let i = 0; i < g; i++) {
    for (let j = 0; j <= i; j++) transposed.data[j * g + i] = stdDev * L.data[i * g + j]!;
  }
  const M = multiplyTransposed(multiplyTransposed(transposed, F), transposed);
  for (let i = 0; i < g; i++) M.data[i * g + i] = M.data[i * g + i]! + 1;
  const factor = cholesky(M);
  if (factor.ok) return logDetFromCholesky(factor.L);
  throw new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    "The information about the log noise variances cannot be factorised.",
    { details: { pivot: factor.pivot } },
  );
}

/** Arguments of an exact process whose noise is all known: τ in place of levels. */
export function asKnown(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  tau: Float64Array,
): [SettingStatistics, ProductKernel, Hyperparameters] {
  return [
    { ...statistics, knownVariance: tau },
    kernel,
    { ...hyperparameters, noiseVariance: new Float64Array(statistics.levels) },
  ];
}
