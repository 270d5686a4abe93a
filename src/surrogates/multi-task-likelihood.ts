import type { ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky, choleskyInverse, choleskySolve, logDetFromCholesky } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import {
  type CoregionalizedModel,
  type CoupledKernel,
  rowNoise,
  type SiteStatistics,
} from "./multi-task-model.js";

const LOG_2PI = log(2 * Math.PI);

/** Gradient of the log marginal likelihood. */
export interface CoregionalizedGradient {
  /** ∂/∂log ℓ of each term, [d] each. */
  readonly lengthscales: readonly Float64Array[];
  /** G of each term, [sites × sites] symmetric: the differential is Σ G[s, s′] d coupling[s, s′]. */
  readonly couplings: readonly Matrix[];
  /** ∂/∂log σ², [L]. */
  readonly noiseVariance: Float64Array;
}

/** A term's correlations and slopes among all settings, lower triangles, and its prepared inputs. */
interface Correlated {
  readonly term: CoupledKernel;
  readonly inputs: ScaledInputs;
  readonly correlation: Float64Array;
  readonly slope: Float64Array;
}

/**
 * Log marginal likelihood of a coregionalised Gaussian process with its gradient; null where the covariance cannot be
 * factorised.
 *
 * Replicates enter as sufficient statistics, as in marginal-likelihood.ts (Binois, Gramacy & Ludkovski 2018, lemma 3.1).
 * With M = αα^T − A⁻¹ the gradient is ½ tr(M ∂A) (Rasmussen & Williams 2006, eq. 5.9), so that
 * G_q[s, s′] = ½ Σ_{i∈s, j∈s′} M_ij ρ_q(x_i, x_j).
 */
export function coregionalizedLikelihood(
  statistics: SiteStatistics,
  model: CoregionalizedModel,
): { readonly value: number; readonly gradient: CoregionalizedGradient } | null {
  const n = statistics.X.rows;
  const noise = rowNoise(statistics, model.noiseVariance);
  const correlated = model.terms.map((term) => correlate(statistics.X, term));
  const A = createMatrix(n, n);
  fillCovariance(statistics, model, correlated, A);
  for (let i = 0; i < n; i++) A.data[i * n + i] = A.data[i * n + i]! + noise[i]! / statistics.count[i]!;
  const factor = cholesky(A);
  if (!factor.ok) return null;
  const alpha = choleskySolve(factor.L, statistics.mean);
  const value =
    -0.5 * (dotAt(statistics.mean, 0, alpha, 0, n) + logDetFromCholesky(factor.L) + n * LOG_2PI) +
    replicatesTerm(statistics, noise);
  const M = choleskyInverse(factor.L);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) M.data[i * n + j] = alpha[i]! * alpha[j]! - M.data[i * n + j]!;
  }
  const gradients = correlated.map((term) => termGradient(statistics, term, M));
  return {
    value,
    gradient: {
      lengthscales: gradients.map(({ lengthscales }) => lengthscales),
      couplings: gradients.map(({ coupling }) => coupling),
      noiseVariance: noiseGradient(statistics, model.noiseVariance, noise, M),
    },
  };
}

function correlate(X: Matrix, term: CoupledKernel): Correlated {
  const n = X.rows;
  const inputs = term.kernel.scale(X, term.lengthscales);
  const correlation = new Float64Array(n * n);
  const slope = new Float64Array(n * n);
  const point = new Float64Array(term.kernel.dimension);
  for (let i = 0; i < n; i++) {
    term.kernel.pointOf(inputs, i, point);
    term.kernel.correlations(inputs, point, i + 1, correlation, slope, i * n);
  }
  return { term, inputs, correlation, slope };
}

/** Lower triangle of K without noise, [n × n]. */
function fillCovariance(
  { site, X }: SiteStatistics,
  { offset }: CoregionalizedModel,
  correlated: readonly Correlated[],
  A: Matrix,
): void {
  const n = X.rows;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = offset === null ? 0 : offset.data[site[i]! * offset.cols + site[j]!]!;
      for (const { term, correlation } of correlated) {
        sum += term.coupling.data[site[i]! * term.coupling.cols + site[j]!]! * correlation[i * n + j]!;
      }
      A.data[i * n + j] = sum;
    }
  }
}

function termGradient(
  { site, X }: SiteStatistics,
  { term, inputs, correlation, slope }: Correlated,
  M: Matrix,
): { lengthscales: Float64Array; coupling: Matrix } {
  const n = X.rows;
  const { kernel, coupling } = term;
  const sites = coupling.rows;
  const lengthscales = new Float64Array(kernel.dimension);
  const G = createMatrix(sites, sites);
  const point = new Float64Array(kernel.dimension);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = site[i]! * sites;
    for (let j = 0; j <= i; j++) {
      const m = M.data[i * n + j]!;
      // Both triangles at once: each pair off the diagonal adds half to G[s, s′] and half to G[s′, s].
      const share = (j === i ? 0.5 : 1) * m * correlation[i * n + j]!;
      G.data[row + site[j]!] = G.data[row + site[j]!]! + share;
      weights[j] = m * coupling.data[row + site[j]!]!;
    }
    kernel.pointOf(inputs, i, point);
    kernel.addLengthscaleGradient(inputs, point, i, correlation, slope, i * n, weights, lengthscales);
  }
  return { lengthscales, coupling: symmetricPart(G) };
}

/** (G + Gᵀ)/2. */
function symmetricPart(G: Matrix): Matrix {
  const n = G.rows;
  const out = createMatrix(n, n);
  for (let s = 0; s < n; s++) {
    for (let t = 0; t < n; t++) out.data[s * n + t] = 0.5 * (G.data[s * n + t]! + G.data[t * n + s]!);
  }
  return out;
}

/** What the scatter within settings adds. */
function replicatesTerm({ count, scatter }: SiteStatistics, noise: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < noise.length; i++) {
    if (count[i] === 1) continue;
    sum -= 0.5 * ((count[i]! - 1) * (LOG_2PI + log(noise[i]!)) + log(count[i]!) + scatter[i]! / noise[i]!);
  }
  return sum;
}

function noiseGradient(
  { count, scatter, noiseLevel }: SiteStatistics,
  noiseVariance: Float64Array,
  noise: Float64Array,
  M: Matrix,
): Float64Array {
  const gradient = new Float64Array(noiseVariance.length);
  for (let i = 0; i < noise.length; i++) {
    const level = noiseLevel[i]!;
    const tau = noise[i]!;
    const within = (count[i]! - 1 - scatter[i]! / tau) / tau;
    const slope = 0.5 * (M.data[i * M.cols + i]! / count[i]! - within);
    gradient[level] = gradient[level]! + noiseVariance[level]! * slope;
  }
  return gradient;
}
