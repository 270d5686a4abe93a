import { createRng } from "../math/rng.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import { prepareKernels } from "../math/wasm/kernels.js";
import { createFeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { Rng } from "../math/rng.js";
import type { AskOptions } from "./ask.js";
import { type AskProblem, createAskProblem, rowsOf } from "./ask-problem.js";
import type { Campaign, Outcome } from "./campaign.js";
import { createDecision, type Decision } from "./decision-value.js";
import { definedFields } from "./defined-fields.js";
import { type FittedOutcome, fitOutcomes, predictOutcome } from "./fit-outcomes.js";
import { formatNumber } from "./format-number.js";
import { requestedContext } from "./requested-context.js";
import { compareCodeUnits, sortById } from "./settings-key.js";
import { simulatedWarning } from "./simulated-warning.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

export type MeasureOptions = Pick<
  AskOptions,
  "seed" | "context" | "preset" | "warmStart" | "executor" | "signal" | "onProgress"
>;

/** One measurement that could be made on a run that is there. */
export interface MeasurementAdvice {
  readonly trial: string;
  readonly outcome: string;
  /** Expected rise of the best setting's value, in `unit`. */
  readonly value: number;
  readonly price?: number;
  readonly minutes?: number;
  /** Value per price, else per minute, else the value itself: what the list is ordered by. */
  readonly worth: number;
  /** What is believed of the result, latent, in the outcome's unit. */
  readonly expected: { readonly mean: number; readonly stdDev: number; readonly unit: string };
  readonly reason: string;
}

export interface MeasureResult {
  readonly campaign: string;
  readonly seed: number;
  /** Best first. */
  readonly measurements: readonly MeasurementAdvice[];
  readonly unit: string;
  readonly orderedBy: "value per price" | "value per minute" | "value";
  readonly warnings: readonly string[];
  readonly messages: readonly string[];
}

/** Settings beside the tried ones among which the best could lie (assumption). */
const OPEN_SETTINGS = 64;

/**
 * Which outcome to measure next on which run that lacks it: by how much knowing it is expected to raise the value of the
 * setting that would be chosen, for its price or its time where every missing outcome states one.
 *
 * @throws CellwrightError INVALID_OPTION, SPACE_UNSATISFIABLE and CANCELLED as `ask`.
 */
export async function measure(campaign: Campaign, options: MeasureOptions = {}): Promise<MeasureResult> {
  const { seed = 1, preset, warmStart, executor, signal, onProgress } = options;
  await prepareKernels();
  const { context, warnings } = requestedContext(campaign, options.context ?? {});
  const rng = createRng(seed).fork("measure");
  const fits = await fitOutcomes(
    campaign,
    definedFields({ seed, preset, warmStart, executor, signal, onProgress }),
  );
  const problem = createAskProblem(campaign, context, fits, []);
  const decision = createDecision(problem, choices(problem, rng), rng);
  const missing = partialTrials(campaign).flatMap(({ trial, outcomes }) =>
    outcomes.flatMap((outcome) => {
      const fitted = fits.fitted.get(outcome.name);
      return fitted === undefined ? [] : [{ trial, outcome, fitted }];
    }),
  );
  const by = orderOf(missing.map(({ outcome }) => outcome));
  const unit = unitOfRise(problem);
  const measurements =
    decision === null ? [] : missing.map((one) => adviceOn(one, problem, decision, by, unit));
  measurements.sort(
    (a, b) =>
      b.worth - a.worth || compareCodeUnits(a.trial, b.trial) || compareCodeUnits(a.outcome, b.outcome),
  );
  return {
    ...{ campaign: campaign.name, seed, measurements, unit, orderedBy: by },
    warnings: [...simulatedWarning(campaign.trials), ...warnings, ...problem.warnings],
    messages: [...fits.messages, ...silence(campaign, problem, decision, measurements, fits.unfitted)],
  };
}

/** Settings that could be chosen: the tried ones, and some that are open. */
function choices(problem: AskProblem, rng: Rng): Matrix {
  const { campaign, base } = problem;
  return matrixFromRows([...rowsOf(base), ...openSettings(problem, rng)], campaign.space.inputs.length);
}

/** Some settings that could be run, encoded in the asked context. */
export function openSettings({ campaign, context }: AskProblem, rng: Rng): Float64Array[] {
  const set = createFeasibleSet(campaign.space, { fixed: {}, context }, rng.fork("set"));
  return rowsOf(set.sample(Math.min(OPEN_SETTINGS, set.size), rng.fork("open")));
}

interface PartialTrial {
  readonly trial: Trial;
  readonly outcomes: readonly Outcome[];
}

/** Completed or running trials with all settings that lack learned outcomes. */
function partialTrials({ trials, outcomes, space }: Campaign): PartialTrial[] {
  const learned = outcomes.filter(({ formula, composite }) => formula === undefined && composite !== true);
  return sortById(trials)
    .filter(({ status }) => status === "completed" || status === "running")
    .filter((trial) => isReadable(space, trial))
    .filter((trial) => space.context.every(({ name }) => trial.context[name] !== undefined))
    .map((trial) => ({
      trial,
      outcomes: learned.filter(({ name }) => trial.observations[name] === undefined),
    }));
}

/** Prices count only where all that is compared has one; so do minutes. */
function orderOf(outcomes: readonly Outcome[]): MeasureResult["orderedBy"] {
  if (outcomes.length === 0) return "value";
  if (outcomes.every(({ price }) => price !== undefined && price > 0)) return "value per price";
  return outcomes.every(({ minutes }) => minutes !== undefined && minutes > 0) ? "value per minute" : "value";
}

export function unitOfRise({ objectives, campaign }: AskProblem): string {
  if (objectives.length === 0) return "probability of keeping the specifications";
  if (objectives.length > 1) return "share of the objectives' ranges";
  return campaign.outcomes.find(({ name }) => name === objectives[0]!.outcome)!.unit;
}

function adviceOn(
  {
    trial,
    outcome,
    fitted,
  }: { readonly trial: Trial; readonly outcome: Outcome; readonly fitted: FittedOutcome },
  { campaign }: AskProblem,
  decision: Decision,
  by: MeasureResult["orderedBy"],
  unit: string,
): MeasurementAdvice {
  const x = campaign.space.encode(trial.parameters, trial.context);
  const level = fitted.rows.noiseLevelAt(trial);
  const noiseVariance = fitted.model.noiseVariance[level] ?? fitted.model.noiseVariance[0]!;
  const value = decision.expectedRise([{ outcome: outcome.name, x, noiseVariance }]);
  const { mean, stdDev } = predictOutcome(fitted, [x], [level])[0]!;
  const { price, minutes } = outcome;
  const cost = by === "value per price" ? price! : by === "value per minute" ? minutes! : 1;
  return {
    ...{ trial: trial.id, outcome: outcome.name, value },
    ...definedFields({ price, minutes }),
    worth: value / cost,
    expected: { mean, stdDev, unit: outcome.unit },
    reason: reasonOf({ trial, outcome, value, mean, stdDev, unit, settings: trial.parameters }),
  };
}

function reasonOf(of: {
  readonly trial: Trial;
  readonly outcome: Outcome;
  readonly value: number;
  readonly mean: number;
  readonly stdDev: number;
  readonly unit: string;
  readonly settings: Settings;
}): string {
  const amount = (value: number, unit: string): string =>
    unit === "1" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
  const believed = `${of.outcome.name} of ${of.trial.id} is believed to be ${amount(of.mean, of.outcome.unit)} ± ${amount(of.stdDev, of.outcome.unit)}`;
  const price = of.outcome.price === undefined ? "" : ` for ${formatNumber(of.outcome.price)} USD`;
  return of.value > 0
    ? `${believed}; knowing it${price} is expected to raise the best setting by ${amount(of.value, of.unit)}.`
    : `${believed}; knowing it${price} would not change which setting is best.`;
}

/** Why the list is short or says nothing. */
function silence(
  campaign: Campaign,
  problem: AskProblem,
  decision: Decision | null,
  measurements: readonly MeasurementAdvice[],
  unfitted: ReadonlyMap<string, number>,
): string[] {
  const words = [...unfitted.keys()].map(
    (name) => `${name}: its measurements cannot be valued before it is measured at two settings.`,
  );
  if (decision === null && problem.judged.length > 0)
    words.push(
      "Measurements cannot be valued: nothing learned is an objective or a specification by itself.",
    );
  else if (measurements.length === 0 && !partialTrials(campaign).some(({ outcomes }) => outcomes.length > 0))
    words.push("Every run has all its outcomes: nothing is left to measure.");
  else if (measurements.length > 0 && measurements.every(({ value }) => !(value > 0)))
    words.push("No single measurement is expected to change which setting is best.");
  return words;
}
