import type { Matrix } from "../math/matrix.js";
import { drawConditional } from "./conditional-draws.js";
import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { leaveOneSettingOut, leaveSettingsOut } from "./leave-one-out.js";
import type { ProcessPosterior } from "./posterior.js";
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
  const { hyperparameters, statistics } = posterior;
  return {
    kind: "gaussian-process",
    inputs,
    trainingRows,
    hyperparameters,
    modelScale: transform,
    trainingInputs: statistics.X,
    noiseVariance: hyperparameters.noiseVariance,
    predict: (points, options = {}) => predict(posterior, inputs, transform, points, options),
    latentAt: (x) => posterior.latentAt(x),
    joint: (points) => posterior.joint(points),
    draw: (basePoints, standardNormals) => drawConditional(posterior, basePoints, standardNormals),
    leaveOneOut: () => rawLeaveOneOut(posterior, transform),
    leaveSettingsOut: (settings) => leaveSettingsOut(posterior, settings).map((z) => transform.toRaw(z)),
  };
}

function predict(
  posterior: ProcessPosterior,
  inputs: readonly InputDimension[],
  transform: OutcomeTransform,
  points: Matrix,
  options: PredictOptions,
): MarginalPosterior {
  const { noiseVariance } = posterior.hyperparameters;
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
