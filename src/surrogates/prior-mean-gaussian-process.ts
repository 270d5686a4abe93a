import { CellwrightError } from "../errors.js";
import type { SmoothFunction } from "../kernels/prior-function.js";
import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import { drawConditional } from "./conditional-draws.js";
import { describeHyperparameters } from "./describe-gaussian-process.js";
import { MOST_SETTINGS } from "./gaussian-process.js";
import { furtherStatistics } from "./further-rows.js";
import type { ConditionedProcess, GaussianProcessModel } from "./gaussian-process-model.js";
import { type JointMoments, sampleJointly } from "./joint-samples.js";
import { leaveOneSettingOut, leaveSettingsOut } from "./leave-one-out.js";
import { createMarginalLikelihood } from "./marginal-likelihood.js";
import { conditionGaussianProcess, type GaussianPosterior, type ProcessPosterior } from "./posterior.js";
import type { GaussianProcessPresetName } from "./presets/preset.js";
import { presets } from "./presets/presets.js";
import { checkPriorMean, type MeanResolver, type PriorMean } from "./prior-mean.js";
import { describeParameters, type FittedParameter, fittedParameters } from "./prior-mean-description.js";
import { meanOnModelScale, residualOf, slopeOf } from "./prior-mean-objective.js";
import { type PriorMeanParts, priorMeanRecord, readPriorMeanRecord } from "./prior-mean-record.js";
import { maximizeJointPosterior } from "./prior-mean-search.js";
import { readable } from "./readable-scale.js";
import { drawSamplePaths, sumOf } from "./sample-paths.js";
import { type SettingStatistics, settingStatistics, stackStatistics } from "./setting-statistics.js";
import type {
  ConditionalDraws,
  LatentPoint,
  MarginalPosterior,
  PredictOptions,
  Surrogate,
  SurrogateData,
  SurrogateRecord,
} from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform, type OutcomeTransform } from "./transform.js";
import { checkPrediction, warpedPosterior } from "./warped-posterior.js";

export interface PriorMeanOptions {
  readonly mean: PriorMean;
  /** T, fixed: a learned warp would bend the law that the mean states. */
  readonly scale: "identity" | "log";
  readonly preset?: GaussianProcessPresetName;
  readonly kernel?: "matern-5/2" | "rbf";
  /** Random starts beside the three deliberate ones; default 2. */
  readonly starts?: number;
  /** Seed of the random starts; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** A Gaussian process around a parametric mean. */
export interface GaussianProcessWithMean extends GaussianProcessModel {
  /** The process of the residuals T(y) − T(m), on the model scale. */
  readonly residuals: GaussianPosterior;
  readonly parameters: readonly FittedParameter[];
}

/**
 * Fits T(y) = T(m(x; θ)) + f(x) + noise with f ~ GP(0, s²R), θ and hyperparameters together (maximum a posteriori).
 *
 * T is (y − centre)/spread or the same of log y; priors of the hyperparameters are those of the preset on that scale, and
 * the process has no constant of its own whatever the preset says: the mean has the level. Rows of one setting are merged.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed), INVALID_OPTION, TOO_MANY_ROWS beyond
 *   2,500 distinct settings, CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function fitGaussianProcessWithMean(
  data: SurrogateData,
  options: PriorMeanOptions,
): GaussianProcessWithMean {
  const { mean, preset = "default", kernel: kernelName = "matern-5/2", starts = 2, seed = 0 } = options;
  const rows = arrangeRows(data);
  checkOptions(rows.X.rows, starts);
  checkPriorMean(mean);
  checkMeanFits(mean, rows.X);
  const transform = fitTransform(rows.y, rows.groupStart, options.scale);
  const statistics = settingStatistics(rows, transform);
  const kernel = createProductKernel(
    radialKernels[kernelName],
    data.inputs.map(({ kind }) => kind),
  );
  const { hyperparameters, theta, coordinateStdDev, rowsPrecision } = maximizeJointPosterior(
    { statistics, kernel, preset: presets[preset], mean, transform },
    { randomStarts: starts, rng: createRng(seed), ...(options.signal && { signal: options.signal }) },
  );
  return assemble({
    inputs: data.inputs,
    preset,
    kernel: kernelName,
    transform: transform.record,
    trainingRows: data.y.length,
    hyperparameters,
    statistics,
    priorMean: mean,
    theta,
    coordinateStdDev,
    rowsPrecision,
  });
}

/** Whether a surrogate is a process around a parametric mean. */
export function hasFittedParameters(surrogate: Surrogate): surrogate is GaussianProcessWithMean {
  return surrogate.kind === "gaussian-process" && "parameters" in surrogate && "residuals" in surrogate;
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed, or if the mean is not known */
export function loadGaussianProcessWithMean(
  record: SurrogateRecord,
  resolveMean: MeanResolver,
): GaussianProcessWithMean {
  return assemble(readPriorMeanRecord(record, resolveMean));
}

function checkOptions(settings: number, starts: number): void {
  if (!(Number.isInteger(starts) && starts >= 0)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `starts must be a whole number of 0 or more, found ${starts}.`,
    );
  }
  if (settings <= MOST_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `A Gaussian process with a prior mean takes up to ${MOST_SETTINGS} distinct settings, found ${settings}.`,
    { details: { settings, most: MOST_SETTINGS } },
  );
}

function checkMeanFits(mean: PriorMean, X: Matrix): void {
  const start = Float64Array.from(mean.parameters, (parameter) => parameter.start);
  const { parameterGradient, inputGradient } = mean.evaluate(matrixRow(X, 0), start);
  if (parameterGradient.length === start.length && inputGradient.length === X.cols) return;
  throw new CellwrightError(
    "SHAPE_MISMATCH",
    `The mean ${mean.name} has gradients of ${parameterGradient.length} parameters and ${inputGradient.length} inputs, expected ${start.length} and ${X.cols}.`,
  );
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assemble(parts: PriorMeanParts): GaussianProcessWithMean {
  const { inputs, hyperparameters, statistics, priorMean, theta } = parts;
  const transform = createTransform(parts.transform);
  const kernel = createProductKernel(
    radialKernels[parts.kernel],
    inputs.map(({ kind }) => kind),
  );
  const meanAt = (X: Matrix): Float64Array => meanOnModelScale(priorMean, theta, X, transform).value;
  const trained = meanAt(statistics.X);
  const residuals = conditionGaussianProcess(
    { ...statistics, mean: residualOf(statistics, trained) },
    kernel,
    hyperparameters,
    "zero",
  );
  return {
    ...conditionedProcess(parts, transform, residuals, statistics),
    kind: "gaussian-process",
    trainingRows: parts.trainingRows,
    hyperparameters,
    residuals,
    parameters: fittedParameters(parts),
    leaveSettingsOut: (settings) =>
      leaveSettingsOut(residuals, settings).map((z, k) => transform.toRaw(z + trained[settings[k]!]!)),
    describe: () => describe(parts, transform, residuals),
    toJSON: () => priorMeanRecord(parts),
  };
}

/** @param statistics - Of the outcomes themselves, in the order of the residuals. */
function conditionedProcess(
  parts: PriorMeanParts,
  transform: OutcomeTransform,
  residuals: ProcessPosterior,
  statistics: SettingStatistics,
): ConditionedProcess {
  const { inputs, hyperparameters, priorMean, theta } = parts;
  const meanAt = (X: Matrix): Float64Array => meanOnModelScale(priorMean, theta, X, transform).value;
  const pointAt = (x: Float64Array): MeanPoint => meanPoint(parts, transform, x);
  const joint = (points: Matrix): JointMoments => {
    const { mean, covariance } = residuals.joint(points);
    const trend = meanAt(points);
    return { mean: mean.map((value, i) => value + trend[i]!), covariance };
  };
  const sampled = { inputs, modelScale: transform, components: [joint] };
  const { prior } = residuals;
  const trend: SmoothFunction = {
    value: (x) => pointAt(x).value,
    valueAndGradient(x, into) {
      const { value, gradient } = pointAt(x);
      into.set(gradient);
      return value;
    },
  };
  return {
    inputs,
    modelScale: transform,
    trainingInputs: statistics.X,
    noiseVariance: hyperparameters.noiseVariance,
    predict: (points, options = {}) => predict(parts, residuals, transform, points, options),
    latentAt: (x) => shiftedLatent(residuals.latentAt(x), pointAt(x)),
    joint,
    draw: (basePoints, standardNormals) =>
      shiftedDraws(drawConditional(residuals, basePoints, standardNormals), meanAt(basePoints), pointAt),
    leaveOneOut: () => rawLeaveOneOut(residuals, statistics.mean, meanAt(statistics.X), transform),
    samples: (points, count, rng, scale) => sampleJointly(sampled, points, count, rng, scale),
    ...(prior && {
      samplePaths: (count, rng) =>
        drawSamplePaths(residuals, prior, inputs, count, rng).map((path) => sumOf([path, trend], 0)),
    }),
    withObservations(rows) {
      const further = furtherStatistics(rows, inputs, transform, statistics.levels);
      const residual = { ...further, mean: residualOf(further, meanAt(further.X)) };
      return conditionedProcess(
        parts,
        transform,
        residuals.extended(residual),
        stackStatistics(statistics, further),
      );
    },
  };
}

/** T(m) at one point and its gradient with respect to the encoded inputs. */
interface MeanPoint {
  readonly value: number;
  readonly gradient: Float64Array;
}

function meanPoint(
  { priorMean, theta }: PriorMeanParts,
  transform: OutcomeTransform,
  x: Float64Array,
): MeanPoint {
  const { value, inputGradient } = priorMean.evaluate(x, theta);
  const slope = slopeOf(transform, value);
  return { value: transform.toModel(value), gradient: inputGradient.map((partial) => slope * partial) };
}

function shiftedLatent(residual: LatentPoint, mean: MeanPoint): LatentPoint {
  return {
    ...residual,
    mean: residual.mean + mean.value,
    meanGradient: residual.meanGradient.map((partial, k) => partial + mean.gradient[k]!),
  };
}

/** Draws of residuals as draws of the outcome: values and conditional means move by T(m). */
function shiftedDraws(
  draws: ConditionalDraws,
  atBasePoints: Float64Array,
  meanAt: (x: Float64Array) => MeanPoint,
): ConditionalDraws {
  const b = draws.values.cols;
  const shift = (matrix: Matrix, by: (column: number) => number): Matrix => ({
    ...matrix,
    data: matrix.data.map((value, i) => value + by(i % matrix.cols)),
  });
  return {
    values: b === 0 ? draws.values : shift(draws.values, (k) => atBasePoints[k]!),
    at(x, withGradient) {
      const point = draws.at(x, withGradient);
      const { value, gradient } = meanAt(x);
      return {
        ...point,
        means: point.means.map((mean) => mean + value),
        ...(point.meanGradients && { meanGradients: shift(point.meanGradients, (k) => gradient[k]!) }),
      };
    },
  };
}

function predict(
  parts: PriorMeanParts,
  residuals: ProcessPosterior,
  transform: OutcomeTransform,
  points: Matrix,
  options: PredictOptions,
): MarginalPosterior {
  const { noiseVariance } = parts.hyperparameters;
  checkPrediction(parts.inputs, noiseVariance.length, points, options);
  const { mean, variance } = residuals.moments(points);
  const trend = meanOnModelScale(parts.priorMean, parts.theta, points, transform).value;
  if (!trend.every(Number.isFinite)) {
    throw new CellwrightError(
      "NON_FINITE",
      `The mean ${parts.priorMean.name} has no value on the ${transform.record.kind} scale at some points.`,
    );
  }
  const marginals = {
    mean: mean.map((residual, i) => residual + trend[i]!),
    latentVariance: variance,
    noiseVariance: mean.map((_, i) => noiseVariance[options.noiseLevel?.[i] ?? 0]!),
  };
  return warpedPosterior(marginals, transform, options.knownNoiseVariance ?? 0);
}

/** As of the process without a mean: θ and hyperparameters stay as fitted on all rows. */
function rawLeaveOneOut(
  residuals: ProcessPosterior,
  settingMeans: Float64Array,
  trend: Float64Array,
  transform: OutcomeTransform,
): { mean: Float64Array; stdDev: Float64Array; logDensity: Float64Array } {
  const model = leaveOneSettingOut(residuals);
  const moments = Array.from(model.mean, (residual, g) =>
    transform.rawMoments(residual + trend[g]!, Math.sqrt(model.latentVariance[g]!)),
  );
  return {
    mean: Float64Array.from(moments, ({ mean }) => mean),
    stdDev: Float64Array.from(moments, ({ stdDev }) => stdDev),
    logDensity: model.logDensity.map(
      (value, g) => value + transform.logSlope(transform.toRaw(settingMeans[g]!)),
    ),
  };
}

function describe(
  parts: PriorMeanParts,
  transform: OutcomeTransform,
  residuals: GaussianPosterior,
): Record<string, number | string> {
  const { kernel, statistics, hyperparameters } = residuals;
  const gradient = new Float64Array(kernel.dimension + 1 + statistics.levels);
  const likelihood = createMarginalLikelihood(statistics, kernel, "zero");
  return {
    ...describeHyperparameters({ ...parts, mean: "zero" }, transform),
    ...describeParameters(parts),
    "log marginal likelihood": readable(likelihood.evaluate(hyperparameters, gradient)),
  };
}
