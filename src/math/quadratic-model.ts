import { cholesky, choleskySolve } from "./cholesky.js";
import { createMatrix, type Matrix } from "./matrix.js";
import { dot } from "./row-products.js";

/** What a quasi-Newton method knows of the Hessian: B, positive definite, learned from steps s and gradient changes y. */
export interface QuadraticModel {
  /** out = B z. */
  multiply(z: Float64Array, out: Float64Array): void;
  /**
   * Solves B_FF d_F = −r_F over the free variables and writes d there; false if B_FF has lost its definiteness.
   *
   * @param free - Indices of the free variables, [count] used.
   */
  solveFree(free: Int32Array, count: number, r: Float64Array, d: Float64Array): boolean;
  /** Learns from a step; a pair without positive curvature is ignored. */
  update(s: Float64Array, y: Float64Array): void;
  /** Forgets everything: B = I. */
  reset(): void;
  /** Whether B holds any curvature. */
  readonly learned: boolean;
}

/** Pairs with less curvature than this, relative to yᵀy, are not used (Byrd et al. 1995, section 3: 2.2e-16). */
export const MIN_CURVATURE = 2.2e-16;

/**
 * The full matrix, updated by the BFGS formula: cheaper than the limited-memory form while n is small.
 *
 * @see Nocedal & Wright (2006), Numerical Optimization, equation (6.19)
 */
export function createFullModel(n: number): QuadraticModel {
  const B = createMatrix(n, n);
  const b = B.data;
  const Bs = new Float64Array(n);
  const blocks: BlockSpace[] = [];
  let learned = false;
  const setDiagonal = (value: number): void => {
    b.fill(0);
    for (let i = 0; i < n; i++) b[i * n + i] = value;
  };
  const multiply = (z: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += b[i * n + j]! * z[j]!;
      out[i] = sum;
    }
  };
  setDiagonal(1);
  return {
    multiply,
    solveFree(free, count, r, d) {
      const space = (blocks[count] ??= { block: createMatrix(count, count), L: createMatrix(count, count) });
      return solveFreeBlock(B, space, free, count, r, d);
    },
    update(s, y) {
      const sy = dot(s, y);
      const yy = dot(y, y);
      if (!(sy > MIN_CURVATURE * yy)) return;
      if (!learned) setDiagonal(yy / sy);
      multiply(s, Bs);
      const sBs = dot(s, Bs);
      if (!(sBs > 0)) return;
      for (let i = 0; i < n; i++) {
        const yi = y[i]! / sy;
        const ui = Bs[i]! / sBs;
        for (let j = 0; j < n; j++) b[i * n + j] = b[i * n + j]! + (yi * y[j]! - ui * Bs[j]!);
      }
      learned = true;
    },
    reset() {
      setDiagonal(1);
      learned = false;
    },
    get learned() {
      return learned;
    },
  };
}

/** Room for a free block and its factor. */
interface BlockSpace {
  readonly block: Matrix;
  readonly L: Matrix;
}

/** Solves the free block of a full matrix by Cholesky. */
function solveFreeBlock(
  B: Matrix,
  { block, L }: BlockSpace,
  free: Int32Array,
  count: number,
  r: Float64Array,
  d: Float64Array,
): boolean {
  const n = B.rows;
  const right = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    const i = free[a]!;
    right[a] = -r[i]!;
    for (let c = 0; c <= a; c++) block.data[a * count + c] = B.data[i * n + free[c]!]!;
  }
  const factor = cholesky(block, L);
  if (!factor.ok) return false;
  const solution = choleskySolve(factor.L, right);
  for (let a = 0; a < count; a++) d[free[a]!] = solution[a]!;
  return true;
}
