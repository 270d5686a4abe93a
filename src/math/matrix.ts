import { CellwrightError } from "../errors.js";
import { addScaledAt, dotAt, dotTile } from "./row-products.js";

/** A dense matrix, row-major: element (i, j) is `data[i * cols + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** A matrix of zeros, [rows × cols]. */
export function createMatrix(rows: number, cols: number): Matrix {
  return { rows, cols, data: new Float64Array(rows * cols) };
}

/**
 * Builds a matrix from rows of equal length.
 *
 * @throws CellwrightError SHAPE_MISMATCH if the rows differ in length.
 */
export function matrixFromRows(rows: readonly ArrayLike<number>[], cols = rows[0]?.length ?? 0): Matrix {
  const matrix = createMatrix(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) {
      throw new CellwrightError("SHAPE_MISMATCH", `Row ${i} has ${row.length} values, expected ${cols}.`);
    }
    matrix.data.set(row, i * cols);
  });
  return matrix;
}

/** Row `i` as a view (no copy), [cols]. */
export function matrixRow(matrix: Matrix, i: number): Float64Array {
  return matrix.data.subarray(i * matrix.cols, (i + 1) * matrix.cols);
}

/** Aᵀ, [cols × rows]. */
export function transpose(A: Matrix): Matrix {
  const { rows, cols } = A;
  const out = createMatrix(cols, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out.data[j * rows + i] = A.data[i * cols + j]!;
  }
  return out;
}

/** A x, [rows]. @throws CellwrightError SHAPE_MISMATCH */
export function multiplyVector(A: Matrix, x: Float64Array): Float64Array {
  requireEqual(x.length, A.cols, "vector length");
  const out = new Float64Array(A.rows);
  for (let i = 0; i < A.rows; i++) out[i] = dotAt(A.data, i * A.cols, x, 0, A.cols);
  return out;
}

/** Aᵀ x, [cols]. @throws CellwrightError SHAPE_MISMATCH */
export function multiplyTransposedVector(A: Matrix, x: Float64Array): Float64Array {
  requireEqual(x.length, A.rows, "vector length");
  const out = new Float64Array(A.cols);
  for (let i = 0; i < A.rows; i++) addScaledAt(out, 0, x[i]!, A.data, i * A.cols, A.cols);
  return out;
}

/** A B, [A.rows × B.cols]. @throws CellwrightError SHAPE_MISMATCH */
export function multiply(A: Matrix, B: Matrix): Matrix {
  requireEqual(B.rows, A.cols, "row count of the second matrix");
  return multiplyTransposed(A, transpose(B));
}

/** A Bᵀ, [A.rows × B.rows]: products of rows. @throws CellwrightError SHAPE_MISMATCH */
export function multiplyTransposed(A: Matrix, B: Matrix): Matrix {
  requireEqual(B.cols, A.cols, "column count of the second matrix");
  const { rows: m, cols: n, data: a } = A;
  const p = B.rows;
  const b = B.data;
  const out = createMatrix(m, p);
  const c = out.data;
  const sums = new Float64Array(4);
  const evenRows = m & ~1;
  const evenCols = p & ~1;
  for (let i = 0; i < evenRows; i += 2) {
    for (let j = 0; j < evenCols; j += 2) {
      dotTile(a, i * n, (i + 1) * n, b, j * n, (j + 1) * n, n, sums);
      c[i * p + j] = sums[0]!;
      c[i * p + j + 1] = sums[1]!;
      c[(i + 1) * p + j] = sums[2]!;
      c[(i + 1) * p + j + 1] = sums[3]!;
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < evenRows ? evenCols : 0; j < p; j++) c[i * p + j] = dotAt(a, i * n, b, j * n, n);
  }
  return out;
}

/** The rows with these indices, in this order, [indices × cols]. */
export function selectRows(A: Matrix, indices: ArrayLike<number>): Matrix {
  const out = createMatrix(indices.length, A.cols);
  for (let i = 0; i < indices.length; i++) out.data.set(matrixRow(A, indices[i]!), i * A.cols);
  return out;
}

/** The rows of A, then those of B. @throws CellwrightError SHAPE_MISMATCH */
export function concatRows(A: Matrix, B: Matrix): Matrix {
  requireEqual(B.cols, A.cols, "column count of the second matrix");
  const out = createMatrix(A.rows + B.rows, A.cols);
  out.data.set(A.data);
  out.data.set(B.data, A.data.length);
  return out;
}

function requireEqual(found: number, expected: number, what: string): void {
  if (found !== expected) {
    throw new CellwrightError("SHAPE_MISMATCH", `Found ${found} as the ${what}, expected ${expected}.`);
  }
}
