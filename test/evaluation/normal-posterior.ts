import { log } from "../../src/math/elementary.js";
import { normalCdf, normalLogPdf, normalQuantile } from "../../src/math/normal.js";
import type { MarginalPosterior } from "../../src/surrogates/surrogate.js";

/** A posterior of independent normals with known figures. */
export function normalPosterior(
  mean: readonly number[],
  latentStdDev: readonly number[],
  observedStdDev: readonly number[] = latentStdDev,
): MarginalPosterior {
  const stdDevs = { latent: latentStdDev, observed: observedStdDev };
  return {
    mean: Float64Array.from(mean),
    stdDev: Float64Array.from(latentStdDev),
    quantile: (probability, of) =>
      Float64Array.from(mean, (value, i) => value + normalQuantile(probability) * stdDevs[of][i]!),
    probabilityBetween: (lower, upper) =>
      Float64Array.from(
        mean,
        (value, i) =>
          normalCdf((upper - value) / latentStdDev[i]!) - normalCdf((lower - value) / latentStdDev[i]!),
      ),
    logDensity: (y) =>
      Float64Array.from(
        mean,
        (value, i) => normalLogPdf((y[i]! - value) / observedStdDev[i]!) - log(observedStdDev[i]!),
      ),
  };
}
