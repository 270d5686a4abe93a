import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { CellwrightError } from "../errors.js";
import { solveLowerTransposed } from "../math/cholesky.js";
import { cholesky } from "../math/dense.js";
import { exp } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import { plainCovariance } from "./plain-covariance.js";

/** The Gaussian process of the logarithm of the noise variance around its level's. */
export interface NoisePrior {
  /** Of every input, as of the outcome's own process. */
  readonly lengthscale: number;
  /** Prior standard deviation of the logarithm of the noise variance. */
  readonly stdDev: number;
}

/**
 * Variance of the noise process between settings of equal inputs, as a share of its variance: keeps its covariance
 * factorisable where settings lie close together; a noise standard deviation moves by 1 % for it (assumption).
 */
export const NOISE_NUGGET = 1e-4;

/**
 * Cholesky factor of R + 1e-4 I, the correlation of the log noise between settings, [g × g].
 *
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export function factorNoiseCorrelation(kernel: ProductKernel, X: Matrix, lengthscale: number): Matrix {
  const inputs = kernel.scale(X, lengthscalesOf(kernel, lengthscale));
  const { A } = plainCovariance(kernel, inputs, 1, new Float64Array(X.rows).fill(NOISE_NUGGET));
  const factor = cholesky(A);
  if (factor.ok) return factor.L;
  throw new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    "The covariance of the log noise variances cannot be factorised: check the inputs for huge values.",
    { details: { pivot: factor.pivot } },
  );
}

/** δ = s L v, [g]: log factors of the noise variance at the settings, from standard normal v. */
export function logFactorsOf(L: Matrix, stdDev: number, v: Float64Array): Float64Array {
  return v.map((_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += L.data[i * L.cols + j]! * v[j]!;
    return stdDev * sum;
  });
}

/** Lᵀ b, [g]. */
export function transposedProduct(L: Matrix, b: Float64Array): Float64Array {
  const product = new Float64Array(b.length);
  for (let i = 0; i < b.length; i++) {
    for (let j = 0; j <= i; j++) product[j] = product[j]! + L.data[i * L.cols + j]! * b[i]!;
  }
  return product;
}

/** Weights s L⁻ᵀ v with which δ(x) = r(x)ᵀ w is the most likely noise process between the settings, [g]. */
export function noiseWeights(L: Matrix, stdDev: number, v: Float64Array): Float64Array {
  return solveLowerTransposed(L, v).map((value) => stdDev * value);
}

/** e^δ at points: the factor of the noise variance, [m]. */
export function noiseFactors(
  kernel: ProductKernel,
  X: Matrix,
  lengthscale: number,
  weights: Float64Array,
  points: Matrix,
): Float64Array {
  const inputs: ScaledInputs = kernel.scale(X, lengthscalesOf(kernel, lengthscale));
  const n = X.rows;
  const correlation = new Float64Array(n);
  const slope = new Float64Array(n);
  const scaled = new Float64Array(kernel.dimension);
  return Float64Array.from({ length: points.rows }, (_, i) => {
    const start = i * points.cols;
    kernel.scalePoint(inputs, points.data.subarray(start, start + points.cols), scaled);
    kernel.correlations(inputs, scaled, n, correlation, slope, 0);
    let delta = 0;
    for (let j = 0; j < n; j++) delta += correlation[j]! * weights[j]!;
    return exp(delta);
  });
}

function lengthscalesOf(kernel: ProductKernel, lengthscale: number): Float64Array {
  return new Float64Array(kernel.dimension).fill(lengthscale);
}
