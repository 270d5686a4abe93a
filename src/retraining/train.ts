import type { Campaign, Outcome } from "../campaign/campaign.js";
import { dataHash } from "../campaign/data-hash.js";
import { trainedLawMessage } from "../campaign/prior-mean-choice.js";
import { definedFields } from "../campaign/defined-fields.js";
import { outcomeData, type OutcomeData } from "../campaign/outcome-data.js";
import { plotErrorWords, withPlots } from "../campaign/plot-error.js";
import { withoutPlots } from "../surrogates/whole-plot-gaussian-process.js";
import { sortById } from "../campaign/settings-key.js";
import type { Trial } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import { kernelBuild } from "../math/wasm/kernels.js";
import { outlierSentence } from "../surrogates/outlier-sentence.js";
import type { Surrogate } from "../surrogates/surrogate.js";
import { calibrate } from "../evaluation/calibration.js";
import { type CandidateModel, candidatesFor, DEFAULT_CANDIDATES } from "../evaluation/candidate-model.js";
import type { OutcomeEvaluation } from "../evaluation/cross-validation.js";
import { fitCandidate } from "../evaluation/fit-candidate.js";
import { type HeldOutPlan, runPlans } from "../evaluation/held-out-task.js";
import { type ModelComparison, planComparison } from "../evaluation/model-comparison.js";
import type { Scores } from "../evaluation/scores.js";
import type { Diagnostics } from "../registry/diagnostics.js";
import type { ModelDraft, OutcomeRecord } from "../registry/model-record.js";
import { spaceRecord } from "../registry/space-record.js";
import { type Executor, inProcess, requireNotCancelled, type RunOptions } from "../surrogates/executor.js";
import { version } from "../version.js";
import type { Progress } from "../campaign/progress.js";

export interface TrainOptions {
  readonly candidates?: readonly CandidateModel[];
  readonly folds?: number | "leave-one-group-out";
  readonly seed?: number;
  /** ISO 8601 time that the record bears. */
  readonly createdAt: string;
  /** Where folds and winners are fitted; default in this thread. */
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A model that is ready to be saved, and what it rests on. */
export interface TrainResult {
  readonly draft: ModelDraft;
  readonly diagnostics: Diagnostics;
  /** One per outcome that could be cross-validated: the table that `train` prints. */
  readonly comparisons: readonly ModelComparison[];
}

/** Trials that a model may learn from, by id: those with a result, or with a reason for having none. */
export function trainingTrials(campaign: Campaign): readonly Trial[] {
  return sortById(campaign.trials).filter(
    ({ status, observations }) => status === "failed" || Object.keys(observations).length > 0,
  );
}

/** Stands on the card of a model that another machine cannot repeat to the bit. */
const RELAXED = "Fitted with relaxed kernels (fused operations): another machine may find other last digits.";

/**
 * Compares surrogates by grouped cross-validation and fits the winner of each outcome to all data.
 *
 * @throws CellwrightError DATA_INVALID if no outcome was measured; CANCELLED.
 */
export async function train(campaign: Campaign, options: TrainOptions): Promise<TrainResult> {
  const { candidates = DEFAULT_CANDIDATES, folds = 5, seed = 1 } = options;
  const trials = trainingTrials(campaign);
  const plan = { candidates, folds, seed };
  const measured: MeasuredOutcome[] = [];
  const notLearned: { outcome: string; why: string }[] = [];
  for (const outcome of campaign.outcomes) {
    const found = measuredOutcome(campaign, outcome);
    if (typeof found === "string") notLearned.push({ outcome: outcome.name, why: found });
    else measured.push(found);
  }
  if (measured.length === 0) throw nothingMeasured(campaign, notLearned);
  const learned = await learnOutcomes(campaign, measured, plan, options);
  const draft: ModelDraft = {
    schema: "cellwright.model/1",
    campaign: campaign.name,
    createdAt: options.createdAt,
    codeVersion: version,
    campaignHash: campaign.hash,
    dataHash: dataHash(trials),
    seed,
    settings: { folds, candidates: [...candidates] },
    space: spaceRecord(campaign),
    outcomes: learned.map(({ record }) => record),
    notLearned,
    spec: campaign.spec,
    trials: [...trials] as ModelDraft["trials"],
    messages: [...new Set(learned.flatMap(({ messages }) => messages))],
    notes: [...campaign.notes, ...(kernelBuild() === "relaxed" ? [RELAXED] : [])],
    gate: null,
  };
  return {
    draft,
    diagnostics: {
      schema: "cellwright.diagnostics/1",
      outcomes: learned.flatMap(({ evaluation }) => diagnose(evaluation)),
    },
    comparisons: learned.flatMap(({ comparison }) => (comparison === null ? [] : [comparison])),
  };
}

interface LearnedOutcome {
  readonly record: OutcomeRecord;
  readonly evaluation: OutcomeEvaluation | null;
  readonly comparison: ModelComparison | null;
  readonly messages: readonly string[];
}

interface TrainingPlan {
  readonly candidates: readonly CandidateModel[];
  readonly folds: number | "leave-one-group-out";
  readonly seed: number;
}

interface MeasuredOutcome {
  readonly outcome: Outcome;
  readonly rows: OutcomeData;
  readonly groups: number;
}

/** What there is to learn an outcome from, or why it is not learned. */
function measuredOutcome(campaign: Campaign, outcome: Outcome): MeasuredOutcome | string {
  if (outcome.formula?.known === true) return "It is computed from the settings.";
  const rows = withPlots(outcomeData(campaign, outcome));
  if (rows.data.y.length === 0) return "It was never measured.";
  return { outcome, rows, groups: new Set(rows.groups).size };
}

/** Predicts the folds of all outcomes and candidates together, then fits the winners. */
async function learnOutcomes(
  campaign: Campaign,
  measured: readonly MeasuredOutcome[],
  plan: TrainingPlan,
  options: TrainOptions,
): Promise<readonly LearnedOutcome[]> {
  const { executor = inProcess, signal } = options;
  const compared = measured.filter(({ groups }) => groups >= 2);
  const plans = compared.map(({ outcome }) => planComparison(campaign, outcome.name, plan));
  const onDone = progressOf(compared, plans, options);
  const comparisons = await runPlans(plans, executor, definedFields({ signal, onDone }));
  const comparisonOf = new Map(compared.map(({ outcome }, k) => [outcome.name, comparisons[k]!]));
  return measured.map((one) => {
    requireNotCancelled(signal);
    return learnOutcome(campaign, one, plan, comparisonOf.get(one.outcome.name) ?? null);
  });
}

/** Folds done of all; the stage is the first outcome that cannot be finished yet. */
function progressOf(
  compared: readonly MeasuredOutcome[],
  plans: readonly HeldOutPlan<ModelComparison>[],
  { onProgress }: TrainOptions,
): RunOptions["onDone"] {
  return (done, total) => {
    let last = 0;
    const stage = compared.find((_, k) => (last += plans[k]!.inputs.length) >= done);
    onProgress?.({ stage: stage?.outcome.name ?? "", done, total });
  };
}

function learnOutcome(
  campaign: Campaign,
  { outcome, rows, groups }: MeasuredOutcome,
  plan: TrainingPlan,
  comparison: ModelComparison | null,
): LearnedOutcome {
  const { data, trialIds, messages, noise, knownNoiseVariance } = rows;
  const candidate = comparison?.winner ?? candidatesFor(campaign, outcome, plan.candidates)[0]!;
  const surrogate = fitCandidate(candidate, data, { campaign, outcome, seed: plan.seed });
  const law = trainedLawMessage(campaign, outcome, withoutPlots(data), surrogate);
  const evaluation = comparison?.evaluation ?? null;
  const record: OutcomeRecord = {
    name: outcome.name,
    unit: outcome.unit,
    scale: outcome.scale,
    candidate,
    reason: comparison?.reason ?? "A single group was measured: nothing could be compared.",
    surrogate: surrogate.toJSON(),
    description: { ...surrogate.describe() },
    noise: noise === null ? null : { ...noise, levels: [...noise.levels], stdDevs: [...noise.stdDevs] },
    knownNoiseVariance,
    rows: data.y.length,
    groups,
    scores: evaluation && scoresOf(evaluation),
    withinContext: (evaluation?.withinContext ?? []).map((level) => ({
      context: level.context,
      ...scoresOf(level),
    })),
    compared: (comparison?.results ?? []).map(({ evaluation: judged, ...result }) => ({
      ...result,
      scores: judged && scoresOf(judged),
    })),
  };
  const shared = plotErrorWords(surrogate, rows, outcome).trim();
  const told = [
    ...(law === null ? [] : [law]),
    ...(shared === "" ? [] : [shared]),
    ...toldOf(surrogate, trialIds),
  ];
  const said = [...messages, ...told.map((message) => `${outcome.name}: ${message}`)];
  return { record, evaluation, comparison, messages: said };
}

/** What the fit has to say, with outliers named by their trials. */
function toldOf(surrogate: Surrogate, trialIds: readonly string[]): readonly string[] {
  const { outliers = [], messages = [] } = surrogate;
  return outliers.length === 0 ? messages : [`${outlierSentence(outliers, (row) => trialIds[row]!)}.`];
}

/** The figures alone, without predictions. */
function scoresOf(scores: Scores): Scores {
  const {
    observations,
    groups,
    rmse,
    rmseGroups,
    r2,
    mape,
    mapeGroups,
    nlpd,
    crps,
    coverage95,
    coverage95Groups,
  } = scores;
  return {
    observations,
    groups,
    rmse,
    rmseGroups,
    r2,
    mape,
    mapeGroups,
    nlpd,
    crps,
    coverage95,
    coverage95Groups,
  };
}

function diagnose(evaluation: OutcomeEvaluation | null): Diagnostics["outcomes"] {
  if (evaluation === null) return [];
  return [{ outcome: evaluation.outcome, evaluation, calibration: calibrate(evaluation.predictions) }];
}

function nothingMeasured(
  campaign: Campaign,
  notLearned: readonly { outcome: string; why: string }[],
): CellwrightError {
  const learnable = notLearned.filter(
    ({ outcome }) => campaign.outcomes.find((o) => o.name === outcome)?.formula?.known !== true,
  );
  return new CellwrightError("DATA_INVALID", `${campaign.name} has nothing to learn from.`, {
    problems: (learnable.length === 0 ? notLearned : learnable).map(({ outcome, why }) => ({
      where: outcome,
      found: why.replace(/\.$/u, "").replace(/^It/u, "it"),
      expected: "at least one measured run",
      remedy: "Name the data with --data, or record results first.",
    })),
  });
}
