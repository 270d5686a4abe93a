import { cholesky, choleskyInverse, logDetFromCholesky } from "../math/cholesky.js";
import {
  createMatrix,
  type Matrix,
  matrixRow,
  multiplyTransposed,
  selectRows,
  transpose,
} from "../math/matrix.js";
import type { Rng } from "../math/rng.js";

export interface DOptimalOptions {
  readonly runs: number;
  /** Model rows of the settings that may be chosen, more than once if that pays, [N × p]. */
  readonly candidates: Matrix;
  /** Model rows of runs that are there already, [n₀ × p]. */
  readonly given: Matrix;
  readonly rng: Rng;
}

/** Random designs from which the exchange starts (assumption: the best of them is within a percent of the best). */
const STARTS = 8;
const MOST_SWEEPS = 30;
/** Added to the information matrix of a start that may be singular. */
const RIDGE = 1e-6;
/** Gain of the determinant below which an exchange is rounding. */
const LEAST_GAIN = 1e-8;

/**
 * Rows of the candidates whose information matrix has a large determinant: each run in turn is exchanged for the
 * candidate that raises it most, until none does; the best of several random starts.
 *
 * @returns Indices of candidates, ascending, [runs].
 * @see Fedorov (1972), Theory of Optimal Experiments; Cook & Nachtsheim (1980), Technometrics 22(3), "modified Fedorov"
 */
export function dOptimal({ runs, candidates, given, rng }: DOptimalOptions): Int32Array {
  let best: { readonly chosen: Int32Array; readonly logDet: number } | null = null;
  for (let start = 0; start < STARTS; start++) {
    const stream = rng.fork(`start ${start}`);
    const chosen = Int32Array.from({ length: runs }, () => stream.integer(candidates.rows));
    exchange(chosen, candidates, given);
    const logDet = logDetOf(informationOf(candidates, chosen, given, 0)) ?? -Infinity;
    if (best === null || logDet > best.logDet) best = { chosen, logDet };
  }
  return best!.chosen.sort();
}

function informationOf(candidates: Matrix, chosen: Int32Array, given: Matrix, ridge: number): Matrix {
  const information = gram(selectRows(candidates, chosen));
  const before = gram(given);
  for (let k = 0; k < information.data.length; k++) information.data[k]! += before.data[k]!;
  for (let k = 0; k < information.rows; k++) information.data[k * (information.rows + 1)]! += ridge;
  return information;
}

/** XᵀX, [p × p]. */
export function gram(X: Matrix): Matrix {
  if (X.rows === 0) return createMatrix(X.cols, X.cols);
  const columns = transpose(X);
  return multiplyTransposed(columns, columns);
}

function logDetOf(information: Matrix): number | null {
  const factor = cholesky(information);
  return factor.ok ? logDetFromCholesky(factor.L) : null;
}

function exchange(chosen: Int32Array, candidates: Matrix, given: Matrix): void {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let moved = false;
    for (let i = 0; i < chosen.length; i++) {
      const to = bestExchange(chosen, i, candidates, given);
      if (to === chosen[i]) continue;
      chosen[i] = to;
      moved = true;
    }
    if (!moved) return;
  }
}

/** The candidate for which run i is best exchanged: det grows by 1 + d_j − d_i − (d_i d_j − d_ij²). */
function bestExchange(chosen: Int32Array, i: number, candidates: Matrix, given: Matrix): number {
  const factor = cholesky(informationOf(candidates, chosen, given, RIDGE));
  if (!factor.ok) return chosen[i]!;
  const inverse = choleskyInverse(factor.L);
  const scaled = multiplyTransposed(candidates, inverse); // rows fᵀM⁻¹; M⁻¹ is symmetric
  const row = matrixRow(candidates, chosen[i]!);
  const own = dot(matrixRow(scaled, chosen[i]!), row);
  let [best, gain] = [chosen[i]!, LEAST_GAIN];
  for (let j = 0; j < candidates.rows; j++) {
    const f = matrixRow(candidates, j);
    const variance = dot(matrixRow(scaled, j), f);
    const shared = dot(matrixRow(scaled, j), row);
    const delta = variance - own - (own * variance - shared * shared);
    if (delta > gain) [best, gain] = [j, delta];
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
