import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { log } from "../math/elementary.js";
import type { LikelihoodSums } from "../math/wasm/covariance.js";
import { withCovarianceFactor } from "./covariance-factor.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { MeanFunction } from "./presets/preset.js";
import { plotErrors, type SettingStatistics } from "./setting-statistics.js";
import type { PlotErrors } from "./whole-plots.js";

const LOG_2PI = log(2 * Math.PI);

/** Evaluates one data set's likelihood again and again in the same workspace. */
export interface MarginalLikelihood {
  /**
   * log p(z | θ) of all rows, −∞ where the covariance cannot be factorised.
   *
   * @param gradient - Receives ∂/∂log ℓ_1 … ∂/∂log ℓ_d, ∂/∂log s², ∂/∂log σ²_1 … ∂/∂log σ²_L, [d + 1 + L], and
   *   ∂/∂log σ_w² after these where rows share the errors of whole plots.
   */
  evaluate(hyperparameters: Hyperparameters, gradient: Float64Array): number;
}

/** The likelihood of an exact process, which also takes a mean that changes from one evaluation to the next. */
export interface ExactMarginalLikelihood extends MarginalLikelihood {
  /**
   * As `evaluate`, with the settings' mean outcomes replaced by `residual`, their deviations from a given mean function.
   *
   * @param residual - z̄ − m, [g]; a scatter within settings does not depend on m.
   * @param alpha - Receives A⁻¹(z̄ − m), [g]: ∂ log p/∂m, since the likelihood depends on m through the residual only.
   */
  evaluateResidual(
    hyperparameters: Hyperparameters,
    gradient: Float64Array,
    residual: Float64Array,
    alpha: Float64Array,
  ): number;
  /**
   * As `evaluate`, with the noise variance of each setting's rows given in place of level and known variance.
   *
   * @param rowNoise - τ, [g].
   * @param gradient - As of `evaluate`, with zeros for the noise levels: the caller knows how τ depends on them.
   * @param noiseGradient - Receives ∂ log p/∂τ, [g].
   */
  evaluateRowNoise(
    hyperparameters: Hyperparameters,
    rowNoise: Float64Array,
    gradient: Float64Array,
    noiseGradient: Float64Array,
  ): number;
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
 * triangle; σ_w² Z Zᵀ is added to A where rows share the errors of whole plots; the signal variance follows from the identity s² Σ M_ij R_ij = n − r^T α − Σ M_ii A_ii^noise (− σ_w² tr(M Z Zᵀ)). With an
 * estimated mean the likelihood is the profile over μ, whose gradient is the partial one at μ̂.
 */
export function createMarginalLikelihood(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  meanFunction: MeanFunction,
): ExactMarginalLikelihood {
  let inputs: ScaledInputs | undefined;
  const evaluateAt = (
    z: Float64Array,
    hyperparameters: Hyperparameters,
    noise: Float64Array,
    gradient: Float64Array,
    noiseGradient: Float64Array,
    weights?: Float64Array,
  ): number => {
    inputs = kernel.scale(statistics.X, hyperparameters.lengthscales, inputs);
    const noiseOfMean = noise.map((variance, g) => variance / statistics.count[g]!);
    const plots = plotErrors(statistics, hyperparameters);
    return withCovarianceFactor(
      kernel,
      inputs,
      hyperparameters.signalVariance,
      noiseOfMean,
      plots,
      (factor) => {
        if (!factor.ok) return Number.NEGATIVE_INFINITY;
        const { alpha, residual } = centredSolve((b) => factor.solve(b), z, meanFunction);
        weights?.set(alpha);
        const sums = factor.likelihoodSums(alpha);
        fillGradient(statistics, noise, sums, alpha, residual, gradient, noiseGradient);
        if (plots !== undefined) addPlotGradient(plots, sums.plots ?? 0, kernel.dimension, gradient);
        return settingsTerm(factor.diagonal(), residual, alpha) + replicatesTerm(noise, statistics);
      },
    );
  };
  const partial = new Float64Array(statistics.mean.length);
  const withLevels = (
    z: Float64Array,
    hyperparameters: Hyperparameters,
    gradient: Float64Array,
    weights?: Float64Array,
  ): number => {
    const noise = rowNoise(statistics, hyperparameters);
    const value = evaluateAt(z, hyperparameters, noise, gradient, partial, weights);
    addLevelGradient(statistics, hyperparameters, partial, gradient);
    return value;
  };
  return {
    evaluate: (hyperparameters, gradient) => withLevels(statistics.mean, hyperparameters, gradient),
    evaluateResidual: (hyperparameters, gradient, residual, alpha) =>
      withLevels(residual, hyperparameters, gradient, alpha),
    evaluateRowNoise: (hyperparameters, noise, gradient, noiseGradient) =>
      evaluateAt(statistics.mean, hyperparameters, noise, gradient, noiseGradient),
  };
}

/** Noise variance τ of one row of each setting, [g]. */
export function rowNoise(statistics: SettingStatistics, { noiseVariance }: Hyperparameters): Float64Array {
  return statistics.knownVariance.map((known, g) => noiseVariance[statistics.noiseLevel[g]!]! + known);
}

/** α = A⁻¹(z − μ) and z − μ, with μ = 0 or the generalised-least-squares estimate. */
export function centredSolve(
  solve: (b: Float64Array) => Float64Array,
  z: Float64Array,
  meanFunction: MeanFunction,
): { alpha: Float64Array; residual: Float64Array; constant: number } {
  const alpha = solve(z);
  if (meanFunction === "zero") return { alpha, residual: z, constant: 0 };
  const ones = solve(new Float64Array(z.length).fill(1));
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

/** log N(z̄; μ, A), from the diagonal of A's Cholesky factor. */
export function settingsTerm(diagonal: Float64Array, residual: Float64Array, alpha: Float64Array): number {
  const n = diagonal.length;
  let quadratic = 0;
  let logDiagonal = 0;
  for (let i = 0; i < n; i++) {
    quadratic += residual[i]! * alpha[i]!;
    logDiagonal += log(diagonal[i]!);
  }
  return -0.5 * quadratic - logDiagonal - 0.5 * n * LOG_2PI;
}

/** What the scatter within settings adds. */
export function replicatesTerm(noise: Float64Array, statistics: SettingStatistics): number {
  let sum = 0;
  for (let i = 0; i < noise.length; i++) {
    const count = statistics.count[i]!;
    if (count === 1) continue;
    const tau = noise[i]!;
    sum -= 0.5 * ((count - 1) * (LOG_2PI + log(tau)) + log(count) + statistics.scatter[i]! / tau);
  }
  return sum;
}

function fillGradient(
  statistics: SettingStatistics,
  noise: Float64Array,
  sums: LikelihoodSums,
  alpha: Float64Array,
  residual: Float64Array,
  gradient: Float64Array,
  noiseGradient: Float64Array,
): void {
  const n = noise.length;
  const d = sums.lengthscales.length;
  gradient.fill(0);
  gradient.set(sums.lengthscales); // both triangles at once: −½ · 2 Σ_{j<i} M_ij s² ∂R_ij
  let signalTrace = n; // tr(M s²R) = n − r^T α − Σ M_ii τ_i/c_i
  for (let i = 0; i < n; i++) {
    const diagonal = sums.inverseDiagonal[i]! - alpha[i]! * alpha[i]!;
    const tau = noise[i]!;
    const count = statistics.count[i]!;
    signalTrace -= residual[i]! * alpha[i]! + (diagonal * tau) / count;
    const within = (count - 1 - statistics.scatter[i]! / tau) / tau;
    noiseGradient[i] = -0.5 * (diagonal / count + within);
  }
  gradient[d] = -0.5 * signalTrace;
}

/** ∂/∂log σ_w² = −½ σ_w² tr(M Z Zᵀ), which the identity for the signal variance also lacks. */
function addPlotGradient({ variance }: PlotErrors, trace: number, d: number, gradient: Float64Array): void {
  const partial = -0.5 * variance * trace;
  gradient[gradient.length - 1] = partial;
  gradient[d] = gradient[d]! - partial;
}

/** ∂/∂log σ²_level = Σ σ²_level ∂/∂τ over the settings of the level. */
function addLevelGradient(
  statistics: SettingStatistics,
  { lengthscales, noiseVariance }: Hyperparameters,
  noiseGradient: Float64Array,
  gradient: Float64Array,
): void {
  const first = lengthscales.length + 1;
  for (let i = 0; i < noiseGradient.length; i++) {
    const level = statistics.noiseLevel[i]!;
    gradient[first + level] = gradient[first + level]! + noiseVariance[level]! * noiseGradient[i]!;
  }
}
