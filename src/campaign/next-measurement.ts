import { bestSettings } from "../acquisition/incumbents.js";
import { CellwrightError, type Problem } from "../errors.js";
import { createRng, type Rng } from "../math/rng.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import { prepareKernels } from "../math/wasm/kernels.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import {
  allowedIn,
  type AskRequest,
  fitRequest,
  readRequest,
  type RequestOptions,
  safeIn,
} from "./ask-request.js";
import { type AskProblem, createAskProblem, rowsOf } from "./ask-problem.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { PerCost } from "./cost-aware.js";
import { createDecision, type Decision } from "./decision-value.js";
import { definedFields } from "./defined-fields.js";
import { type FittedOutcome, predictOutcome } from "./fit-outcomes.js";
import { formatNumber } from "./format-number.js";
import { hasForms } from "./formed-gain.js";
import { type SafeMode, safeMessage } from "./safe-mode.js";
import { compareCodeUnits, sortById } from "./settings-key.js";
import { simulatedWarning } from "./simulated-warning.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

/** All of a request for suggestions but how new runs are valued: a measurement is valued by what it decides. */
export type MeasureOptions = Omit<RequestOptions, "acquisition">;

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
/** Settings among which is decided where outcomes are formed from draws (assumption: the others are never the best). */
const MOST_FORMED_SETTINGS = 16;

/**
 * Which outcome to measure next on which run that lacks it: by how much knowing it is expected to raise the value of the
 * setting that would be chosen, for its price or its time where every missing outcome states one.
 *
 * @throws CellwrightError INVALID_OPTION, SPACE_UNSATISFIABLE and CANCELLED as `ask`.
 */
export async function measure(asked: Campaign, options: MeasureOptions = {}): Promise<MeasureResult> {
  await prepareKernels();
  const request = readRequest(asked, options, budgetProblems(options));
  const { campaign, context, seed } = request;
  const rng = createRng(seed).fork("measure");
  const set = allowedIn({ ...request, rng }, context);
  const fits = await fitRequest(request);
  const problem = createAskProblem(campaign, context, fits, request.pending);
  const { safe, messages } = safeSettings(request, problem);
  const decision = createDecision(problem, choices(problem, set, safe, rng), rng, safe);
  const missing = partialTrials(campaign).flatMap(({ trial, outcomes }) =>
    outcomes.flatMap((outcome) => {
      const fitted = fits.fitted.get(outcome.name);
      return fitted === undefined ? [] : [{ trial, outcome, fitted }];
    }),
  );
  const by = orderOf(
    missing.map(({ outcome }) => outcome),
    options.per?.of,
    campaign.spec.strategy?.per,
  );
  const unit = unitOfRise(problem);
  const measurements =
    decision === null ? [] : missing.map((one) => adviceOn(one, problem, decision, by, unit));
  measurements.sort(
    (a, b) =>
      b.worth - a.worth || compareCodeUnits(a.trial, b.trial) || compareCodeUnits(a.outcome, b.outcome),
  );
  return {
    ...{ campaign: campaign.name, seed, measurements, unit, orderedBy: by },
    warnings: [...simulatedWarning(request.everyone), ...request.warnings, ...problem.warnings],
    messages: [
      ...fits.messages,
      ...messages,
      ...silence(campaign, problem, decision, measurements, fits.unfitted),
    ],
  };
}

/** A campaign whose safe mode cannot start yet is told what to measure all the same: that is how it starts. */
function safeSettings(
  request: AskRequest,
  problem: AskProblem,
): { readonly safe?: SafeMode; readonly messages: readonly string[] } {
  try {
    const safe = safeIn(request, problem);
    return safe === undefined ? { messages: [] } : { safe, messages: [safeMessage(safe, request.campaign)] };
  } catch (error) {
    if (request.options.safe !== undefined || !(error instanceof CellwrightError)) throw error;
    return { messages: ["Safe mode cannot start yet: settings are compared without it."] };
  }
}

function budgetProblems({ per }: MeasureOptions): Problem[] {
  if (per?.budget === undefined) return [];
  const expected = "no budget: a measurement has a price, and nothing is to be spent evenly";
  return [{ where: "budget", found: String(per.budget), expected }];
}

/**
 * Settings that could be chosen: the tried ones that the request allows, and some that are open; the best of them where
 * outcomes are formed from draws, because each costs more there.
 */
function choices(problem: AskProblem, set: FeasibleSet, safe: SafeMode | undefined, rng: Rng): Matrix {
  const { campaign, base, objectives, specifications } = problem;
  const open = openSettings(set, rng);
  const tried = rowsOf(base);
  const allowed =
    set.free.length === campaign.space.parameters.length ? tried : tried.filter((x) => set.contains(x));
  const all = matrixFromRows([...allowed, ...open], campaign.space.inputs.length);
  const formed = hasForms([...objectives, ...specifications, ...(safe?.specifications ?? [])]);
  if (!formed || all.rows <= MOST_FORMED_SETTINGS) return all;
  return bestSettings({ objectives, specifications, data: all, count: MOST_FORMED_SETTINGS });
}

/** Some settings that could be run, encoded. */
export function openSettings(set: FeasibleSet, rng: Rng): Float64Array[] {
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

/**
 * Prices count only where all that is compared has one; so do minutes. The kind of cost that the campaign counts comes first.
 *
 * @throws CellwrightError INVALID_OPTION with every outcome that does not state the cost that the request wants counted.
 */
function orderOf(
  outcomes: readonly Outcome[],
  wanted: PerCost["of"] | undefined,
  usual: PerCost["of"] | undefined,
): MeasureResult["orderedBy"] {
  const unpriced = outcomes.filter(({ price }) => !(price !== undefined && price > 0));
  const untimed = outcomes.filter(({ minutes }) => !(minutes !== undefined && minutes > 0));
  const lacking = wanted === "money" ? unpriced : wanted === "hour" ? untimed : [];
  if (lacking.length > 0) {
    const expected = wanted === "money" ? "a price" : "its minutes";
    const problems = [...new Set(lacking)].map(({ name }) => ({
      ...{ where: `outcomes.${name}`, found: "nothing", expected },
      remedy: wanted === "money" ? "Add price: … (USD)." : "Add minutes: ….",
    }));
    throw new CellwrightError("INVALID_OPTION", "What a measurement costs cannot be counted.", { problems });
  }
  if (outcomes.length === 0) return "value";
  const byMinutes = untimed.length === 0;
  if (byMinutes && (wanted ?? usual) === "hour") return "value per minute";
  if (unpriced.length === 0) return "value per price";
  return byMinutes ? "value per minute" : "value";
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
    words.push("Measurements cannot be valued: nothing that is judged depends on a learned outcome.");
  else if (measurements.length === 0 && !partialTrials(campaign).some(({ outcomes }) => outcomes.length > 0))
    words.push("Every run has all its outcomes: nothing is left to measure.");
  else if (measurements.length > 0 && measurements.every(({ value }) => !(value > 0)))
    words.push("No single measurement is expected to change which setting is best.");
  return words;
}
