import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky, choleskyInverse, choleskySolve } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { MeanFunction } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";

const LOG_2PI = log(2 * Math.PI);

/** Evaluates one data set's likelihood again and again in the same workspace. */
export interface MarginalLikelihood {
  /**
   * log p(z | θ) of all rows, −∞ where the covariance cannot be factorised.
   *
   * @param gradient - Receives ∂/∂log ℓ_1 … ∂/∂log ℓ_d, ∂/∂log s², ∂/∂log σ²_1 … ∂/∂log σ²_L, [d + 1 + L].
   */
  evaluate(hyperparameters: Hyperparameters, gradient: Float64Array): number;
}

/**
 * Log marginal likelihood of a Gaussian process from the sufficient statistics of replicated settings.
 *
 * With A = s²R + diag(τ_g/c_g), τ_g = σ²_level + known variance of one row, c_g rows, mean z̄_g and scatter S_g:
 *
 *   log p = log N(z̄; μ, A) + Σ_g [ −½ (c_g − 1) log 2πτ_g − ½ log c_g − S_g/(2τ_g) ],
 *
 * which equals the likelihood of all single rows (Binois, Gramacy & Ludkovski 2018, J. Comput. Graph. Stat. 27(4),
 * lemma 3.1). Gradient: −½ tr((A⁻¹ − αα^T) ∂A) (Rasmussen & Williams 2006, eq. 5.9), in one pass over the lower
 * triangle; the signal variance follows from the identity s² Σ M_ij R_ij = n − r^T α − Σ M_ii A_ii^noise. With an
 * estimated mean the likelihood is the profile over μ, whose gradient is the partial one at μ̂.
 */
export function createMarginalLikelihood(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  meanFunction: MeanFunction,
): MarginalLikelihood {
  const n = statistics.X.rows;
  const workspace = createWorkspace(n, kernel.dimension);
  return {
    evaluate(hyperparameters, gradient) {
      workspace.inputs = kernel.scale(statistics.X, hyperparameters.lengthscales, workspace.inputs);
      fillCovariance(workspace, statistics, kernel, hyperparameters);
      const factor = cholesky(workspace.A);
      if (!factor.ok) return Number.NEGATIVE_INFINITY;
      const { alpha, residual } = centredSolve(factor.L, statistics.mean, meanFunction);
      const value = settingsTerm(factor.L, residual, alpha) + replicatesTerm(workspace, statistics);
      fillGradient(
        workspace,
        statistics,
        kernel,
        hyperparameters,
        choleskyInverse(factor.L),
        alpha,
        residual,
        gradient,
      );
      return value;
    },
  };
}

interface Workspace {
  /** s²R + noise, lower triangle. */
  readonly A: Matrix;
  /** R and slopes, lower triangles, rows of n. */
  readonly correlation: Float64Array;
  readonly slope: Float64Array;
  /** Noise variance of one row, τ, [n]. */
  readonly rowNoise: Float64Array;
  readonly weights: Float64Array;
  readonly point: Float64Array;
  inputs: ScaledInputs | undefined;
}

function createWorkspace(n: number, dimension: number): Workspace {
  return {
    A: createMatrix(n, n),
    correlation: new Float64Array(n * n),
    slope: new Float64Array(n * n),
    rowNoise: new Float64Array(n),
    weights: new Float64Array(n),
    point: new Float64Array(dimension),
    inputs: undefined,
  };
}

function fillCovariance(
  workspace: Workspace,
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
): void {
  const { correlation, slope, point, rowNoise } = workspace;
  const { data } = workspace.A;
  const n = statistics.X.rows;
  const { signalVariance, noiseVariance } = hyperparameters;
  for (let i = 0; i < n; i++) {
    const start = i * n;
    kernel.pointOf(workspace.inputs!, i, point);
    kernel.correlations(workspace.inputs!, point, i, correlation, slope, start);
    for (let j = start; j < start + i; j++) data[j] = signalVariance * correlation[j]!;
    const noise = noiseVariance[statistics.noiseLevel[i]!]! + statistics.knownVariance[i]!;
    rowNoise[i] = noise;
    data[start + i] = signalVariance + noise / statistics.count[i]!;
  }
}

/** α = A⁻¹(z − μ) and z − μ, with μ = 0 or the generalised-least-squares estimate. */
export function centredSolve(
  L: Matrix,
  z: Float64Array,
  meanFunction: MeanFunction,
): { alpha: Float64Array; residual: Float64Array; constant: number } {
  const alpha = choleskySolve(L, z);
  if (meanFunction === "zero") return { alpha, residual: z, constant: 0 };
  const ones = choleskySolve(L, new Float64Array(z.length).fill(1));
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < z.length; i++) {
    numerator += alpha[i]!;
    denominator += ones[i]!;
  }
  const constant = numerator / denominator;
  return {
    alpha: alpha.map((value, i) => value - constant * ones[i]!),
    residual: z.map((value) => value - constant),
    constant,
  };
}

/** log N(z̄; μ, A). */
function settingsTerm(L: Matrix, residual: Float64Array, alpha: Float64Array): number {
  const n = L.rows;
  let quadratic = 0;
  let logDiagonal = 0;
  for (let i = 0; i < n; i++) {
    quadratic += residual[i]! * alpha[i]!;
    logDiagonal += log(L.data[i * n + i]!);
  }
  return -0.5 * quadratic - logDiagonal - 0.5 * n * LOG_2PI;
}

/** What the scatter within settings adds. */
function replicatesTerm(workspace: Workspace, statistics: SettingStatistics): number {
  let sum = 0;
  for (let i = 0; i < statistics.X.rows; i++) {
    const count = statistics.count[i]!;
    if (count === 1) continue;
    const noise = workspace.rowNoise[i]!;
    sum -= 0.5 * ((count - 1) * (LOG_2PI + log(noise)) + log(count) + statistics.scatter[i]! / noise);
  }
  return sum;
}

function fillGradient(
  workspace: Workspace,
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  inverse: Matrix,
  alpha: Float64Array,
  residual: Float64Array,
  gradient: Float64Array,
): void {
  const n = statistics.X.rows;
  const d = kernel.dimension;
  const { correlation, slope, weights, point, rowNoise } = workspace;
  const { signalVariance, noiseVariance } = hyperparameters;
  gradient.fill(0);
  let signalTrace = n; // tr(M s²R) = n − r^T α − Σ M_ii τ_i/c_i
  for (let i = 0; i < n; i++) {
    const start = i * n;
    const alphaI = alpha[i]!;
    // Both triangles at once: −½ · 2 Σ_{j<i} M_ij s² ∂R_ij.
    for (let j = 0; j < i; j++) weights[j] = signalVariance * (alphaI * alpha[j]! - inverse.data[start + j]!);
    kernel.pointOf(workspace.inputs!, i, point);
    kernel.addLengthscaleGradient(workspace.inputs!, point, i, correlation, slope, start, weights, gradient);
    const diagonal = inverse.data[start + i]! - alphaI * alphaI;
    const noise = rowNoise[i]!;
    const count = statistics.count[i]!;
    signalTrace -= residual[i]! * alphaI + (diagonal * noise) / count;
    const level = statistics.noiseLevel[i]!;
    const scale = -0.5 * noiseVariance[level]!;
    const within = (count - 1 - statistics.scatter[i]! / noise) / noise;
    gradient[d + 1 + level] = gradient[d + 1 + level]! + scale * (diagonal / count + within);
  }
  gradient[d] = -0.5 * signalTrace;
}
