import type { ProductKernel } from "../kernels/product-kernel.js";
import type { Matrix } from "../math/matrix.js";
import type { SettingStatistics } from "./setting-statistics.js";

/**
 * Statistics of settings that each belong to a site: a task, or a fidelity. Settings of one site lie together; noise
 * levels are numbered across all sites.
 */
export interface SiteStatistics extends SettingStatistics {
  /** Site of each setting, [g], 0 … sites − 1. */
  readonly site: Int32Array;
}

/** One term of the covariance: coupling[s, s′] ρ(x, x′). */
export interface CoupledKernel {
  readonly kernel: ProductKernel;
  /** [d] */
  readonly lengthscales: Float64Array;
  /** [sites × sites], symmetric, positive semidefinite. */
  readonly coupling: Matrix;
}

/**
 * A Gaussian process over settings and sites with zero mean on the model scale,
 *
 *   K((x, s), (x′, s′)) = Σ_q coupling_q[s, s′] ρ_q(x, x′) + offset[s, s′].
 *
 * One term gives the intrinsic coregionalisation model, two a linear-truncated or autoregressive multi-fidelity model.
 *
 * @see Álvarez, Rosasco & Lawrence (2012), Found. Trends Mach. Learn. 4(3), eq. 4.1 (linear model of coregionalisation)
 */
export interface CoregionalizedModel {
  readonly terms: readonly CoupledKernel[];
  /** Prior covariance of a constant level per site, [sites × sites]; null where every site has mean zero. */
  readonly offset: Matrix | null;
  /** Inferred variance of one observation's noise per noise level, [L]. */
  readonly noiseVariance: Float64Array;
}

/** Noise variance τ of one row of each setting, [g]. */
export function rowNoise(statistics: SettingStatistics, noiseVariance: Float64Array): Float64Array {
  return statistics.knownVariance.map((known, g) => noiseVariance[statistics.noiseLevel[g]!]! + known);
}
