import type { Matrix } from "../matrix.js";
import { type Address, wasmKernels } from "./kernels.js";
import { readLower, readUpperTransposed, tilesOf, triangleSize, writeLower } from "./tiles.js";
import {
  memoryNumbers,
  numbersAt,
  withWorkingMemory,
  type WorkingMemory,
  writeVector,
} from "./working-memory.js";

/** The Cholesky factor L of a matrix A = L Lᵀ, [n × n]. Valid while the callback runs that it is given to. */
export interface CholeskyFactor {
  readonly ok: true;
  /** Diagonal of L, [n]. */
  diagonal(): Float64Array;
  /** A⁻¹ b, [n]. */
  solve(b: Float64Array): Float64Array;
}

/** A matrix that is not positive definite, with the index of its first pivot that is not positive and finite. */
export interface Indefinite {
  readonly ok: false;
  readonly pivot: number;
}

/** Where a factor lies in the kernels' memory. */
export interface PlacedFactor {
  readonly ok: true;
  readonly n: number;
  readonly T: number;
  readonly L: Address;
  /** 1/L_ii, [4T]. */
  readonly reciprocals: Address;
}

/** The factor of a matrix that was given, with what can be read from it. */
export interface MatrixFactor extends CholeskyFactor {
  /** L, [n × n]. */
  lower(): Matrix;
  /** L⁻¹, lower triangular, [n × n]. */
  inverseLower(): Matrix;
  /** A⁻¹, [n × n]. */
  inverse(): Matrix;
}

/** Factorises a symmetric matrix, of which only the lower triangle is read, and uses the factor. */
export function withMatrixFactorWasm<Result>(
  A: Matrix,
  use: (factor: MatrixFactor | Indefinite) => Result,
): Result {
  const n = A.rows;
  const T = tilesOf(n);
  return withWorkingMemory((memory) => {
    const L = memory.allocate(triangleSize(T));
    const reciprocals = memory.allocate(4 * T);
    writeLower(A, memoryNumbers(), L / 8);
    const placed = factorPlaced(n, L, reciprocals);
    if (!placed.ok) return use(placed);
    return use({
      ...choleskyFactor(placed, memory),
      lower: () => readLower(memoryNumbers(), L / 8, n, false),
      inverseLower: () => {
        const Y = invertFactor(placed, memory);
        return readUpperTransposed(memoryNumbers(), Y / 8, n);
      },
      inverse: () => {
        const inverse = invertMatrix(placed, memory);
        return readLower(memoryNumbers(), inverse / 8, n, true);
      },
    });
  });
}

/** Factorises a lower triangle in place. */
export function factorPlaced(n: number, L: Address, reciprocals: Address): PlacedFactor | Indefinite {
  const T = tilesOf(n);
  const pivot = wasmKernels().factorLower(L, T, reciprocals);
  return pivot >= 0 ? { ok: false, pivot } : { ok: true, n, T, L, reciprocals };
}

export function choleskyFactor(placed: PlacedFactor, memory: WorkingMemory): CholeskyFactor {
  const { n, T, L } = placed;
  const vector = memory.allocate(4 * T);
  return {
    ok: true,
    diagonal() {
      wasmKernels().copyDiagonal(L, T, vector);
      return numbersAt(vector, n).slice();
    },
    solve: (b) => solvePlaced(placed, b, vector),
  };
}

/** A⁻¹ b, [n]. @param vector - Working space, [4T]. */
export function solvePlaced(
  { n, T, L, reciprocals }: PlacedFactor,
  b: Float64Array,
  vector: Address,
): Float64Array {
  const kernels = wasmKernels();
  writeVector(b, 4 * T, vector);
  kernels.solveLowerVector(L, T, reciprocals, vector);
  kernels.solveLowerTransposedVector(L, T, reciprocals, vector);
  return numbersAt(vector, n).slice();
}

/** A⁻¹, lower triangle. */
export function invertMatrix(placed: PlacedFactor, memory: WorkingMemory): Address {
  const inverse = memory.allocate(triangleSize(placed.T));
  wasmKernels().multiplyUpper(inverse, invertFactor(placed, memory), placed.T);
  return inverse;
}

/** L⁻ᵀ, upper triangle. */
export function invertFactor({ T, L, reciprocals }: PlacedFactor, memory: WorkingMemory): Address {
  const Y = memory.allocate(triangleSize(T));
  wasmKernels().invertTransposed(Y, L, T, reciprocals);
  return Y;
}
