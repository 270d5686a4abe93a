import { exp, expm1, log, log1p } from "../math/elementary.js";

/** Share of the unit interval at each end from where on the warp goes on as a straight line (assumption). */
const MARGIN = 0.01;

/** A warped input with what gradients need. */
export interface WarpedInput {
  readonly value: number;
  /** ∂w/∂x, positive. */
  readonly slope: number;
  /** ∂w/∂log a */
  readonly byLogA: number;
  /** ∂w/∂log b */
  readonly byLogB: number;
}

/**
 * Kumaraswamy's distribution function w(x) = 1 − (1 − x^a)^b, which bends a unit-cube input and is the identity at
 * a = b = 1.
 *
 * Inside [0.01, 0.99] exactly; beyond, the tangent at the margin: the function goes on outside [0, 1], where rows from
 * before the bounds teach, keeps its slope continuous, and stays strictly increasing. At 0 and 1 themselves the slope
 * of the distribution function is zero or infinite, so that a line from there would put such rows at the edge or
 * beyond reach.
 *
 * @param x - Any finite number.
 * @param a - Concentration, positive; likewise `b`.
 * @see Kumaraswamy (1980), J. Hydrology 46; Snoek, Swersky, Zemel & Adams (2014), ICML, section 3.2, which warps by the
 *   Beta distribution function
 */
export function kumaraswamy(x: number, a: number, b: number): WarpedInput {
  const edge = Math.min(Math.max(x, MARGIN), 1 - MARGIN);
  const inside = distributionFunction(edge, a, b);
  const step = x - edge;
  if (step === 0) return inside;
  const { value, slope, byLogA, byLogB, slopeByLogA, slopeByLogB } = inside;
  return {
    value: value + step * slope,
    slope,
    byLogA: byLogA + step * slopeByLogA,
    byLogB: byLogB + step * slopeByLogB,
  };
}

function distributionFunction(
  x: number,
  a: number,
  b: number,
): WarpedInput & { readonly slopeByLogA: number; readonly slopeByLogB: number } {
  const logX = log(x);
  const power = exp(a * logX); // x^a
  const rest = 1 - power;
  const logRest = log1p(-power);
  const tail = exp(b * logRest); // (1 − x^a)^b
  const slope = (a * b * power * tail) / (x * rest);
  return {
    value: -expm1(b * logRest),
    slope,
    byLogA: slope * x * logX,
    byLogB: -b * logRest * tail,
    slopeByLogA: slope * (1 + a * logX * (1 - ((b - 1) * power) / rest)),
    slopeByLogB: slope * (1 + b * logRest),
  };
}
