import { sumError } from "./ieee754.js";

const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in four parts of which the first three have 33 bits: products with integers below 2^20 are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;
const MEDIUM = 1_000_000;

/** The first 1,200 binary digits of 2/π. */
const TWO_OVER_PI_BITS = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1c" +
    "b129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d" +
    "367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b",
);

/** The angle less a multiple of π/2, as a pair of doubles; filled by `reduce`. */
const reduced = new Float64Array(2);

/** Splits x = n·π/2 + r with |r| ≤ π/4, leaves r in `reduced` and returns n mod 4. */
function reduce(x: number): number {
  if (Math.abs(x) <= 0.7853981633974483) {
    reduced[0] = x;
    reduced[1] = 0;
    return 0;
  }
  if (Math.abs(x) > MEDIUM) return reduceLarge(x);
  const n = Math.floor(x * TWO_OVER_PI + 0.5);
  const first = x - n * HALF_PI_1; // exact
  const step2 = -n * HALF_PI_2;
  const second = first + step2;
  const step3 = -n * HALF_PI_3;
  const third = second + step3;
  const low = sumError(first, step2, second) + (sumError(second, step3, third) - n * HALF_PI_4);
  const high = third + low;
  reduced[0] = high;
  reduced[1] = low - (high - third);
  return n & 3;
}

/**
 * The same for large angles, in integers: the fraction of x · 2/π from its binary digits.
 *
 * @see Payne & Hanek (1983), SIGNUM Newsletter 18, 19–24
 */
function reduceLarge(x: number): number {
  let significand = Math.abs(x);
  let exponent = 0;
  while (significand >= 9007199254740992) {
    significand /= 2;
    exponent++;
  }
  while (significand !== Math.floor(significand)) {
    significand *= 2;
    exponent--;
  }
  // |x| · 2/π · 2^1200, modulo 4 · 2^1200
  const turns = BigInt(significand) * TWO_OVER_PI_BITS;
  const shifted = exponent >= 0 ? turns << BigInt(exponent) : turns >> BigInt(-exponent);
  const quarter = shifted & ((4n << 1200n) - 1n);
  let n = Number(quarter >> 1200n);
  let fraction = quarter & ((1n << 1200n) - 1n);
  if (fraction >> 1199n) {
    n++;
    fraction -= 1n << 1200n;
  }
  // x ≤ 2^1024 leaves at least 170 correct digits, and no double comes closer to a multiple of π/2 than 2^−62.
  const leading = Number(fraction >> 1096n); // 104 digits, rounded once to a double
  const rest = Number((fraction >> 1096n) - BigInt(leading));
  scaleByHalfPi(leading / 20282409603651670423947251286016, rest / 20282409603651670423947251286016);
  if (x > 0) return n & 3;
  reduced[0] = -reduced[0]!;
  reduced[1] = -reduced[1]!;
  return -n & 3;
}

/** Leaves (high + low) · π/2 in `reduced`. */
function scaleByHalfPi(high: number, low: number): void {
  // The leading 20 bits of `high` times the leading 33 bits of π/2 are exact.
  const split = 8589934593 * high; // 2^33 + 1
  const a = split - (split - high);
  const b = high - a;
  const p1 = a * HALF_PI_1;
  const p2 = b * HALF_PI_1;
  const sum = p1 + p2;
  const tail = sumError(p1, p2, sum) + (high * HALF_PI_2 + low * HALF_PI_1);
  const total = sum + tail;
  reduced[0] = total;
  reduced[1] = tail - (total - sum);
}

/** sin(r + t) for |r| ≤ π/4 and a small t; FDLIBM 5.3, k_sin.c: minimax coefficients, error below 2^−58. */
function sinKernel(r: number, t: number): number {
  const z = r * r;
  const series =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  const cube = z * r;
  return r + (cube * -0.16666666666666632 + (z * (cube * series - 0.5 * t) + t));
}

/** cos(r + t) for |r| ≤ π/4 and a small t; FDLIBM 5.3, k_cos.c: minimax coefficients, error below 2^−58. */
function cosKernel(r: number, t: number): number {
  const z = r * r;
  const series =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  const half = 0.5 * z;
  const leading = 1 - half;
  return leading + (1 - leading - half + (z * series - r * t));
}

/** Sine of an angle in radians, about 1 ulp; NaN for infinite x. */
export function sin(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  if (Math.abs(x) < 1e-9) return x; // also keeps −0
  const quadrant = reduce(x);
  const r = reduced[0]!;
  const t = reduced[1]!;
  const value = quadrant & 1 ? cosKernel(r, t) : sinKernel(r, t);
  return quadrant & 2 ? -value : value;
}

/** Cosine of an angle in radians, below 1 ulp; NaN for infinite x. */
export function cos(x: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const quadrant = reduce(x);
  const r = reduced[0]!;
  const t = reduced[1]!;
  const value = quadrant & 1 ? sinKernel(r, t) : cosKernel(r, t);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}
