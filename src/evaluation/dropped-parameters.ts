import type { Campaign } from "../campaign/campaign.js";
import { definedFields } from "../campaign/defined-fields.js";
import { type Executor, inProcess } from "../surrogates/executor.js";
import {
  type CrossValidationOptions,
  type OutcomeEvaluation,
  planCrossValidation,
} from "./cross-validation.js";
import { runPlans } from "./held-out-task.js";
import { pairedDifference } from "./paired-difference.js";

/** What becomes of the skill when the surrogate is not shown one parameter. */
export interface DroppedParameter {
  readonly parameter: string;
  readonly evaluation: OutcomeEvaluation;
  /** Log density per group gained by dropping it, nats, and its standard error: above 0 the parameter only misleads. */
  readonly gain: number;
  readonly gainStandardError: number;
}

/**
 * Cross-validates an outcome without each parameter in turn, on the same folds as `full`.
 *
 * A parameter that carries nothing makes the figures better when it is dropped; the data then establish no effect.
 * Nothing is returned for a campaign of a single parameter: there would be nothing left to learn from.
 */
export async function dropParameters(
  campaign: Campaign,
  full: OutcomeEvaluation,
  options: CrossValidationOptions & { readonly executor?: Executor },
): Promise<readonly DroppedParameter[]> {
  const { parameters } = campaign.space;
  if (parameters.length < 2) return [];
  const { executor = inProcess, signal, onProgress } = options;
  const plans = parameters.map(({ name }) =>
    planCrossValidation(campaign, full.outcome, {
      ...options,
      folds: full.folds,
      seed: full.seed,
      exclude: [...full.exclude, name],
    }),
  );
  const evaluations = await runPlans(plans, executor, definedFields({ signal, onDone: onProgress }));
  return parameters.map(({ name }, k) => {
    const evaluation = evaluations[k]!;
    const { mean, standardError } = pairedDifference(evaluation.groupPredictions, full.groupPredictions);
    return { parameter: name, evaluation, gain: mean, gainStandardError: standardError };
  });
}
