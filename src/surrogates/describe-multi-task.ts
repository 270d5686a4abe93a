import { levelCorrelation } from "../kernels/categorical.js";
import type { Matrix } from "../math/matrix.js";
import type { MultiTaskParts } from "./multi-task-record.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import type { SitesPosterior } from "./site-view.js";
import type { OutcomeTransform } from "./transform.js";

/** Named numbers of one task: what it shares with the others, and its own scale in the outcome's unit. */
export function describeTask(
  parts: MultiTaskParts,
  { model, statistics, alpha }: SitesPosterior,
  correlation: Matrix,
  site: number,
  transform: OutcomeTransform,
): Record<string, number | string> {
  const unit = unitOfModelScale(transform);
  const suffix = logSuffix(transform);
  const { lengthscales, noiseVariance, coregionalization } = parts.hyperparameters;
  const tasks = parts.tasks.length;
  const description: Record<string, number | string> = {
    task: parts.tasks[site]!,
    "joint with": parts.tasks.filter((_, t) => t !== site).join(", ") || "nothing",
    "tasks are": parts.across,
    "shared functions": coregionalization.loadings.cols,
    kernel: parts.kernel,
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows[site]!,
    settings: statistics.site.reduce((sum, s) => sum + (s === site ? 1 : 0), 0),
  };
  parts.tasks.forEach((name, t) => {
    if (t !== site) {
      description[`correlation with ${name}`] = readable(correlation.data[site * tasks + t]!);
    }
  });
  parts.inputs.forEach((input, k) => {
    const lengthscale = lengthscales[k]!;
    if (input.kind === "continuous") description[`lengthscale of ${input.name}`] = readable(lengthscale);
    else description[`correlation between levels of ${input.name}`] = readable(levelCorrelation(lengthscale));
  });
  const signal = model.terms[0]!.coupling.data[site * tasks + site]!;
  description[`signal standard deviation${suffix}`] = readable(unit * Math.sqrt(signal));
  const first = parts.levels.slice(0, site).reduce((sum, count) => sum + count, 0);
  for (let level = 0; level < parts.levels[site]!; level++) {
    const which = parts.levels[site] === 1 ? "" : `, level ${level}`;
    const variance = noiseVariance[first + level]!;
    description[`noise standard deviation${suffix}${which}`] = readable(unit * Math.sqrt(variance));
  }
  if (model.offset !== null) {
    // Posterior mean of the source's level: its prior variance times the sum of its weights.
    const weights = alpha.reduce((sum, value, g) => sum + (statistics.site[g] === site ? value : 0), 0);
    const level = model.offset.data[site * tasks + site]! * weights;
    description[`level against the average of the sources${suffix}`] = readable(unit * level);
  }
  return description;
}
