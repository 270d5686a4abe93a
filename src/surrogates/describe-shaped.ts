import { levelCorrelation } from "../kernels/categorical.js";
import type { KernelTerm } from "../kernels/kernel-terms.js";
import { linearCoefficients } from "./linear-coefficients.js";
import type { ProcessPosterior } from "./posterior.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import { shapedLikelihood } from "./shaped-likelihood.js";
import type { ShapedModel } from "./shaped-prior.js";
import type { ShapedParts } from "./shaped-record.js";
import type { OutcomeTransform } from "./transform.js";

/** What a term is called after the name of a number. */
const TERM_NAMES: Readonly<Record<KernelTerm["role"], string>> = {
  joint: "",
  curve: ", common curve",
  levels: ", shifts between levels",
  interaction: ", levels' own curves",
};

/**
 * Named numbers that an engineer can read, as of a plain process (describe-gaussian-process.ts): each term's lengthscales
 * (of warped inputs where there is a warp) and standard deviation, the warp's concentrations, and the linear trend as
 * the outcome's change over the whole range of an input.
 */
export function describeShaped(
  parts: ShapedParts,
  model: ShapedModel,
  transform: OutcomeTransform,
  posterior: ProcessPosterior,
): Record<string, number | string> {
  const { hyperparameters, statistics, shape } = parts;
  const unit = unitOfModelScale(transform);
  const suffix = logSuffix(transform);
  const description: Record<string, number | string> = {
    preset: parts.preset,
    kernel: shape.kernel,
    structure: shape.structure,
    mean: shape.mean === "estimated" ? "constant" : shape.mean,
    "input warp": hyperparameters.warp === null ? "none" : "kumaraswamy",
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows,
    settings: statistics.X.rows,
  };
  describeTerms(parts, model, unit, suffix, description);
  hyperparameters.noiseVariance.forEach((variance, level) => {
    const which = hyperparameters.noiseVariance.length === 1 ? "" : `, level ${level}`;
    description[`noise standard deviation${suffix}${which}`] = readable(unit * Math.sqrt(variance));
  });
  describeWarp(parts, model, description);
  if (shape.mean === "linear") describeTrend(parts, model, transform, posterior, description);
  const { value } = shapedLikelihood(model, statistics, hyperparameters);
  return { ...description, "log marginal likelihood": readable(value) };
}

function describeTerms(
  { inputs, hyperparameters }: ShapedParts,
  model: ShapedModel,
  unit: number,
  suffix: string,
  description: Record<string, number | string>,
): void {
  model.terms.forEach(({ role, columns }, t) => {
    const term = hyperparameters.terms[t]!;
    columns.forEach((k, c) => {
      const { kind, name } = inputs[k]!;
      const lengthscale = term.lengthscales[c]!;
      if (kind === "continuous")
        description[`lengthscale of ${name}${TERM_NAMES[role]}`] = readable(lengthscale);
      else {
        description[`correlation between levels of ${name}${TERM_NAMES[role]}`] = readable(
          levelCorrelation(lengthscale),
        );
      }
    });
    description[`signal standard deviation${suffix}${TERM_NAMES[role]}`] = readable(
      unit * Math.sqrt(term.signalVariance),
    );
  });
}

function describeWarp(
  { inputs, hyperparameters: { warp } }: ShapedParts,
  { continuous }: ShapedModel,
  description: Record<string, number | string>,
): void {
  if (warp === null) return;
  for (const k of continuous) {
    description[`warp of ${inputs[k]!.name}`] = `a ${readable(warp.a[k]!)}, b ${readable(warp.b[k]!)}`;
  }
}

function describeTrend(
  { inputs }: ShapedParts,
  model: ShapedModel,
  transform: OutcomeTransform,
  posterior: ProcessPosterior,
  description: Record<string, number | string>,
): void {
  const unit = unitOfModelScale(transform);
  const suffix = logSuffix(transform);
  for (const { input, mean, stdDev } of linearCoefficients(model, posterior)) {
    const name =
      input === null
        ? "trend at the middle of all ranges"
        : `trend over the range of ${inputs[input]!.name}${suffix}`;
    description[name] = readable(input === null ? transform.toRaw(mean) : unit * mean);
    description[`${name}, standard deviation${input === null ? suffix : ""}`] = readable(unit * stdDev);
  }
}
