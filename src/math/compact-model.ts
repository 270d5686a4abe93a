import type { QuadraticModel } from "./quadratic-model.js";
import { addScaledAt, dot } from "./row-products.js";

const CURVATURE = 2.2e-16;

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
  };

  return {
    multiply(z, out) {
      for (let i = 0; i < n; i++) out[i] = theta * z[i]!;
      const p = Float64Array.from(W, (column) => dot(column, z));
      if (!solveGeneral(middle.slice(), W.length, p)) return;
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
      if (!solveGeneral(system, size, v)) return false;
      const correction = freeR.slice();
      freeW.forEach((column, c) => addScaledAt(correction, 0, v[c]! / theta, column, 0, count));
      for (let a = 0; a < count; a++) d[free[a]!] = -correction[a]! / theta;
      return dot(correction, freeR) >= 0;
    },

    update(s, y) {
      const sy = dot(s, y);
      const yy = dot(y, y);
      if (!(sy > CURVATURE * yy)) return;
      if (S.length === memory) {
        S.shift();
        Y.shift();
      }
      S.push(s.slice());
      Y.push(y.slice());
      theta = yy / sy;
      rebuild();
    },

    reset() {
      S.length = 0;
      Y.length = 0;
      theta = 1;
      rebuild();
    },

    get learned() {
      return S.length > 0;
    },
  };
}

/** Solves A x = b in place by elimination with partial pivoting; false if A is singular to working precision. */
function solveGeneral(A: Float64Array, n: number, b: Float64Array): boolean {
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i * n + k]!) > Math.abs(A[pivot * n + k]!)) pivot = i;
    const size = Math.abs(A[pivot * n + k]!);
    if (!(size > 0 && size < Infinity)) return false;
    if (pivot !== k) {
      for (let j = k; j < n; j++) {
        const value = A[k * n + j]!;
        A[k * n + j] = A[pivot * n + j]!;
        A[pivot * n + j] = value;
      }
      const value = b[k]!;
      b[k] = b[pivot]!;
      b[pivot] = value;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = A[i * n + k]! / A[k * n + k]!;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) A[i * n + j] = A[i * n + j]! - factor * A[k * n + j]!;
      b[i] = b[i]! - factor * b[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let j = i + 1; j < n; j++) sum -= A[i * n + j]! * b[j]!;
    b[i] = sum / A[i * n + i]!;
  }
  return true;
}
