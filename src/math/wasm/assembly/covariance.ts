import { evaluateRadial } from "./radial";
import { lowerPanel, tiles } from "./tiles";

/*
 * Correlations of prepared inputs: columns of one number per point, `stride` bytes apart, the continuous ones first
 * (divided by their lengthscale), then the categorical ones. `factors` holds one number per categorical column: the
 * correlation between two of its levels.
 */

/** r² of four points with `count` others, two inputs a step, as src/kernels/product-kernel.ts sums them. */
function squaredDistances(
  points: usize,
  pointStride: usize,
  others: usize,
  otherStride: usize,
  continuous: i32,
  count: i32,
  out: usize,
): void {
  const end = others + ((<usize>count) << 3);
  for (; others < end; others += 8) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let p = points;
    let q = others;
    let k = continuous;
    for (; k > 1; k -= 2) {
      const x = v128.load64_splat(q);
      const x0 = f64x2.sub(x, v128.load(p));
      const x1 = f64x2.sub(x, v128.load(p, 16));
      p += pointStride;
      q += otherStride;
      const y = v128.load64_splat(q);
      const y0 = f64x2.sub(y, v128.load(p));
      const y1 = f64x2.sub(y, v128.load(p, 16));
      p += pointStride;
      q += otherStride;
      sum0 = f64x2.add(sum0, f64x2.add(f64x2.mul(x0, x0), f64x2.mul(y0, y0)));
      sum1 = f64x2.add(sum1, f64x2.add(f64x2.mul(x1, x1), f64x2.mul(y1, y1)));
    }
    if (k === 1) {
      const x = v128.load64_splat(q);
      const x0 = f64x2.sub(x, v128.load(p));
      const x1 = f64x2.sub(x, v128.load(p, 16));
      sum0 = f64x2.add(sum0, f64x2.mul(x0, x0));
      sum1 = f64x2.add(sum1, f64x2.mul(x1, x1));
    }
    v128.store(out, sum0);
    v128.store(out, sum1, 16);
    out += 32;
  }
}

/** Multiplies correlations and slopes by `factor` where the levels differ. */
function weighLevels(
  points: usize,
  others: usize,
  count: i32,
  factor: f64,
  values: usize,
  slopes: usize,
): void {
  const different = f64x2.splat(factor);
  const same = f64x2.splat(1);
  const p0 = v128.load(points);
  const p1 = v128.load(points, 16);
  for (const end = others + ((<usize>count) << 3); others < end; others += 8) {
    const level = v128.load64_splat(others);
    const f0 = v128.bitselect(different, same, f64x2.ne(level, p0));
    const f1 = v128.bitselect(different, same, f64x2.ne(level, p1));
    v128.store(values, f64x2.mul(v128.load(values), f0));
    v128.store(values, f64x2.mul(v128.load(values, 16), f1), 16);
    v128.store(slopes, f64x2.mul(v128.load(slopes), f0));
    v128.store(slopes, f64x2.mul(v128.load(slopes, 16), f1), 16);
    values += 32;
    slopes += 32;
  }
}

/** Correlations and slopes of four points with `count` others, one panel each. */
function correlate(
  points: usize,
  pointStride: usize,
  others: usize,
  otherStride: usize,
  continuous: i32,
  categorical: i32,
  factors: usize,
  kind: i32,
  count: i32,
  values: usize,
  slopes: usize,
): void {
  squaredDistances(points, pointStride, others, otherStride, continuous, count, values);
  evaluateRadial(kind, values, slopes, (<usize>count) << 5);
  for (let k = 0; k < categorical; k++) {
    const column = <usize>(continuous + k);
    const factor = load<f64>(factors + ((<usize>k) << 3));
    weighLevels(points + column * pointStride, others + column * otherStride, count, factor, values, slopes);
  }
}

/** Multiplies `bytes` of numbers by a factor. */
function scale(values: usize, bytes: usize, factor: f64): void {
  const f = f64x2.splat(factor);
  for (const end = values + bytes; values < end; values += 16)
    v128.store(values, f64x2.mul(v128.load(values), f));
}

/**
 * A = s²R + diag(noise), lower triangle of T tiles a side, and the slopes of R.
 *
 * @param n - Rows in use; the others become rows of the identity.
 * @param noise - [4T]
 * @param correlations - Receives R, 0 where nobody needs it.
 */
export function fillCovariance(
  n: i32,
  T: i32,
  columns: usize,
  stride: usize,
  continuous: i32,
  categorical: i32,
  factors: usize,
  kind: i32,
  signalVariance: f64,
  noise: usize,
  A: usize,
  slopes: usize,
  correlations: usize,
): void {
  for (let I = 0; I < T; I++) {
    const values = lowerPanel(A, I);
    const count = (I + 1) << 2;
    const bytes = tiles(I + 1);
    const points = columns + ((<usize>I) << 5);
    const g = lowerPanel(slopes, I);
    correlate(points, stride, columns, stride, continuous, categorical, factors, kind, count, values, g);
    if (correlations !== 0) memory.copy(lowerPanel(correlations, I), values, bytes);
    scale(values, bytes, signalVariance);
    const first = (<usize>I) << 2;
    for (let i = first; i < first + 4; i++) {
      store<f64>(values + (i << 5) + ((i - first) << 3), signalVariance + load<f64>(noise + (i << 3)));
    }
  }
  clearTail(n, T, A);
}

/** Turns rows n … 4T − 1 into rows of the identity. */
function clearTail(n: i32, T: i32, A: usize): void {
  const values = lowerPanel(A, T - 1);
  const first = (T - 1) << 2;
  for (let i = n; i < T << 2; i++) {
    const row = values + ((<usize>(i - first)) << 3);
    for (let k: usize = 0; k < (<usize>T) << 2; k++) store<f64>(row + (k << 5), k === <usize>i ? 1 : 0);
  }
}

/**
 * s²R between `count` panels of points and all prepared inputs, full panels of T tiles.
 *
 * @param slopes - Working space of one panel.
 */
export function fillCrossCovariance(
  n: i32,
  T: i32,
  columns: usize,
  stride: usize,
  continuous: i32,
  categorical: i32,
  factors: usize,
  kind: i32,
  signalVariance: f64,
  points: usize,
  pointStride: usize,
  count: i32,
  W: usize,
  slopes: usize,
): void {
  for (let p = 0; p < count; p++) {
    const values = W + tiles(p * T);
    const four = points + ((<usize>p) << 5);
    correlate(four, pointStride, columns, stride, continuous, categorical, factors, kind, n, values, slopes);
    scale(values, (<usize>n) << 5, signalVariance);
    memory.fill(values + ((<usize>n) << 5), 0, (<usize>((T << 2) - n)) << 5);
  }
}
