import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { ConditionalPoint, GaussianLatent } from "../surrogates/surrogate.js";
import type { KnownOutcome } from "./outcome-terms.js";

/**
 * One outcome given S joint draws at base points: at any x a Gaussian per draw with a common variance.
 *
 * `values` [S × b] and `means` [S] have one row where the draws do not differ (formulas, plug-in beliefs).
 */
export interface OutcomeDraws {
  readonly values: Matrix;
  at(x: Float64Array, withGradient: boolean): ConditionalPoint;
  /** As `at` for many points, of the first draw; absent where that is no faster. */
  momentsOfOne?(points: Matrix): { readonly mean: Float64Array; readonly variance: Float64Array };
}

/** The marginal posterior as a single draw whose base values are posterior means: no joint draws needed. */
export function marginalDraws(model: GaussianLatent, base: Matrix): OutcomeDraws {
  return {
    values: { rows: 1, cols: base.rows, data: latentMeans(model, base) },
    ...(model.latentMoments && { momentsOfOne: (points: Matrix) => model.latentMoments!(points) }),
    at(x) {
      const point = model.latentAt(x);
      return {
        means: Float64Array.of(point.mean),
        variance: point.variance,
        meanGradients: { rows: 1, cols: x.length, data: point.meanGradient },
        varianceGradient: point.varianceGradient,
      };
    },
  };
}

function latentMeans(model: GaussianLatent, points: Matrix): Float64Array {
  const together = model.latentMeans?.(points) ?? model.latentMoments?.(points).mean;
  if (together !== undefined) return together;
  return Float64Array.from({ length: points.rows }, (_, i) => model.latentAt(matrixRow(points, i)).mean);
}

/** Step for the slope of a stated error, as a share of the outcome's scale: cube root of rounding. */
const ERROR_STEP = 6e-6;

/**
 * A formula in units of `scale`, with standard deviation √(width² + error²); `width` smooths what is exact.
 *
 * The slope of a stated error is taken by central differences of `error`, the one number here not derived by hand.
 */
export function knownDraws(
  known: KnownOutcome,
  base: Matrix,
  options: { scale: number; width: number; withError: boolean },
): OutcomeDraws {
  const { scale, width } = options;
  const error = options.withError ? known.error : undefined;
  const values = createMatrix(1, base.rows);
  for (let i = 0; i < base.rows; i++) values.data[i] = known.evaluate(matrixRow(base, i)) / scale;
  return {
    values,
    at(x, withGradient) {
      const raw = known.evaluate(x);
      const stdDev = error === undefined ? 0 : error(raw) / scale;
      const point = { means: Float64Array.of(raw / scale), variance: width * width + stdDev * stdDev };
      if (!withGradient) return point;
      const gradient = known.gradient(x).map((slope) => slope / scale);
      const step = ERROR_STEP * scale;
      const errorSlope = error === undefined ? 0 : (error(raw + step) - error(raw - step)) / (2 * step);
      return {
        ...point,
        meanGradients: { rows: 1, cols: x.length, data: gradient },
        varianceGradient: gradient.map((slope) => 2 * stdDev * errorSlope * slope),
      };
    },
  };
}
