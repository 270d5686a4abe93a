import { centredExponent, centredSignificand, productError, sumError } from "./ieee754.js";

/** ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** The second part again in two: 32 bits and the rest. */
const LN2_MIDDLE = 1.9082149288430703e-10;
const LN2_TAIL = 4.275175589747649e-20;

/**
 * log(1 + f) − f + f²/2, for 1 + f in [√½, √2).
 *
 * @see FDLIBM 5.3, e_log.c: coefficients of the minimax polynomial in s = f/(2 + f), error below 2^−58.45
 */
function logRemainder(f: number, halfSquare: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  return s * (halfSquare + (even + odd));
}

/** Natural logarithm, below 1 ulp; NaN for x < 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const k = centredExponent(x);
  const f = centredSignificand(x, k) - 1;
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH + (f - (halfSquare - (logRemainder(f, halfSquare) + k * LN2_LOW)));
}

/** log(1 + x) without cancellation near 0, below 1 ulp; NaN for x < −1. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === Infinity || Math.abs(x) < 1e-300) return x; // also keeps −0
  if (x > -0.2928 && x < 0.4142) {
    const halfSquare = 0.5 * x * x;
    return x - (halfSquare - logRemainder(x, halfSquare));
  }
  const u = 1 + x;
  const k = centredExponent(u);
  const f = centredSignificand(u, k) - 1;
  const halfSquare = 0.5 * f * f;
  const correction = sumError(1, x, u) / u;
  return k * LN2_HIGH + (f - (halfSquare - (logRemainder(f, halfSquare) + (k * LN2_LOW + correction))));
}

const THIRD_HIGH = 1 / 3;
const THIRD_LOW = 1.850371707708594e-17;

/** Σ w^j/(2j + 5), j = 0 … 12: the series of artanh beyond its second term, for w ≤ 0.0295 (next term below 2^−70). */
function artanhTail(w: number): number {
  let sum = 1 / 29;
  for (let denominator = 27; denominator >= 5; denominator -= 2) sum = sum * w + 1 / denominator;
  return sum;
}

/**
 * Natural logarithm as an unevaluated sum of two doubles, relative error about 2^−66, for finite x > 0.
 *
 * log m = 2 artanh(s), s = (m − 1)/(m + 1), with the first two terms in double-double arithmetic.
 *
 * @param parts - Receives the leading and the trailing part, [2].
 */
export function logParts(x: number, parts: Float64Array): void {
  const k = centredExponent(x);
  const m = centredSignificand(x, k);
  const f = m - 1;
  const d = m + 1;
  const s = f / d;
  const sd = s * d;
  const sLow = (f - sd - productError(s, d, sd) - s * sumError(m, 1, d)) / d;
  const w = s * s;
  const wLow = productError(s, s, w) + 2 * s * sLow;
  const p = artanhTail(w);
  const wp = w * p;
  const q = THIRD_HIGH + wp;
  const qLow = wp - (q - THIRD_HIGH) + (productError(w, p, wp) + wLow * p + THIRD_LOW);
  const v = w * q;
  const vLow = productError(w, q, v) + (w * qLow + wLow * q);
  const z = s * v;
  const zLow = productError(s, v, z) + (s * vLow + sLow * v);
  const a = s + z;
  const aLow = z - (a - s) + (sLow + zLow);
  const kHigh = k * LN2_HIGH;
  const high = kHigh + 2 * a;
  const low = sumError(kHigh, 2 * a, high) + (k * LN2_MIDDLE + (2 * aLow + k * LN2_TAIL));
  const total = high + low;
  parts[0] = total;
  parts[1] = low - (total - high);
}

const parts = new Float64Array(2);

/** (high + low) · log x, for a constant given as a pair. */
function scaledLog(x: number, high: number, low: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  logParts(x, parts);
  const leading = parts[0]!;
  const product = leading * high;
  return product + (productError(leading, high, product) + (leading * low + parts[1]! * high));
}

/** Binary logarithm, about 0.5 ulp; exact for powers of two. */
export function log2(x: number): number {
  return scaledLog(x, 1.4426950408889634, 2.0355273740931033e-17);
}

/** Decimal logarithm, about 0.5 ulp; exact for powers of ten. */
export function log10(x: number): number {
  return scaledLog(x, 0.4342944819032518, 1.098319650216765e-17);
}
