import type { Campaign } from "../campaign/campaign.js";
import { outcomeData } from "../campaign/outcome-data.js";
import { CellwrightError } from "../errors.js";
import { fitGaussianProcess } from "../surrogates/gaussian-process.js";
import { fitMultiTask, type MultiTaskGaussianProcess } from "../surrogates/multi-task.js";
import type { TaskData } from "../surrogates/multi-task-data.js";
import { assignFolds, splitRows } from "./cross-validation.js";
import { knownLevelsOnly, predictHeldOut, type RowPrediction, subsetData } from "./held-out.js";
import { type PairedDifference, pairedDifference } from "./paired-difference.js";
import { gatherGroups, scorePredictions, type Scores } from "./scores.js";

export interface JointOptions {
  readonly folds?: number | "leave-one-group-out";
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One outcome predicted by the joint model and by a model of its own, on the same folds. */
export interface JointOutcome {
  readonly outcome: string;
  readonly joint: Scores;
  readonly independent: Scores;
  /** Log density of held-out groups, joint − independent, nats per group. */
  readonly gain: PairedDifference;
}

export interface JointComparison {
  readonly outcomes: readonly JointOutcome[];
  /** Fitted to all data. */
  readonly model: MultiTaskGaussianProcess;
  /** What the joint model is worth, in sentences. */
  readonly words: readonly string[];
}

interface Learned {
  readonly task: TaskData;
  readonly groups: readonly string[];
}

/**
 * Fits the measured outcomes of a campaign jointly (intrinsic coregionalisation) and compares the log density of
 * held-out groups with one default Gaussian process per outcome.
 *
 * A held-out group is held out with all its outcomes. Formula outcomes that follow from the settings are not learned.
 *
 * @throws CellwrightError DATA_INVALID if fewer than two outcomes were measured, or in fewer than two groups;
 *   INVALID_OPTION for impossible folds; TOO_MANY_ROWS; CANCELLED
 */
export function compareJointly(campaign: Campaign, options: JointOptions = {}): JointComparison {
  const { folds = 5, seed = 1 } = options;
  const learned = learnedOutcomes(campaign);
  const names = [...new Set(learned.flatMap(({ groups }) => groups))].sort();
  const foldOfName = assignFolds(names, folds, seed, campaign.name);
  const foldOf = new Map(names.map((name, k) => [name, foldOfName[k]!]));
  const total = 1 + foldOfName.reduce((a, b) => Math.max(a, b), 0);
  const joint = learned.map(() => new Map<number, RowPrediction>());
  const independent = learned.map(() => new Map<number, RowPrediction>());
  for (let fold = 0; fold < total; fold++) {
    if (options.signal?.aborted === true)
      throw new CellwrightError("CANCELLED", "Joint training was cancelled.");
    predictFold(learned, foldOf, fold, seed, joint, independent);
    options.onProgress?.(fold + 1, total);
  }
  const outcomes = learned.map((one, k) => compareOutcome(one, joint[k]!, independent[k]!));
  const model = fitMultiTask({ outcomes: learned.map(({ task }) => task) }, { seed });
  return { outcomes, model, words: wordsOf(outcomes, model) };
}

function learnedOutcomes(campaign: Campaign): readonly Learned[] {
  const learned = campaign.outcomes.flatMap((outcome): readonly Learned[] => {
    if (outcome.formula?.known === true) return [];
    const { data, groups } = outcomeData(campaign, outcome);
    return data.y.length === 0 ? [] : [{ task: { name: outcome.name, data, scale: outcome.scale }, groups }];
  });
  if (learned.length >= 2) return learned;
  throw new CellwrightError(
    "DATA_INVALID",
    `A joint model needs at least two measured outcomes: ${campaign.name} has ${learned.length}.`,
  );
}

/** Predicts the rows of one fold by models that saw none of its groups. */
function predictFold(
  learned: readonly Learned[],
  foldOf: ReadonlyMap<string, number>,
  fold: number,
  seed: number,
  joint: readonly Map<number, RowPrediction>[],
  independent: readonly Map<number, RowPrediction>[],
): void {
  const split = learned.map(({ task, groups }) => {
    const [test, train] = splitRows(
      Int32Array.from(groups, (group) => foldOf.get(group)!),
      fold,
    );
    return { test, task: { ...task, data: subsetData(task.data, train) }, all: task.data };
  });
  const measured = split.filter(({ task }) => task.data.y.length > 0);
  const model = fitMultiTask({ outcomes: measured.map(({ task }) => task) }, { seed });
  split.forEach(({ test, task, all }, k) => {
    if (test.length === 0 || task.data.y.length === 0) return;
    const held = knownLevelsOnly(subsetData(all, test), task.data);
    const alone = fitGaussianProcess(task.data, { scale: task.scale ?? "auto", seed });
    const byJoint = predictHeldOut(model.task(task.name), held);
    const byItself = predictHeldOut(alone, held);
    test.forEach((row, i) => {
      joint[k]!.set(row, byJoint[i]!);
      independent[k]!.set(row, byItself[i]!);
    });
  });
}

function compareOutcome(
  { task, groups }: Learned,
  joint: ReadonlyMap<number, RowPrediction>,
  independent: ReadonlyMap<number, RowPrediction>,
): JointOutcome {
  const rows = [...joint.keys()].sort((a, b) => a - b);
  const members = rows.map((row) => groups[row]!);
  const byJoint = rows.map((row) => joint.get(row)!);
  const byItself = rows.map((row) => independent.get(row)!);
  return {
    outcome: task.name,
    joint: scorePredictions(byJoint, members),
    independent: scorePredictions(byItself, members),
    gain: pairedDifference(gatherGroups(byJoint, members), gatherGroups(byItself, members)),
  };
}

function wordsOf(outcomes: readonly JointOutcome[], model: MultiTaskGaussianProcess): readonly string[] {
  const shared = model.rank === 1 ? "1 function is shared" : `${model.rank} functions are shared`;
  return [
    model.rank === 0
      ? "The outcomes tell nothing about one another: the joint model keeps them apart."
      : `${shared} by the outcomes; strongest correlation: ${strongest(model)}.`,
    ...outcomes.map(({ outcome, gain: { mean, standardError, groups } }) => {
      const measured = `${Math.abs(mean).toFixed(2)} nats a group (standard error ${standardError.toFixed(2)}, ${groups} groups)`;
      if (!(Math.abs(mean) > standardError))
        return `${outcome}: as good jointly as by itself, ${measured} apart.`;
      return `${outcome}: predicted ${mean > 0 ? "better" : "worse"} jointly than by itself, by ${measured}.`;
    }),
  ];
}

function strongest({ tasks, correlation }: MultiTaskGaussianProcess): string {
  let best = { words: "none", size: -1 };
  for (let s = 0; s < tasks.length; s++) {
    for (let t = 0; t < s; t++) {
      const value = correlation.data[s * tasks.length + t]!;
      if (Math.abs(value) <= best.size) continue;
      best = { words: `${tasks[t]!} with ${tasks[s]!}, ${value.toFixed(2)}`, size: Math.abs(value) };
    }
  }
  return best.words;
}
