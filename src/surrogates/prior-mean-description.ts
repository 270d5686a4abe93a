import { normalQuantile } from "../math/normal.js";
import { isFree, type MeanParameter, parameterAt, standardCoordinate } from "./prior-mean.js";
import type { PriorMeanParts } from "./prior-mean-record.js";
import { readable } from "./readable-scale.js";

/** A fitted parameter of a mean: its value and what the rows say about it. */
export interface FittedParameter {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** 95 % interval (Laplace approximation in the standard coordinate); null for a parameter held fixed. */
  readonly interval: readonly [number, number] | null;
  /** False where the rows alone, without the priors of θ, leave a positive parameter more than a factor of 3. */
  readonly identifiable: boolean;
}

/** Ratio of the ends of a 95 % interval beyond which a positive parameter is not identifiable (issue "Woven in"). */
const WIDEST_RATIO = 3;

/**
 * Value, interval and verdict of every parameter of the mean.
 *
 * The interval is of the posterior; the verdict also looks at the interval that the rows would give without the priors
 * of θ, so that a narrow prior cannot pass for knowledge from data.
 */
export function fittedParameters(parts: PriorMeanParts): FittedParameter[] {
  const { priorMean, theta, coordinateStdDev, rowsPrecision } = parts;
  return priorMean.parameters.map((parameter, k) => {
    const { name, unit } = parameter;
    const value = theta[k]!;
    if (!isFree(parameter)) return { name, unit, value, interval: null, identifiable: true };
    const interval = intervalOf(parameter, value, coordinateStdDev[k]!);
    const identifiable =
      rowsPrecision[k]! > 0 &&
      !spansTooMuch(parameter, interval) &&
      !spansTooMuch(parameter, intervalOf(parameter, value, 1 / Math.sqrt(rowsPrecision[k]!)));
    return { name, unit, value, interval, identifiable };
  });
}

function intervalOf(parameter: MeanParameter, value: number, stdDev: number): readonly [number, number] {
  const middle = standardCoordinate(parameter, value);
  const reach = normalQuantile(0.975) * stdDev;
  return [parameterAt(parameter, middle - reach).theta, parameterAt(parameter, middle + reach).theta];
}

/** Parameters whose bounds allow negative values have no ratio and are never judged by it. */
function spansTooMuch({ lower }: MeanParameter, interval: readonly [number, number]): boolean {
  if (lower < 0) return false;
  return !(interval[0] > 0 && interval[1] <= WIDEST_RATIO * interval[0]);
}

/** The parameters as named numbers and words. */
export function describeParameters(parts: PriorMeanParts): Record<string, number | string> {
  const description: Record<string, number | string> = { "prior mean": parts.priorMean.name };
  for (const fitted of fittedParameters(parts)) {
    const unit = fitted.unit === "" ? "" : ` (${fitted.unit})`;
    description[`${fitted.name}${unit}`] = readable(fitted.value);
    description[`${fitted.name}, 95 % interval`] = intervalWords(fitted);
  }
  return description;
}

function intervalWords({ interval, identifiable }: FittedParameter): string {
  if (interval === null) return "held fixed";
  const range = `${readable(interval[0])} to ${readable(interval[1])}`;
  return identifiable ? range : `${range}: not identifiable from these rows`;
}
