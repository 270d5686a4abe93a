import { CellwrightError } from "../../errors.js";
import type { CholeskyResult } from "../cholesky.js";
import type { Matrix } from "../matrix.js";
import { withMatrixFactorWasm } from "./factor.js";
import { wasmKernels } from "./kernels.js";
import { panelsSize, readRows, tilesOf, writeRows } from "./tiles.js";
import { memoryNumbers, withWorkingMemory } from "./working-memory.js";

/** A = L Lᵀ like `cholesky` of src/math/cholesky.ts. @throws CellwrightError SHAPE_MISMATCH */
export function choleskyWasm(A: Matrix): CholeskyResult {
  requireEqual(A.cols, A.rows, "columns of a square matrix");
  return withMatrixFactorWasm(A, (factor) => (factor.ok ? { ok: true, L: factor.lower() } : factor));
}

/** A Bᵀ, [A.rows × B.rows]. @throws CellwrightError SHAPE_MISMATCH */
export function multiplyTransposedWasm(A: Matrix, B: Matrix): Matrix {
  requireEqual(B.cols, A.cols, "columns of the second matrix");
  const T = tilesOf(A.cols);
  const rows = tilesOf(A.rows);
  const columns = tilesOf(B.rows);
  return withWorkingMemory((memory) => {
    const a = memory.allocate(panelsSize(rows, T));
    const b = memory.allocate(panelsSize(columns, T));
    const c = memory.allocate(panelsSize(rows, columns));
    const numbers = memoryNumbers();
    writeRows(A, T, numbers, a / 8);
    writeRows(B, T, numbers, b / 8);
    numbers.fill(0, c / 8, c / 8 + panelsSize(rows, columns));
    wasmKernels().addRowProducts(c, a, rows, b, columns, T);
    return readRows(numbers, c / 8, columns, A.rows, B.rows);
  });
}

function requireEqual(found: number, expected: number, what: string): void {
  if (found !== expected) {
    throw new CellwrightError("SHAPE_MISMATCH", `Found ${found} ${what}, expected ${expected}.`);
  }
}
