import { MIN_CURVATURE, type QuadraticModel } from "./quadratic-model.js";
import { addScaledAt, dot, dotAt } from "./row-products.js";

/**
 * The limited-memory matrix B = θI − W M Wᵀ, W = [Y θS], of the last `memory` pairs.
 *
 * M⁻¹ = [[−D, Lᵀ], [L, θSᵀS]] with D and L the diagonal and the strictly lower part of SᵀY.
 *
 * @see Byrd, Lu, Nocedal & Zhu (1995), "A limited memory algorithm for bound constrained optimization",
 * SIAM J. Sci. Comput. 16(5), equations (3.2)–(3.4), (5.11)
 */
export function createCompactModel(n: number, memory: number): QuadraticModel {
  const S: Float64Array[] = [];
  const Y: Float64Array[] = [];
  let theta = 1;
  let W: Float64Array[] = []; // columns [Y θS], 2k of them
  let middle = new Float64Array(0); // M⁻¹, [2k × 2k]
  let factors: Factors = { n: 0, lu: middle, pivots: new Int32Array(0) };

  /** Rebuilds W and M⁻¹ from the stored pairs. */
  const rebuild = (): void => {
    const k = S.length;
    const size = 2 * k;
    W = [...Y, ...S.map((s) => s.map((value) => theta * value))];
    middle = new Float64Array(size * size);
    for (let i = 0; i < k; i++) {
      middle[i * size + i] = -dot(S[i]!, Y[i]!);
      for (let j = 0; j < i; j++) {
        const product = dot(S[i]!, Y[j]!);
        middle[(k + i) * size + j] = product;
        middle[j * size + k + i] = product;
      }
      for (let j = 0; j <= i; j++) {
        const product = theta * dot(S[i]!, S[j]!);
        middle[(k + i) * size + k + j] = product;
        middle[(k + j) * size + k + i] = product;
      }
    }
    const factorized = factorize(middle.slice(), size);
    if (factorized !== null) factors = factorized;
    else forget(); // pairs that depend on one another: start again
  };
  const forget = (): void => {
    S.length = 0;
    Y.length = 0;
    theta = 1;
    rebuild();
  };

  return {
    multiply(z, out) {
      for (let i = 0; i < n; i++) out[i] = theta * z[i]!;
      const p = Float64Array.from(W, (column) => dot(column, z));
      solveFactored(factors, p);
      W.forEach((column, c) => addScaledAt(out, 0, -p[c]!, column, 0, n));
    },

    // (θI − W_F M W_Fᵀ)⁻¹ = I/θ + W_F (M⁻¹ − W_Fᵀ W_F/θ)⁻¹ W_Fᵀ/θ², the Sherman–Morrison–Woodbury formula
    solveFree(free, count, r, d) {
      const size = W.length;
      const gather = (values: Float64Array): Float64Array => {
        const gathered = new Float64Array(count);
        for (let a = 0; a < count; a++) gathered[a] = values[free[a]!]!;
        return gathered;
      };
      const freeW = W.map(gather);
      const freeR = gather(r);
      const v = Float64Array.from(freeW, (column) => dot(column, freeR));
      const system = middle.slice();
      for (let c = 0; c < size; c++) {
        for (let e = 0; e <= c; e++) {
          system[c * size + e] = system[c * size + e]! - dot(freeW[c]!, freeW[e]!) / theta;
          system[e * size + c] = system[c * size + e]!;
        }
      }
      const reduced = factorize(system, size);
      if (reduced === null) return false;
      solveFactored(reduced, v);
      const correction = freeR.slice();
      freeW.forEach((column, c) => addScaledAt(correction, 0, v[c]! / theta, column, 0, count));
      for (let a = 0; a < count; a++) d[free[a]!] = -correction[a]! / theta;
      return dot(correction, freeR) >= 0;
    },

    update(s, y) {
      const sy = dot(s, y);
      const yy = dot(y, y);
      if (!(sy > MIN_CURVATURE * yy)) return;
      if (S.length === memory) {
        S.shift();
        Y.shift();
      }
      S.push(s.slice());
      Y.push(y.slice());
      theta = yy / sy;
      rebuild();
    },

    reset: forget,

    get learned() {
      return S.length > 0;
    },
  };
}

/** An LU factorisation with row exchanges: row i was exchanged with row `pivots[i]` at step i. */
interface Factors {
  readonly n: number;
  readonly lu: Float64Array;
  readonly pivots: Int32Array;
}

/**
 * Factorises a square matrix in place; null if it is singular to working precision.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 3.4.1
 */
function factorize(A: Float64Array, n: number): Factors | null {
  const pivots = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i * n + k]!) > Math.abs(A[pivot * n + k]!)) pivot = i;
    const size = Math.abs(A[pivot * n + k]!);
    if (!(size > 0 && size < Infinity)) return null;
    pivots[k] = pivot;
    if (pivot !== k) {
      const row = A.slice(k * n, (k + 1) * n);
      A.copyWithin(k * n, pivot * n, (pivot + 1) * n);
      A.set(row, pivot * n);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = A[i * n + k]! / A[k * n + k]!;
      A[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) A[i * n + j] = A[i * n + j]! - factor * A[k * n + j]!;
    }
  }
  return { n, lu: A, pivots };
}

/** Solves A x = b in place. */
function solveFactored({ n, lu, pivots }: Factors, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const value = b[pivots[i]!]!;
    b[pivots[i]!] = b[i]!;
    b[i] = value;
  }
  for (let i = 1; i < n; i++) b[i] = b[i]! - dotAt(lu, i * n, b, 0, i);
  for (let i = n - 1; i >= 0; i--) {
    b[i] = (b[i]! - dotAt(lu, i * n + i + 1, b, i + 1, n - 1 - i)) / lu[i * n + i]!;
  }
}
