import { addScaledAt, dotAt } from "./row-products.js";

/*
 * Cholesky factors of many small matrices in one buffer, without an allocation: src/math/cholesky.ts for one large one.
 * A is stored with rows of n numbers from the start of the buffer; only its lower triangle is used.
 */

/**
 * Replaces the lower triangle of A by L of A = L Lᵀ. False where A is not positive definite.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 4.2.1 (inner-product form)
 */
export function factorInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const p = i * n;
    for (let j = 0; j < i; j++) a[p + j] = (a[p + j]! - dotAt(a, p, a, j * n, j)) / a[j * n + j]!;
    const pivot = a[p + i]! - dotAt(a, p, a, p, i);
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
    a[p + i] = Math.sqrt(pivot);
  }
  return true;
}

/** Replaces b by L⁻¹b for the leading `count` rows of L (rows of n numbers). */
export function solveLowerInPlace(L: Float64Array, n: number, count: number, b: Float64Array): void {
  for (let i = 0; i < count; i++) b[i] = (b[i]! - dotAt(L, i * n, b, 0, i)) / L[i * n + i]!;
}

/** Replaces b by L⁻ᵀb for the leading `count` rows of L (rows of n numbers). */
export function solveLowerTransposedInPlace(
  L: Float64Array,
  n: number,
  count: number,
  b: Float64Array,
): void {
  for (let i = count - 1; i >= 0; i--) {
    const value = b[i]! / L[i * n + i]!;
    b[i] = value;
    addScaledAt(b, 0, -value, L, i * n, i);
  }
}
