import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { FEWEST_MATURE } from "../surrogates/maturing-signals.js";
import { type AskProblem, rowsOf } from "./ask-problem.js";
import { createFeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { CellOutlook, RunningCell } from "./cell-outlook.js";
import { createDecision, type Decision, type PlannedMeasurement } from "./decision-value.js";
import type { FittedOutcome, FittedOutcomes } from "./fit-outcomes.js";
import { type ChannelVerdict, freeChannels, type FreeChannelsOptions } from "./free-channels.js";
import { hasForms } from "./formed-gain.js";
import { isMaturing, maturingOutcomes } from "./maturing.js";
import { openSettings, unitOfRise } from "./next-measurement.js";
import type { Currency } from "./read-price.js";
import type { Trial } from "./trial.js";

/** The best new run that could take a channel. */
export interface NewRun {
  readonly parameters: Settings;
  readonly hours: number;
  readonly value: number;
  readonly valuePerHour: number;
}

/** What running cells are worth, and the bar that they are held against. */
export interface CellValues {
  readonly unit: string;
  /** By running cell; null where nothing can be valued, or too little is mature to judge by. */
  readonly verdicts: readonly ChannelVerdict[] | null;
  /** Why there are no verdicts. */
  readonly silence: string | null;
  readonly newRun: NewRun | null;
  readonly price: ChannelPrice | null;
}

/** What one unit of the only objective is worth a year, and what an hour of a channel costs. */
export interface ChannelPrice {
  readonly perUnit: number;
  readonly perHour: number;
  readonly currency: Currency;
}

export interface ValueCellsOptions extends FreeChannelsOptions {
  readonly rng: Rng;
}

/**
 * A cell that is among the best with this probability is kept to its end, even where signals seem to settle it: what is
 * recommended should have been seen (assumption: one in four).
 */
export const CONFIRM = 0.25;

/**
 * A new run must bring this many times as much per hour as a cell that has begun: it is the best of many estimates, which
 * flatters it (assumption; said as half).
 */
export const HEAD_START = 2;

/** Imagined results that tell which open settings are worth a closer look (assumption). */
const ROUGH_RESULTS = 64;
/** Open settings for which the value of a new run is computed beside all running cells (assumption). */
const BEST_NEW = 6;

/** Values running cells by what their final results are expected to change of the choice of the best setting. */
export function valueCells(
  problem: AskProblem,
  fits: FittedOutcomes,
  running: readonly RunningCell[],
  outlooks: readonly CellOutlook[],
  { rng, ...options }: ValueCellsOptions,
): CellValues {
  const { campaign, base, context } = problem;
  const price = channelPrice(problem);
  const nothing = (silence: string): CellValues => ({
    ...{ unit: unitOfRise(problem), verdicts: null, silence, newRun: null, price: null },
  });
  if (running.length === 0) return nothing("No running cell awaits an outcome that matures.");
  const few = tooFew(fits, running);
  if (few !== null) return nothing(few);
  const set = createFeasibleSet(campaign.space, { fixed: {}, context }, rng.fork("set"));
  const open = openSettings(set, rng);
  const places = running.map(({ trial }) => campaign.space.encode(trial.parameters, context));
  const points = distinct([...rowsOf(base), ...places, ...open], campaign.space.inputs.length);
  // Every part of the running cells is valued: too many for what is formed from draws.
  const formed = hasForms([...problem.objectives, ...problem.specifications]);
  const decision = formed ? null : createDecision(problem, points, rng);
  if (decision === null)
    return nothing(
      "Cells cannot be valued: no objective or specification is learned by itself, or a composite or risk measure decides.",
    );
  const planned = running.map(({ trial, awaited }) =>
    awaited.map((fitted) => finalResult(problem, fitted, trial)),
  );
  let next = 0;
  const occupied = running.map(({ hoursLeft }, i) => ({
    hoursLeft,
    measurements: planned[i]!.map(() => next++),
    isHeld: (outlooks[i]!.probabilityBest ?? 0) >= CONFIRM,
  }));
  const all = planned.flat();
  const newRun = price === null ? bestNewRun(problem, fits, decision, all, open) : null;
  const isWorth = (i: number, loss: number): boolean => {
    const { hoursLeft } = running[i]!;
    if (price !== null) return price.perUnit * loss >= price.perHour * hoursLeft;
    return HEAD_START * loss >= newRun!.valuePerHour * hoursLeft;
  };
  const verdicts = freeChannels(occupied, decision.risesOf(all), isWorth, options);
  return { unit: unitOfRise(problem), verdicts, silence: null, newRun, price };
}

/** Too few mature settings: nothing is freed by a model that has hardly seen an end. */
function tooFew({ fitted }: FittedOutcomes, running: readonly RunningCell[]): string | null {
  const young = running
    .flatMap(({ missing }) => missing)
    .find((name) => (fitted.get(name)?.settings ?? 0) < FEWEST_MATURE);
  if (young === undefined) return null;
  return `Fewer than ${FEWEST_MATURE} settings have ${young}: every cell is kept until they have.`;
}

/** A year's worth counts where there is one objective and it has a price, and hours cost. */
function channelPrice({ campaign: { money }, objectives }: AskProblem): ChannelPrice | null {
  const [only] = objectives;
  const perUnit = only === undefined || objectives.length > 1 ? undefined : money?.prices.get(only.outcome);
  const perHour = money?.cost?.perHour ?? 0;
  return perUnit === undefined || !(perHour > 0) ? null : { perUnit, perHour, currency: money!.currency };
}

function finalResult(
  { campaign, context }: AskProblem,
  fitted: FittedOutcome,
  trial: Pick<Trial, "parameters" | "context">,
): PlannedMeasurement {
  const level = fitted.rows.noiseLevelAt(trial);
  return {
    outcome: fitted.outcome.name,
    x: campaign.space.encode(trial.parameters, { ...context, ...trial.context }),
    noiseVariance: fitted.model.noiseVariance[level] ?? fitted.model.noiseVariance[0]!,
  };
}

/** The new run that raises the best setting's value most beside the running cells, taken to its end. */
function bestNewRun(
  problem: AskProblem,
  { fitted }: FittedOutcomes,
  decision: Decision,
  running: readonly PlannedMeasurement[],
  open: readonly Float64Array[],
): NewRun {
  const { campaign } = problem;
  const maturing = maturingOutcomes(campaign.outcomes).filter(({ name }) => fitted.has(name));
  const hours = maturing.reduce((most, { matures }) => Math.max(most, matures.hours), 0);
  const candidates = open.map((x) => {
    const { parameters, context } = campaign.space.decode(x);
    const results = [...fitted.values()]
      .filter(({ outcome }) => isMaturing(outcome))
      .map((one) => finalResult(problem, one, { parameters, context }));
    return { parameters, results, alone: decision.expectedRise(results, ROUGH_RESULTS) };
  });
  const best = candidates.toSorted((a, b) => b.alone - a.alone).slice(0, BEST_NEW);
  const beside = best.map(({ parameters, results }) => {
    const rise = decision.risesOf([...running, ...results]);
    const now = running.map((_, i) => i);
    const more = results.map((_, k) => running.length + k);
    return { parameters, value: Math.max(rise([...now, ...more]) - rise(now), 0) };
  });
  const { parameters, value } = beside.reduce((a, b) => (b.value > a.value ? b : a));
  return { parameters, hours, value, valuePerHour: value / hours };
}

function distinct(points: readonly Float64Array[], columns: number): Matrix {
  const rows = new Map(points.map((x) => [x.join(" "), x]));
  return matrixFromRows([...rows.values()], columns);
}
