import { normalCdf, normalQuantile } from "../../src/math/normal.js";
import type { MarginalPosterior } from "../../src/surrogates/surrogate.js";

/** A peer's normal predictions of new observations, scored by the same code as ours; `latent` is not told apart. */
export function normalPosterior(mean: readonly number[], stdDev: readonly number[]): MarginalPosterior {
  const m = Float64Array.from(mean);
  const s = Float64Array.from(stdDev);
  return {
    mean: m,
    stdDev: s,
    quantile: (probability) => m.map((value, i) => value + s[i]! * normalQuantile(probability)),
    probabilityBetween: (lower, upper) =>
      m.map((value, i) => normalCdf((upper - value) / s[i]!) - normalCdf((lower - value) / s[i]!)),
    logDensity: (y) =>
      m.map((value, i) => -0.5 * ((y[i]! - value) / s[i]!) ** 2 - Math.log(s[i]! * Math.sqrt(2 * Math.PI))),
  };
}
