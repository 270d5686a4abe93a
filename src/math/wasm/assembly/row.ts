import { evaluateRadial } from "./radial";

/*
 * One point against all prepared inputs (covariance.ts says how they lie): vectors of 4T numbers, two a step.
 */

/** r² of the point with `count` inputs, in the order of src/kernels/product-kernel.ts. */
function squaredDistances(
  point: usize,
  columns: usize,
  stride: usize,
  continuous: i32,
  bytes: usize,
  out: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = f64x2.splat(0);
    let p = point;
    let q = columns + at;
    let k = continuous;
    for (; k > 1; k -= 2) {
      const x = f64x2.sub(v128.load(q), v128.load64_splat(p));
      q += stride;
      const y = f64x2.sub(v128.load(q), v128.load64_splat(p, 8));
      q += stride;
      p += 16;
      sum = f64x2.add(sum, f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)));
    }
    if (k === 1) {
      const x = f64x2.sub(v128.load(q), v128.load64_splat(p));
      sum = f64x2.add(sum, f64x2.mul(x, x));
    }
    v128.store(out + at, sum);
  }
}

/** Multiplies correlations and slopes by `factor` where the input's level is another than the point's. */
function weighLevels(
  level: f64,
  column: usize,
  factor: f64,
  values: usize,
  slopes: usize,
  bytes: usize,
): void {
  const different = f64x2.splat(factor);
  const same = f64x2.splat(1);
  const own = f64x2.splat(level);
  for (let at: usize = 0; at < bytes; at += 16) {
    const f = v128.bitselect(different, same, f64x2.ne(v128.load(column + at), own));
    v128.store(values + at, f64x2.mul(v128.load(values + at), f));
    v128.store(slopes + at, f64x2.mul(v128.load(slopes + at), f));
  }
}

/**
 * s²R, zero in the tail, and slopes of R between one point and n inputs.
 *
 * @param point - Scaled like the inputs, in the order of their columns, [continuous + categorical].
 */
export function fillRow(
  n: i32,
  T: i32,
  columns: usize,
  stride: usize,
  continuous: i32,
  categorical: i32,
  factors: usize,
  kind: i32,
  signalVariance: f64,
  point: usize,
  values: usize,
  slopes: usize,
): void {
  const bytes = (<usize>T) << 5;
  squaredDistances(point, columns, stride, continuous, bytes, values);
  evaluateRadial(kind, values, slopes, bytes);
  for (let k = 0; k < categorical; k++) {
    const column = <usize>(continuous + k);
    const level = load<f64>(point + (column << 3));
    weighLevels(
      level,
      columns + column * stride,
      load<f64>(factors + ((<usize>k) << 3)),
      values,
      slopes,
      bytes,
    );
  }
  const s = f64x2.splat(signalVariance);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(values + at, f64x2.mul(s, v128.load(values + at)));
  const used = (<usize>n) << 3;
  memory.fill(values + used, 0, bytes - used);
}

/** factor · slope · (x_j − x) for every input j: the covariances' derivative by one coordinate of the point. */
export function differentiateRow(
  T: i32,
  column: usize,
  x: f64,
  factor: f64,
  slopes: usize,
  out: usize,
): void {
  const f = f64x2.splat(factor);
  const own = f64x2.splat(x);
  const bytes = (<usize>T) << 5;
  for (let at: usize = 0; at < bytes; at += 16) {
    const step = f64x2.sub(v128.load(column + at), own);
    v128.store(out + at, f64x2.mul(f64x2.mul(f, v128.load(slopes + at)), step));
  }
}
