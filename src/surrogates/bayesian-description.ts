import { levelCorrelation } from "../kernels/categorical.js";
import type { BayesianGaussianProcessParts } from "./bayesian-record.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import type { OutcomeTransform } from "./transform.js";

/**
 * Named numbers that an engineer can read: posterior medians with 95 % intervals of lengthscales (shares of the
 * parameter's range) and standard deviations (the outcome's unit; of its natural logarithm on a log scale), and how far
 * the chains can be trusted.
 */
export function describeBayesian(
  parts: BayesianGaussianProcessParts,
  transform: OutcomeTransform,
): Record<string, number | string> {
  const { intervals, sampling, statistics, inputs } = parts;
  const description: Record<string, number | string> = {
    preset: parts.preset,
    kernel: parts.kernel,
    inference: inferenceOf(parts),
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows,
    settings: statistics.X.rows,
  };
  const add = (
    name: string,
    quantiles: Float64Array,
    index: number,
    count: number,
    shown: (value: number) => number,
  ): void => {
    const [lower, middle, upper] = [0, 1, 2].map((q) => readable(shown(quantiles[q * count + index]!)));
    description[name] = middle!;
    description[`${name}, 95 % interval`] = `${lower} to ${upper}`;
  };
  inputs.forEach((input, k) => {
    if (input.kind === "continuous") {
      add(`lengthscale of ${input.name}`, intervals.lengthscales, k, inputs.length, (value) => value);
    } else {
      const name = `correlation between levels of ${input.name}`;
      add(name, intervals.lengthscales, k, inputs.length, levelCorrelation);
    }
  });
  const unit = unitOfModelScale(transform);
  const stdDev = (variance: number): number => unit * Math.sqrt(variance);
  const suffix = logSuffix(transform);
  add(`signal standard deviation${suffix}`, intervals.signalVariance, 0, 1, stdDev);
  for (let level = 0; level < statistics.levels; level++) {
    const which = statistics.levels === 1 ? "" : `, level ${level}`;
    add(
      `noise standard deviation${suffix}${which}`,
      intervals.noiseVariance,
      level,
      statistics.levels,
      stdDev,
    );
  }
  if (sampling.samples > 0) {
    description["largest R-hat"] = Number(sampling.rHat.toFixed(4));
    description["smallest effective sample size"] = Math.round(Math.min(sampling.bulkEss, sampling.tailEss));
    description["divergences"] = sampling.divergences;
  }
  return description;
}

function inferenceOf({ sampling, draws, choice }: BayesianGaussianProcessParts): string {
  if (sampling.samples === 0) return "none: the outcome does not vary";
  const how = `NUTS, ${sampling.chains} chains of ${sampling.samples}, ${draws.length} draws kept`;
  if (choice.inference === "nuts") return how;
  const { gain, standardError } = choice;
  return (
    `${how}; taken by auto because leave-one-out log density gains ` +
    `${gain.toFixed(2)} ± ${standardError.toFixed(2)} nats over the maximum a posteriori`
  );
}
