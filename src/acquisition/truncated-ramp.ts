import { exp, log, log1mexp, logAddExp } from "../math/elementary.js";
import { logH, logNormalInterval, normalLogCdf, normalLogPdf } from "../math/normal.js";

/** Gauss–Legendre nodes and weights on (0, 1), ten points: Abramowitz & Stegun (1964), table 25.4, mapped from (−1, 1). */
const NODES = [
  0.013046735741414128, 0.06746831665550773, 0.16029521585048778, 0.2833023029353764, 0.42556283050918442,
  0.5744371694908156, 0.7166976970646236, 0.8397047841495122, 0.9325316833444923, 0.9869532642585859,
] as const;
const WEIGHTS = [
  0.03333567215434407, 0.07472567457529028, 0.10954318125799103, 0.13463335965499817, 0.14776211235737644,
  0.14776211235737644, 0.13463335965499817, 0.10954318125799103, 0.07472567457529028, 0.03333567215434407,
] as const;

/** Below this drop of the exponent over the interval ten nodes are exact to rounding and the closed form cancels. */
const QUADRATURE_BELOW = 2;

/**
 * log ∫_a^b (t − a) φ(t) dt for finite a < b ≤ ∞; `-Infinity` if b ≤ a.
 *
 * φ(a) − φ(b) − a (Φ(b) − Φ(a)) in a form that keeps its digits in either tail and for narrow intervals.
 */
export function logRamp(a: number, b: number): number {
  if (!(b > a)) return -Infinity;
  if (b === Infinity) return logH(-a);
  if (a >= 0) return rampRight(a, b);
  if (b <= 0) return rampLeft(a, b);
  const right = logAddExp(rampRight(0, b), log(-a) + logNormalInterval(0, b));
  return logAddExp(rampLeft(a, 0), right);
}

/** 0 ≤ a < b: the density falls along the ramp. */
function rampRight(a: number, b: number): number {
  const width = b - a;
  const drop = a * width + 0.5 * width * width;
  if (drop >= QUADRATURE_BELOW) {
    const whole = logH(-a);
    const beyond = logAddExp(logH(-b), log(width) + normalLogCdf(-b));
    return whole + log1mexp(beyond - whole);
  }
  let sum = 0;
  for (let i = 0; i < NODES.length; i++) {
    const step = width * NODES[i]!;
    sum += WEIGHTS[i]! * NODES[i]! * exp(-(a * step + 0.5 * step * step));
  }
  return normalLogPdf(a) + 2 * log(width) + log(sum);
}

/** a < b ≤ 0: the density rises, so the mean of t lies in the upper half and the difference keeps its digits. */
function rampLeft(a: number, b: number): number {
  const whole = log(b - a) + logNormalInterval(a, b);
  return whole + log1mexp(rampRight(-b, -a) - whole);
}
