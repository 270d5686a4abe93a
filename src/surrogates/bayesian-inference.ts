import { CellwrightError } from "../errors.js";
import { refittedLeaveOneOut, reweightedLeaveOneOut } from "./bayesian-comparison.js";
import {
  assembleBayesian,
  type BayesianGaussianProcess,
  type BayesianGaussianProcessOptions,
  fitBayesianGaussianProcess,
  kernelOf,
  MOST_SAMPLED_SETTINGS,
  sampleGaussianProcess,
} from "./bayesian-gaussian-process.js";
import { type BayesianPresetName, sampled } from "./bayesian-coordinates.js";
import type { InferenceChoice } from "./bayesian-record.js";
import { thinned } from "./bayesian-sampling.js";
import { fitGaussianProcess, type GaussianProcess, type GaussianProcessOptions } from "./gaussian-process.js";
import { presets } from "./presets/presets.js";
import type { SurrogateData } from "./surrogate.js";

/** How hyperparameters are found: the maximum a posteriori, posterior draws, or whichever pays. */
export type Inference = "auto" | "map" | "nuts";

export type InferenceOptions = Omit<GaussianProcessOptions, "preset"> &
  Omit<BayesianGaussianProcessOptions, "preset"> & {
    readonly preset?: BayesianPresetName | "sparse-axes";
    /** Default `map`, which acquisition functions need. */
    readonly inference?: Inference;
  };

/** Fewest settings from which a standard error of their differences says anything, as for warps (assumption). */
const FEWEST_SETTINGS = 10;

/** Standard errors that the gain must exceed; draws cost a hundred times the maximum and cannot be acquired from. */
const STANDARD_ERRORS = 2;

/** Samples that the comparison averages over (assumption: their Monte Carlo error is far below a standard error). */
const COMPARED_DRAWS = 128;

/**
 * Fits a Gaussian process with the hyperparameters found as `inference` says.
 *
 * `auto` fits both and takes the draws only where their leave-one-out log density, summed over settings, exceeds that of
 * the maximum a posteriori by more than two standard errors of the paired differences; neither side has seen the setting
 * that is left out (bayesian-comparison.ts). With fewer than 10 or more than 500 settings, or an outcome that does not
 * vary, it takes the maximum without comparing.
 *
 * @throws CellwrightError as the two fits; INVALID_OPTION for a maximum under saas-2021, whose mode says
 *   little, and for draws under sparse-axes
 */
export function fitByInference(
  data: SurrogateData,
  options: InferenceOptions = {},
): GaussianProcess | BayesianGaussianProcess {
  const { inference = "map", preset = "default", ...rest } = options;
  if (inference === "nuts") return fitBayesianGaussianProcess(data, sampled(options));
  if (preset === "saas-2021") {
    throw new CellwrightError(
      "INVALID_OPTION",
      `preset saas-2021 is for sampling: found inference ${inference}, expected nuts.`,
    );
  }
  const map = fitGaussianProcess(data, { ...rest, preset });
  const settings = map.trainingInputs.rows;
  if (inference === "map" || settings < FEWEST_SETTINGS || settings > MOST_SAMPLED_SETTINGS) return map;
  const { parts, samples } = sampleGaussianProcess(data, sampled(options));
  if (parts.sampling.samples === 0) return map;
  const { statistics } = parts;
  const kernel = kernelOf(parts.inputs, parts.kernel);
  const drawn = thinned(samples, Math.min(COMPARED_DRAWS, samples.length));
  const choice = pairedGain(
    reweightedLeaveOneOut(statistics, kernel, parts.mean, drawn),
    refittedLeaveOneOut(statistics, kernel, presets[preset], map.hyperparameters, options.signal),
  );
  return choice.gain > STANDARD_ERRORS * choice.standardError ? assembleBayesian({ ...parts, choice }) : map;
}

/** Sum of `ours` − `theirs`, [g] each, and the standard error of that sum over settings. */
export function pairedGain(ours: Float64Array, theirs: Float64Array): InferenceChoice {
  const differences = ours.map((value, g) => value - theirs[g]!);
  const n = differences.length;
  let gain = 0;
  for (const difference of differences) gain += difference;
  let squares = 0;
  for (const difference of differences) squares += (difference - gain / n) * (difference - gain / n);
  return { inference: "auto", gain, standardError: Math.sqrt((n * squares) / Math.max(1, n - 1)) };
}
