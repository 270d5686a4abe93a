import type { ProductKernel } from "../kernels/product-kernel.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import { conditionKernel, type ConditionedKernel } from "./conditioned-kernel.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { centredSolve } from "./marginal-likelihood.js";
import type { MeanFunction } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";
import type { LatentPoint } from "./surrogate.js";

/** A Gaussian process given data and hyperparameters, on the model scale. */
export interface GaussianPosterior {
  readonly statistics: SettingStatistics;
  readonly kernel: ProductKernel;
  readonly hyperparameters: Hyperparameters;
  /** The constant mean μ. */
  readonly constant: number;
  /** A⁻¹(z̄ − μ), [g]. */
  readonly alpha: Float64Array;
  /** Noise variance of each setting's mean, τ_g/c_g, [g]. */
  readonly noise: Float64Array;
  readonly conditioned: ConditionedKernel;
  /** Latent mean and variance at one point, without gradients. */
  momentsAt(x: Float64Array): { readonly mean: number; readonly variance: number };
  latentAt(x: Float64Array): LatentPoint;
  joint(points: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
}

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
  const { X, count, knownVariance, noiseLevel } = statistics;
  const { lengthscales, signalVariance, noiseVariance } = hyperparameters;
  const n = X.rows;
  const noise = count.map((c, g) => (noiseVariance[noiseLevel[g]!]! + knownVariance[g]!) / c);
  const conditioned = conditionKernel(kernel, X, lengthscales, signalVariance, noise);
  const { alpha, constant } = centredSolve(conditioned.L, statistics.mean, meanFunction);
  const whitened = new Float64Array(n);
  const solved = new Float64Array(n);
  const derivative = new Float64Array(n);
  const momentsAt = (x: Float64Array): { mean: number; variance: number } => {
    conditioned.load(x);
    conditioned.whiten(whitened);
    return {
      mean: constant + dotAt(conditioned.covariance, 0, alpha, 0, n),
      variance: conditioned.variance(whitened),
    };
  };
  return {
    statistics,
    kernel,
    hyperparameters,
    constant,
    alpha,
    noise,
    conditioned,
    momentsAt,
    latentAt(x) {
      const { mean, variance } = momentsAt(x);
      conditioned.unwhiten(whitened, solved);
      const meanGradient = new Float64Array(kernel.dimension);
      const varianceGradient = new Float64Array(kernel.dimension);
      for (let k = 0; k < kernel.dimension; k++) {
        conditioned.covarianceDerivative(k, derivative);
        meanGradient[k] = dotAt(derivative, 0, alpha, 0, n);
        varianceGradient[k] = 0 - 2 * dotAt(derivative, 0, solved, 0, n);
      }
      return { mean, variance, meanGradient, varianceGradient };
    },
    joint: (points) => jointPosterior(kernel, hyperparameters, conditioned, alpha, constant, points),
  };
}

/** Mean μ + K_*α and covariance K_** − W W^T with W = K_* L⁻ᵀ. */
function jointPosterior(
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  conditioned: ConditionedKernel,
  alpha: Float64Array,
  constant: number,
  points: Matrix,
): { mean: Float64Array; covariance: Matrix } {
  const m = points.rows;
  const n = alpha.length;
  const mean = new Float64Array(m);
  const W = createMatrix(m, n);
  for (let i = 0; i < m; i++) {
    conditioned.load(matrixRow(points, i));
    mean[i] = constant + dotAt(conditioned.covariance, 0, alpha, 0, n);
    conditioned.whiten(matrixRow(W, i));
  }
  const covariance = priorCovariance(kernel, hyperparameters, points);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance.data[i * m + j]! - dotAt(W.data, i * n, W.data, j * n, n);
      covariance.data[i * m + j] = value;
      covariance.data[j * m + i] = value;
    }
    const marginal = conditioned.variance(matrixRow(W, i));
    covariance.data[i * m + i] = marginal;
  }
  return { mean, covariance };
}

/** s²R among points, [m × m], both triangles. */
function priorCovariance(kernel: ProductKernel, hyperparameters: Hyperparameters, points: Matrix): Matrix {
  const m = points.rows;
  const inputs = kernel.scale(points, hyperparameters.lengthscales);
  const point = new Float64Array(kernel.dimension);
  const slope = new Float64Array(m);
  const K = createMatrix(m, m);
  for (let i = 0; i < m; i++) {
    kernel.pointOf(inputs, i, point);
    kernel.correlations(inputs, point, m, K.data, slope, i * m);
    for (let j = 0; j < m; j++) K.data[i * m + j] = hyperparameters.signalVariance * K.data[i * m + j]!;
  }
  return K;
}
