import {
  cholesky as choleskyPlain,
  choleskyInverse,
  type CholeskyResult,
  choleskySolve,
} from "./cholesky.js";
import { type Matrix, multiplyTransposed as multiplyTransposedPlain } from "./matrix.js";
import { type Indefinite, type MatrixFactor, withMatrixFactorWasm } from "./wasm/factor.js";
import { choleskyWasm, multiplyTransposedWasm } from "./wasm/linear-algebra.js";

/**
 * Size from which on matrices are worked on in WebAssembly; below, in plain TypeScript. Measured with likelihood and
 * gradient: alike at 8, twice as fast at 16 to 20, five times at 200.
 *
 * The two round differently, so the choice is by size alone, never by what an engine can do: the same data give the
 * same bytes everywhere.
 */
const WASM_FROM = 16;

/** Whether matrices with sides of `n` are worked on in WebAssembly. */
export function usesWasm(n: number): boolean {
  return n >= WASM_FROM;
}

/** A = L Lᵀ, see `cholesky` of cholesky.ts. @throws CellwrightError SHAPE_MISMATCH */
export function cholesky(A: Matrix): CholeskyResult {
  return usesWasm(A.rows) ? choleskyWasm(A) : choleskyPlain(A);
}

/** A Bᵀ, [A.rows × B.rows]; the choice is by the length of the rows. @throws CellwrightError SHAPE_MISMATCH */
export function multiplyTransposed(A: Matrix, B: Matrix): Matrix {
  return usesWasm(A.cols) ? multiplyTransposedWasm(A, B) : multiplyTransposedPlain(A, B);
}

/**
 * Factorises a symmetric matrix, of which only the lower triangle is read, and uses the factor, which is valid inside
 * `use` only.
 *
 * @throws CellwrightError SHAPE_MISMATCH
 */
export function withMatrixFactor<Result>(
  A: Matrix,
  use: (factor: Omit<MatrixFactor, "lower" | "inverseLower"> | Indefinite) => Result,
): Result {
  if (usesWasm(A.rows)) return withMatrixFactorWasm(A, use);
  const factor = choleskyPlain(A);
  if (!factor.ok) return use(factor);
  const { L } = factor;
  return use({
    ok: true,
    diagonal: () => Float64Array.from({ length: L.rows }, (_, i) => L.data[i * L.cols + i]!),
    solve: (b) => choleskySolve(L, b),
    inverse: () => choleskyInverse(L),
  });
}
