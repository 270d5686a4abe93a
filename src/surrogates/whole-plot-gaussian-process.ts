import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp, log } from "../math/elementary.js";
import { createRng } from "../math/rng.js";
import {
  assembleGaussianProcess,
  fitGaussianProcess,
  type GaussianProcess,
  type GaussianProcessOptions,
  kernelOf,
  randomStarts,
} from "./gaussian-process.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { defaultHyperparameters, logPosteriorAt, maximizePosterior } from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset, GaussianProcessPresetName } from "./presets/preset.js";
import { presets, withMean } from "./presets/presets.js";
import { halfCauchyPrior, type Prior } from "./prior.js";
import { logSuffix, readable, unitOfModelScale } from "./readable-scale.js";
import { isConstant, settingStatistics } from "./setting-statistics.js";
import type { Surrogate, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform, type OutcomeTransform } from "./transform.js";
import { readWholePlotRecord, type WholePlotParts, wholePlotRecord } from "./whole-plot-record.js";
import { membersOfPlots } from "./whole-plots.js";

export interface WholePlotOptions extends Omit<GaussianProcessOptions, "robust" | "noise" | "monotone"> {
  /** Hyperparameters of `fitGaussianProcess` for the same rows and options, where they are known; else it is run. */
  readonly plain?: Hyperparameters;
}

/** What is known of the error that the rows of one whole plot share. */
export interface SharedError {
  readonly plots: number;
  /** Plots of two rows or more: only these tell the error from that of single rows. */
  readonly repeated: number;
  /** Standard deviation, in the outcome's unit (of its logarithm on a log scale), with a 95 % interval. */
  readonly stdDev: number;
  readonly interval95: readonly [number, number];
  /** Standard deviation of the error of one row, same unit; the first noise level's. */
  readonly rowStdDev: number;
  /** Nats that the log posterior gains over rows without such errors. */
  readonly gain: number;
}

/** A Gaussian process whose rows share errors by whole plots. */
export interface WholePlotGaussianProcess extends GaussianProcess {
  readonly sharedError: SharedError;
}

/**
 * Prior of the standard deviation σ_w: half-Cauchy, on the outcome's scale, as Gelman (2006, Bayesian Analysis 1(3),
 * section 5) takes for errors between few groups: its density is largest at zero, where data without such errors belong,
 * and its tail lets few plots say that theirs are large. The scale, a fifth of the outcome's standard deviation, is that
 * of single rows under the default preset (Gamma(1.1, 30) of the variance, mean 0.037): errors of plots and of rows are
 * commonly of one size (Goos & Jones 2011, Optimal Design of Experiments, chapter 10).
 */
const STANDARD_DEVIATION: Prior = halfCauchyPrior(0.2);

/** As a prior over log σ_w²: the density stays that of σ_w (prior.ts), the coordinate is twice its logarithm. */
const PLOT_PRIOR: Prior = {
  name: `${STANDARD_DEVIATION.name} of the standard deviation`,
  logDensity: (logVariance) => STANDARD_DEVIATION.logDensity(logVariance / 2),
  gradient: (logVariance) => STANDARD_DEVIATION.gradient(logVariance / 2) / 2,
};

/** Least variance that is told from none, as for noise (presets/default.ts); where the search begins; more than any outcome's. */
const RANGE = { lower: 1e-6, upper: 1e1, start: 3e-2 } as const;

/** log density of σ_w = 0. */
const DENSITY_AT_ZERO = STANDARD_DEVIATION.logDensity(Number.NEGATIVE_INFINITY);

/** Most distinct settings: covariances are filled in plain code, as those with shapes. */
export const MOST_PLOT_SETTINGS = 1000;

/**
 * Fits a Gaussian process to rows that share errors by whole plots, as those of a split-plot design do:
 * z_i = f(x_i) + w_plot(i) + ε_i with w ~ N(0, σ_w²), or A = K + σ_w² Z Zᵀ + noise.
 *
 * Rows are merged inside plots only. The latent outcome at new settings carries no such error; one new run does, that of
 * a new plot. Hyperparameters are the most likely ones, but σ_w² is its posterior mean at the others: the second moment is
 * what a new run's interval needs, and with few plots the most likely value is far below it (95 % intervals of new runs,
 * 6 plots of 4, SYNTHETIC: 85 % at the most likely value, 94 % at the mean). Scale and warp of the outcome are those of `fitGaussianProcess` for the same rows, so that the two
 * likelihoods can be compared.
 *
 * @param data - With `wholePlot`.
 * @throws CellwrightError as `fitGaussianProcess`; INVALID_OPTION without `wholePlot`; TOO_MANY_ROWS beyond 1,000 settings
 * @see Letsinger, Myers & Lentner (1996), Journal of Quality Technology 28(4); Jones & Nachtsheim (2009), ibid. 41(4)
 */
export function fitWholePlotGaussianProcess(
  data: SurrogateData,
  options: WholePlotOptions = {},
): WholePlotGaussianProcess {
  const { preset: presetName = "default", scale = "auto", kernel: kernelName = "matern-5/2" } = options;
  if (data.wholePlot === undefined)
    throw new CellwrightError("INVALID_OPTION", "The rows do not say to which whole plots they belong.");
  const rows = arrangeRows(data);
  checkSize(rows.X.rows);
  const unplotted = withoutPlots(data);
  const merged = arrangeRows(unplotted);
  const transform = fitTransform(merged.y, merged.groupStart, scale);
  const statistics = { ...settingStatistics(rows, transform), plot: rows.plot! };
  const plain = options.plain ?? fitGaussianProcess(unplotted, options).hyperparameters;
  const problem = {
    statistics,
    kernel: kernelOf(data.inputs, kernelName),
    preset: presetOf(presetName, options),
  };
  return assemble({
    inputs: data.inputs,
    preset: presetName,
    kernel: kernelName,
    mean: problem.preset.mean,
    transform: transform.record,
    trainingRows: data.y.length,
    statistics,
    ...learned(problem, plain, options),
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadWholePlotGaussianProcess(record: SurrogateRecord): WholePlotGaussianProcess {
  return assemble(readWholePlotRecord(record));
}

/** Whether a surrogate is a process whose rows share errors by whole plots. */
export function hasSharedError(surrogate: Surrogate): surrogate is WholePlotGaussianProcess {
  return surrogate.kind === "gaussian-process" && "sharedError" in surrogate;
}

/** The rows without their plots. */
export function withoutPlots(data: SurrogateData): SurrogateData {
  const { wholePlot, ...rest } = data;
  return wholePlot === undefined ? data : rest;
}

interface PlotProblem {
  readonly statistics: WholePlotParts["statistics"];
  readonly kernel: ProductKernel;
  readonly preset: GaussianProcessPreset;
}

function presetOf(
  name: GaussianProcessPresetName,
  { mean }: Pick<WholePlotOptions, "mean">,
): GaussianProcessPreset {
  return { ...withMean(presets[name], mean), plotVariance: { prior: PLOT_PRIOR, range: RANGE } };
}

function withoutPlotError(preset: GaussianProcessPreset): GaussianProcessPreset {
  const { plotVariance, ...rest } = preset;
  return plotVariance === undefined ? preset : rest;
}

/** The most likely hyperparameters, and what they gain over the most likely ones without errors of plots. */
function learned(
  { statistics, kernel, preset }: PlotProblem,
  plain: Hyperparameters,
  { starts, seed = 0, warmStart = plain, signal }: WholePlotOptions,
): Pick<WholePlotParts, "hyperparameters" | "gain"> {
  if (isConstant(statistics)) {
    const defaults = defaultHyperparameters(preset, kernel.dimension, statistics.levels);
    return { hyperparameters: { ...defaults, plotVariance: RANGE.lower }, gain: 0 };
  }
  const { hyperparameters, logPosterior } = maximizePosterior(statistics, kernel, preset, {
    randomStarts: starts ?? randomStarts(statistics.X.rows),
    rng: createRng(seed),
    warmStart,
    ...(signal && { signal }),
  });
  const without = logPosteriorAt(statistics, kernel, withoutPlotError(preset), plain) + DENSITY_AT_ZERO;
  const at = (logVariance: number): number =>
    logPosteriorAt(statistics, kernel, preset, { ...hyperparameters, plotVariance: exp(logVariance) });
  return {
    hyperparameters: { ...hyperparameters, plotVariance: meanVariance(at) },
    gain: logPosterior - without,
  };
}

/** E[σ_w²] by the trapezoidal rule over log σ_w², in which the density of σ_w has the Jacobian ½ σ_w. */
function meanVariance(logPosterior: (logVariance: number) => number): number {
  const [first, last] = [log(RANGE.lower), log(RANGE.upper)];
  const nodes = Array.from({ length: NODES }, (_, k) => first + ((last - first) * k) / (NODES - 1));
  const logWeights = nodes.map((node) => logPosterior(node) + node / 2);
  const most = logWeights.reduce((a, b) => Math.max(a, b));
  let [sum, total] = [0, 0];
  nodes.forEach((node, k) => {
    const weight = exp(logWeights[k]! - most);
    total += weight;
    sum += weight * exp(node);
  });
  return sum / total;
}

/** Nodes of the rule: half a unit apart. */
const NODES = 33;

function checkSize(settings: number): void {
  if (settings <= MOST_PLOT_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `A Gaussian process with the errors of whole plots takes up to ${MOST_PLOT_SETTINGS} distinct settings, found ${settings}: leave whole_plot out or use fewer rows.`,
    { details: { settings, most: MOST_PLOT_SETTINGS } },
  );
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assemble(parts: WholePlotParts): WholePlotGaussianProcess {
  const transform = createTransform(parts.transform);
  const process = assembleGaussianProcess(parts);
  let known: SharedError | undefined;
  const sharedError = (): SharedError => (known ??= sharedErrorOf(parts, process, transform));
  return {
    ...process,
    get sharedError() {
      return sharedError();
    },
    describe: () => ({ ...process.describe(), ...describeSharedError(sharedError(), logSuffix(transform)) }),
    toJSON: () => wholePlotRecord(parts),
  };
}

/** Fall of the log posterior at the ends of a 95 % interval: half the 95 % quantile of χ² with one degree of freedom. */
const FALL_95 = 1.9207;
/** Halvings of an end of the interval, on the logarithm of a variance between RANGE.lower and RANGE.upper. */
const HALVINGS = 30;

function sharedErrorOf(
  { statistics, hyperparameters, preset, mean, gain }: WholePlotParts,
  { posterior }: GaussianProcess,
  transform: OutcomeTransform,
): SharedError {
  const priors = presetOf(preset, mean === "estimated" ? { mean: "constant" } : {});
  const at = (logVariance: number): number =>
    logPosteriorAt(statistics, posterior.kernel, priors, {
      ...hyperparameters,
      plotVariance: exp(logVariance),
    });
  const best = log(Math.max(hyperparameters.plotVariance, RANGE.lower));
  const least = at(best) - FALL_95;
  const end = (outer: number): number => {
    if (at(outer) >= least) return outer;
    let [inside, outside] = [best, outer];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (inside + outside) / 2;
      if (at(middle) >= least) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  const unit = unitOfModelScale(transform);
  const [low, high] = [end(log(RANGE.lower)), end(log(RANGE.upper))];
  const stdDev = (variance: number): number => unit * Math.sqrt(variance);
  const members = membersOfPlots(statistics.plot);
  const rows = (settings: readonly number[]): number =>
    settings.reduce((sum, g) => sum + statistics.count[g]!, 0);
  return {
    plots: members.length,
    repeated: members.filter((settings) => rows(settings) > 1).length,
    stdDev: stdDev(hyperparameters.plotVariance),
    interval95: [low <= log(RANGE.lower) ? 0 : stdDev(exp(low)), stdDev(exp(high))],
    rowStdDev: stdDev(hyperparameters.noiseVariance[0]!),
    gain,
  };
}

function describeSharedError(
  { plots, repeated, stdDev, interval95, gain }: SharedError,
  suffix: string,
): Record<string, number | string> {
  return {
    "whole plots": plots,
    "whole plots of two rows or more": repeated,
    [`standard deviation of the error shared by a whole plot${suffix}`]: readable(stdDev),
    [`its 95 % interval${suffix}`]: `${readable(interval95[0])} to ${readable(interval95[1])}`,
    "gain by errors of whole plots, nats": readable(gain),
  };
}
