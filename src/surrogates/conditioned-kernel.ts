import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { cholesky, invertLowerTransposed } from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { addScaledAt, dotAt } from "../math/row-products.js";

/**
 * A prior kernel conditioned on values at anchor points, evaluated at one point after another.
 *
 * `load` a point first; the other functions speak about that point. They share buffers and allocate nothing.
 */
export interface ConditionedKernel {
  /** Anchors, [n × d]. */
  readonly X: Matrix;
  /** Cholesky factor of s²R + diag(noise), [n × n]. */
  readonly L: Matrix;
  load(x: Float64Array): void;
  /** Covariances of the loaded point with the anchors, [n]. */
  readonly covariance: Float64Array;
  /** Their derivatives with respect to input k, written to `into` [n]. */
  covarianceDerivative(k: number, into: Float64Array): void;
  /** L⁻¹k, written to `into` [n]. */
  whiten(into: Float64Array): void;
  /** s² − ‖L⁻¹k‖², from L⁻¹k. */
  variance(whitened: Float64Array): number;
  /** L⁻ᵀ q = A⁻¹k for q = L⁻¹k, written to `into` [n]. */
  unwhiten(whitened: Float64Array, into: Float64Array): void;
  /** Diagonal of A⁻¹, [n]. */
  inverseDiagonal(): Float64Array;
}

/**
 * Smallest posterior variance as a share of the prior's. The subtraction s² − ‖L⁻¹k‖² rounds at about 1e-14 s², and
 * the noise floor keeps honest variances above this; the floor keeps a rounding error from becoming √(negative).
 */
const VARIANCE_FLOOR = 1e-12;

/**
 * Conditions a kernel on anchors observed with independent noise.
 *
 * The inverse factor L⁻¹ is kept, so that the variance is a sum of squares subtracted from the prior variance and never
 * k^T A⁻¹ k (Higham 2002, chapter 8; Rasmussen & Williams 2006, algorithm 2.1, lines 5–6).
 *
 * @param noise - Noise variance of each anchor, [n].
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export function conditionKernel(
  kernel: ProductKernel,
  X: Matrix,
  lengthscales: Float64Array,
  signalVariance: number,
  noise: Float64Array,
): ConditionedKernel {
  const n = X.rows;
  const inputs = kernel.scale(X, lengthscales);
  const point = new Float64Array(kernel.dimension);
  const covariance = new Float64Array(n);
  const slope = new Float64Array(n);
  const load = (x: Float64Array): void => {
    kernel.scalePoint(inputs, x, point);
    kernel.correlations(inputs, point, n, covariance, slope, 0);
    for (let j = 0; j < n; j++) covariance[j] = signalVariance * covariance[j]!;
  };
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    load(matrixRow(X, i));
    matrixRow(A, i).set(covariance);
    A.data[i * n + i] = signalVariance + noise[i]!;
  }
  const factor = cholesky(A);
  if (!factor.ok) throw notPositiveDefinite(n, factor.pivot);
  const inverse = transpose(invertLowerTransposed(factor.L));
  return {
    X,
    L: factor.L,
    load,
    covariance,
    covarianceDerivative(k, into) {
      kernel.inputDerivative(inputs, point, k, slope, into);
      for (let j = 0; j < n; j++) into[j] = signalVariance * into[j]!;
    },
    whiten(into) {
      for (let i = 0; i < n; i++) into[i] = dotAt(inverse.data, i * n, covariance, 0, i + 1);
    },
    variance: (whitened) =>
      Math.max(signalVariance - dotAt(whitened, 0, whitened, 0, n), VARIANCE_FLOOR * signalVariance),
    unwhiten(whitened, into) {
      into.fill(0);
      for (let i = 0; i < n; i++) addScaledAt(into, 0, whitened[i]!, inverse.data, i * n, i + 1);
    },
    inverseDiagonal() {
      // A⁻¹ = L⁻ᵀ L⁻¹: the squared norms of the columns of L⁻¹.
      const diagonal = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++)
          diagonal[j] = diagonal[j]! + inverse.data[i * n + j]! * inverse.data[i * n + j]!;
      }
      return diagonal;
    },
  };
}

function transpose(Y: Matrix): Matrix {
  const T = createMatrix(Y.cols, Y.rows);
  for (let i = 0; i < Y.rows; i++) {
    for (let j = 0; j < Y.cols; j++) T.data[j * Y.rows + i] = Y.data[i * Y.cols + j]!;
  }
  return T;
}

function notPositiveDefinite(n: number, pivot: number): CellwrightError {
  return new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    `The covariance of ${n} settings is not positive definite (pivot ${pivot}): raise the noise variance or merge near-equal rows.`,
    { details: { n, pivot } },
  );
}
