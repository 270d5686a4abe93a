import { CellwrightError } from "../errors.js";

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
