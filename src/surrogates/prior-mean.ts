import { CellwrightError, type Problem } from "../errors.js";
import { exp, log } from "../math/elementary.js";

/**
 * A mean function m(x; θ) with named parameters θ, in raw units of the outcome: what physics expects before data.
 *
 * A saved model names its mean and keeps `arguments`; whoever loads it resolves the name (`MeanResolver`).
 */
export interface PriorMean {
  /** Name and version, such as `calendering.compaction@1`. A change of the numbers needs a new version. */
  readonly name: string;
  /** Plain JSON from which the same mean is built again. */
  readonly arguments: unknown;
  readonly parameters: readonly MeanParameter[];
  /**
   * Value and gradients at one encoded setting; numbers that are not finite are a rejected step of the search.
   *
   * @param x - Encoded setting, [d].
   * @param theta - Parameters in their units, [p].
   */
  evaluate(x: Float64Array, theta: Float64Array): MeanValue;
}

export interface MeanValue {
  readonly value: number;
  /** ∂m/∂θ, [p]. */
  readonly parameterGradient: Float64Array;
  /** ∂m/∂x, [d]; 0 for categorical columns. */
  readonly inputGradient: Float64Array;
}

/** One parameter of a mean; equal bounds hold it fixed. */
export interface MeanParameter {
  readonly name: string;
  readonly unit: string;
  readonly start: number;
  readonly lower: number;
  readonly upper: number;
  readonly prior: ParameterPrior;
}

/** Normal in θ, or normal in log θ around the logarithm of the median. */
export type ParameterPrior =
  | { readonly kind: "normal"; readonly mean: number; readonly stdDev: number }
  | { readonly kind: "log-normal"; readonly median: number; readonly logStdDev: number };

/** The mean of a name, built from the arguments of a record; null where the name is not known. */
export type MeanResolver = (name: string, meanArguments: unknown) => PriorMean | null;

/** Whether the search may move a parameter. */
export function isFree({ lower, upper }: MeanParameter): boolean {
  return lower < upper;
}

/**
 * The standard coordinate of a parameter, in which its prior is N(0, 1): (θ − mean)/stdDev or (log θ − log median)/σ.
 *
 * The search maximises the density in this coordinate, so that a prior's own maximum is its median. (Hyperparameters
 * differ: theirs are densities in natural units, prior.ts.)
 */
export function standardCoordinate({ prior }: MeanParameter, theta: number): number {
  return prior.kind === "normal"
    ? (theta - prior.mean) / prior.stdDev
    : (log(theta) - log(prior.median)) / prior.logStdDev;
}

/** θ of a standard coordinate, and dθ/du. */
export function parameterAt(
  { prior }: MeanParameter,
  coordinate: number,
): { readonly theta: number; readonly slope: number } {
  if (prior.kind === "normal") {
    return { theta: prior.mean + prior.stdDev * coordinate, slope: prior.stdDev };
  }
  const theta = prior.median * exp(prior.logStdDev * coordinate);
  return { theta, slope: theta * prior.logStdDev };
}

/** @throws CellwrightError INVALID_OPTION with everything that is wrong with the parameters of a mean */
export function checkPriorMean(mean: PriorMean): void {
  const problems: Problem[] = mean.parameters.flatMap((parameter) => parameterProblems(parameter));
  const names = mean.parameters.map(({ name }) => name);
  names.forEach((name, k) => {
    if (names.indexOf(name) < k) problems.push({ where: name, found: "twice", expected: "one parameter" });
  });
  if (problems.length === 0) return;
  throw new CellwrightError("INVALID_OPTION", `The parameters of the mean ${mean.name} make no sense.`, {
    problems,
  });
}

function parameterProblems({ name, start, lower, upper, prior }: MeanParameter): Problem[] {
  const problems: Problem[] = [];
  const expect = (holds: boolean, field: string, found: string, expected: string): void => {
    if (!holds) problems.push({ where: `${name}, ${field}`, found, expected });
  };
  const finite = Number.isFinite(lower) && Number.isFinite(upper);
  expect(finite && lower <= upper, "bounds", `${lower} to ${upper}`, "finite, in order");
  expect(lower <= start && start <= upper, "start", `${start}`, `from ${lower} to ${upper}`);
  if (prior.kind === "normal") {
    expect(Number.isFinite(prior.mean), "prior mean", `${prior.mean}`, "a finite number");
    expect(isPositive(prior.stdDev), "prior standard deviation", `${prior.stdDev}`, "above 0");
  } else {
    expect(isPositive(lower), "lower bound", `${lower}`, "above 0, as the prior is log-normal");
    expect(isPositive(prior.median), "prior median", `${prior.median}`, "above 0");
    expect(isPositive(prior.logStdDev), "prior log standard deviation", `${prior.logStdDev}`, "above 0");
  }
  return problems;
}

function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
