import { exponentialOfNegative } from "./exponential";

/** Numbers of the radial correlations, in the order of src/math/wasm/covariance.ts. */
const MATERN_12: i32 = 0;
const MATERN_32: i32 = 1;
const MATERN_52: i32 = 2;

const SQRT3: f64 = 1.7320508075688772;
const SQRT5: f64 = 2.23606797749979;
const FIVE_THIRDS: f64 = 5.0 / 3.0;

/**
 * Replaces r² by the correlation ρ(r) and writes the slope g(r) = −ρ′(r)/r, with the operations of src/kernels and
 * therefore its bits.
 *
 * @see Rasmussen & Williams (2006), eqs. 4.9, 4.17, 4.18
 */
export function evaluateRadial(kind: i32, values: usize, slopes: usize, bytes: usize): void {
  if (kind === MATERN_12) matern12(values, slopes, bytes);
  else if (kind === MATERN_32) matern32(values, slopes, bytes);
  else if (kind === MATERN_52) matern52(values, slopes, bytes);
  else squaredExponential(values, slopes, bytes);
}

function matern12(values: usize, slopes: usize, bytes: usize): void {
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = f64x2.sqrt(v128.load(values + at));
    const e = exponentialOfNegative(f64x2.neg(r));
    v128.store(values + at, e);
    v128.store(slopes + at, v128.bitselect(f64x2.div(e, r), zero, f64x2.gt(r, zero)));
  }
}

function matern32(values: usize, slopes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = f64x2.mul(f64x2.splat(SQRT3), f64x2.sqrt(v128.load(values + at)));
    const e = exponentialOfNegative(f64x2.neg(a));
    v128.store(values + at, f64x2.mul(f64x2.add(f64x2.splat(1), a), e));
    v128.store(slopes + at, f64x2.mul(f64x2.splat(3), e));
  }
}

function matern52(values: usize, slopes: usize, bytes: usize): void {
  const third = f64x2.splat(FIVE_THIRDS);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r2 = v128.load(values + at);
    const a = f64x2.mul(f64x2.splat(SQRT5), f64x2.sqrt(r2));
    const e = exponentialOfNegative(f64x2.neg(a));
    const linear = f64x2.add(f64x2.splat(1), a);
    v128.store(values + at, f64x2.mul(f64x2.add(linear, f64x2.mul(third, r2)), e));
    v128.store(slopes + at, f64x2.mul(f64x2.mul(third, linear), e));
  }
}

function squaredExponential(values: usize, slopes: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const e = exponentialOfNegative(f64x2.mul(f64x2.splat(-0.5), v128.load(values + at)));
    v128.store(values + at, e);
    v128.store(slopes + at, e);
  }
}
