import { exp, lgamma, log } from "../math/elementary.js";
import { normalCdf } from "../math/normal.js";

/** Points of the midpoint rule over the scatter estimate. */
const POINTS = 600;
const BISECTIONS = 50;

/** The scatter estimate s = √(χ²_ν / ν) on a grid, with its normalised weights. */
interface ScatterGrid {
  readonly s: Float64Array;
  readonly weight: Float64Array;
}

function scatterGrid(freedom: number): ScatterGrid {
  const half = freedom / 2;
  const constant = log(2) + half * log(half) - lgamma(half);
  // The density of s is a peak of width 1/√(2ν) about 1; for one degree of freedom a half-normal one.
  const high = 1 + 6 / Math.sqrt(freedom);
  const low = Math.max(0, 1 - 6 / Math.sqrt(freedom));
  const s = Float64Array.from({ length: POINTS }, (_, k) => low + ((k + 0.5) / POINTS) * (high - low));
  const density = s.map((at) => exp(constant + (freedom - 1) * log(at) - half * at * at));
  const sum = density.reduce((a, b) => a + b, 0);
  return { s, weight: density.map((value) => value / sum) };
}

/** P(|T| > t) of a t variable with noncentrality δ: the normal probability averaged over the scatter estimate. */
function exceeds(t: number, delta: number, { s, weight }: ScatterGrid): number {
  let sum = 0;
  for (let k = 0; k < POINTS; k++) {
    const cut = t * s[k]!;
    sum += weight[k]! * (normalCdf(delta - cut) + normalCdf(-delta - cut));
  }
  return sum;
}

/**
 * Power of two-sided t tests.
 *
 * @param freedom - Degrees of freedom, at least 1.
 * @param level - Chance of a false alarm.
 * @returns Power by noncentrality (true coefficient over its standard error), good to 1e-3 for one degree of freedom and
 *   1e-6 from five on.
 * @see Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, section 31.2
 */
export function tTestPower(freedom: number, level: number): (delta: number) => number {
  const grid = scatterGrid(freedom);
  let [low, high] = [0, 1];
  while (exceeds(high, 0, grid) > level) high *= 2;
  for (let k = 0; k < BISECTIONS; k++) {
    const middle = (low + high) / 2;
    if (exceeds(middle, 0, grid) > level) low = middle;
    else high = middle;
  }
  return (delta) => exceeds(high, delta, grid);
}
