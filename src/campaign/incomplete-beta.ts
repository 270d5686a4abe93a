import { exp, log, log1p } from "../math/elementary.js";
import { lgamma } from "../math/log-gamma.js";

/**
 * Regularized incomplete beta function I_x(a, b) for a, b > 0.
 *
 * @see DLMF 8.17.22 (continued fraction, evaluated by the modified Lentz method), valid for x < (a + 1)/(a + b + 2);
 * the other side by I_x(a, b) = 1 − I_{1−x}(b, a), DLMF 8.17.4.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFront = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x);
  return (exp(logFront) / a) * betaFraction(x, a, b);
}

/** 1/(1 + d1/(1 + d2/(1 + …))) of DLMF 8.17.22. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/**
 * Jeffreys 95 % interval of a share: quantiles .025 and .975 of Beta(passed + ½, failed + ½), with the lower end 0
 * where nothing passed and the upper end 1 where everything passed.
 *
 * @see Brown, Cai & DasGupta (2001), Statistical Science 16(2), section 4.3
 */
export function jeffreysInterval(passed: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const a = passed + 0.5;
  const b = of - passed + 0.5;
  return [passed === 0 ? 0 : betaQuantile(0.025, a, b), passed === of ? 1 : betaQuantile(0.975, a, b)];
}

/** Quantile of Beta(a, b) by bisection to 1e-12: fifty evaluations, no derivative to go wrong. */
export function betaQuantile(probability: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
