import { CellwrightError } from "../errors.js";
import { erfc, erfcx } from "./error-function.js";
import { exp, expOfSum } from "./exponential.js";
import { log1mexp } from "./elementary.js";
import { log, log1p } from "./logarithm.js";
import { productError } from "./ieee754.js";

const INVERSE_ROOT_TWO = 0.7071067811865476;
const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
/** ½ log 2π. */
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** e^(−z²/2), with the square carried exactly. */
function gaussian(z: number): number {
  if (!(Math.abs(z) < 40)) return z !== z ? z : 0;
  const square = z * z;
  return expOfSum(-0.5 * square, -0.5 * productError(z, z, square));
}

/** Density of the standard normal distribution, about 1 ulp. */
export function normalPdf(z: number): number {
  return INVERSE_ROOT_TWO_PI * gaussian(z);
}

/** log φ(z). */
export function normalLogPdf(z: number): number {
  return -0.5 * z * z - HALF_LOG_TWO_PI;
}

/** Distribution function Φ of the standard normal, a few ulp also in the lower tail. */
export function normalCdf(z: number): number {
  if (z < -1) return 0.5 * gaussian(z) * erfcx(-z * INVERSE_ROOT_TWO);
  return 0.5 * erfc(-z * INVERSE_ROOT_TWO);
}

/** log Φ(z), relative error a few ulp for all z. */
export function normalLogCdf(z: number): number {
  if (z < -1) return -0.5 * z * z + log(0.5 * erfcx(-z * INVERSE_ROOT_TWO));
  if (z < 0) return log(0.5 * erfc(-z * INVERSE_ROOT_TWO));
  return log1p(0 - normalCdf(-z)); // +0, not −0, where the tail is empty
}

/*
 * Coefficients of Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution",
 * Applied Statistics 37, 477–484 (PPND16), numerator and denominator, constant term first.
 */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const SHOULDER = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100547e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

function ratio([numerator, denominator]: readonly [readonly number[], readonly number[]], r: number): number {
  let top = 0;
  let bottom = 0;
  for (let i = 7; i >= 0; i--) {
    top = top * r + numerator[i]!;
    bottom = bottom * r + denominator[i]!;
  }
  return top / bottom;
}

/**
 * Quantile Φ⁻¹(p), relative error about 1e-15; −∞ at 0 and +∞ at 1.
 *
 * @throws CellwrightError INVALID_OPTION if `p` is not in [0, 1].
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new CellwrightError("INVALID_OPTION", `A probability must be between 0 and 1, found ${p}.`);
  }
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-log(tail));
  const size = r <= 5 ? ratio(SHOULDER, r - 1.6) : ratio(TAIL, r - 5);
  return q < 0 ? -size : size;
}

/** Positive nodes and weights of the 10-point Gauss–Legendre rule (Abramowitz & Stegun 1964, table 25.4). */
const LEGENDRE_NODES = [
  0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
];
const LEGENDRE_WEIGHTS = [
  0.29552422471475287, 0.26926671930999635, 0.21908636251598204, 0.1494513491505806, 0.06667134430868814,
];

/** log ∫ φ over a narrow interval: every term is positive, so nothing cancels. */
function logNarrowInterval(a: number, b: number): number {
  const middle = 0.5 * (a + b);
  const half = 0.5 * (b - a);
  let sum = 0;
  for (let i = 0; i < 5; i++) {
    const t = half * LEGENDRE_NODES[i]!;
    sum += LEGENDRE_WEIGHTS[i]! * exp(-0.5 * t * t) * (exp(-middle * t) + exp(middle * t));
  }
  return normalLogPdf(middle) + log(half * sum);
}

/**
 * log(Φ(b) − Φ(a)) for a ≤ b, relative error about 1e-15 wherever the interval lies; −∞ if a = b.
 *
 * @throws CellwrightError INVALID_OPTION if a > b or either is NaN.
 */
export function logNormalInterval(a: number, b: number): number {
  if (!(a <= b)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `An interval's lower end must not exceed its upper end: ${a}, ${b}.`,
    );
  }
  if (a === b) return -Infinity;
  if (a > 0) return logNormalInterval(-b, -a);
  const size = Math.max(-a, Math.abs(b), 1);
  if ((b - a) * size <= 1) return logNarrowInterval(a, b);
  if (b <= 0) {
    const upper = normalLogCdf(b);
    if (upper === -Infinity) return upper; // beyond all numbers
    return upper + log1mexp(normalLogCdf(a) - upper);
  }
  const outside = normalCdf(a) + normalCdf(-b);
  return outside < 0.5 ? log1p(0 - outside) : log(0.5 - normalCdf(a) + (0.5 - normalCdf(-b)));
}

/** Below this the asymptotic series of h is exact to a double. */
const SERIES_START = -16;
/** (−1)^k (2k + 1)!! for k = 1 … 12: x²·h(−x)/φ(x) = Σ (−1)^k (2k + 1)!!/x^(2k). */
const ASYMPTOTIC = [
  -3, 15, -105, 945, -10395, 135135, -2027025, 34459425, -654729075, 13749310575, -316234143225,
  7905853580625,
];

/** x²·h(−x)/φ(x) − 1 for x ≥ 16, of w = 1/x². */
function asymptoticH(w: number): number {
  let sum = 0;
  for (let k = ASYMPTOTIC.length - 1; k >= 0; k--) sum = (sum + ASYMPTOTIC[k]!) * w;
  return sum;
}

/** ½ log(π/2). */
const HALF_LOG_HALF_PI = 0.22579135264472744;

/**
 * log h(z), h(z) = φ(z) + z·Φ(z): the logarithm of the standardised expected improvement, for all z.
 *
 * Direct for z > −1; through erfcx and log1mexp down to −16; the asymptotic series below.
 *
 * @see Ament, Daulton, Eriksson, Balandat & Bakshy (2023), "Unexpected improvements to expected improvement",
 * equation (9); the series replaces its −2 log|z| so that the tail keeps its digits.
 */
export function logH(z: number): number {
  if (z > -1) return log(normalPdf(z) + z * normalCdf(z));
  if (z >= SERIES_START) {
    return normalLogPdf(z) + log1mexp(log(erfcx(-z * INVERSE_ROOT_TWO) * -z) + HALF_LOG_HALF_PI);
  }
  return normalLogPdf(z) - 2 * log(-z) + log1p(asymptoticH(1 / z / z));
}

const ROOT_HALF_PI = 1.2533141373155003;

/** d log h/dz = Φ(z)/h(z) for all z, relative error below 1e-13. */
export function logHDerivative(z: number): number {
  if (z > -1) return normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
  if (z >= SERIES_START) {
    const mills = ROOT_HALF_PI * erfcx(-z * INVERSE_ROOT_TWO);
    return mills / (1 + z * mills);
  }
  // Φ = (φ − h)/|z|, hence Φ/h = (φ/h − 1)/|z| = (z²/(1 + series) − 1)/|z|
  const series = asymptoticH(1 / z / z);
  return -z / (1 + series) + 1 / z;
}
