/*
 * The one operation in which the two builds differ (scripts/build-wasm.mjs).
 */

/** a b + c: product and sum rounded in turn; the relaxed build lets the machine round once, as it likes. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(c, f64x2.mul(a, b));
}
