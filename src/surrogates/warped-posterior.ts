import { CellwrightError, type Problem } from "../errors.js";
import { exp } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import { logNormalInterval, normalLogPdf, normalQuantile } from "../math/normal.js";
import { log } from "../math/elementary.js";
import type { InputDimension, MarginalPosterior, PredictOptions } from "./surrogate.js";
import { inputProblems } from "./training-rows.js";
import { knownVarianceAt, type OutcomeTransform } from "./transform.js";

/** Gaussian marginals on the model scale, [m] each. */
export interface GaussianMarginals {
  readonly mean: Float64Array;
  readonly latentVariance: Float64Array;
  /** Inferred noise variance of one new run. */
  readonly noiseVariance: Float64Array;
}

/**
 * Carries Gaussian marginals from the model scale back to raw units.
 *
 * Quantiles, probabilities and densities are exact, since the transform is strictly increasing; mean and standard
 * deviation are exact for identity and log and by quadrature for Yeo–Johnson. Known measurement variance of the new run
 * is carried to the model scale at the predicted median (`knownVarianceAt`).
 *
 * @throws CellwrightError NON_FINITE (also from `quantile`) where a raw value is beyond all numbers.
 */
export function warpedPosterior(
  marginals: GaussianMarginals,
  transform: OutcomeTransform,
  knownNoiseVariance: number,
): MarginalPosterior {
  const m = marginals.mean.length;
  const mean = new Float64Array(m);
  const stdDev = new Float64Array(m);
  const latentStdDev = marginals.latentVariance.map((variance) => Math.sqrt(variance));
  const observedStdDev = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const moments = transform.rawMoments(marginals.mean[i]!, latentStdDev[i]!);
    mean[i] = moments.mean;
    stdDev[i] = moments.stdDev;
    const known = knownVarianceAt(transform, transform.toRaw(marginals.mean[i]!), knownNoiseVariance);
    observedStdDev[i] = Math.sqrt(marginals.latentVariance[i]! + marginals.noiseVariance[i]! + known);
  }
  requireFinite(mean);
  requireFinite(stdDev);
  return {
    mean,
    stdDev,
    quantile(probability, of) {
      requireProbability(probability);
      const deviate = normalQuantile(probability);
      const spread = of === "latent" ? latentStdDev : observedStdDev;
      return requireFinite(marginals.mean.map((value, i) => transform.toRaw(value + deviate * spread[i]!)));
    },
    probabilityBetween(lower, upper) {
      requireInterval(lower, upper);
      const a = transform.toModel(lower);
      const b = transform.toModel(upper);
      return marginals.mean.map((value, i) => {
        const spread = latentStdDev[i]!;
        return exp(logNormalInterval((a - value) / spread, (b - value) / spread));
      });
    },
    logDensity(y) {
      requireLength(y, m);
      return marginals.mean.map((value, i) => {
        const z = (transform.toModel(y[i]!) - value) / observedStdDev[i]!;
        return normalLogPdf(z) - log(observedStdDev[i]!) + transform.logSlope(y[i]!);
      });
    },
  };
}

/** @throws CellwrightError NON_FINITE: results over so many powers of ten that a prediction is beyond all numbers. */
export function requireFinite(values: Float64Array): Float64Array {
  const beyond = values.findIndex((value) => !Number.isFinite(value));
  if (beyond < 0) return values;
  throw new CellwrightError("NON_FINITE", "A prediction lies beyond all numbers.", {
    problems: [
      {
        where: `point ${beyond}`,
        found: String(values[beyond]),
        expected: "a finite outcome",
        remedy:
          "Look for a wrong unit or a typing error among the results, or learn them with scale: identity.",
      },
    ],
  });
}

/** @throws CellwrightError INVALID_OPTION unless 0 < probability < 1. */
export function requireProbability(probability: number): void {
  if (!(probability > 0 && probability < 1)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A quantile needs a probability between 0 and 1, found ${probability}.`,
    );
  }
}

/** @throws CellwrightError INVALID_OPTION unless lower ≤ upper. */
export function requireInterval(lower: number, upper: number): void {
  if (!(lower <= upper)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `An interval needs lower ≤ upper, found ${lower} and ${upper}.`,
    );
  }
}

/** @throws CellwrightError SHAPE_MISMATCH unless there is one value per point. */
export function requireLength(y: ArrayLike<number>, m: number): void {
  if (y.length !== m) {
    throw new CellwrightError("SHAPE_MISMATCH", `Found ${y.length} outcomes for ${m} predicted points.`);
  }
}

/**
 * Checks points and options of a prediction.
 *
 * @throws CellwrightError SHAPE_MISMATCH, NON_FINITE, INVALID_OPTION
 */
export function checkPrediction(
  inputs: readonly InputDimension[],
  levels: number,
  points: Matrix,
  options: PredictOptions,
): void {
  const { noiseLevel, knownNoiseVariance = 0 } = options;
  if (points.cols !== inputs.length) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `Points have ${points.cols} columns, expected ${inputs.length} inputs.`,
    );
  }
  if (noiseLevel !== undefined && noiseLevel.length !== points.rows) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `Found ${noiseLevel.length} noise levels for ${points.rows} points.`,
    );
  }
  const problems: Problem[] = inputProblems(inputs, points);
  if (problems.length > 0) {
    throw new CellwrightError("NON_FINITE", "Points to predict must be finite and name known levels.", {
      problems: problems.slice(0, 100),
    });
  }
  if (!(knownNoiseVariance >= 0 && knownNoiseVariance < Number.POSITIVE_INFINITY)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `knownNoiseVariance must be 0 or more, found ${knownNoiseVariance}.`,
    );
  }
  const unknown = noiseLevel?.find((level) => !(level >= 0 && level < levels));
  if (unknown !== undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `Noise level ${unknown} was not trained: there are ${levels}.`,
    );
  }
}
