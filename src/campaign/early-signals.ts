import type { Settings } from "../space/parameter.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import {
  FEWEST_MATURE,
  fitMaturing,
  type MaturingGain,
  type MaturingResult,
  type SignalVerdict,
} from "../surrogates/maturing-signals.js";
import { fitMultiTask } from "../surrogates/multi-task.js";
import type { TaskData } from "../surrogates/multi-task-data.js";
import { gainWords } from "../surrogates/multi-task-transfer.js";
import type { SurrogateData } from "../surrogates/surrogate.js";
import { matrixFromRows, matrixRow } from "../math/matrix.js";
import { nameList } from "../data/quoted.js";
import type { Campaign } from "./campaign.js";
import { conditionSkill, type Skill } from "./condition-skill.js";
import { definedFields } from "./defined-fields.js";
import type { Maturing } from "./maturing.js";
import { type OutcomeData, outcomeData } from "./outcome-data.js";
import { isComplete } from "./trial-groups.js";

/** What early signals say of an outcome that matures. */
export interface EarlySignals {
  /** Signals that the model uses, in the file's order; none where the outcome is learned by itself. */
  readonly used: readonly string[];
  /** Prior correlation of each used signal's latent outcome with the outcome's, in the order of `used`. */
  readonly correlations: readonly number[];
  readonly verdicts: readonly SignalVerdict[];
  readonly gain: MaturingGain | null;
  /** What was decided and why, in a sentence. */
  readonly words: string;
}

/** The joint model in place of the outcome's own, where signals count. */
export interface JointFit {
  readonly model: GaussianProcessModel;
  readonly skill: Skill;
  refit(data: SurrogateData): GaussianProcessModel;
}

export interface EarlySignalOptions {
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly contextOf: (row: number) => Settings;
}

/** Most settings of outcome and signals together for which joint models are tried: dense fits of several sets of signals (assumption). */
const MOST_SETTINGS = 600;

/**
 * Learns an outcome that matures together with the early signals that help to predict it, of all cells that have them:
 * completed, running, and those that were abandoned after a signal was measured.
 *
 * @param alone - The outcome by itself.
 * @throws CellwrightError as `outcomeData` and `fitMaturing`
 */
export function fitEarlySignals(
  campaign: Campaign,
  outcome: Maturing,
  rows: OutcomeData,
  alone: GaussianProcessModel,
  options: EarlySignalOptions,
): { readonly signals: EarlySignals; readonly joint: JointFit | null } {
  const { use = "auto" } = outcome.matures;
  const none = (words: string) => ({
    signals: { used: [], correlations: [], verdicts: [], gain: null, words },
    joint: null,
  });
  if (use === "never") return none(`Early signals of ${outcome.name} do not count, as the campaign says.`);
  if (outcome.surrogate !== undefined)
    return none(
      `Early signals of ${outcome.name} do not count: its surrogate is what the campaign file says.`,
    );
  const tasks = signalTasks(campaign, outcome);
  if (tasks.length === 0) return none(`No early signal of ${outcome.name} was measured at two settings.`);
  const settings = [rows.data, ...tasks.map(({ data }) => data)].reduce((sum, { y }) => sum + y.length, 0);
  if (settings > MOST_SETTINGS)
    return none(
      `Early signals of ${outcome.name} do not count: ${settings} rows of it and them are more than the ${MOST_SETTINGS} that are learned jointly.`,
    );
  const own: TaskData = { name: outcome.name, data: rows.data, scale: outcome.scale };
  const { seed = 0, signal } = options;
  const found = fitMaturing(own, tasks, alone, { use, seed, ...definedFields({ signal }) });
  const signals = describe(campaign, outcome, found);
  if (found.model === null) return { signals, joint: null };
  const { rank } = found.model;
  const model = found.model.task(outcome.name);
  const taken = tasks.filter(({ name }) => signals.used.includes(name));
  return {
    signals,
    joint: {
      model,
      skill: conditionSkill(model, rows, options.contextOf),
      refit: (data) => refitted(own, taken, data, { rank, seed }),
    },
  };
}

/** Signals with rows at two settings at least; those of fewer tell nothing. */
function signalTasks(campaign: Campaign, outcome: Maturing): readonly TaskData[] {
  return campaign.outcomes
    .filter(({ name }) => Object.hasOwn(outcome.matures.signals, name))
    .map((signal) => ({
      name: signal.name,
      data: outcomeData(campaign, signal, { abandoned: true }).data,
      scale: signal.scale,
    }))
    .filter(({ data }) => new Set(keysOf(data)).size > 1);
}

/** The same joint model of other rows of the outcome: a setting that they leave out is left out with its signals. */
function refitted(
  own: TaskData,
  signals: readonly TaskData[],
  data: SurrogateData,
  options: { readonly rank: number; readonly seed: number },
): GaussianProcessModel {
  const kept = new Set(keysOf(data));
  const left = new Set(keysOf(own.data).filter((key) => !kept.has(key)));
  const others = signals.map((task) => ({ ...task, data: without(task.data, left) }));
  const outcomes = [{ ...own, data }, ...others.filter(({ data: { y } }) => y.length > 0)];
  const rank = Math.min(options.rank, outcomes.length);
  return fitMultiTask({ outcomes }, { rank, seed: options.seed, starts: 0 }).task(own.name);
}

function keysOf({ X }: SurrogateData): string[] {
  return Array.from({ length: X.rows }, (_, i) => matrixRow(X, i).join(" "));
}

function without(data: SurrogateData, settings: ReadonlySet<string>): SurrogateData {
  const keys = keysOf(data);
  const rows = keys.flatMap((key, i) => (settings.has(key) ? [] : [i]));
  const { X, y, knownNoiseVariance, noiseLevel, inputs } = data;
  return {
    inputs,
    X: matrixFromRows(
      rows.map((row) => matrixRow(X, row)),
      X.cols,
    ),
    y: Float64Array.from(rows, (row) => y[row]!),
    ...(knownNoiseVariance && {
      knownNoiseVariance: Float64Array.from(rows, (row) => knownNoiseVariance[row]!),
    }),
    ...(noiseLevel && { noiseLevel: Int32Array.from(rows, (row) => noiseLevel[row]!) }),
  };
}

function describe(
  campaign: Campaign,
  { name, matures }: Maturing,
  { model, verdicts, gain }: MaturingResult,
): EarlySignals {
  const used = verdicts.flatMap((verdict) => (verdict.used ? [verdict.signal] : []));
  const row = model?.tasks.indexOf(name) ?? 0;
  const correlations = used.map(
    (signal) => model!.correlation.data[row * model!.tasks.length + model!.tasks.indexOf(signal)]!,
  );
  const about = { used, correlations, verdicts, gain };
  if (gain === null) {
    const words = `Early signals of ${name} do not count yet: fewer than ${FEWEST_MATURE} settings have it.`;
    return { ...about, words };
  }
  const { begun, fresh, settings } = gain;
  const measured = `the log density of left-out results of cells whose signals are known ${gainWords(begun.gain, begun.standardError, settings)}`;
  if (model === null)
    return {
      ...about,
      words: `${name} is learned without early signals: with them ${measured}, that of new settings ${fresh.gain < 0 ? "falls" : "rises"} by ${Math.abs(fresh.gain).toFixed(1)}.`,
    };
  const running = runningWith(campaign, name, used);
  const cells = running === 1 ? "1 running cell" : `${running} running cells`;
  const from = nameList(used.map((signal, k) => `${signal} (correlation ${correlations[k]!.toFixed(2)})`));
  const forced = matures.use === "always" ? ", as the campaign says" : "";
  return { ...about, words: `${name} of ${cells} is estimated from ${from}${forced}: ${measured}.` };
}

/** Running cells that have one of these signals and lack the outcome. */
function runningWith(campaign: Campaign, outcome: string, signals: readonly string[]): number {
  return campaign.trials.filter(
    (trial) =>
      trial.status === "running" &&
      isComplete(campaign, trial) &&
      trial.observations[outcome] === undefined &&
      signals.some((name) => trial.observations[name] !== undefined),
  ).length;
}
