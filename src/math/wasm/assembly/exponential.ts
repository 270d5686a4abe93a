/*
 * Constants, read from memory: one load each, where engines build a constant pair of numbers from parts every time.
 * Offsets below are bytes from CONSTANTS.
 */
const CONSTANTS: usize = memory.data<f64>([
  1.4426950408889634, // log2 e
  0.6931471803691238, // ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact
  1.9082149292705877e-10,
  0.16666666666666602, // coefficients of the minimax polynomial
  -0.0027777777777015593,
  6.613756321437934e-5,
  -1.6533902205465252e-6,
  4.1381367970572385e-8,
  0.5,
  1,
  2,
  6755399441056967, // 1.5 · 2^52 + 1023 + 200: added to a whole number k it leaves the exponent bits of 2^(k+200) last
  6.223015277861142e-61, // 2^−200
  -745.1332191019412, // e^x is 0 below
]);
const LOG2_E: usize = 0;
const LN2_HIGH: usize = 8;
const LN2_LOW: usize = 16;
const C1: usize = 24;
const C2: usize = 32;
const C3: usize = 40;
const C4: usize = 48;
const C5: usize = 56;
const HALF: usize = 64;
const ONE: usize = 72;
const TWO: usize = 80;
const EXPONENT: usize = 88;
const DOWN: usize = 96;
const UNDERFLOW: usize = 104;

/**
 * e^x of two numbers x ≤ 0, with the bits of src/math/exponential.ts: the same operations in the same order, and 2^k as
 * two factors, of which the first product is exact and the second rounds once where the result is subnormal.
 *
 * @see FDLIBM 5.3, e_exp.c
 */
export function exponentialOfNegative(x: v128): v128 {
  const one = v128.load64_splat(CONSTANTS, ONE);
  const binades = f64x2.mul(x, v128.load64_splat(CONSTANTS, LOG2_E));
  const k = f64x2.floor(f64x2.add(binades, v128.load64_splat(CONSTANTS, HALF)));
  const h = f64x2.sub(x, f64x2.mul(k, v128.load64_splat(CONSTANTS, LN2_HIGH)));
  const l = f64x2.mul(k, v128.load64_splat(CONSTANTS, LN2_LOW));
  const r = f64x2.sub(h, l);
  const z = f64x2.mul(r, r);
  let p = f64x2.add(v128.load64_splat(CONSTANTS, C4), f64x2.mul(z, v128.load64_splat(CONSTANTS, C5)));
  p = f64x2.add(v128.load64_splat(CONSTANTS, C3), f64x2.mul(z, p));
  p = f64x2.add(v128.load64_splat(CONSTANTS, C2), f64x2.mul(z, p));
  p = f64x2.add(v128.load64_splat(CONSTANTS, C1), f64x2.mul(z, p));
  const c = f64x2.sub(r, f64x2.mul(z, p));
  const s = f64x2.add(one, h);
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(v128.load64_splat(CONSTANTS, TWO), c));
  const low = f64x2.add(f64x2.sub(h, f64x2.sub(s, one)), f64x2.sub(quotient, l));
  const power = i64x2.shl(f64x2.add(k, v128.load64_splat(CONSTANTS, EXPONENT)), 52);
  const e = f64x2.mul(f64x2.mul(f64x2.add(s, low), power), v128.load64_splat(CONSTANTS, DOWN));
  return v128.andnot(e, f64x2.lt(x, v128.load64_splat(CONSTANTS, UNDERFLOW)));
}

/** e^x of `bytes` of numbers x ≤ 0, in place. */
export function exponentialsOfNegative(x: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 16) v128.store(x, exponentialOfNegative(v128.load(x)));
}
