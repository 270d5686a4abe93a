import { powerOfTwo, scaleByPowerOfTwo, sumError } from "./ieee754.js";

const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019412;

/**
 * c(r) of e^r = 1 + r + r·c/(2 − c), for |r| ≤ ½ ln 2.
 *
 * @see FDLIBM 5.3, e_exp.c: coefficients of the minimax polynomial, error below 2^−59
 */
function remainder(r: number): number {
  const z = r * r;
  return (
    r -
    z *
      (0.16666666666666602 +
        z *
          (-0.0027777777777015593 +
            z * (6.613756321437934e-5 + z * (-1.6533902205465252e-6 + z * 4.1381367970572385e-8))))
  );
}

/** e^(high + low), for a pair whose second part is at most an ulp or so of the first; about 0.51 ulp. */
export function expOfSum(high: number, low: number): number {
  if (!(high <= OVERFLOW)) return high !== high ? high : Infinity;
  if (high < UNDERFLOW) return 0;
  const k = Math.floor(high * LOG2_E + 0.5);
  const h = high - k * LN2_HIGH;
  const l = k * LN2_LOW - low;
  const r = h - l;
  const c = remainder(r);
  const s = 1 + h;
  return scaleByPowerOfTwo(s + (h - (s - 1) + ((r * c) / (2 - c) - l)), k);
}

/** e^x, about 0.51 ulp. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^x − 1 without cancellation near 0, below 1 ulp. */
export function expm1(x: number): number {
  if (!(x <= OVERFLOW)) return x !== x ? x : Infinity;
  if (x < -40) return -1;
  if (Math.abs(x) < 1e-300) return x; // also keeps −0
  const k = Math.floor(x * LOG2_E + 0.5);
  const h = x - k * LN2_HIGH;
  const l = k * LN2_LOW;
  const r = h - l;
  const c = remainder(r);
  const q = (r * c) / (2 - c);
  if (k === 0) return x + q;
  const offset = k > 60 ? 1 : 1 - powerOfTwo(-k); // 2^k e^r − 1 = 2^k (r + q + 1 − 2^−k)
  const s = offset + h;
  return scaleSmall(s + (sumError(offset, h, s) + (q - l)), k);
}

/** x · 2^k for x that may be small or, with a negative k, large. */
function scaleSmall(x: number, k: number): number {
  return k > 1023 ? x * powerOfTwo(k - 2) * 4 : x * powerOfTwo(k);
}
