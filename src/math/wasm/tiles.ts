import { createMatrix, type Matrix } from "../matrix.js";

/*
 * Between rows as the rest of the engine keeps them, and panels and tiles as the kernels do (assembly/tiles.ts).
 * `numbers` holds the panels from index `start` on.
 */

/** Tiles a side of an [n × n] matrix. */
export function tilesOf(n: number): number {
  return Math.ceil(n / 4);
}

/** Numbers in a triangle of T tiles a side. */
export function triangleSize(T: number): number {
  return 8 * T * (T + 1);
}

/** Numbers in `count` full panels of T tiles. */
export function panelsSize(count: number, T: number): number {
  return 16 * count * T;
}

/** Writes the lower triangle of A [n × n], with the identity in the tail. */
export function writeLower(A: Matrix, numbers: Float64Array, start: number): void {
  const { rows: n, data } = A;
  const last = 4 * tilesOf(n);
  for (let i = 0; i < last; i++) {
    let at = firstInRow(i, start);
    const end = i | 3;
    for (let j = 0; j <= end; j++, at += 4) {
      numbers[at] = i < n && j <= i ? data[i * n + j]! : i === j ? 1 : 0;
    }
  }
}

/** Reads a lower triangle, [n × n]; the upper part is zero, or the mirror image where asked. */
export function readLower(numbers: Float64Array, start: number, n: number, mirror: boolean): Matrix {
  const A = createMatrix(n, n);
  const { data } = A;
  for (let i = 0; i < n; i++) {
    let at = firstInRow(i, start);
    for (let j = 0; j <= i; j++, at += 4) data[i * n + j] = numbers[at]!;
    if (mirror) for (let j = 0; j < i; j++) data[j * n + i] = data[i * n + j]!;
  }
  return A;
}

/** Reads an upper triangle Y as the lower triangle Yᵀ, [n × n]. */
export function readUpperTransposed(numbers: Float64Array, start: number, n: number): Matrix {
  const A = createMatrix(n, n);
  const T = tilesOf(n);
  for (let i = 0; i < n; i++) {
    const panel = i >> 2;
    const origin = start + 8 * panel * (2 * T - panel + 1) + (i & 3) - 16 * panel;
    for (let j = i; j < n; j++) A.data[j * n + i] = numbers[origin + 4 * j]!;
  }
  return A;
}

/** Writes rows [m × n] into full panels of T tiles; missing rows and columns are zero. */
export function writeRows(B: Matrix, T: number, numbers: Float64Array, start: number): void {
  const { rows: m, cols: n, data } = B;
  numbers.fill(0, start, start + panelsSize(tilesOf(m), T));
  for (let i = 0; i < m; i++) {
    let at = start + panelsSize(i >> 2, T) + (i & 3);
    for (let j = 0; j < n; j++, at += 4) numbers[at] = data[i * n + j]!;
  }
}

/** Reads rows [m × n] from full panels of T tiles. */
export function readRows(numbers: Float64Array, start: number, T: number, m: number, n: number): Matrix {
  const B = createMatrix(m, n);
  for (let i = 0; i < m; i++) {
    let at = start + panelsSize(i >> 2, T) + (i & 3);
    for (let j = 0; j < n; j++, at += 4) B.data[i * n + j] = numbers[at]!;
  }
  return B;
}

/** Index of element (i, 0) of a lower triangle. */
function firstInRow(i: number, start: number): number {
  const panel = i >> 2;
  return start + 8 * panel * (panel + 1) + (i & 3);
}
