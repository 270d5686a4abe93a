/**
 * Exact operations on IEEE 754 doubles: the parts of a number, powers of two, and error-free products.
 *
 * Only basic operations (+ − × ÷ and bit views) are used, so every engine returns the same bits.
 */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
/** Index of the word with sign and exponent; depends on the machine's byte order. */
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;

const SMALLEST_EXPONENT = -1022;
/** 2^k for the normal exponents, index k + 1022. */
const POWERS = powersOfTwo();

function powersOfTwo(): Float64Array {
  const table = new Float64Array(2046);
  table[-SMALLEST_EXPONENT] = 1;
  for (let k = 1; k <= 1023; k++) table[k - SMALLEST_EXPONENT] = table[k - 1 - SMALLEST_EXPONENT]! * 2;
  for (let k = -1; k >= SMALLEST_EXPONENT; k--) {
    table[k - SMALLEST_EXPONENT] = table[k + 1 - SMALLEST_EXPONENT]! * 0.5;
  }
  return table;
}

/** x · 2^k, rounded once, for |k| ≤ 2,000 and x in [½, 4). */
export function scaleByPowerOfTwo(x: number, k: number): number {
  if (k > 1022) return x * POWERS[k - 2 - SMALLEST_EXPONENT]! * 4;
  if (k >= -1020) return x * POWERS[k - SMALLEST_EXPONENT]!;
  if (k < -1200) return x * 0;
  return x * POWERS[k + 200 - SMALLEST_EXPONENT]! * POWERS[-200 - SMALLEST_EXPONENT]!;
}

/** 2^k for −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  return POWERS[k - SMALLEST_EXPONENT]!;
}

/** Bits of √½ above which a significand counts to the next binade, so that it lies in [√½, √2). */
const ROOT_HALF_HIGH = 0x3fe6a09e;
const TWO_POW_54 = 18014398509481984;

/** k of x = m · 2^k with m in [√½, √2), for finite x > 0. */
export function centredExponent(x: number): number {
  let offset = 0;
  if (x < 2.2250738585072014e-308) {
    x *= TWO_POW_54; // subnormal
    offset = 54;
  }
  double[0] = x;
  return ((words[HIGH]! + (0x3ff00000 - ROOT_HALF_HIGH)) >>> 20) - 1023 - offset;
}

/** m = x · 2^−k of x = m · 2^k, exactly, for finite x > 0 and k its centred exponent. */
export function centredSignificand(x: number, k: number): number {
  if (k >= -1000 && k <= 1000) return x * POWERS[-k - SMALLEST_EXPONENT]!;
  const part = k > 0 ? 1000 : -1000;
  return x * POWERS[-part - SMALLEST_EXPONENT]! * POWERS[part - k - SMALLEST_EXPONENT]!;
}

const SPLITTER = 134217729; // 2^27 + 1

/**
 * Error of the rounded product: a·b − fl(a·b), exactly, when nothing overflows or underflows.
 *
 * @see Dekker (1971), Numerische Mathematik 18, 224–242 (with Veltkamp's splitting)
 */
export function productError(a: number, b: number, product: number): number {
  const ta = SPLITTER * a;
  const aHigh = ta - (ta - a);
  const aLow = a - aHigh;
  const tb = SPLITTER * b;
  const bHigh = tb - (tb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/**
 * Error of the rounded sum: a + b − fl(a + b), exactly.
 *
 * @see Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B
 */
export function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a;
  return a - (sum - bRounded) + (b - bRounded);
}
