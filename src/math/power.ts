import { expOfSum } from "./exponential.js";
import { productError } from "./ieee754.js";
import { logParts } from "./logarithm.js";

const parts = new Float64Array(2);

/**
 * x to the power y, about 0.6 ulp; special values as ECMAScript's `Math.pow`.
 *
 * e^(y log x) with the logarithm and the product carried as pairs of doubles.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (!(Math.abs(x) < Infinity && Math.abs(y) < Infinity) || x === 0) return powSpecial(x, y);
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (x < 0) {
    const parity = parityOf(y);
    if (parity === "fraction") return NaN;
    return parity === "odd" ? -powPositive(-x, y) : powPositive(-x, y);
  }
  return powPositive(x, y);
}

function powPositive(x: number, y: number): number {
  logParts(x, parts);
  const logarithm = parts[0]!;
  const product = y * logarithm;
  if (!(product < 711)) return Infinity;
  if (product < -746) return 0;
  return expOfSum(product, productError(y, logarithm, product) + y * parts[1]!);
}

function parityOf(y: number): "odd" | "even" | "fraction" {
  if (Math.floor(y) !== y) return "fraction";
  return Math.abs(y % 2) === 1 ? "odd" : "even";
}

/** Powers where an argument is 0, infinite or NaN (y not 0). */
function powSpecial(x: number, y: number): number {
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) {
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  const magnitude = size > 1 === y > 0 ? Infinity : 0; // size is 0 or infinite
  const negative = (x < 0 || 1 / x === -Infinity) && parityOf(y) === "odd";
  return negative ? -magnitude : magnitude;
}
