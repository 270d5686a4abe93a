import type { SpecificationOutlook } from "./suggestion.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import { type Executor, inProcess, requireNotCancelled, valueOf } from "../surrogates/executor.js";
import { fitGaussianProcessOfAnySize, MOST_EXACT_SETTINGS } from "../surrogates/fit-gaussian-process.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import type { Hyperparameters } from "../surrogates/hyperparameters.js";
import type { GaussianProcessPresetName } from "../surrogates/presets/preset.js";
import type { GaussianProcessWithMean } from "../surrogates/prior-mean-gaussian-process.js";
import { outlierSentence } from "../surrogates/outlier-sentence.js";
import { hasSharedError, type SharedError } from "../surrogates/whole-plot-gaussian-process.js";
import type { InputDimension, SurrogateData } from "../surrogates/surrogate.js";
import type { Campaign, Outcome } from "./campaign.js";
import { conditionR2, conditionSkill, MIN_CONDITIONS, refittedSkill, type Skill } from "./condition-skill.js";
import { jeffreysInterval } from "./incomplete-beta.js";
import { fitPlotError, forcesPlots, plotErrorWords, withPlots } from "./plot-error.js";
import { isClock, isMaturing } from "./maturing.js";
import { type OutcomeData, outcomeData } from "./outcome-data.js";
import {
  DEFAULT_PRESET,
  FEWEST_TO_COMPARE,
  isClear,
  OTHER_PRESET,
  type PresetChoice,
  type PresetGain,
  presetGain,
} from "./choose-preset.js";
import { definedFields, withoutFields } from "./defined-fields.js";
import { type EarlySignals, fitEarlySignals } from "./early-signals.js";
import { type FitProcessInput, fitProcessTask } from "./fit-process-task.js";
import { processOptions } from "./process-options.js";
import { fitAroundLaw, lawMessage, type OutcomeLaw, outcomeLaw } from "./prior-mean-choice.js";
import { isSameContext } from "./same-context.js";
import type { Progress } from "./progress.js";

/** A learned outcome with its surrogate and what that is worth. */
export interface FittedOutcome {
  readonly outcome: Outcome;
  readonly rows: OutcomeData;
  readonly model: GaussianProcessModel;
  /** Distinct settings that were measured. */
  readonly settings: number;
  /** Of conditions left out at the hyperparameters fitted to all rows. */
  readonly skill: Skill;
  readonly preset: GaussianProcessPresetName;
  /** Why another than the default preset was taken. */
  readonly presetGain?: PresetGain;
  /** Name of the law of the process that it was learned around. */
  readonly priorMean?: string;
  /** What became of the law of the process, with its fitted parameters; absent where there is none. */
  readonly law?: string;
  /** What is known of the error that runs between two changes of what is hard to change share, where it is carried. */
  readonly sharedError?: SharedError;
  /** What its early signals are worth, where it matures. */
  readonly signals?: EarlySignals;
  /** Fits the same model to other rows, starting from its hyperparameters where it can. */
  refit(data: SurrogateData): GaussianProcessModel;
}

export interface FittedOutcomes {
  /** By name, in the campaign's order: outcomes with at least two measured settings. */
  readonly fitted: ReadonlyMap<string, FittedOutcome>;
  /** Learned outcomes that cannot be fitted yet, with the number of settings measured (0 or 1). */
  readonly unfitted: ReadonlyMap<string, number>;
  /** Counts, warps, noise and skill, in sentences. */
  readonly messages: readonly string[];
}

export interface FitOutcomesOptions {
  readonly seed?: number;
  /** Default: the engine's default preset. */
  readonly preset?: PresetChoice;
  /** Hyperparameters of an earlier fit by outcome, tried as a further start. */
  readonly warmStart?: ReadonlyMap<string, Hyperparameters>;
  /** Where the fits run; default in this thread, as those around a law always do. */
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Fewest distinct settings from which an outcome is fitted: one setting shows no effect of anything. */
const MIN_SETTINGS = 2;

/**
 * Fits a Gaussian process to every learned outcome of the campaign and judges each by leaving one condition out.
 *
 * @throws CellwrightError as `outcomeData` and `fitGaussianProcessOfAnySize`; CANCELLED when `signal` is aborted.
 */
export async function fitOutcomes(
  campaign: Campaign,
  options: FitOutcomesOptions = {},
): Promise<FittedOutcomes> {
  const { executor = inProcess, signal, onProgress } = options;
  requireNotCancelled(signal);
  const requests = campaign.outcomes
    .filter((outcome) => outcome.formula?.known !== true && outcome.composite !== true)
    .filter(({ name }) => !isClock(campaign, name))
    .map((outcome) => requestFits(campaign, outcome, options));
  const jobs = requests.flatMap(({ outcome, inputs }) => inputs.map((input) => ({ outcome, input })));
  const report = (done: number): void => {
    const name = jobs[done]?.outcome.name;
    if (name !== undefined) onProgress?.({ stage: `fitting ${name}`, done, total: jobs.length });
  };
  report(0);
  const models = await executor.run(
    fitProcessTask,
    jobs.map(({ input }) => input),
    { onDone: report, ...definedFields({ signal }) },
  );
  const fitted = new Map<string, FittedOutcome>();
  const unfitted = new Map<string, number>();
  const messages: string[] = [];
  let taken = 0;
  for (const request of requests) {
    requireNotCancelled(signal);
    const { outcome, rows, settings, inputs } = request;
    messages.push(...rows.messages);
    const plain = models.slice(taken, (taken += inputs.length)).map(valueOf);
    if (settings < MIN_SETTINGS) {
      unfitted.set(outcome.name, settings);
      continue;
    }
    const chosen = withPlotError(campaign, fitOutcome(campaign, request, plain, options), options);
    const one = withSignals(campaign, chosen, options);
    fitted.set(outcome.name, one);
    messages.push(fitMessage(one), ...(one.signals === undefined ? [] : [one.signals.words]));
  }
  return { fitted, unfitted, messages };
}

/** What is known of an outcome before it is fitted, and the fits without a law: none, one, or two to choose from. */
interface FitRequest {
  readonly outcome: Outcome;
  readonly rows: OutcomeData;
  readonly settings: number;
  readonly law: OutcomeLaw | null;
  readonly inputs: readonly FitProcessInput[];
}

function requestFits(campaign: Campaign, outcome: Outcome, options: FitOutcomesOptions): FitRequest {
  const measured = outcomeData(campaign, outcome);
  const rows = forcesPlots(outcome, measured) ? withPlots(measured) : measured;
  const settings = distinctRows(rows);
  const law = outcomeLaw(
    campaign,
    outcome,
    rows.data.inputs.map(({ name }) => name),
  );
  const warmStart = options.warmStart?.get(outcome.name);
  const presets = settings < MIN_SETTINGS || law?.declared === true ? [] : presetsOf(options, settings);
  const process = processOptions(outcome, rows.data.inputs);
  const inputs = presets.map((preset) => ({
    data: rows.data,
    options: {
      scale: outcome.scale,
      ...process,
      seed: options.seed ?? 0,
      preset,
      ...definedFields({ warmStart }),
    },
  }));
  return { outcome, rows, settings, law, inputs };
}

function presetsOf(
  { preset: choice = DEFAULT_PRESET }: FitOutcomesOptions,
  settings: number,
): readonly GaussianProcessPresetName[] {
  if (choice !== "auto") return [choice];
  // So many settings speak for themselves: priors hardly matter, and a second fit takes minutes.
  const few = settings < FEWEST_TO_COMPARE || settings > MOST_EXACT_SETTINGS;
  return few ? [DEFAULT_PRESET] : [DEFAULT_PRESET, OTHER_PRESET];
}

function fitOutcome(
  campaign: Campaign,
  { outcome, rows, settings, law }: FitRequest,
  models: readonly GaussianProcessModel[],
  options: FitOutcomesOptions,
): FittedOutcome {
  const base = { outcome, rows, settings };
  const worth = (model: GaussianProcessModel): Pick<FittedOutcome, "model" | "skill"> => ({
    model,
    skill: conditionSkill(model, rows, contextOf(campaign, rows)),
  });
  const { preset: choice = DEFAULT_PRESET } = options;
  const around = (preset: GaussianProcessPresetName): GaussianProcessWithMean =>
    fitAroundLaw(rows.data, law!.mean, {
      ...definedFields({ seed: options.seed, signal: options.signal }),
      scale: outcome.scale,
      preset,
    });
  const learned = (model: GaussianProcessWithMean, preset: GaussianProcessPresetName, words: string) => ({
    ...{ ...base, ...worth(model), preset, priorMean: law!.name, law: words },
    refit: (data: SurrogateData) =>
      fitAroundLaw(data, law!.mean, { scale: outcome.scale, preset, starts: 0 }),
  });
  if (law?.declared === true) {
    const preset = choice === "auto" ? DEFAULT_PRESET : choice;
    const model = around(preset);
    return learned(model, preset, lawMessage(law, model.parameters, null, true));
  }
  const plain = choosePlain(outcome, rows.data.inputs, models, choice);
  const alone = { ...base, ...worth(plain.model), ...plain };
  if (law === null || settings < FEWEST_TO_COMPARE || settings > MOST_EXACT_SETTINGS) return alone;
  const model = around(plain.preset);
  const gain = presetGain(plain.model, model);
  const taken = isClear(gain);
  const words = lawMessage(law, model.parameters, gain, taken);
  return taken ? learned(model, plain.preset, words) : { ...alone, law: words };
}

/** An outcome whose runs share errors between two changes of what is hard to change, where the rows show that. */
function withPlotError(campaign: Campaign, one: FittedOutcome, options: FitOutcomesOptions): FittedOutcome {
  const { outcome, model, preset } = one;
  if (one.priorMean !== undefined) return one;
  if (hasSharedError(model)) return { ...one, sharedError: model.sharedError };
  const found = fitPlotError(outcome, one.rows, one, options);
  if (found === null) return one;
  const rows = withPlots(one.rows);
  const { kernel } = outcome.surrogate?.process ?? {};
  return {
    ...one,
    rows,
    model: found,
    skill: conditionSkill(found, rows, contextOf(campaign, rows)),
    sharedError: found.sharedError,
    refit: (data) =>
      fitGaussianProcessOfAnySize(data, {
        scale: outcome.scale,
        preset,
        starts: 0,
        warmStart: found.hyperparameters,
        ...definedFields({ kernel }),
      }),
  };
}

/** An outcome that matures, learned with its early signals where they count. */
function withSignals(campaign: Campaign, one: FittedOutcome, options: FitOutcomesOptions): FittedOutcome {
  const { outcome, rows, model } = one;
  // An error of whole plots that the file asks for is not known to the joint fit with signals.
  if (!isMaturing(outcome) || one.sharedError !== undefined) return one;
  const { signals, joint } = fitEarlySignals(campaign, outcome, rows, model, {
    contextOf: contextOf(campaign, rows),
    ...definedFields({ seed: options.seed, signal: options.signal }),
  });
  if (joint === null) return { ...one, signals };
  return { ...withoutFields(one, "presetGain", "priorMean", "law"), signals, ...joint };
}

/** A process without a law: of two the second where it predicts left-out settings clearly better. */
function choosePlain(
  outcome: Outcome,
  inputs: readonly InputDimension[],
  [model, other]: readonly GaussianProcessModel[],
  choice: PresetChoice,
): Pick<FittedOutcome, "model" | "preset" | "presetGain" | "refit"> {
  const process = processOptions(outcome, inputs);
  const chosen = (taken: GaussianProcessModel, preset: GaussianProcessPresetName) => ({
    model: taken,
    preset,
    refit: (data: SurrogateData) =>
      fitGaussianProcessOfAnySize(data, {
        ...process,
        scale: outcome.scale,
        preset,
        starts: 0,
        warmStart: taken.hyperparameters,
      }),
  });
  if (other === undefined) return chosen(model!, choice === "auto" ? DEFAULT_PRESET : choice);
  const gain = presetGain(model!, other);
  return isClear(gain)
    ? { ...chosen(other, OTHER_PRESET), presetGain: gain }
    : chosen(model!, DEFAULT_PRESET);
}

function distinctRows({ data }: OutcomeData): number {
  const seen = new Set<string>();
  for (let i = 0; i < data.X.rows; i++)
    seen.add(data.X.data.subarray(i * data.X.cols, (i + 1) * data.X.cols).join(" "));
  return seen.size;
}

function fitMessage({
  outcome,
  rows,
  model,
  settings,
  skill,
  preset,
  presetGain: gain,
  law,
}: FittedOutcome): string {
  const description = model.describe();
  const noise = Object.entries(description).filter(([name]) => name.startsWith("noise standard deviation"));
  const logarithm = noise.some(([name]) => name.includes("logarithm")) ? " (of the logarithm)" : "";
  const at = (level: number): string => (rows.noise === null ? "" : ` at ${rows.noise.levels[level] ?? ""}`);
  const scatter = noise.map(([, value], level) => `${value}${at(level)}`).join(", ");
  const worth =
    skill.r2 === null ? unknownSkill(skill) : `R² ${shown(skill.r2)} of conditions left out one at a time`;
  const chosen =
    gain === undefined
      ? ""
      : ` Priors of ${preset}: they predict left-out settings better than the default's (log density +${shown(gain.mean)} ± ${shown(gain.standardError)} a setting).`;
  return `${outcome.name}: learned from ${rows.data.y.length} rows at ${settings} settings, scale ${description["outcome scale"] ?? "identity"}, noise standard deviation${logarithm} ${scatter}; ${worth}.${methodOf(description)}${chosen}${law === undefined ? "" : ` ${law}`}${outlierWords(model, rows)}${plotErrorWords(model, rows, outcome)}`;
}

function unknownSkill({ conditions }: Skill): string {
  return conditions.length < MIN_CONDITIONS
    ? `fewer than ${MIN_CONDITIONS} conditions, so its skill is not known`
    : "all conditions are equal, so there is nothing to predict";
}

/** What a robust fit or one with input-dependent noise says, and the trials that it takes for outliers. */
function outlierWords({ messages = [], outliers = [] }: GaussianProcessModel, rows: OutcomeData): string {
  if (outliers.length === 0) return messages.map((sentence) => ` ${sentence}`).join("");
  return ` ${outlierSentence(outliers, (row) => rows.trialIds[row] ?? String(row))}.`;
}

/** How an approximate process was fitted, as a sentence to append. */
function methodOf({ method }: Readonly<Record<string, number | string>>): string {
  return method === undefined ? "" : ` Too many settings for an exact process: ${method}.`;
}

function shown(value: number): string {
  return value.toFixed(2);
}

/** R² of the conditions that were measured in the asked context; null where that is all of them or fewer than five. */
export function skillInContext(campaign: Campaign, skill: Skill, context: Settings): number | null {
  const inside = skill.conditions.filter((c) => isSameContext(campaign.space, c.context, context));
  return inside.length === skill.conditions.length ? null : conditionR2(inside);
}

/** Skill where it is asked: the smaller of pooled R² and R² within the context; null where neither is known. */
export function lowestR2(campaign: Campaign, skill: Skill, context: Settings): number | null {
  const known = [skill.r2, skillInContext(campaign, skill, context)].filter((r2) => r2 !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Below this R² at fixed hyperparameters their optimism may decide, and they are fitted anew (assumption). */
const DOUBTFUL_R2 = 0.7;
/** More conditions take too long to fit one by one, and optimism fades with their number (assumption). */
const MOST_REFITS = 100;

/**
 * Whether a surrogate knows anything about an outcome in the asked context: R² of left-out conditions above 0, pooled
 * and within it. In doubt hyperparameters are fitted anew without each condition.
 */
export function hasSkill(campaign: Campaign, fitted: FittedOutcome, context: Settings): boolean {
  const r2 = lowestR2(campaign, fitted.skill, context);
  if (r2 === null || r2 >= DOUBTFUL_R2) return true;
  if (r2 <= 0 || fitted.skill.conditions.length > MOST_REFITS) return r2 > 0;
  const refitted = refittedSkill(fitted.rows, contextOf(campaign, fitted.rows), (data) => fitted.refit(data));
  const honest = lowestR2(campaign, refitted, context);
  return honest === null || honest > 0;
}

function contextOf(campaign: Campaign, rows: OutcomeData): (row: number) => Settings {
  const contexts = new Map(campaign.trials.map((trial) => [trial.id, trial.context]));
  return (row) => contexts.get(rows.trialIds[row]!) ?? {};
}

/** How many past conditions kept the specification, with the Jeffreys interval: all that is known without skill. */
export function baseRate(
  fitted: FittedOutcome,
  min: number,
  max: number,
): Extract<SpecificationOutlook, { kind: "base-rate" }> {
  const { conditions } = fitted.skill;
  const passed = conditions.filter(({ observed }) => observed >= min && observed <= max).length;
  return {
    kind: "base-rate",
    passed,
    of: conditions.length,
    interval95: jeffreysInterval(passed, conditions.length),
  };
}

/** A new run's 95 % interval and latent moments at encoded points, raw units. */
export function predictOutcome(
  fitted: FittedOutcome,
  points: readonly Float64Array[],
  levels: readonly number[],
): { readonly mean: number; readonly stdDev: number; readonly interval95: readonly [number, number] }[] {
  const posterior = fitted.model.predict(matrixFromRows(points), {
    noiseLevel: Int32Array.from(levels),
    knownNoiseVariance: fitted.rows.knownNoiseVariance,
  });
  const low = posterior.quantile(0.025, "observed");
  const high = posterior.quantile(0.975, "observed");
  return points.map((_, i) => ({
    mean: posterior.mean[i]!,
    stdDev: posterior.stdDev[i]!,
    interval95: [low[i]!, high[i]!],
  }));
}
