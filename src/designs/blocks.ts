import { permutation, type Rng } from "../math/rng.js";
import { modelMatrix, type ModelTerm } from "./model-terms.js";
import { type Matrix, matrixRow } from "../math/matrix.js";

/** Random assignments from which the exchange starts. */
const STARTS = 20;
/** Products and squares count this much beside main effects: those must be clear of blocks first. */
const SECOND_ORDER_WEIGHT = 0.1;
const LEAST_GAIN = 1e-12;

/** Blocks of a design. */
export interface Blocks {
  /** Block of each row, from 0. */
  readonly of: Int32Array;
  /** Terms whose mean differs between blocks: their effects are mixed with those of blocks. */
  readonly mixed: readonly string[];
}

/**
 * Blocks of nearly equal size in which every term has as nearly the same mean as exchanges of rows between blocks reach.
 *
 * @param fixed - Rows that stay where they are dealt: repeats such as centre points, dealt out evenly.
 * @see Cook & Nachtsheim (1989), Technometrics 31(3), "Computer-aided blocking of factorial and response-surface designs"
 */
export function assignBlocks(
  rows: readonly Float64Array[],
  terms: readonly ModelTerm[],
  count: number,
  fixed: readonly boolean[],
  rng: Rng,
): Blocks {
  const X = modelMatrix(terms.slice(1), rows);
  const weights = terms.slice(1).map(({ order }) => (order === 1 ? 1 : SECOND_ORDER_WEIGHT));
  let best: { readonly of: Int32Array; readonly imbalance: number } | null = null;
  for (let start = 0; start < STARTS; start++) {
    const of = dealt(rows.length, count, fixed, rng.fork(`blocks ${start}`));
    const imbalance = improve(of, X, weights, count, fixed);
    if (best === null || imbalance < best.imbalance - LEAST_GAIN) best = { of, imbalance };
    if (best.imbalance < LEAST_GAIN) break;
  }
  const means = blockMeans(best!.of, X, count);
  const mixed = terms.slice(1).flatMap(({ name }, k) => {
    const column = means.map((row) => row[k]!);
    const spread = column.reduce((a, b) => Math.max(a, b)) - column.reduce((a, b) => Math.min(a, b));
    return spread > MIXED ? [name] : [];
  });
  return { of: best!.of, mixed };
}

/** Difference of block means, coded units, from which a term counts as mixed with blocks (assumption). */
const MIXED = 0.01;

/** Rows in random order dealt out in turn; fixed ones in theirs. */
function dealt(n: number, count: number, fixed: readonly boolean[], rng: Rng): Int32Array {
  const of = new Int32Array(n);
  const order = [...permutation(rng, n)];
  let turn = 0;
  for (const i of [...order.filter((k) => fixed[k] === true), ...order.filter((k) => fixed[k] !== true)])
    of[i] = turn++ % count;
  return of;
}

function blockMeans(of: Int32Array, X: Matrix, count: number): Float64Array[] {
  const sums = Array.from({ length: count }, () => new Float64Array(X.cols));
  const sizes = new Int32Array(count);
  of.forEach((block, i) => {
    sizes[block]!++;
    matrixRow(X, i).forEach((value, k) => (sums[block]![k]! += value));
  });
  return sums.map((sum, block) => sum.map((value) => value / Math.max(sizes[block]!, 1)));
}

/** Σ_blocks Σ_terms weight · (mean in the block − mean of all blocks)². */
function imbalanceOf(of: Int32Array, X: Matrix, weights: readonly number[], count: number): number {
  const means = blockMeans(of, X, count);
  let total = 0;
  for (let k = 0; k < X.cols; k++) {
    const middle = means.reduce((sum, row) => sum + row[k]!, 0) / count;
    for (const row of means) total += weights[k]! * (row[k]! - middle) * (row[k]! - middle);
  }
  return total;
}

/** Exchanges pairs of rows between blocks while that lowers the imbalance; returns what is left. */
function improve(
  of: Int32Array,
  X: Matrix,
  weights: readonly number[],
  count: number,
  fixed: readonly boolean[],
): number {
  let imbalance = imbalanceOf(of, X, weights, count);
  for (let improved = true; improved; ) {
    improved = false;
    for (let a = 0; a < of.length; a++)
      for (let b = a + 1; b < of.length; b++) {
        if (of[a] === of[b] || fixed[a] === true || fixed[b] === true) continue;
        exchange(of, a, b);
        const after = imbalanceOf(of, X, weights, count);
        if (after < imbalance - LEAST_GAIN) [imbalance, improved] = [after, true];
        else exchange(of, a, b);
      }
  }
  return imbalance;
}

function exchange(of: Int32Array, a: number, b: number): void {
  const block = of[a]!;
  of[a] = of[b]!;
  of[b] = block;
}
