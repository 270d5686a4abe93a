/**
 * The functions that science code takes instead of the engine's `Math`: the same bits on every machine.
 *
 * Engines may compute `Math.exp` and its like as they please; these use IEEE basic operations in a fixed order.
 */
import { exp, expm1 } from "./exponential.js";
import { log, log1p } from "./logarithm.js";

export { erf, erfc, erfcx } from "./error-function.js";
export { exp, expm1 } from "./exponential.js";
export { lgamma } from "./log-gamma.js";
export { log, log1p, log2, log10 } from "./logarithm.js";
export { pow } from "./power.js";
export { cos, sin } from "./trigonometric.js";

/** Hyperbolic sine, below 2 ulp. */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size > 22) {
    const half = exp(0.5 * size); // e^x itself may overflow before sinh x does
    const large = size < 709 ? 0.5 * exp(size) : 0.5 * half * half;
    return x < 0 ? -large : large;
  }
  const t = expm1(size);
  const value = size < 1 ? t - (0.5 * t * t) / (1 + t) : 0.5 * (t + t / (1 + t));
  return x < 0 ? -value : x === 0 ? x : value;
}

/** Hyperbolic tangent, below 2 ulp. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (x === 0) return x;
  let value = 1;
  if (size < 0.5) {
    const t = expm1(2 * size);
    value = t / (t + 2);
  } else if (!(size > 20)) {
    value = 1 - 2 / (exp(2 * size) + 1);
  }
  return x < 0 ? -value : value;
}

const LN_2 = 0.6931471805599453;

/**
 * log(1 − e^x) for x < 0, without cancellation at either end; −∞ at 0.
 *
 * @see Mächler (2012), "Accurately computing log(1 − exp(−|a|))", equation (7)
 */
export function log1mexp(x: number): number {
  return x > -LN_2 ? log(-expm1(x)) : log1p(-exp(x));
}

/** log(e^a + e^b) without overflow. */
export function logAddExp(a: number, b: number): number {
  const high = a > b ? a : b;
  const low = a > b ? b : a;
  if (high === -Infinity || high === Infinity) return high + (low !== low ? low : 0);
  return high + log1p(exp(low - high));
}

/** log Σ e^v without overflow; −∞ for no values. */
export function logSumExp(values: ArrayLike<number>): number {
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!(v <= high)) high = v; // NaN is carried to the result
  }
  if (!(high > -Infinity && high < Infinity)) return high;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += exp(values[i]! - high);
  return high + log(sum);
}
