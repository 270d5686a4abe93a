import type { Campaign } from "../campaign/campaign.js";
import { definedFields } from "../campaign/defined-fields.js";
import { CellwrightError } from "../errors.js";
import { type Executor, inProcess } from "../surrogates/executor.js";
import { type CandidateModel, candidateLabel, candidatesFor, DEFAULT_CANDIDATES } from "./candidate-model.js";
import {
  type CrossValidationOptions,
  type OutcomeEvaluation,
  planCrossValidation,
} from "./cross-validation.js";
import { type HeldOutPlan, runPlans } from "./held-out-task.js";
import { pairedDifference } from "./paired-difference.js";

export interface ComparisonOptions extends Omit<CrossValidationOptions, "kind" | "preset"> {
  /** In order of preference where they are equally good. */
  readonly candidates?: readonly CandidateModel[];
  /** Where folds are predicted; default in this thread. */
  readonly executor?: Executor;
}

interface CandidateResult {
  readonly candidate: CandidateModel;
  /** Null if it could not be fitted to these data. */
  readonly evaluation: OutcomeEvaluation | null;
  /** Why it could not be fitted. */
  readonly problem: string | null;
  /** Log density per group behind the best candidate, nats, with its standard error; 0 for the best itself. */
  readonly behind: number | null;
  readonly behindStandardError: number | null;
}

export interface ModelComparison {
  readonly outcome: string;
  readonly results: readonly CandidateResult[];
  readonly winner: CandidateModel;
  /** The winner's evaluation. */
  readonly evaluation: OutcomeEvaluation;
  /** Why it won, in a sentence. */
  readonly reason: string;
}

/**
 * Compares candidates on the same grouped folds. Best is the largest mean log density of held-out groups; candidates
 * within one standard error of the best (paired by group) count as equally good, and the first in order of preference
 * wins among them.
 *
 * @throws CellwrightError the problem of the first candidate if none can be fitted; CANCELLED.
 * @see Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4.3 (one standard error)
 */
export async function compareModels(
  campaign: Campaign,
  outcome: string,
  options: ComparisonOptions = {},
): Promise<ModelComparison> {
  const { executor = inProcess, signal, onProgress } = options;
  const plan = planComparison(campaign, outcome, options);
  const [comparison] = await runPlans([plan], executor, definedFields({ signal, onDone: onProgress }));
  return comparison!;
}

/**
 * The folds of all candidates, to be predicted by any executor.
 *
 * @throws CellwrightError as `compareModels`
 */
export function planComparison(
  campaign: Campaign,
  outcome: string,
  options: ComparisonOptions = {},
): HeldOutPlan<ModelComparison> {
  const { candidates: wanted = DEFAULT_CANDIDATES, ...validation } = options;
  const about = campaign.outcomes.find(({ name }) => name === outcome);
  const candidates = about === undefined ? wanted : candidatesFor(campaign, about, wanted);
  const keepPlots = candidates.some(({ wholePlot }) => wholePlot === true); // all are compared on the same folds
  const plans = candidates.map((candidate) =>
    planCrossValidation(campaign, outcome, { keepPlots, ...validation, ...candidate }),
  );
  return {
    inputs: plans.flatMap(({ inputs }) => inputs),
    finish(predictions) {
      let start = 0;
      const attempts = plans.map((plan) =>
        attempt(plan, predictions.slice(start, (start += plan.inputs.length))),
      );
      return rank(outcome, candidates, attempts);
    },
  };
}

function rank(
  outcome: string,
  candidates: readonly CandidateModel[],
  attempts: readonly (OutcomeEvaluation | CellwrightError)[],
): ModelComparison {
  const evaluated = attempts.flatMap((result) => (result instanceof CellwrightError ? [] : [result]));
  const best = evaluated.reduce<OutcomeEvaluation | undefined>(
    (a, b) => (a === undefined || meanDensity(b) > meanDensity(a) ? b : a),
    undefined,
  );
  if (best === undefined) throw attempts[0] as CellwrightError;
  const results = attempts.map((result, i) => describe(candidates[i]!, result, best));
  const winner = results.find((result) => isEquallyGood(result))!;
  return {
    outcome,
    results,
    winner: winner.candidate,
    evaluation: winner.evaluation!,
    reason: reasonFor(winner, best),
  };
}

function attempt(
  plan: HeldOutPlan<OutcomeEvaluation>,
  predictions: Parameters<HeldOutPlan<OutcomeEvaluation>["finish"]>[0],
): OutcomeEvaluation | CellwrightError {
  try {
    const evaluation = plan.finish(predictions);
    if (Number.isFinite(evaluation.nlpd)) return evaluation;
    return new CellwrightError("NON_FINITE", "It gives a held-out run no density at all.");
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
}

function meanDensity(evaluation: OutcomeEvaluation): number {
  let sum = 0;
  for (const { logDensity } of evaluation.groupPredictions) sum += logDensity;
  return sum / evaluation.groupPredictions.length;
}

function describe(
  candidate: CandidateModel,
  result: OutcomeEvaluation | CellwrightError,
  best: OutcomeEvaluation,
): CandidateResult {
  if (result instanceof CellwrightError) {
    return { candidate, evaluation: null, problem: result.message, behind: null, behindStandardError: null };
  }
  const { mean, standardError } = pairedDifference(best.groupPredictions, result.groupPredictions);
  return { candidate, evaluation: result, problem: null, behind: mean, behindStandardError: standardError };
}

function isEquallyGood({ behind, behindStandardError }: CandidateResult): boolean {
  return behind !== null && behind <= behindStandardError!;
}

function reasonFor(winner: CandidateResult, best: OutcomeEvaluation): string {
  const name = candidateLabel(winner.candidate);
  if (winner.evaluation === best) return `${name} gives held-out groups the highest density.`;
  return (
    `${name} is ${winner.behind!.toFixed(2)} nats per group behind ${candidateLabel(best)}, within one standard error ` +
    `(${winner.behindStandardError!.toFixed(2)}); of equally good ones the first in order of preference is taken.`
  );
}
