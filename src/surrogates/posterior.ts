import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import { conditionKernel, type ConditionedKernel } from "./conditioned-kernel.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { centredSolve } from "./marginal-likelihood.js";
import type { MeanFunction } from "./presets/preset.js";
import { type PriorFunctions, productPrior } from "./prior-functions.js";
import { plotErrors, settingNoise, type SettingStatistics, stackStatistics } from "./setting-statistics.js";
import type { SlopeObservations } from "./slope-conditioning.js";
import type { LatentPoint } from "./surrogate.js";
import type { PlotErrors } from "./whole-plots.js";

/** A Gaussian process of any covariance given data and hyperparameters, on the model scale. */
export interface ProcessPosterior {
  readonly statistics: SettingStatistics;
  readonly hyperparameters: Hyperparameters;
  /** The constant mean μ. */
  readonly constant: number;
  /** A⁻¹(z̄ − μ), [g]. */
  readonly alpha: Float64Array;
  /** Noise variance of each setting's mean, τ_g/c_g, [g]. */
  readonly noise: Float64Array;
  readonly conditioned: ConditionedKernel;
  /** The same prior conditioned on other anchors, and on the same slopes. */
  readonly condition: ConditionPrior;
  /** Observed partial derivatives, when there are any; `alpha` leaves out their weights. */
  readonly slopes?: SlopeObservations;
  /** Functions with the prior's covariance; absent where none can be drawn. */
  readonly prior?: PriorFunctions;
  /** Latent mean and variance at one point, without gradients. */
  momentsAt(x: Float64Array): { readonly mean: number; readonly variance: number };
  /** The same of many points, [m] each. */
  moments(points: Matrix): { readonly mean: Float64Array; readonly variance: Float64Array };
  /** Only the means of `moments`, at a fraction of the work. */
  means(points: Matrix): Float64Array;
  latentAt(x: Float64Array): LatentPoint;
  joint(points: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
  /**
   * The posterior given further settings too, at the same hyperparameters: O(n²) for each where the covariance can be
   * extended. The constant mean is estimated anew.
   *
   * @throws CellwrightError NOT_POSITIVE_DEFINITE
   */
  extended(further: SettingStatistics): ProcessPosterior;
}

/** A Gaussian process with one product kernel given data and hyperparameters. */
export interface GaussianPosterior extends ProcessPosterior {
  readonly kernel: ProductKernel;
}

/**
 * Conditions a prior on anchors X [n × d] observed with independent noise of variance `noise` [n], and with the errors of
 * whole plots where there are.
 *
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export type ConditionPrior = (X: Matrix, noise: Float64Array, plots?: PlotErrors) => ConditionedKernel;

/**
 * Conditions a Gaussian process at fixed hyperparameters on the statistics of settings.
 *
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 * @see Rasmussen & Williams (2006), algorithm 2.1
 */
export function conditionGaussianProcess(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  meanFunction: MeanFunction,
): GaussianPosterior {
  const { lengthscales, signalVariance } = hyperparameters;
  const condition: ConditionPrior = (X, noise, plots) =>
    conditionKernel(kernel, X, lengthscales, signalVariance, noise, undefined, plots);
  const prior = productPrior(kernel, hyperparameters);
  return { ...conditionProcess(statistics, hyperparameters, meanFunction, condition, prior), kernel };
}

/** Conditions a prior on the statistics of settings. @throws CellwrightError NOT_POSITIVE_DEFINITE */
export function conditionProcess(
  statistics: SettingStatistics,
  hyperparameters: Hyperparameters,
  meanFunction: MeanFunction,
  condition: ConditionPrior,
  prior?: PriorFunctions,
): ProcessPosterior {
  const noise = settingNoise(statistics, hyperparameters);
  return posteriorOf(statistics, hyperparameters, meanFunction, noise, {
    conditioned: condition(statistics.X, noise, plotErrors(statistics, hyperparameters)),
    condition,
    ...(prior && { prior }),
  });
}

function posteriorOf(
  statistics: SettingStatistics,
  hyperparameters: Hyperparameters,
  meanFunction: MeanFunction,
  noise: Float64Array,
  given: Pick<ProcessPosterior, "conditioned" | "condition" | "prior">,
): ProcessPosterior {
  const { conditioned, condition } = given;
  const { alpha, constant } = centredSolve((b) => conditioned.solve(b), statistics.mean, meanFunction);
  return {
    statistics,
    hyperparameters,
    constant,
    alpha,
    noise,
    ...given,
    ...answers(conditioned, constant, alpha),
    extended(further) {
      const added = settingNoise(further, hyperparameters);
      const all = stackStatistics(statistics, further);
      const allNoise = Float64Array.of(...noise, ...added);
      return posteriorOf(all, hyperparameters, meanFunction, allNoise, {
        ...given,
        conditioned:
          conditioned.extended?.(further.X, added, all.plot?.subarray(statistics.mean.length)) ??
          condition(all.X, allNoise, plotErrors(all, hyperparameters)),
      });
    },
  };
}

/**
 * Conditions a posterior on partial derivatives as well; hyperparameters and the constant mean stay. Prior functions
 * would have to be known with their derivatives, so that it has none.
 *
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export function withSlopes(plain: GaussianPosterior, slopes: SlopeObservations): GaussianPosterior {
  const { statistics, kernel, hyperparameters, constant, noise } = plain;
  const { lengthscales, signalVariance } = hyperparameters;
  const condition: ConditionPrior = (X, noises) =>
    conditionKernel(kernel, X, lengthscales, signalVariance, noises, slopes);
  const conditioned = condition(statistics.X, noise);
  const weights = conditioned.solve(
    Float64Array.from([...statistics.mean.map((z) => z - constant), ...slopes.value]),
  );
  return {
    statistics,
    hyperparameters,
    kernel,
    constant,
    noise,
    alpha: weights.slice(0, statistics.mean.length),
    conditioned,
    condition,
    slopes,
    ...answers(conditioned, constant, weights),
    extended: (further) => withSlopes({ ...plain.extended(further), kernel }, slopes),
  };
}

/** What a conditioned kernel says with these weights around a constant. */
function answers(
  conditioned: ConditionedKernel,
  constant: number,
  weights: Float64Array,
): Pick<ProcessPosterior, "momentsAt" | "moments" | "means" | "latentAt" | "joint"> {
  const evaluate = conditioned.evaluator(matrixFromRows([weights]));
  const withConstant = (means: Float64Array): Float64Array => means.map((mean) => constant + mean);
  return {
    momentsAt(x) {
      const { means, variance } = evaluate(x, false);
      return { mean: constant + means[0]!, variance };
    },
    moments(points) {
      const { means, variances } = conditioned.moments(points, weights);
      requireFinite(means);
      requireFinite(variances);
      return { mean: withConstant(means), variance: variances };
    },
    means(points) {
      const means = conditioned.means(points, weights);
      requireFinite(means);
      return withConstant(means);
    },
    latentAt(x) {
      const { means, variance, meanGradients, varianceGradient } = evaluate(x, true);
      const mean = constant + means[0]!;
      const meanGradient = meanGradients!.data;
      requireFinite([mean, variance]);
      requireFinite(meanGradient);
      requireFinite(varianceGradient!);
      return { mean, variance, meanGradient, varianceGradient: varianceGradient! };
    },
    joint(points) {
      const { means, covariance } = conditioned.joint(points, weights);
      return { mean: withConstant(means), covariance };
    },
  };
}

/** @throws CellwrightError NON_FINITE: a point so far away that its distances are no numbers. */
function requireFinite(values: ArrayLike<number>): void {
  let finite = true;
  for (let i = 0; i < values.length; i++) finite &&= Number.isFinite(values[i]);
  if (finite) return;
  throw new CellwrightError(
    "NON_FINITE",
    "The prediction at a point is not a finite number: its settings are too far from those that were measured.",
  );
}
