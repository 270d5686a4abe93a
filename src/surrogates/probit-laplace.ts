import { CellwrightError } from "../errors.js";
import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { choleskyInverse, choleskySolve, solveLowerMatrix } from "../math/cholesky.js";
import { cholesky } from "../math/dense.js";
import { exp, log } from "../math/elementary.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { normalLogCdf, normalLogPdf } from "../math/normal.js";

/** Successes (+1) and failures (−1) at encoded settings; the prior of the latent function is N(m, s² ρ). */
export interface ProbitProblem {
  readonly kernel: ProductKernel;
  /** [n × d] */
  readonly X: Matrix;
  /** [n] of +1 or −1. */
  readonly labels: Int8Array;
  /** Φ⁻¹ of the probability of success far from all data: m = base √(1 + s²), whatever the signal variance. */
  readonly base: number;
}

/** The Gaussian nearest to the posterior of the latent values at its mode. */
export interface ProbitMode {
  /** Latent values at the mode, [n]. */
  readonly latent: Float64Array;
  /** ∇ log p(y|f) at the mode, [n]: also K⁻¹(f − mean). */
  readonly slope: Float64Array;
  /** W = −∇∇ log p(y|f), [n], positive. */
  readonly curvature: Float64Array;
  /** Laplace's approximation of log p(y | θ). */
  readonly logEvidence: number;
}

/** Newton steps; the objective is concave, and twenty halve the error to nothing in every case tried (assumption). */
const MOST_STEPS = 60;
/** Gain of the objective below which the mode is found. */
const TOLERANCE = 1e-13;
/** Keeps 1/W finite where a success is certain. */
const LEAST_CURVATURE = 1e-10;

/**
 * Finds the mode of the latent function by Newton's method with step halving.
 *
 * @param gradient - Receives ∂ log evidence/∂ log ℓ_1 … log ℓ_d, log s², [d + 1]; left out where it is not wanted.
 * @throws CellwrightError INTERNAL if I + W^½ K W^½, whose eigenvalues are 1 and more, cannot be factorised
 * @see Rasmussen & Williams (2006), algorithms 3.1 and 5.1
 */
export function probitMode(
  problem: ProbitProblem,
  lengthscales: Float64Array,
  signalVariance: number,
  gradient?: Float64Array,
): ProbitMode {
  const { kernel, X, labels } = problem;
  const mean = priorMean(problem.base, signalVariance);
  const n = labels.length;
  const inputs = kernel.scale(X, lengthscales);
  const prior = covariance(kernel, inputs, signalVariance);
  let weights: Float64Array = new Float64Array(n); // a = K⁻¹(f − mean)
  let latent: Float64Array = new Float64Array(n).fill(mean);
  let objective = logLikelihood(labels, latent);
  for (let step = 0; step < MOST_STEPS; step++) {
    const target = newtonTarget(prior, labels, latent, mean);
    let [share, next] = [1, objective];
    let [tryWeights, tryLatent] = [weights, latent];
    for (; share > 1e-6; share /= 2) {
      tryWeights = weights.map((w, i) => w + share * (target[i]! - w));
      tryLatent = times(prior, tryWeights, mean);
      next = logLikelihood(labels, tryLatent) - 0.5 * quadratic(tryWeights, tryLatent, mean);
      if (next >= objective) break;
    }
    if (!(next >= objective)) break;
    [weights, latent] = [tryWeights, tryLatent];
    const gain = next - objective;
    objective = next;
    if (gain < TOLERANCE) break;
  }
  return modeAt(problem, inputs, { prior, latent, weights, signalVariance }, gradient);
}

interface AtMode {
  readonly prior: Matrix;
  readonly latent: Float64Array;
  readonly weights: Float64Array;
  readonly signalVariance: number;
}

function modeAt(
  { kernel, labels, base }: ProbitProblem,
  inputs: ScaledInputs,
  { prior, latent, weights, signalVariance }: AtMode,
  gradient: Float64Array | undefined,
): ProbitMode {
  const n = labels.length;
  const mean = priorMean(base, signalVariance);
  const slope = new Float64Array(n);
  const curvature = new Float64Array(n);
  const third = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const { first, second, third: t } = derivatives(labels[i]!, latent[i]!);
    slope[i] = first;
    curvature[i] = Math.max(second, LEAST_CURVATURE);
    third[i] = t;
  }
  const { L, root } = factorOfB(prior, curvature);
  let logEvidence = logLikelihood(labels, latent) - 0.5 * quadratic(weights, latent, mean);
  for (let i = 0; i < n; i++) logEvidence -= log(L.data[i * n + i]!);
  if (gradient !== undefined) {
    const through = throughMode(prior, L, root, third);
    fillGradient(kernel, inputs, gradientWeights(through, slope), signalVariance, gradient);
    let byMean = 0;
    for (let i = 0; i < n; i++) byMean += slope[i]! + through.s[i]!;
    gradient[kernel.dimension]! += (0.5 * byMean * base * signalVariance) / Math.sqrt(1 + signalVariance);
  }
  return { latent, slope, curvature, logEvidence };
}

/** K⁻¹(f − mean) after one whole Newton step: b − W^½ B⁻¹ W^½ K b, b = W(f − mean) + ∇ log p. */
function newtonTarget(prior: Matrix, labels: Int8Array, latent: Float64Array, mean: number): Float64Array {
  const n = labels.length;
  const b = new Float64Array(n);
  const curvature = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const { first, second } = derivatives(labels[i]!, latent[i]!);
    curvature[i] = Math.max(second, LEAST_CURVATURE);
    b[i] = curvature[i]! * (latent[i]! - mean) + first;
  }
  const { L, root } = factorOfB(prior, curvature);
  const Kb = times(prior, b, 0);
  const inner = choleskySolve(
    L,
    Kb.map((value, i) => root[i]! * value),
  );
  return b.map((value, i) => value - root[i]! * inner[i]!);
}

/** The factor of B = I + W^½ K W^½. */
function factorOfB(
  prior: Matrix,
  curvature: Float64Array,
): { readonly L: Matrix; readonly root: Float64Array } {
  const n = curvature.length;
  const root = curvature.map(Math.sqrt);
  const B = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) B.data[i * n + j] = root[i]! * prior.data[i * n + j]! * root[j]!;
    B.data[i * n + i]! += 1;
  }
  const factor = cholesky(B);
  if (!factor.ok) {
    throw new CellwrightError(
      "INTERNAL",
      "The covariance of successes and failures could not be factorised.",
    );
  }
  return { L: factor.L, root };
}

interface ThroughMode {
  /** W^½ B⁻¹ W^½, [n × n]. */
  readonly R: Matrix;
  /** (I − RK) s₂ with s₂ = ½ diag((K⁻¹ + W)⁻¹) ∇³ log p: what the moving mode adds, [n]. */
  readonly s: Float64Array;
}

/** @see Rasmussen & Williams (2006), eqs. 5.22–5.24 */
function throughMode(prior: Matrix, L: Matrix, root: Float64Array, third: Float64Array): ThroughMode {
  const n = root.length;
  const R = choleskyInverse(L); // B⁻¹, then W^½ B⁻¹ W^½
  const scaled = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      R.data[i * n + j] = root[i]! * R.data[i * n + j]! * root[j]!;
      scaled.data[i * n + j] = root[i]! * prior.data[i * n + j]!;
    }
  }
  const C = solveLowerMatrix(L, scaled);
  const s2 = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let explained = 0;
    for (let i = 0; i < n; i++) explained += C.data[i * n + j]! * C.data[i * n + j]!;
    s2[j] = 0.5 * (prior.data[j * n + j]! - explained) * third[j]!;
  }
  const back = times(R, times(prior, s2, 0), 0);
  return { R, s: s2.map((value, i) => value - back[i]!) };
}

/** Weights M with ∂ log evidence = Σ_ij M_ij ∂K_ij: half of aaᵀ − R, and the outer product of s with the slope. */
function gradientWeights({ R, s }: ThroughMode, slope: Float64Array): Matrix {
  const n = slope.length;
  const M = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const direct = slope[i]! * slope[j]! - R.data[i * n + j]!;
      M.data[i * n + j] = 0.5 * (direct + s[i]! * slope[j]! + s[j]! * slope[i]!);
    }
  }
  return M;
}

/** Σ_ij M_ij ∂K_ij for every lengthscale and the signal variance, both on the log scale. */
function fillGradient(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  M: Matrix,
  signalVariance: number,
  gradient: Float64Array,
): void {
  const n = inputs.count;
  const d = kernel.dimension;
  const point = new Float64Array(d);
  const correlation = new Float64Array(n);
  const slope = new Float64Array(n);
  const lengths = new Float64Array(d);
  let signal = 0;
  for (let i = 0; i < n; i++) {
    kernel.pointOf(inputs, i, point);
    kernel.correlations(inputs, point, n, correlation, slope, 0);
    const weights = M.data.slice(i * n, (i + 1) * n);
    for (let j = 0; j < n; j++) signal += weights[j]! * correlation[j]!;
    kernel.addLengthscaleGradient(inputs, point, n, correlation, slope, 0, weights, lengths);
  }
  for (let k = 0; k < d; k++) gradient[k] = signalVariance * lengths[k]!;
  gradient[d] = signalVariance * signal;
}

/** m = base √(1 + s²), so that Φ(m/√(1 + s²)) = Φ(base). */
export function priorMean(base: number, signalVariance: number): number {
  return base * Math.sqrt(1 + signalVariance);
}

function covariance(kernel: ProductKernel, inputs: ScaledInputs, signalVariance: number): Matrix {
  const n = inputs.count;
  const K = createMatrix(n, n);
  const point = new Float64Array(kernel.dimension);
  const slope = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    kernel.pointOf(inputs, i, point);
    kernel.correlations(inputs, point, n, K.data, slope, i * n);
  }
  for (let at = 0; at < n * n; at++) K.data[at] = signalVariance * K.data[at]!;
  return K;
}

/** log Φ(y f) with its derivatives with respect to f: φ/Φ from logarithms, exact in the far tail. */
function derivatives(label: number, f: number): { first: number; second: number; third: number } {
  const z = label * f;
  const ratio = exp(normalLogPdf(z) - normalLogCdf(z));
  const second = ratio * (z + ratio);
  const third = label * (ratio * (z + ratio) * (2 * ratio + z) - ratio);
  return { first: label * ratio, second, third };
}

function logLikelihood(labels: Int8Array, latent: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += normalLogCdf(labels[i]! * latent[i]!);
  return sum;
}

function quadratic(weights: Float64Array, latent: Float64Array, mean: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * (latent[i]! - mean);
  return sum;
}

/** K w + mean. */
function times(K: Matrix, w: Float64Array, mean: number): Float64Array {
  const n = w.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += K.data[i * n + j]! * w[j]!;
    out[i] = mean + sum;
  }
  return out;
}
