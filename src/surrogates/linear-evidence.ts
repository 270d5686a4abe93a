import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  invertLowerTransposed,
  logDetFromCholesky,
} from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { addScaledAt, dotAt } from "../math/row-products.js";
import type { SettingStatistics } from "./setting-statistics.js";

const LOG_2PI = log(2 * Math.PI);

/** Variances of a Bayesian linear model of settings, on the model scale. */
export interface LinearHyperparameters {
  /** Prior variance of each term's coefficient, [p]. */
  readonly coefficientVariance: Float64Array;
  /** Variance of what the terms cannot describe, the same at all settings: lack of fit. */
  readonly lackOfFit: number;
  /** Variance of one observation's noise, per noise level. */
  readonly noiseVariance: Float64Array;
}

/** Posterior N(m, S) of the coefficients. */
export interface LinearPosterior {
  readonly coefficients: Float64Array;
  /** Upper triangular Y with S = Y Y^T, [p × p]. */
  readonly root: Matrix;
}

/** Derivatives of the log evidence, by what they are derivatives of. */
export interface EvidenceGradient {
  /** ∂/∂log of each term's prior variance, [p]. */
  readonly coefficient: Float64Array;
  lackOfFit: number;
  /** Per noise level. */
  readonly noise: Float64Array;
}

/**
 * Log evidence of z̄ = Φβ + δ + ε with β ~ N(0, Λ), lack of fit δ_g ~ N(0, ω²) and noise of variance τ_g/c_g, together
 * with the scatter within settings, which has no part in β or δ.
 *
 * With D = ω² + τ/c, B = Φ^T D⁻¹ Φ + Λ⁻¹, m = B⁻¹ Φ^T D⁻¹ z:
 * log p = −½ [ log|D| + log|B| + log|Λ| + z^T D⁻¹ z − m^T Φ^T D⁻¹ z + n log 2π ] + replicates.
 *
 * Needs p³ + n p² operations, so that rows may be many.
 *
 * @returns the evidence and posterior, or null where B cannot be factorised
 * @see Bishop (2006), Pattern Recognition and Machine Learning, eqs. 3.53, 3.54, 3.86; gradients section 3.5.2
 */
export function linearEvidence(
  Phi: Matrix,
  statistics: SettingStatistics,
  hyperparameters: LinearHyperparameters,
  gradient?: EvidenceGradient,
): { readonly value: number; readonly posterior: LinearPosterior } | null {
  const { rows: n, cols: p } = Phi;
  const { coefficientVariance, lackOfFit } = hyperparameters;
  const rowNoise = statistics.count.map((_, g) => noiseOfRow(statistics, hyperparameters, g));
  const D = rowNoise.map((noise, g) => lackOfFit + noise / statistics.count[g]!);
  const B = createMatrix(p, p);
  const projected = new Float64Array(p);
  let value = 0;
  for (let i = 0; i < n; i++) {
    const z = statistics.mean[i]!;
    const precision = 1 / D[i]!;
    for (let j = 0; j < p; j++) {
      addScaledAt(B.data, j * p, precision * Phi.data[i * p + j]!, Phi.data, i * p, j + 1);
    }
    addScaledAt(projected, 0, precision * z, Phi.data, i * p, p);
    value -= 0.5 * (log(D[i]!) + z * z * precision + LOG_2PI);
    value += replicateTerm(statistics, rowNoise[i]!, i);
  }
  for (let j = 0; j < p; j++) {
    B.data[j * p + j] = B.data[j * p + j]! + 1 / coefficientVariance[j]!;
    value -= 0.5 * log(coefficientVariance[j]!);
  }
  const factor = cholesky(B);
  if (!factor.ok) return null;
  const coefficients = choleskySolve(factor.L, projected);
  value += 0.5 * (dotAt(coefficients, 0, projected, 0, p) - logDetFromCholesky(factor.L));
  if (gradient) {
    const S = choleskyInverse(factor.L);
    fillGradient(Phi, statistics, hyperparameters, { D, rowNoise, coefficients, S }, gradient);
  }
  return { value, posterior: { coefficients, root: invertLowerTransposed(factor.L) } };
}

/** Mean Φm and variance diag(Φ S Φ^T) = ‖Y^T φ‖² of the terms' part at points, [m]. */
export function linearPrediction(
  Phi: Matrix,
  { coefficients, root }: LinearPosterior,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const { rows: m, cols: p } = Phi;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  const projection = new Float64Array(p);
  for (let i = 0; i < m; i++) {
    mean[i] = dotAt(Phi.data, i * p, coefficients, 0, p);
    projection.fill(0);
    for (let j = 0; j < p; j++) {
      addScaledAt(projection, j, Phi.data[i * p + j]!, root.data, j * p + j, p - j);
    }
    variance[i] = dotAt(projection, 0, projection, 0, p);
  }
  return { mean, variance };
}

function noiseOfRow(
  statistics: SettingStatistics,
  { noiseVariance }: LinearHyperparameters,
  g: number,
): number {
  return noiseVariance[statistics.noiseLevel[g]!]! + statistics.knownVariance[g]!;
}

/** What the scatter of a setting's rows adds to the log likelihood (marginal-likelihood.ts). */
function replicateTerm(statistics: SettingStatistics, noise: number, g: number): number {
  const count = statistics.count[g]!;
  if (count === 1) return 0;
  return -0.5 * ((count - 1) * (LOG_2PI + log(noise)) + log(count) + statistics.scatter[g]! / noise);
}

/** Per setting: ∂/∂D = −½ [1/D − (r² + φ^T S φ)/D²]; per term: ½ [(S_jj + m_j²)/λ_j − 1]. */
function fillGradient(
  Phi: Matrix,
  statistics: SettingStatistics,
  hyperparameters: LinearHyperparameters,
  fit: { D: Float64Array; rowNoise: Float64Array; coefficients: Float64Array; S: Matrix },
  gradient: EvidenceGradient,
): void {
  const { rows: n, cols: p } = Phi;
  const { coefficientVariance, lackOfFit, noiseVariance } = hyperparameters;
  const { D, rowNoise, coefficients, S } = fit;
  for (let j = 0; j < p; j++) {
    const second = S.data[j * p + j]! + coefficients[j]! * coefficients[j]!;
    gradient.coefficient[j] = 0.5 * (second / coefficientVariance[j]! - 1);
  }
  gradient.lackOfFit = 0;
  gradient.noise.fill(0);
  for (let i = 0; i < n; i++) {
    const phi = matrixRow(Phi, i);
    const residual = statistics.mean[i]! - dotAt(phi, 0, coefficients, 0, p);
    const explained = residual * residual + quadraticForm(S, phi);
    const slope = -0.5 * (1 / D[i]! - explained / (D[i]! * D[i]!));
    const level = statistics.noiseLevel[i]!;
    const count = statistics.count[i]!;
    const noise = rowNoise[i]!;
    const within = -0.5 * ((count - 1) / noise - statistics.scatter[i]! / (noise * noise));
    gradient.lackOfFit += slope * lackOfFit;
    gradient.noise[level] = gradient.noise[level]! + noiseVariance[level]! * (slope / count + within);
  }
}

function quadraticForm(S: Matrix, phi: Float64Array): number {
  const p = S.rows;
  let sum = 0;
  for (let j = 0; j < p; j++) sum += phi[j]! * dotAt(S.data, j * p, phi, 0, p);
  return sum;
}
