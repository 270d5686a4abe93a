import type { Matrix } from "../math/matrix.js";
import { drawConditional } from "./conditional-draws.js";
import { furtherStatistics } from "./further-rows.js";
import type { ConditionedProcess, GaussianProcessModel } from "./gaussian-process-model.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { sampleJointly } from "./joint-samples.js";
import { leaveOneSettingOut, leaveSettingsOut } from "./leave-one-out.js";
import type { ProcessPosterior } from "./posterior.js";
import { drawSamplePaths } from "./sample-paths.js";
import type { InputDimension, MarginalPosterior, PredictOptions } from "./surrogate.js";
import type { OutcomeTransform } from "./transform.js";
import { checkPrediction, warpedPosterior } from "./warped-posterior.js";

/** All that an exact posterior predicts, in raw units where the interface says so; records and words are the model's own. */
export function processPredictions(
  posterior: ProcessPosterior,
  inputs: readonly InputDimension[],
  trainingRows: number,
  transform: OutcomeTransform,
): Omit<GaussianProcessModel, "describe" | "toJSON"> {
  return {
    ...conditionedProcess(posterior, inputs, transform),
    kind: "gaussian-process",
    trainingRows,
    hyperparameters: posterior.hyperparameters,
    leaveSettingsOut: (settings) => leaveSettingsOut(posterior, settings).map((z) => transform.toRaw(z)),
  };
}

/** What a posterior predicts and draws, and what it says given further rows. */
export function conditionedProcess(
  posterior: ProcessPosterior,
  inputs: readonly InputDimension[],
  transform: OutcomeTransform,
): ConditionedProcess {
  const { hyperparameters, statistics, prior } = posterior;
  const joint: ConditionedProcess["joint"] = (points) => posterior.joint(points);
  const sampled = { inputs, modelScale: transform, components: [joint] };
  return {
    inputs,
    modelScale: transform,
    trainingInputs: statistics.X,
    noiseVariance: newRunNoise(hyperparameters),
    predict: (points, options = {}) => predict(posterior, inputs, transform, points, options),
    latentAt: (x) => posterior.latentAt(x),
    latentMoments: (points) => posterior.moments(points),
    latentMeans: (points) => posterior.means(points),
    joint,
    draw: (basePoints, standardNormals) => drawConditional(posterior, basePoints, standardNormals),
    leaveOneOut: () => rawLeaveOneOut(posterior, transform),
    samples: (points, count, rng, scale) => sampleJointly(sampled, points, count, rng, scale),
    ...(prior && { samplePaths: (count, rng) => drawSamplePaths(posterior, prior, inputs, count, rng) }),
    withObservations(rows) {
      const further = furtherStatistics(rows, inputs, transform, statistics.levels);
      return conditionedProcess(posterior.extended(further), inputs, transform);
    },
  };
}

/** Noise variance of one new run per level; its set-up may be a new one, whose error it then has too. */
function newRunNoise({ noiseVariance, plotVariance }: Hyperparameters): Float64Array {
  return plotVariance === undefined
    ? noiseVariance
    : noiseVariance.map((variance) => variance + plotVariance);
}

function predict(
  posterior: ProcessPosterior,
  inputs: readonly InputDimension[],
  transform: OutcomeTransform,
  points: Matrix,
  options: PredictOptions,
): MarginalPosterior {
  const noiseVariance = newRunNoise(posterior.hyperparameters);
  checkPrediction(inputs, noiseVariance.length, points, options);
  const { mean, variance } = posterior.moments(points);
  const level = (i: number): number => options.noiseLevel?.[i] ?? 0;
  const marginals = {
    mean,
    latentVariance: variance,
    noiseVariance: mean.map((_, i) => noiseVariance[level(i)]!),
  };
  return warpedPosterior(marginals, transform, options.knownNoiseVariance ?? 0);
}

/** Latent mean and standard deviation in raw units; density of the setting's (back-transformed) mean outcome. */
function rawLeaveOneOut(
  posterior: ProcessPosterior,
  transform: OutcomeTransform,
): { mean: Float64Array; stdDev: Float64Array; logDensity: Float64Array } {
  const model = leaveOneSettingOut(posterior);
  const mean = new Float64Array(model.mean.length);
  const stdDev = new Float64Array(model.mean.length);
  const logDensity = new Float64Array(model.mean.length);
  for (let g = 0; g < mean.length; g++) {
    const moments = transform.rawMoments(model.mean[g]!, Math.sqrt(model.latentVariance[g]!));
    mean[g] = moments.mean;
    stdDev[g] = moments.stdDev;
    logDensity[g] = model.logDensity[g]! + transform.logSlope(transform.toRaw(posterior.statistics.mean[g]!));
  }
  return { mean, stdDev, logDensity };
}
