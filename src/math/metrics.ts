import { CellwrightError } from "../errors.js";
import { normalCdf, normalPdf } from "./normal.js";

/*
 * How well predictions meet observations, and the summaries of a sample. All take at least one value (variance: two)
 * and throw CellwrightError SHAPE_MISMATCH otherwise or if lengths differ. Sums run in the order of the arrays.
 */

type Numbers = ArrayLike<number>;

/** Root mean squared error, in the outcome's unit. */
export function rmse(observed: Numbers, predicted: Numbers): number {
  return Math.sqrt(meanOver(observed, (y, i) => squared(y - predicted[i]!), predicted));
}

/** Mean absolute error, in the outcome's unit. */
export function meanAbsoluteError(observed: Numbers, predicted: Numbers): number {
  return meanOver(observed, (y, i) => Math.abs(y - predicted[i]!), predicted);
}

/** Mean of |error|/|observed|, as a fraction; infinite if an observation is 0. */
export function meanAbsolutePercentageError(observed: Numbers, predicted: Numbers): number {
  return meanOver(observed, (y, i) => Math.abs((y - predicted[i]!) / y), predicted);
}

/**
 * Share of the observations' variation that is explained: 1 − Σ(y − ŷ)²/Σ(y − ȳ)².
 *
 * Without variation there is nothing to explain: 1 if all predictions are exact, else −∞.
 */
export function r2(observed: Numbers, predicted: Numbers): number {
  const average = mean(observed);
  const unexplained = meanOver(observed, (y, i) => squared(y - predicted[i]!), predicted);
  const total = meanOver(observed, (y) => squared(y - average));
  if (total === 0) return unexplained === 0 ? 1 : -Infinity;
  return 1 - unexplained / total;
}

/** Share of the observations inside their closed intervals. */
export function coverage(observed: Numbers, lower: Numbers, upper: Numbers): number {
  return meanOver(observed, (y, i) => (lower[i]! <= y && y <= upper[i]! ? 1 : 0), lower, upper);
}

/**
 * Continuous ranked probability score of a normal prediction, in the outcome's unit; smaller is better.
 *
 * @see Gneiting & Raftery (2007), JASA 102, equation (21)
 */
export function crpsNormal(observed: number, mean: number, stdDev: number): number {
  if (!(stdDev > 0)) return Math.abs(observed - mean);
  const z = (observed - mean) / stdDev;
  const rootPi = 1.7724538509055159;
  return stdDev * (z * (2 * normalCdf(z) - 1) + 2 * normalPdf(z) - 1 / rootPi);
}

/** Arithmetic mean. */
export function mean(values: Numbers): number {
  return meanOver(values, (v) => v);
}

/** Unbiased variance, Σ(v − v̄)²/(n − 1), in two passes. */
export function variance(values: Numbers): number {
  if (values.length < 2) {
    throw new CellwrightError("SHAPE_MISMATCH", `A variance needs two values, found ${values.length}.`);
  }
  const average = mean(values);
  return (meanOver(values, (v) => squared(v - average)) * values.length) / (values.length - 1);
}

/** Median; the mean of the middle two of an even number. */
export function median(values: Numbers): number {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}

/**
 * Quantile of values in ascending order, with linear interpolation.
 *
 * @throws CellwrightError INVALID_OPTION if the probability is not in [0, 1].
 * @see Hyndman & Fan (1996), The American Statistician 50, definition 7
 */
export function quantileOf(sorted: Numbers, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `A probability must be between 0 and 1, found ${probability}.`,
    );
  }
  requireSome(sorted.length);
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

function squared(x: number): number {
  return x * x;
}

function requireSome(length: number): void {
  if (length < 1)
    throw new CellwrightError("SHAPE_MISMATCH", "A summary needs at least one value, found none.");
}

/** Mean of a term per value; the other arrays must have as many. */
function meanOver(values: Numbers, term: (value: number, i: number) => number, ...others: Numbers[]): number {
  requireSome(values.length);
  for (const other of others) {
    if (other.length !== values.length) {
      throw new CellwrightError(
        "SHAPE_MISMATCH",
        `There are ${other.length} values beside ${values.length}; expected one each.`,
      );
    }
  }
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]!, i);
  return sum / values.length;
}
