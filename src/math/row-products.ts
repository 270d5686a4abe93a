/*
 * Products of matrix rows: the inner loops of everything dense in this folder.
 * Rows are contiguous, sums run in a fixed order, and a 2 × 2 tile loads each number once for two products.
 */

/** Σ a[i + k]·b[j + k], k = 0 … n − 1, in four interleaved sums. */
export function dotAt(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = n & ~3;
  let k = 0;
  for (; k < whole; k += 4) {
    s0 += a[i + k]! * b[j + k]!;
    s1 += a[i + k + 1]! * b[j + k + 1]!;
    s2 += a[i + k + 2]! * b[j + k + 2]!;
    s3 += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < n; k++) s0 += a[i + k]! * b[j + k]!;
  return s0 + s1 + (s2 + s3);
}

/** Σ a[k]·b[k] over vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  return dotAt(a, 0, b, 0, a.length);
}

/** y[j + k] += c·x[i + k], k = 0 … n − 1. */
export function addScaledAt(
  y: Float64Array,
  j: number,
  c: number,
  x: Float64Array,
  i: number,
  n: number,
): void {
  for (let k = 0; k < n; k++) y[j + k] = y[j + k]! + c * x[i + k]!;
}

/**
 * The four products of two rows of `a` (starting at i0 and i1) with two rows of `b` (starting at j0 and j1), n long.
 *
 * @param sums - Receives (i0, j0), (i0, j1), (i1, j0), (i1, j1), [4].
 */
export function dotTile(
  a: Float64Array,
  i0: number,
  i1: number,
  b: Float64Array,
  j0: number,
  j1: number,
  n: number,
  sums: Float64Array,
): void {
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  for (let k = 0; k < n; k++) {
    const x0 = a[i0 + k]!;
    const x1 = a[i1 + k]!;
    const y0 = b[j0 + k]!;
    const y1 = b[j1 + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s10 += x1 * y0;
    s11 += x1 * y1;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s10;
  sums[3] = s11;
}
