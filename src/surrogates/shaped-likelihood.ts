import { withMatrixFactor } from "../math/dense.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import { shapedCovariance } from "./condition-shaped.js";
import { centredSolve, replicatesTerm, rowNoise, settingsTerm } from "./marginal-likelihood.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { type AnchorCovariance, prepareAnchors, warpOf } from "./shaped-covariance.js";
import { profiledMean, type ShapedHyperparameters, type ShapedModel } from "./shaped-prior.js";

/** Derivatives of the log likelihood by the logarithm of every hyperparameter. */
export interface ShapedGradient {
  readonly terms: readonly { readonly lengthscales: Float64Array; signalVariance: number }[];
  /** [L] */
  readonly noiseVariance: Float64Array;
  /** By log a and log b of the warp, [d] each; 0 without a warp. */
  readonly warp: { readonly a: Float64Array; readonly b: Float64Array };
}

/**
 * Log marginal likelihood of a shaped process with its gradient, from the statistics of replicated settings
 * (marginal-likelihood.ts); −∞ and a gradient of 0 where the covariance cannot be factorised.
 *
 * Gradient ½ tr(M ∂A) with M = ααᵀ − A⁻¹ (Rasmussen & Williams 2006, eq. 5.9), row by row; those of the warp go through
 * the warped inputs: ∂/∂w_ik = Σ_j M_ij ∂k(w_i, w_j)/∂w_ik, of which the two halves of ½ tr are the two arguments.
 */
export function shapedLikelihood(
  model: ShapedModel,
  statistics: SettingStatistics,
  hyperparameters: ShapedHyperparameters,
): { readonly value: number; readonly gradient: ShapedGradient } {
  const gradient = zeroGradient(model, statistics.levels);
  const noise = rowNoise(statistics, hyperparameters);
  const noiseOfMean = noise.map((variance, g) => variance / statistics.count[g]!);
  const anchors = prepareAnchors(model, hyperparameters, statistics.X);
  const value = withMatrixFactor(shapedCovariance(anchors, noiseOfMean), (factor) => {
    if (!factor.ok) return Number.NEGATIVE_INFINITY;
    const mean = profiledMean(model.shape);
    const { alpha, residual } = centredSolve((b) => factor.solve(b), statistics.mean, mean);
    const M = factor.inverse();
    toWeights(M, alpha);
    for (let i = 0; i < alpha.length; i++) addRow(model, hyperparameters, anchors, M, i, gradient);
    addNoise(statistics, hyperparameters, noise, M, gradient.noiseVariance);
    return settingsTerm(factor.diagonal(), residual, alpha) + replicatesTerm(noise, statistics);
  });
  return { value, gradient };
}

function zeroGradient(model: ShapedModel, levels: number): ShapedGradient {
  return {
    terms: model.terms.map(({ columns }) => ({
      lengthscales: new Float64Array(columns.length),
      signalVariance: 0,
    })),
    noiseVariance: new Float64Array(levels),
    warp: { a: new Float64Array(model.dimension), b: new Float64Array(model.dimension) },
  };
}

/** Replaces A⁻¹ by ααᵀ − A⁻¹. */
function toWeights(inverse: Matrix, alpha: Float64Array): void {
  const n = alpha.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      inverse.data[i * n + j] = alpha[i]! * alpha[j]! - inverse.data[i * n + j]!;
    }
  }
}

/** Adds what row i of M contributes through the terms and the warp. */
function addRow(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
  anchors: AnchorCovariance,
  M: Matrix,
  i: number,
  gradient: ShapedGradient,
): void {
  const n = M.rows;
  const row = matrixRow(M, i);
  const scratch = new Float64Array(n);
  const x = matrixRow(anchors.X, i);
  anchors.load(x, scratch);
  if (hyperparameters.warp !== null) {
    for (const k of model.continuous) {
      anchors.warpedDerivative(k, scratch);
      const byWarped = dotAt(row, 0, scratch, 0, n);
      const { byLogA, byLogB } = warpOf(hyperparameters, model, k, x[k]!);
      gradient.warp.a[k] = gradient.warp.a[k]! + byWarped * byLogA;
      gradient.warp.b[k] = gradient.warp.b[k]! + byWarped * byLogB;
    }
  }
  model.terms.forEach(({ kernel }, t) => {
    const { inputs, point, correlation, slope } = anchors.terms[t]!;
    const { signalVariance } = hyperparameters.terms[t]!;
    const sums = gradient.terms[t]!;
    sums.signalVariance += 0.5 * signalVariance * dotAt(row, 0, correlation, 0, n);
    for (let j = 0; j < n; j++) scratch[j] = 0.5 * signalVariance * row[j]!;
    kernel.addLengthscaleGradient(inputs, point, n, correlation, slope, 0, scratch, sums.lengthscales);
  });
}

function addNoise(
  statistics: SettingStatistics,
  { noiseVariance }: ShapedHyperparameters,
  noise: Float64Array,
  M: Matrix,
  gradient: Float64Array,
): void {
  for (let i = 0; i < noise.length; i++) {
    const tau = noise[i]!;
    const count = statistics.count[i]!;
    const level = statistics.noiseLevel[i]!;
    const within = (statistics.scatter[i]! / tau - (count - 1)) / tau;
    const change = M.data[i * M.cols + i]! / count + within;
    gradient[level] = gradient[level]! + 0.5 * noiseVariance[level]! * change;
  }
}
