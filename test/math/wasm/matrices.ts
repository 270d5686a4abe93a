import { createMatrix, type Matrix } from "../../../src/math/matrix.js";
import { dotAt } from "../../../src/math/row-products.js";
import { createRng } from "../../../src/math/rng.js";

/** Rows of standard normals, [rows × cols]. */
export function randomMatrix(rows: number, cols: number, seed: number): Matrix {
  const rng = createRng(seed);
  const X = createMatrix(rows, cols);
  for (let i = 0; i < X.data.length; i++) X.data[i] = rng.normal();
  return X;
}

/** G Gᵀ/k + shift·I of rows with k = 8 normals each, [n × n]: quick to make at any size. */
export function randomPositiveDefinite(n: number, seed: number, shift: number): Matrix {
  const k = 8;
  const G = randomMatrix(n, k, seed);
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dotAt(G.data, i * k, G.data, j * k, k) / k;
      A.data[i * n + j] = value;
      A.data[j * n + i] = value;
    }
    A.data[i * n + i] = A.data[i * n + i]! + shift;
  }
  return A;
}

/** Squared-exponential covariance of n points on a line with this noise: condition about n/noise. */
export function smoothCovariance(n: number, noise: number): Matrix {
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const step = (4 * (i - j)) / n;
      A.data[i * n + j] = Math.exp(-0.5 * step * step) + (i === j ? noise : 0);
    }
  }
  return A;
}

export function largest(A: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < A.length; i++) most = Math.max(most, Math.abs(A[i]!));
  return most;
}

/** ‖A‖₁ of a symmetric matrix: the largest row sum of magnitudes. */
export function norm1(A: Matrix): number {
  let most = 0;
  for (let i = 0; i < A.rows; i++) {
    let sum = 0;
    for (let j = 0; j < A.cols; j++) sum += Math.abs(A.data[i * A.cols + j]!);
    most = Math.max(most, sum);
  }
  return most;
}

/**
 * max |A − L Lᵀ|_ij / √(A_ii A_jj) over the lower triangle, which bounds ‖A − L Lᵀ‖/‖A‖ and does not see the scale of
 * rows. Entries are looked at in steps of `step` rows and columns.
 */
export function scaledResidual(A: Matrix, L: Matrix, step = 1): number {
  const n = A.rows;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(A.data[i * n + i]!));
  let most = 0;
  for (let i = 0; i < n; i += step) {
    for (let j = i % step; j <= i; j += step) {
      const product = dotAt(L.data, i * n, L.data, j * n, j + 1);
      most = Math.max(most, Math.abs(A.data[i * n + j]! - product) / (scale[i]! * scale[j]!));
    }
  }
  return most;
}
