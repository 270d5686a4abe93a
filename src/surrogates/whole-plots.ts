import type { Matrix } from "../math/matrix.js";

/** The errors that rows of one whole plot share: variance σ_w² between rows of equal plots. */
export interface PlotErrors {
  /** Plot of each row, [n]; NO_PLOT: a latent value, which carries no such error. */
  readonly of: Int32Array;
  readonly variance: number;
}

/** Stands for a value that no set-up of the machine has touched. */
export const NO_PLOT = -1;

/** Plots of `n` latent values. */
export function noPlots(n: number): Int32Array {
  return new Int32Array(n).fill(NO_PLOT);
}

/** Adds σ_w² Z Zᵀ to the lower triangle of a covariance, in place. */
export function addPlotErrors(A: Matrix, { of, variance }: PlotErrors): void {
  for (let i = 0; i < A.rows; i++) {
    if (of[i] === NO_PLOT) continue;
    for (let j = 0; j <= i; j++) {
      if (of[j] === of[i]) A.data[i * A.cols + j] = A.data[i * A.cols + j]! + variance;
    }
  }
}

/** Σ of M over pairs in one plot, both triangles, for M = A⁻¹ − ααᵀ: tr(M Z Zᵀ). */
export function plotTrace(inverse: Matrix, alpha: Float64Array, of: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < inverse.rows; i++) {
    if (of[i] === NO_PLOT) continue;
    for (let j = 0; j <= i; j++) {
      if (of[j] !== of[i]) continue;
      const term = inverse.data[i * inverse.cols + j]! - alpha[i]! * alpha[j]!;
      sum += i === j ? term : 2 * term;
    }
  }
  return sum;
}

/** Rows of each plot, plots in the order of their first rows; rows without one stand alone. */
export function membersOfPlots(of: Int32Array): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  of.forEach((plot, row) => {
    const key = plot === NO_PLOT ? -2 - row : plot;
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  });
  return [...members.values()];
}
