import type { Campaign, Outcome } from "../campaign/campaign.js";
import { definedFields, withoutFields } from "../campaign/defined-fields.js";
import { allowsLaw } from "../campaign/prior-mean-choice.js";
import { type OutcomeData, outcomeData } from "../campaign/outcome-data.js";
import { keptTogether, withPlots } from "../campaign/plot-error.js";
import { groupedFolds, leaveOneGroupOut } from "../data/splits.js";
import { CellwrightError } from "../errors.js";
import { createRng } from "../math/rng.js";
import type { Settings } from "../space/parameter.js";
import { valueOf } from "../surrogates/executor.js";
import type { SurrogateData } from "../surrogates/surrogate.js";
import type { CandidateModel } from "./candidate-model.js";
import { type CandidateFit, candidateFit } from "./fit-candidate.js";
import { type ContextLevel, contextLevels } from "./context-levels.js";
import { type RowPrediction, subsetData } from "./held-out.js";
import { plotParts } from "./plot-parts.js";
import { type HeldOutPlan, runPlan } from "./held-out-task.js";
import { gatherGroups, type GroupPrediction, scorePredictions, type Scores } from "./scores.js";

export interface CrossValidationOptions extends CandidateModel {
  /** Number of folds, or one group left out at a time; default 5. */
  readonly folds?: number | "leave-one-group-out";
  readonly seed?: number;
  /** Parameters or context that the surrogate is not shown: what does dropping them do? */
  readonly exclude?: readonly string[];
  /**
   * `pooled` forgets stated measurement errors and fits one noise variance to all rows: what a model without honest
   * counting of noise would say. Default `campaign`.
   */
  readonly noise?: "campaign" | "pooled";
  /** Keeps runs of one set-up of what is hard to change in one fold; always so for errors of whole plots. */
  readonly keepPlots?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Skill inside one level of the context, where a pooled figure would only tell the levels apart. */
interface ContextScores extends Scores {
  readonly context: Settings;
}

/** A held-out row with the trial and the group it belongs to. */
interface TrialPrediction extends RowPrediction {
  readonly trial: string;
  readonly group: string;
}

/** How well one kind of surrogate predicts one outcome of groups that it has not seen. */
export interface OutcomeEvaluation extends Scores {
  readonly outcome: string;
  readonly unit: string;
  readonly kind: CandidateModel["kind"];
  readonly preset: string | null;
  /** The law of the process around which it was fitted. */
  readonly priorMean?: string;
  readonly robust?: true;
  readonly inputNoise?: true;
  readonly wholePlot?: true;
  readonly exclude: readonly string[];
  readonly folds: number | "leave-one-group-out";
  readonly seed: number;
  /** Levels of the context with enough groups to judge; empty if the context does not vary. */
  readonly withinContext: readonly ContextScores[];
  /** One per row that counts, in the order of the data. */
  readonly predictions: readonly TrialPrediction[];
  /** One per group: what a parity plot shows. */
  readonly groupPredictions: readonly GroupPrediction[];
  /** What was merged or counted once. */
  readonly messages: readonly string[];
}

/**
 * Cross-validates one surrogate for one outcome; groups stay whole and hyperparameters are fitted anew in every fold.
 *
 * @throws CellwrightError INVALID_OPTION for impossible folds, DATA_INVALID if fewer than two groups were measured,
 *   CANCELLED between folds.
 */
export function crossValidate(
  campaign: Campaign,
  outcomeName: string,
  options: CrossValidationOptions,
): OutcomeEvaluation {
  const { signal, onProgress } = options;
  return runPlan(
    planCrossValidation(campaign, outcomeName, options),
    definedFields({ signal, onDone: onProgress }),
  );
}

/**
 * The folds of a cross-validation, to be predicted by any executor; the plan throws for the first that could not be.
 *
 * @throws CellwrightError as `crossValidate`
 */
export function planCrossValidation(
  campaign: Campaign,
  outcomeName: string,
  options: CrossValidationOptions,
): HeldOutPlan<OutcomeEvaluation> {
  const { folds = 5, seed = 1, exclude = [] } = options;
  const outcome = campaign.outcomes.find(({ name }) => name === outcomeName);
  if (outcome === undefined) throw unknownOutcome(campaign, outcomeName);
  const rows = withPlots(outcomeData(campaign, outcome, { exclude }));
  const { groups, trialIds } = rows;
  const data = options.noise === "pooled" ? withPooledNoise(rows.data) : rows.data;
  const kept = options.keepPlots === true || options.wholePlot === true ? keepPlots(rows) : null;
  const parts = kept?.parts ?? groups;
  const messages = [...rows.messages, ...(kept?.messages ?? [])];
  const foldOf = assignFolds(parts, folds, seed, outcomeName);
  const priorMean = lawOf(campaign, outcome, data, options);
  const candidate = { ...withoutFields(options, "priorMean"), ...priorMean };
  return planFolds(data, foldOf, candidateFit(candidate, { campaign, outcome, seed }), (predictions) => ({
    outcome: outcomeName,
    unit: outcome.unit,
    kind: options.kind,
    preset: options.preset ?? null,
    ...priorMean,
    ...(options.robust && { robust: true }),
    ...(options.inputNoise && { inputNoise: true }),
    exclude,
    ...(options.wholePlot && { wholePlot: true }),
    folds: new Set(foldOf).size === new Set(parts).size ? "leave-one-group-out" : folds,
    seed,
    ...scorePredictions(predictions, groups),
    withinContext: contextLevels(campaign, trialIds, groups).map((level) =>
      scoreLevel(level, predictions, groups),
    ),
    predictions: predictions.map((row, i) => ({ trial: trialIds[i]!, group: groups[i]!, ...row })),
    groupPredictions: gatherGroups(predictions, groups),
    messages,
  }));
}

/** The parts that keep set-ups whole, where there are any. */
function keepPlots({ groups, plots }: OutcomeData): {
  readonly parts: readonly string[];
  readonly messages: readonly string[];
} | null {
  if (plots === null) return null;
  const parts = plotParts(groups, plots.of);
  const words = `${keptTogether(plots)} are never split: ${new Set(groups).size} groups in ${new Set(parts).size} parts.`;
  return { parts, messages: [words] };
}

/** The candidate's law; none where the inputs that are left cannot state it (a parameter is dropped that it reads). */
function lawOf(
  campaign: Campaign,
  outcome: Outcome,
  { inputs }: SurrogateData,
  { priorMean, exclude = [] }: CrossValidationOptions,
): { readonly priorMean?: string } {
  if (priorMean === undefined) return {};
  const names = inputs.map(({ name }) => name);
  return exclude.length > 0 && !allowsLaw(campaign, outcome, priorMean, names) ? {} : { priorMean };
}

/** Predicts every row by a surrogate that was fitted without the row's fold. */
function planFolds<Result>(
  data: SurrogateData,
  foldOf: Int32Array,
  fit: CandidateFit,
  finish: (predictions: readonly RowPrediction[]) => Result,
): HeldOutPlan<Result> {
  const total = 1 + foldOf.reduce((a, b) => Math.max(a, b), 0);
  const splits = Array.from({ length: total }, (_, fold) => splitRows(foldOf, fold));
  return {
    inputs: splits.map(([test, train]) => ({
      fit,
      learned: subsetData(data, train),
      held: subsetData(data, test),
    })),
    finish(settled) {
      const predictions = new Array<RowPrediction>(foldOf.length);
      splits.forEach(([test], fold) => {
        const held = valueOf(settled[fold]!);
        test.forEach((row, i) => {
          predictions[row] = held[i]!;
        });
      });
      return finish(predictions);
    },
  };
}

function withPooledNoise({ inputs, X, y }: SurrogateData): SurrogateData {
  return { inputs, X, y };
}

function scoreLevel(
  level: ContextLevel,
  rows: readonly RowPrediction[],
  groups: readonly string[],
): ContextScores {
  const inside = level.rows.map((row) => rows[row]!);
  return {
    context: level.context,
    ...scorePredictions(
      inside,
      level.rows.map((row) => groups[row]!),
    ),
  };
}

/** The fold of each row: the same for every surrogate, given groups, number of folds and seed. */
export function assignFolds(
  groups: readonly string[],
  folds: number | "leave-one-group-out",
  seed: number,
  outcome: string,
): Int32Array {
  const distinct = new Set(groups).size;
  if (distinct < 2) {
    throw new CellwrightError(
      "DATA_INVALID",
      `${outcome}: ${distinct} group was measured; cross-validation leaves groups out and needs at least two.`,
    );
  }
  if (folds === "leave-one-group-out" || folds >= distinct) return leaveOneGroupOut(groups);
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `folds: found ${folds}, expected a whole number of at least 2.`,
    );
  }
  return groupedFolds(groups, folds, createRng(seed).fork("folds"));
}

/** Rows of the fold, and the others. */
export function splitRows(foldOf: Int32Array, fold: number): readonly [Int32Array, Int32Array] {
  const rows = Array.from(foldOf.keys());
  return [
    Int32Array.from(rows.filter((row) => foldOf[row] === fold)),
    Int32Array.from(rows.filter((row) => foldOf[row] !== fold)),
  ];
}

function unknownOutcome(campaign: Campaign, name: string): CellwrightError {
  const known = campaign.outcomes.map((outcome) => outcome.name).join(", ");
  return new CellwrightError("INVALID_OPTION", `${campaign.name} has no outcome ${name}. It has: ${known}.`);
}
