import { CellwrightError } from "../errors.js";
import { log } from "./logarithm.js";
import { createMatrix, type Matrix, multiplyTransposed } from "./matrix.js";
import { addScaledAt, dotAt, dotTile } from "./row-products.js";

/** A lower factor, or the index of the first pivot that is not a positive finite number. */
export type CholeskyResult =
  | { readonly ok: true; readonly L: Matrix }
  | { readonly ok: false; readonly pivot: number };

/**
 * Factorises A = L Lᵀ, row by row in 2 × 2 tiles; only the lower triangle of A is read.
 *
 * An indefinite or non-finite A is an outcome, not an error; L never holds NaN or infinity.
 *
 * @param A - Symmetric, [n × n].
 * @param L - Receives the factor below and on the diagonal, [n × n]; default a new matrix, with zeros above.
 * @throws CellwrightError SHAPE_MISMATCH if A is not square.
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 4.2.1 (inner-product form)
 */
export function cholesky(A: Matrix, L: Matrix = createMatrix(A.rows, A.rows)): CholeskyResult {
  requireSquare(A);
  const n = A.rows;
  const a = A.data;
  const l = L.data;
  const sums = new Float64Array(4);
  const even = n & ~1;
  for (let i = 0; i < even; i += 2) {
    const p = i * n;
    const q = p + n;
    for (let j = 0; j < i; j += 2) {
      const r = j * n;
      const t = r + n;
      dotTile(l, p, q, l, r, t, j, sums);
      const pivot0 = l[r + j]!;
      const pivot1 = l[t + j + 1]!;
      const below = l[t + j]!;
      const x0 = (a[p + j]! - sums[0]!) / pivot0;
      const x1 = (a[q + j]! - sums[2]!) / pivot0;
      l[p + j] = x0;
      l[q + j] = x1;
      l[p + j + 1] = (a[p + j + 1]! - sums[1]! - x0 * below) / pivot1;
      l[q + j + 1] = (a[q + j + 1]! - sums[3]! - x1 * below) / pivot1;
    }
    if (!factorDiagonal(a, l, n, i)) return { ok: false, pivot: i };
    l[q + i] = (a[q + i]! - dotAt(l, q, l, p, i)) / l[p + i]!;
    if (!factorDiagonal(a, l, n, i + 1)) return { ok: false, pivot: i + 1 };
  }
  if (even < n) {
    const p = even * n;
    for (let j = 0; j < even; j++) l[p + j] = (a[p + j]! - dotAt(l, p, l, j * n, j)) / l[j * n + j]!;
    if (!factorDiagonal(a, l, n, even)) return { ok: false, pivot: even };
  }
  return { ok: true, L };
}

function factorDiagonal(a: Float64Array, l: Float64Array, n: number, i: number): boolean {
  const p = i * n;
  const d = a[p + i]! - dotAt(l, p, l, p, i);
  if (!(d > 0 && d < Infinity)) return false;
  l[p + i] = Math.sqrt(d);
  return true;
}

/**
 * The factor of [[A, Cᵀ], [C, D]] from the factor of A: for rows that join data already factorised.
 *
 * @param L - Factor of A, [n × n].
 * @param C - New rows against old, [p × n].
 * @param D - New rows among themselves, [p × p].
 * @throws CellwrightError SHAPE_MISMATCH
 */
export function extendCholesky(L: Matrix, C: Matrix, D: Matrix): CholeskyResult {
  const n = L.rows;
  const p = C.rows;
  if (D.rows !== p || D.cols !== p) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `The new block is ${D.rows} × ${D.cols}, expected ${p} × ${p}.`,
    );
  }
  const B = solveLowerRows(L, C);
  const overlap = multiplyTransposed(B, B);
  const schur = createMatrix(p, p);
  for (let i = 0; i < p * p; i++) schur.data[i] = D.data[i]! - overlap.data[i]!;
  const corner = cholesky(schur);
  if (!corner.ok) return { ok: false, pivot: n + corner.pivot };
  const m = n + p;
  const extended = createMatrix(m, m);
  for (let i = 0; i < n; i++) extended.data.set(L.data.subarray(i * n, (i + 1) * n), i * m);
  for (let i = 0; i < p; i++) {
    extended.data.set(B.data.subarray(i * n, (i + 1) * n), (n + i) * m);
    extended.data.set(corner.L.data.subarray(i * p, (i + 1) * p), (n + i) * m + n);
  }
  return { ok: true, L: extended };
}

/** Solves L x = b, [n]. @throws CellwrightError SHAPE_MISMATCH */
export function solveLower(L: Matrix, b: Float64Array): Float64Array {
  requireLength(L, b.length);
  const n = L.rows;
  const l = L.data;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) x[i] = (b[i]! - dotAt(l, i * n, x, 0, i)) / l[i * n + i]!;
  return x;
}

/** Solves Lᵀ x = b, [n]. @throws CellwrightError SHAPE_MISMATCH */
export function solveLowerTransposed(L: Matrix, b: Float64Array): Float64Array {
  requireLength(L, b.length);
  const n = L.rows;
  const l = L.data;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! / l[i * n + i]!;
    x[i] = value;
    addScaledAt(x, 0, -value, l, i * n, i);
  }
  return x;
}

/** Solves L Lᵀ x = b, [n]. @throws CellwrightError SHAPE_MISMATCH */
export function choleskySolve(L: Matrix, b: Float64Array): Float64Array {
  return solveLowerTransposed(L, solveLower(L, b));
}

/** Solves L X = B for the columns of B, [n × m]. @throws CellwrightError SHAPE_MISMATCH */
export function solveLowerMatrix(L: Matrix, B: Matrix): Matrix {
  requireLength(L, B.rows);
  const { rows: n, data: l } = L;
  const m = B.cols;
  const X = { rows: n, cols: m, data: B.data.slice() };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) addScaledAt(X.data, i * m, -l[i * n + k]!, X.data, k * m, m);
    const pivot = l[i * n + i]!;
    for (let j = i * m; j < (i + 1) * m; j++) X.data[j] = X.data[j]! / pivot;
  }
  return X;
}

/**
 * Solves L x = b for every row b of B, [m × n]: the layout of covariances between m points and n data.
 *
 * @throws CellwrightError SHAPE_MISMATCH
 */
export function solveLowerRows(L: Matrix, B: Matrix): Matrix {
  requireLength(L, B.cols);
  const { rows: n, data: l } = L;
  const m = B.rows;
  const X = createMatrix(m, n);
  const x = X.data;
  const b = B.data;
  const sums = new Float64Array(4);
  const evenRows = m & ~1;
  const even = n & ~1;
  for (let r = 0; r < evenRows; r += 2) {
    const p = r * n;
    const q = p + n;
    for (let i = 0; i < even; i += 2) {
      const u = i * n;
      const v = u + n;
      dotTile(x, p, q, l, u, v, i, sums);
      const x0 = (b[p + i]! - sums[0]!) / l[u + i]!;
      const x1 = (b[q + i]! - sums[2]!) / l[u + i]!;
      x[p + i] = x0;
      x[q + i] = x1;
      x[p + i + 1] = (b[p + i + 1]! - sums[1]! - x0 * l[v + i]!) / l[v + i + 1]!;
      x[q + i + 1] = (b[q + i + 1]! - sums[3]! - x1 * l[v + i]!) / l[v + i + 1]!;
    }
    for (let i = even; i < n; i++) {
      x[p + i] = (b[p + i]! - dotAt(l, i * n, x, p, i)) / l[i * n + i]!;
      x[q + i] = (b[q + i]! - dotAt(l, i * n, x, q, i)) / l[i * n + i]!;
    }
  }
  for (let r = evenRows; r < m; r++) {
    for (let i = 0; i < n; i++) {
      x[r * n + i] = (b[r * n + i]! - dotAt(l, i * n, x, r * n, i)) / l[i * n + i]!;
    }
  }
  return X;
}

/** Y = L⁻ᵀ, upper triangular, [n × n]: row j is column j of L⁻¹, so (L Lᵀ)⁻¹ = Y Yᵀ. */
export function invertLowerTransposed(L: Matrix): Matrix {
  requireSquare(L);
  const n = L.rows;
  const l = L.data;
  const Y = createMatrix(n, n);
  const y = Y.data;
  const sums = new Float64Array(4);
  const even = n & ~1;
  for (let i = 0; i < even; i += 2) {
    const u = i * n;
    const v = u + n;
    const pivot0 = l[u + i]!;
    const pivot1 = l[v + i + 1]!;
    const below = l[v + i]!;
    for (let j = 0; j < i; j += 2) {
      const p = j * n;
      const q = p + n;
      dotTile(y, p + j, q + j, l, u + j, v + j, i - j, sums);
      const y0 = -sums[0]! / pivot0;
      const y1 = -sums[2]! / pivot0;
      y[p + i] = y0;
      y[q + i] = y1;
      y[p + i + 1] = -(sums[1]! + y0 * below) / pivot1;
      y[q + i + 1] = -(sums[3]! + y1 * below) / pivot1;
    }
    y[u + i] = 1 / pivot0;
    y[u + i + 1] = -(y[u + i]! * below) / pivot1;
    y[v + i + 1] = 1 / pivot1;
  }
  if (even < n) {
    const u = even * n;
    for (let j = 0; j < even; j++) {
      y[j * n + even] = -dotAt(l, u + j, y, j * n + j, even - j) / l[u + even]!;
    }
    y[u + even] = 1 / l[u + even]!;
  }
  return Y;
}

/** (L Lᵀ)⁻¹, symmetric, [n × n]. */
export function choleskyInverse(L: Matrix): Matrix {
  return multiplyUpperByTranspose(invertLowerTransposed(L));
}

/** Y Yᵀ of an upper triangular Y, [n × n]: the inverse of A = L Lᵀ from Y = L⁻ᵀ. */
export function multiplyUpperByTranspose(Y: Matrix): Matrix {
  const n = Y.rows;
  const y = Y.data;
  const product = createMatrix(n, n);
  const out = product.data;
  const sums = new Float64Array(4);
  const even = n & ~1;
  for (let i = 0; i < even; i += 2) {
    const p = i * n + i;
    for (let j = 0; j <= i; j += 2) {
      const r = j * n + i;
      dotTile(y, p, p + n, y, r, r + n, n - i, sums);
      out[i * n + j] = out[j * n + i] = sums[0]!;
      out[i * n + j + 1] = out[(j + 1) * n + i] = sums[1]!;
      out[(i + 1) * n + j] = out[j * n + i + 1] = sums[2]!;
      out[(i + 1) * n + j + 1] = out[(j + 1) * n + i + 1] = sums[3]!;
    }
  }
  if (even < n) {
    const last = y[even * n + even]!;
    for (let j = 0; j < n; j++) out[even * n + j] = out[j * n + even] = last * y[j * n + even]!;
  }
  return product;
}

/** log det(L Lᵀ) = 2 Σ log L_ii. */
export function logDetFromCholesky(L: Matrix): number {
  let sum = 0;
  for (let i = 0; i < L.rows; i++) sum += log(L.data[i * L.cols + i]!);
  return 2 * sum;
}

function requireSquare(A: Matrix): void {
  if (A.rows !== A.cols) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `The matrix is ${A.rows} × ${A.cols}, expected a square one.`,
    );
  }
}

function requireLength(L: Matrix, length: number): void {
  requireSquare(L);
  if (length !== L.rows) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `The right-hand side has ${length} values, expected ${L.rows}.`,
    );
  }
}
