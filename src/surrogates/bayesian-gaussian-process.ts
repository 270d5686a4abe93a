import { CellwrightError } from "../errors.js";
import type { RadialKernelName } from "../kernels/kernel.js";
import { createProductKernel, type ProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { log, logSumExp } from "../math/elementary.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import { BAYESIAN_PRESETS, type BayesianPresetName, samplingCoordinates } from "./bayesian-coordinates.js";
import { describeBayesian } from "./bayesian-description.js";
import { gaussianMixturePosterior } from "./bayesian-mixture.js";
import { type BayesianGaussianProcessParts, bayesianRecord, readBayesianParts } from "./bayesian-record.js";
import {
  pointIntervals,
  type SampledHyperparameters,
  sampleHyperparameters,
  type SamplerOptions,
  type SamplingReport,
} from "./bayesian-sampling.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { type JointMoments, mixtureMoments, sampleJointly } from "./joint-samples.js";
import { leaveOneSettingOut } from "./leave-one-out.js";
import { conditionGaussianProcess, type GaussianPosterior } from "./posterior.js";
import { createRecordReader } from "./record-reader.js";
import { isConstant, settingStatistics } from "./setting-statistics.js";
import type {
  InputDimension,
  MarginalPosterior,
  OutcomeScale,
  PredictOptions,
  Surrogate,
  SurrogateData,
  SurrogateRecord,
} from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform, type OutcomeTransform } from "./transform.js";
import { checkPrediction } from "./warped-posterior.js";

export interface BayesianGaussianProcessOptions {
  readonly preset?: BayesianPresetName;
  readonly scale?: OutcomeScale;
  readonly kernel?: RadialKernelName;
  /** Seed of the chains; default 0. */
  readonly seed?: number;
  readonly sampler?: SamplerOptions;
  readonly signal?: AbortSignal;
}

/**
 * A Gaussian process whose hyperparameters are drawn, not chosen. Its posterior is a mixture and so not Gaussian: it
 * predicts, but it is no `GaussianLatent` that acquisition functions could work on.
 */
export interface BayesianGaussianProcess extends Surrogate {
  readonly kind: "bayesian-gaussian-process";
  /** What predictions average over, with equal weights. */
  readonly draws: readonly Hyperparameters[];
  readonly sampling: SamplingReport;
  readonly samples: NonNullable<Surrogate["samples"]>;
  /**
   * Joint moments of the latent outcome on the model scale, [m] and [m × m]: of the mixture over draws, which is not
   * Gaussian.
   */
  joint(points: Matrix): JointMoments;
  /**
   * Leave-one-out predictions of the merged training rows, raw units: each draw's exact one, averaged. As for
   * `GaussianLatent.leaveOneOut` hyperparameters stay as learned from all rows: draws are not reweighted.
   */
  leaveOneOut(): {
    readonly mean: Float64Array;
    readonly stdDev: Float64Array;
    readonly logDensity: Float64Array;
  };
}

/** Distinct settings beyond which sampling takes minutes (5 ms an evaluation at 500, some 15,000 evaluations). */
export const MOST_SAMPLED_SETTINGS = 500;

/** A fully Bayesian fit before it is known why it was made, and all samples behind its draws. */
export interface SampledFit {
  readonly parts: Omit<BayesianGaussianProcessParts, "choice">;
  readonly samples: readonly Hyperparameters[];
}

/**
 * Fits a fully Bayesian Gaussian process to one outcome: warp, merge replicates, sample hyperparameters by the no-U-turn
 * sampler under the preset's priors, condition on every retained draw.
 *
 * The warp is learned beforehand and kept. Where all outcomes are equal the preset's start is the only draw, as for the
 * maximum a posteriori. A preset with an estimated mean keeps it profiled at each draw.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed), INVALID_OPTION, TOO_MANY_ROWS beyond 500
 *   distinct settings, CANCELLED, NOT_POSITIVE_DEFINITE, NON_FINITE
 */
export function fitBayesianGaussianProcess(
  data: SurrogateData,
  options: BayesianGaussianProcessOptions = {},
): BayesianGaussianProcess {
  return assembleBayesian({
    ...sampleGaussianProcess(data, options).parts,
    choice: { inference: "nuts", gain: 0, standardError: 0 },
  });
}

/** The sampling part of the fit. @throws CellwrightError as `fitBayesianGaussianProcess` */
export function sampleGaussianProcess(
  data: SurrogateData,
  options: BayesianGaussianProcessOptions,
): SampledFit {
  const { preset = "default", scale = "auto", kernel: kernelName = "matern-5/2", seed = 0 } = options;
  const rows = arrangeRows(data);
  checkSize(rows.X.rows);
  const kernel = kernelOf(data.inputs, kernelName);
  const transform = fitTransform(rows.y, rows.groupStart, scale);
  const statistics = settingStatistics(rows, transform);
  const coordinates = samplingCoordinates(preset, kernel.dimension, statistics.levels);
  const sampled = isConstant(statistics)
    ? unsampled(coordinates.hyperparametersAt(coordinates.start))
    : sampleHyperparameters(statistics, kernel, coordinates, createRng(seed).fork("nuts"), {
        ...options.sampler,
        ...(options.signal && { signal: options.signal }),
      });
  return {
    samples: sampled.samples,
    parts: {
      inputs: data.inputs,
      preset,
      kernel: kernelName,
      mean: coordinates.mean,
      transform: transform.record,
      trainingRows: data.y.length,
      draws: sampled.draws,
      intervals: sampled.intervals,
      sampling: sampled.report,
      statistics,
    },
  };
}

/** The kernel of a record or of options. */
export function kernelOf(inputs: readonly InputDimension[], name: RadialKernelName): ProductKernel {
  return createProductKernel(
    radialKernels[name],
    inputs.map(({ kind }) => kind),
  );
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadBayesianGaussianProcess(record: SurrogateRecord): BayesianGaussianProcess {
  const reader = createRecordReader(record);
  const parts = readBayesianParts(reader, BAYESIAN_PRESETS);
  reader.finish();
  return assembleBayesian(parts);
}

function checkSize(settings: number): void {
  if (settings <= MOST_SAMPLED_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `Sampling hyperparameters takes up to ${MOST_SAMPLED_SETTINGS} distinct settings, found ${settings}: use inference map.`,
    { details: { settings, most: MOST_SAMPLED_SETTINGS } },
  );
}

function unsampled(hyperparameters: Hyperparameters): SampledHyperparameters {
  return {
    samples: [hyperparameters],
    draws: [hyperparameters],
    intervals: pointIntervals(hyperparameters),
    report: {
      chains: 0,
      warmup: 0,
      samples: 0,
      divergences: 0,
      rHat: 1,
      bulkEss: 0,
      tailEss: 0,
      evaluations: 0,
    },
  };
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
export function assembleBayesian(parts: BayesianGaussianProcessParts): BayesianGaussianProcess {
  const { inputs, statistics, draws } = parts;
  const transform = createTransform(parts.transform);
  const kernel = kernelOf(inputs, parts.kernel);
  const posteriors = draws.map((draw) => conditionGaussianProcess(statistics, kernel, draw, parts.mean));
  const components = posteriors.map((posterior) => (points: Matrix) => posterior.joint(points));
  const sampled = { inputs, modelScale: transform, components };
  return {
    kind: "bayesian-gaussian-process",
    inputs,
    trainingRows: parts.trainingRows,
    draws,
    sampling: parts.sampling,
    predict(points, options = {}) {
      checkPrediction(inputs, statistics.levels, points, options);
      return predict(posteriors, transform, points, options);
    },
    samples: (points, count, rng, scale) => sampleJointly(sampled, points, count, rng, scale),
    joint: (points) => mixtureMoments(components.map((component) => component(points))),
    leaveOneOut: () => leaveOneOut(posteriors, transform),
    describe: () => describeBayesian(parts, transform),
    toJSON: () => bayesianRecord(parts),
  };
}

function predict(
  posteriors: readonly GaussianPosterior[],
  transform: OutcomeTransform,
  points: Matrix,
  options: PredictOptions,
): MarginalPosterior {
  const m = points.rows;
  const marginals = posteriors.map((posterior) => {
    const { noiseVariance } = posterior.hyperparameters;
    const draw = {
      mean: new Float64Array(m),
      latentVariance: new Float64Array(m),
      noiseVariance: Float64Array.from({ length: m }, (_, i) => noiseVariance[options.noiseLevel?.[i] ?? 0]!),
    };
    for (let i = 0; i < m; i++) {
      const { mean, variance } = posterior.momentsAt(matrixRow(points, i));
      draw.mean[i] = mean;
      draw.latentVariance[i] = variance;
    }
    return draw;
  });
  return gaussianMixturePosterior(marginals, transform, options.knownNoiseVariance ?? 0);
}

/** Moments of the latent outcome and log density of each setting's mean, with equal weights of the draws. */
function leaveOneOut(
  posteriors: readonly GaussianPosterior[],
  transform: OutcomeTransform,
): { mean: Float64Array; stdDev: Float64Array; logDensity: Float64Array } {
  const each = posteriors.map(leaveOneSettingOut);
  const { statistics } = posteriors[0]!;
  const mixture = gaussianMixturePosterior(
    each.map(({ mean, latentVariance }) => ({
      mean,
      latentVariance,
      noiseVariance: new Float64Array(mean.length),
    })),
    transform,
    0,
  );
  return {
    mean: mixture.mean,
    stdDev: mixture.stdDev,
    logDensity: statistics.mean.map(
      (z, g) =>
        logSumExp(each.map(({ logDensity }) => logDensity[g]!)) -
        log(each.length) +
        transform.logSlope(transform.toRaw(z)),
    ),
  };
}
