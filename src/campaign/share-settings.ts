import type { AcquisitionFunction } from "../acquisition/acquisition.js";
import { isKnown } from "../acquisition/outcome-terms.js";
import { CellwrightError } from "../errors.js";
import { exp } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Parameter, Settings } from "../space/parameter.js";
import { compatible, convert } from "../units.js";
import type { AskProblem } from "./ask-problem.js";
import {
  changeoverBetween,
  type ChangeoverPrices,
  changeoverPrices,
  hardParameters,
  weightOf,
} from "./changeovers.js";
import { bestRun, type ChosenRun, takenBy, type SearchingOptions } from "./choose-runs.js";
import { comparedSettings, valueOfNext } from "./value-of-next.js";
import { costOfOrder, orderRuns } from "./order-runs.js";
import { type SharedInformation, sharedInformation } from "./shared-information.js";
import { tidySettings } from "./tidy-settings.js";
import type { TriedSettings } from "./tried-settings.js";

/** A batch after its runs were moved onto settings that are hard to change where that pays. */
export interface SharedBatch {
  readonly runs: readonly ChosenRun[];
  readonly workUnits: number;
  /** Null where nothing was moved. */
  readonly shared: {
    /** Places of the moved runs in the batch. */
    readonly moved: readonly number[];
    readonly savedMinutes: number;
    readonly savedScrapMetres: number;
    readonly gainShare: number;
    /** Where runs of one set-up share its error. */
    readonly information?: readonly SharedInformation[];
  } | null;
}

export interface ShareOptions extends SearchingOptions {
  readonly tried: TriedSettings;
  /** What the machine is set to now; empty where nothing tells. */
  readonly today: Settings;
}

/** Moves that are searched in full a round, the most promising first (assumption). */
const SEARCHED_MOVES = 3;
/** Relative rise of gain per time below which a move is not worth a search of another round. */
const LEAST_RISE = 1e-9;

/**
 * Moves runs of a batch onto settings that are hard to change of other runs, or of today, while the expected gain of the
 * batch per minute of line time (per dollar where prices are stated) rises: runs and changeovers both take time.
 *
 * A move takes all runs of one level to another; each is searched anew with the level held and the others pending.
 * The marginal gain of a run given all others is exact: it is what the batch loses without it. That gain is of the
 * outcome itself; what runs of one set-up tell less because they share its error is stated beside it, not weighed.
 */
export function shareSettings(
  problem: AskProblem,
  set: FeasibleSet,
  runs: readonly ChosenRun[],
  options: ShareOptions,
): SharedBatch {
  const hard = hardParameters(set.space.parameters).filter(
    ({ name }) => !Object.hasOwn(set.request.fixed, name),
  );
  const isGain = runs.every(
    ({ origin, acquisition }) => origin === "model" && acquisition.name.startsWith("log-"),
  );
  if (hard.length === 0 || runs.length < 2 || !isGain) return { runs, workUnits: 0, shared: null };
  const batch = createBatch(problem, set, { hard, runs }, options);
  const before = batch.stateOf(runs);
  let state = before;
  let workUnits = 0;
  const moved = new Set<number>();
  for (;;) {
    const { best, units } = bestMove(batch, state);
    workUnits += units;
    if (best === null) break;
    for (const place of best.places) moved.add(place);
    state = best.state;
  }
  if (moved.size === 0) return { runs, workUnits, shared: null };
  const settingsOf = (of: readonly ChosenRun[]): Float64Array[] => of.map(({ x }) => x);
  const information = sharedInformation(problem, settingsOf(runs), settingsOf(state.runs));
  return {
    runs: state.runs,
    workUnits,
    shared: {
      moved: [...moved].sort((a, b) => a - b),
      savedMinutes: before.minutes - state.minutes,
      savedScrapMetres: before.scrapMetres - state.scrapMetres,
      gainShare: 1 - state.gain / before.gain,
      ...(information.length > 0 && { information }),
    },
  };
}

/** A batch with what it is expected to bring and to take. */
interface BatchState {
  readonly runs: readonly ChosenRun[];
  /** Expected gain, in units of the best marginal one at the start. */
  readonly gain: number;
  /** Of runs and changeovers, in minutes or USD. */
  readonly effort: number;
  readonly minutes: number;
  readonly scrapMetres: number;
}

interface Move {
  readonly places: readonly number[];
  readonly level: Settings;
  readonly state: BatchState;
}

interface Batch {
  stateOf(runs: readonly ChosenRun[]): BatchState;
  /** Levels of the parameters that are hard to change: those of the runs, and today's. */
  levelsOf(runs: readonly ChosenRun[]): readonly Settings[];
  placesAt(runs: readonly ChosenRun[], level: Settings): readonly number[];
  /** The batch with some runs at another level; null where that is not allowed. `search` looks for the best other settings. */
  moved(
    state: BatchState,
    places: readonly number[],
    level: Settings,
    search: boolean,
  ): { readonly state: BatchState | null; readonly units: number };
}

/** The move that raises the gain per effort most, or null. */
function bestMove(batch: Batch, state: BatchState): { readonly best: Move | null; readonly units: number } {
  const levels = batch.levelsOf(state.runs);
  const promising: Move[] = [];
  let units = 0;
  for (const from of levels) {
    const places = batch.placesAt(state.runs, from);
    if (places.length === 0) continue;
    for (const level of levels) {
      if (level === from) continue;
      const rough = batch.moved(state, places, level, false);
      units += rough.units;
      if (rough.state !== null && rough.state.effort < state.effort)
        promising.push({ places, level, state: rough.state });
    }
  }
  const searched = byRate(promising)
    .slice(0, SEARCHED_MOVES)
    .flatMap((move): Move[] => {
      const found = batch.moved(state, move.places, move.level, true);
      units += found.units;
      return found.state === null ? [] : [{ ...move, state: found.state }];
    });
  const [best] = byRate(searched);
  const rises = best !== undefined && rateOf(best.state) > rateOf(state) * (1 + LEAST_RISE);
  return { best: rises ? best : null, units };
}

const rateOf = ({ gain, effort }: BatchState): number => gain / effort;

function byRate(moves: readonly Move[]): Move[] {
  return [...moves].sort((a, b) => rateOf(b.state) - rateOf(a.state));
}

function createBatch(
  problem: AskProblem,
  set: FeasibleSet,
  { hard, runs: first }: { readonly hard: readonly Parameter[]; readonly runs: readonly ChosenRun[] },
  options: ShareOptions,
): Batch {
  const { today, rng } = options;
  const prices = changeoverPrices(problem.campaign.spec);
  const compared = comparedSettings(problem);
  const data = compared.rows > 0 ? compared : set.sample(1, rng.fork("stand-in"));
  const levelOf = (settings: Settings): Settings =>
    Object.fromEntries(
      hard.flatMap(({ name }) => (settings[name] === undefined ? [] : [[name, settings[name]]])),
    );
  const settingsOf = (run: ChosenRun): Settings => set.space.decode(run.x).parameters;
  const sets = levelSets(set, options);
  // Of the runs as they were chosen: a move is worth what it saves in changeovers, not that it finds a shorter run.
  const runTime = first.reduce((sum, { x }) => sum + minutesOf(problem, x, prices), 0) * prices.perMinute;
  let scale: number | null = null;
  const gainOf = (value: number): number => exp(value - (scale ??= value));

  const stateFrom = (runs: readonly ChosenRun[], gain: number): BatchState => {
    const plan = changeoversOf(runs.map(settingsOf), today, set.space.parameters, prices);
    return { runs, gain, ...plan, effort: runTime + plan.weight };
  };
  const without = (runs: readonly ChosenRun[], place: number): ChosenRun[] =>
    runs.filter((_, i) => i !== place);
  const valueGiven = (runs: readonly ChosenRun[], place: number): AcquisitionFunction =>
    valueOfNext(problem, data, without(runs, place), { ...options, index: place });

  return {
    stateOf(runs) {
      const gain = runs.reduce((sum, run, i) => {
        const value = valueOfNext(problem, data, runs.slice(0, i), { ...options, index: i });
        return sum + gainOf(value.value(run.x));
      }, 0);
      return stateFrom(runs, gain);
    },
    levelsOf(runs) {
      const all = [...runs.map((run) => levelOf(settingsOf(run))), levelOf(today)];
      const complete = all.filter((level) => Object.keys(level).length === hard.length);
      return [...new Map(complete.map((level) => [keyOf(level), level])).values()];
    },
    placesAt: (runs, level) =>
      runs.flatMap((run, i) => (keyOf(levelOf(settingsOf(run))) === keyOf(level) ? [i] : [])),
    moved(state, places, level, search) {
      const at = sets(level);
      if (at === null) return { state: null, units: 0 };
      let { runs, gain } = state;
      let units = 0;
      for (const place of places) {
        const others = without(runs, place);
        const isTaken = takenBy(problem, set, options.tried, others, options.safe);
        const value = valueGiven(runs, place);
        const found = search
          ? searchedAt(problem, compared, at, others, isTaken, { ...options, index: place })
          : { x: putAt(at, set, runs[place]!.x, level, isTaken), units: 0 };
        units += found.units + 2;
        options.budget?.spend(2);
        if (found.x === null) return { state: null, units };
        const after = value.value(found.x);
        gain += gainOf(after) - gainOf(value.value(runs[place]!.x));
        const run: ChosenRun = {
          ...runs[place]!,
          x: found.x,
          acquisition: { name: value.name, value: after },
        };
        runs = runs.map((one, i) => (i === place ? run : one));
      }
      return { state: stateFrom(runs, gain), units };
    },
  };
}

const keyOf = (level: Settings): string => JSON.stringify(Object.entries(level));

/** Feasible sets with the settings that are hard to change held, made once each; null where nothing is allowed there. */
function levelSets(set: FeasibleSet, { rng }: ShareOptions): (level: Settings) => FeasibleSet | null {
  const made = new Map<string, FeasibleSet | null>();
  return (level) => {
    const key = keyOf(level);
    if (!made.has(key)) made.set(key, heldSet(set, level, rng.fork(`level ${key}`)));
    return made.get(key) ?? null;
  };
}

function heldSet(set: FeasibleSet, level: Settings, rng: ShareOptions["rng"]): FeasibleSet | null {
  const { request } = set;
  try {
    return createFeasibleSet(set.space, { ...request, fixed: { ...request.fixed, ...level } }, rng);
  } catch (error) {
    // Today's setting may lie outside the bounds, and a level may leave nothing else to choose.
    const refused =
      error instanceof CellwrightError && ["INVALID_OPTION", "SPACE_UNSATISFIABLE"].includes(error.code);
    if (refused) return null;
    throw error;
  }
}

function searchedAt(
  problem: AskProblem,
  compared: Matrix,
  at: FeasibleSet,
  others: readonly ChosenRun[],
  isTaken: (x: Float64Array) => boolean,
  options: SearchingOptions,
): { readonly x: Float64Array | null; readonly units: number } {
  const { run, workUnits } = bestRun(problem, compared, at, others, isTaken, options);
  const x = run?.[0]?.x;
  return { x: x === undefined ? null : tidySettings(at, x, isTaken), units: workUnits };
}

/** The run with nothing but its level changed, at the nearest setting that is allowed and not taken. */
function putAt(
  at: FeasibleSet,
  set: FeasibleSet,
  x: Float64Array,
  level: Settings,
  isTaken: (x: Float64Array) => boolean,
): Float64Array | null {
  const { parameters, context } = set.space.decode(x);
  const there = set.space.encode({ ...parameters, ...level }, context);
  return at.round(there).find((candidate) => !isTaken(candidate)) ?? null;
}

/** Changeovers of runs in their best order from today's setting. */
function changeoversOf(
  runs: readonly Settings[],
  today: Settings,
  parameters: readonly Parameter[],
  prices: ChangeoverPrices,
): { readonly weight: number; readonly minutes: number; readonly scrapMetres: number } {
  const between = (i: number, j: number) => changeoverBetween(parameters, i < 0 ? today : runs[i]!, runs[j]!);
  const cost = (i: number, j: number): number => weightOf(between(i, j), prices);
  const order = orderRuns(runs.length, cost);
  const all = order.map((run, k) => between(k === 0 ? -1 : order[k - 1]!, run));
  return {
    weight: costOfOrder(order, cost),
    minutes: all.reduce((sum, { minutes }) => sum + minutes, 0),
    scrapMetres: all.reduce((sum, { scrapMetres }) => sum + scrapMetres, 0),
  };
}

/** Time of a run itself: a known outcome that is a time, else what the campaign states or is assumed. */
function minutesOf({ judged }: AskProblem, x: Float64Array, { runMinutes }: ChangeoverPrices): number {
  for (const { outcome, model } of judged) {
    if (isKnown(model) && compatible(outcome.unit, "h"))
      return convert(model.evaluate(x), outcome.unit, "min");
  }
  return runMinutes;
}
