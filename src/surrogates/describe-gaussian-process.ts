import { levelCorrelation } from "../kernels/categorical.js";
import type { GaussianProcessParts } from "./gaussian-process-record.js";
import { createMarginalLikelihood, replicatesTerm, rowNoise, settingsTerm } from "./marginal-likelihood.js";
import type { GaussianPosterior } from "./posterior.js";
import type { MeanFunction } from "./presets/preset.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import type { OutcomeTransform } from "./transform.js";

/** Hyperparameters and likelihood of an exact process as named numbers, see `describeHyperparameters`. */
export function describeGaussianProcess(
  parts: GaussianProcessParts,
  transform: OutcomeTransform,
  posterior: GaussianPosterior,
): Record<string, number | string> {
  return {
    ...describeHyperparameters(parts, transform),
    "log marginal likelihood": readable(logMarginalLikelihood(posterior, parts.mean)),
  };
}

/** That of the rows; observed slopes are conditioned on, but no part of it. */
function logMarginalLikelihood(posterior: GaussianPosterior, mean: MeanFunction): number {
  const { hyperparameters, statistics, kernel, conditioned, constant, alpha, slopes } = posterior;
  if (slopes !== undefined) {
    const gradient = new Float64Array(kernel.dimension + 1 + statistics.levels);
    return createMarginalLikelihood(statistics, kernel, mean).evaluate(hyperparameters, gradient);
  }
  const residual = statistics.mean.map((value) => value - constant);
  const ofReplicates = replicatesTerm(rowNoise(statistics, hyperparameters), statistics);
  return settingsTerm(conditioned.diagonal(), residual, alpha) + ofReplicates;
}

/**
 * Named numbers that an engineer can read: lengthscales as shares of the parameter's range, standard deviations in the
 * outcome's unit (of its natural logarithm on a log scale; at the middle of the data under a Yeo–Johnson warp).
 */
export function describeHyperparameters(
  parts: GaussianProcessParts,
  transform: OutcomeTransform,
): Record<string, number | string> {
  const { hyperparameters, statistics } = parts;
  const unit = unitOfModelScale(transform);
  const stdDev = (variance: number): number => readable(unit * Math.sqrt(variance));
  const suffix = logSuffix(transform);
  const description: Record<string, number | string> = {
    preset: parts.preset,
    kernel: parts.kernel,
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows,
    settings: statistics.X.rows,
  };
  parts.inputs.forEach((input, k) => {
    const lengthscale = hyperparameters.lengthscales[k]!;
    if (input.kind === "continuous") description[`lengthscale of ${input.name}`] = readable(lengthscale);
    else description[`correlation between levels of ${input.name}`] = readable(levelCorrelation(lengthscale));
  });
  description[`signal standard deviation${suffix}`] = stdDev(hyperparameters.signalVariance);
  hyperparameters.noiseVariance.forEach((variance, level) => {
    const which = hyperparameters.noiseVariance.length === 1 ? "" : `, level ${level}`;
    description[`noise standard deviation${suffix}${which}`] = stdDev(variance);
  });
  return description;
}
