import type { AcquisitionFunction } from "../acquisition/acquisition.js";
import { bestSettings } from "../acquisition/incumbents.js";
import {
  type MaximizeOptions,
  type Maximum,
  maximizeAcquisition,
  maximizeInSteps,
} from "../acquisition/maximize.js";
import { createWorkBudget, type WorkBudget } from "../acquisition/work-budget.js";
import { CellwrightError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { type AskProblem, rowsOf } from "./ask-problem.js";
import { riskAt } from "./failure-risks.js";
import { initialDesign } from "./initial-design.js";
import { type BatchPoint, polishBatch, type PolishedBatch } from "./polish-batch.js";
import type { SafeMode } from "./safe-mode.js";
import type { Suggestion } from "./suggestion.js";
import type { Trial } from "./trial.js";
import {
  comparedOr,
  comparedSettings,
  judgedBy,
  type Placed,
  valueOfNext,
  type ValuingOptions,
} from "./value-of-next.js";
import { tidySettings } from "./tidy-settings.js";
import type { TriedSettings } from "./tried-settings.js";
import type { Progress } from "./progress.js";

/** One run that was chosen, encoded; feasible after rounding. */
export interface ChosenRun {
  readonly x: Float64Array;
  readonly origin: Suggestion["origin"];
  readonly acquisition: Suggestion["acquisition"];
  /** The trial whose settings it repeats, where every feasible setting has been tried. */
  readonly repeats?: Trial;
  /** Present where it is a run of a design of experiments: what it is there, in a sentence. */
  readonly designed?: string;
  /** Present where it repeats on purpose, because that is worth more than a new setting. */
  readonly replication?: NonNullable<Suggestion["replication"]>;
}

export interface ChooseRunsOptions extends Omit<ValuingOptions, "index"> {
  readonly count: number;
  readonly stage: Suggestion["origin"];
  /** What the searches may spend; default without end. */
  readonly budget?: WorkBudget;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A search for one more run: how it is valued, and what it may spend. */
export type SearchingOptions = ValuingOptions & Pick<ChooseRunsOptions, "budget" | "signal">;

export interface ChosenRuns {
  readonly runs: readonly ChosenRun[];
  /** Where the batch was improved together: the log of what it is worth, one by one and together. */
  readonly polished?: Pick<PolishedBatch, "before" | "after">;
  /** Whether every feasible setting has been tried, so that runs had to be repeated or left out. */
  readonly exhausted: boolean;
}

/** Runs that only spread avoid settings that more likely fail than not, while there are others (assumption). */
const LEAST_SUCCESS = 0.5;
/** Good settings around which the search looks too. */
const INCUMBENTS = 3;

/** Units of work after which others have a turn: some 10 ms in small campaigns, 100 ms in large ones. */
const UNITS_PER_TURN = 300;

/**
 * Chooses a batch one run after another, each given the ones before as pending, and improves up to eight of them
 * together. Settings that were tried or are pending are not chosen again, unless nothing else is left: then the best ones
 * are repeated, and say so.
 *
 * @throws CellwrightError CANCELLED once `signal` is aborted.
 */
export async function chooseRuns(
  problem: AskProblem,
  set: FeasibleSet,
  tried: TriedSettings,
  options: ChooseRunsOptions,
): Promise<ChosenRuns> {
  const { count, stage, safe, rng, signal, onProgress, budget = createWorkBudget() } = options;
  const compared = stage === "model" ? comparedSettings(problem) : problem.base;
  const chosen: ChosenRun[] = [];
  const batch: BatchPoint[] = [];
  while (chosen.length < count) {
    onProgress?.({ stage: "choosing runs", done: chosen.length, total: count });
    await breathe(signal);
    const isTaken = takenBy(problem, set, tried, chosen, safe);
    const search = { problem, compared, set, chosen: [...chosen], isTaken, options: { ...options, budget } };
    const found = stage === "model" ? await bestRunInTurns(search) : null;
    const run =
      found === null
        ? spreadRuns(problem, set, chosen, isTaken, stage === "model" ? 1 : count - chosen.length, rng)
        : [found.run];
    if (run.length === 0) break;
    for (const one of run)
      chosen.push({ ...one, x: tidySettings(set, one.x, takenBy(problem, set, tried, chosen, safe)) });
    if (found !== null) batch.push({ x: chosen.at(-1)!.x, acquisition: found.acquisition });
  }
  const polished =
    batch.length === count && safe === undefined
      ? await polish({ problem, compared, set, tried }, batch, { ...options, budget })
      : null;
  if (polished !== null) chosen.splice(0, count, ...polished.points.map(polishedRun));
  const exhausted = chosen.length < count;
  if (exhausted) chosen.push(...repeatedRuns(problem, set, tried, chosen, { count, ...(safe && { safe }) }));
  onProgress?.({ stage: "choosing runs", done: count, total: count });
  return { runs: chosen, exhausted, ...(polished && { polished }) };
}

/** Improves the batch as a whole, see `polishBatch`. */
function polish(
  given: Pick<RunSearch, "problem" | "compared" | "set"> & { readonly tried: TriedSettings },
  batch: readonly BatchPoint[],
  options: ChooseRunsOptions & { readonly budget: WorkBudget },
): Promise<PolishedBatch | null> {
  const { problem, compared, set, tried } = given;
  const data = comparedOr(compared, set, options.rng);
  const placed = (points: readonly Float64Array[]): Placed[] => points.map((x) => ({ x }));
  return polishBatch(batch, {
    set,
    given: (others, more) => valueOfNext(problem, data, placed(others), { ...options, set }, more),
    search: (others, turn) => {
      const isTaken = takenBy(problem, set, tried, placed(others));
      return searchOptions(
        { problem, compared, set, chosen: placed(others), isTaken, options },
        `polish ${turn}`,
      );
    },
    tidy: (x, others) => tidySettings(set, x, takenBy(problem, set, tried, placed(others))),
    budget: options.budget,
    breathe: () => breathe(options.signal),
  });
}

function polishedRun({ x, name, value }: PolishedBatch["points"][number]): ChosenRun {
  return { x, origin: "model", acquisition: { name, value } };
}

/** Lets a cancellation or another task in between. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal?.aborted === true)
    throw new CellwrightError("CANCELLED", "Choosing the next runs was cancelled.");
}

/** Whether a point was tried, was chosen just now, is not safe, or is refused by what only the process can see. */
export function takenBy(
  problem: AskProblem,
  set: FeasibleSet,
  tried: TriedSettings,
  chosen: readonly Placed[],
  safe?: SafeMode,
): (x: Float64Array) => boolean {
  const { knowledge } = problem.campaign;
  const keys = new Set(chosen.map(({ x }) => x.join(" ")));
  return (x) => {
    if (keys.has(x.join(" ")) || tried.trialAt(x) !== undefined) return true;
    if (safe !== undefined && !safe.safety.holds(x)) return true;
    if (knowledge === undefined) return false;
    const { parameters, context } = set.space.decode(x);
    return knowledge.check({ ...context, ...parameters }).length > 0;
  };
}

/**
 * The best one more run given the chosen ones; null where nothing is left or nothing is worth anything.
 *
 * @param options.index - Number of the run in its batch; default the number of those chosen.
 */
export function bestRun(
  problem: AskProblem,
  compared: Matrix,
  set: FeasibleSet,
  chosen: readonly ChosenRun[],
  isTaken: (x: Float64Array) => boolean,
  options: SearchingOptions,
): { readonly run: ChosenRun[] | null; readonly workUnits: number } {
  const search = { problem, compared, set, chosen, isTaken, options };
  const acquisition = acquisitionOf(search);
  const best = maximizeAcquisition(acquisition, set, searchOptions(search, runLabel(search)));
  const found = best === null ? null : modelRun(best, acquisition);
  return { run: found === null ? null : [found.run], workUnits: best?.workUnits ?? 0 };
}

/** A search for one more run. */
interface RunSearch {
  readonly problem: AskProblem;
  readonly compared: Matrix;
  readonly set: FeasibleSet;
  readonly chosen: readonly Placed[];
  readonly isTaken: (x: Float64Array) => boolean;
  readonly options: SearchingOptions;
}

interface FoundRun {
  readonly run: ChosenRun;
  readonly acquisition: AcquisitionFunction;
}

/** As `bestRun`, letting others have a turn now and then. */
async function bestRunInTurns(
  search: RunSearch & { readonly options: { readonly budget: WorkBudget } },
): Promise<FoundRun | null> {
  const { signal, budget } = search.options;
  const acquisition = acquisitionOf(search);
  const steps = maximizeInSteps(acquisition, search.set, searchOptions(search, runLabel(search)));
  let breathed = budget.units;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value === null ? null : modelRun(step.value, acquisition);
    if (signal === undefined || budget.units - breathed < UNITS_PER_TURN) continue;
    await breathe(signal);
    breathed = budget.units;
  }
}

function runLabel({ chosen, options: { index = chosen.length } }: RunSearch): string {
  return `run ${index}`;
}

/** Null where it is worth nothing: a model that is sure of everything. Spread instead. */
function modelRun(best: Maximum, acquisition: AcquisitionFunction): FoundRun | null {
  if (!(best.value > -Infinity)) return null;
  const run: ChosenRun = {
    x: Float64Array.from(best.x),
    origin: "model",
    acquisition: { name: acquisition.name, value: best.value },
  };
  return { run, acquisition };
}

function acquisitionOf({ problem, compared, set, chosen, options }: RunSearch): AcquisitionFunction {
  return valueOfNext(problem, comparedOr(compared, set, options.rng), chosen, { ...options, set });
}

function searchOptions(
  { problem, compared, set, chosen, isTaken, options }: RunSearch,
  label: string,
): MaximizeOptions {
  const { rng, signal, safe, budget, index = chosen.length } = options;
  const { objectives, specifications } = judgedBy(problem, index, safe);
  const data = comparedOr(compared, set, rng);
  const best3 = bestSettings({ objectives, specifications, data, count: INCUMBENTS });
  return {
    rng: rng.fork(label),
    incumbents: safe === undefined ? best3 : knownGood(problem, safe),
    exclude: isTaken,
    lengthscales: searchLengths(problem, set),
    ...(budget === undefined ? {} : { budget }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The best of the known good settings by what the campaign asks: the search starts there. */
function knownGood({ objectives, specifications }: AskProblem, { good }: SafeMode): Matrix {
  if (objectives.length + specifications.length === 0 || good.rows <= INCUMBENTS) return good;
  return bestSettings({ objectives, specifications, data: good, count: INCUMBENTS });
}

/** The shortest lengthscale of any surrogate along each column, at most the whole range. */
function searchLengths(problem: AskProblem, set: FeasibleSet): Float64Array {
  const lengths = new Float64Array(set.space.inputs.length).fill(1);
  for (const { fitted } of problem.judged) {
    fitted?.model.hyperparameters.lengthscales.forEach(
      (length, k) => (lengths[k] = Math.min(lengths[k]!, length)),
    );
  }
  return lengths;
}

/** Runs far from everything: the initial design, and where the models see nothing to gain. */
function spreadRuns(
  problem: AskProblem,
  set: FeasibleSet,
  chosen: readonly ChosenRun[],
  isTaken: (x: Float64Array) => boolean,
  count: number,
  rng: Rng,
): ChosenRun[] {
  const there = [...rowsOf(problem.base), ...rowsOf(problem.pending), ...chosen.map(({ x }) => x)];
  const likelyToFail = (x: Float64Array): boolean => riskAt(problem.risks, x).success < LEAST_SUCCESS;
  const spread = (isOut: (x: Float64Array) => boolean): ChosenRun[] =>
    initialDesign(set, count, there, isOut, rng.fork("design")).map(({ x, distance }) => ({
      x,
      origin: "initial-design",
      acquisition: { name: "maximin-distance", value: distance ?? 0 },
    }));
  if (problem.risks.length === 0) return spread(isTaken);
  const likely = spread((x) => isTaken(x) || likelyToFail(x));
  return likely.length === count ? likely : spread(isTaken);
}

/** The best tried settings again, where nothing new is left. */
function repeatedRuns(
  problem: AskProblem,
  set: FeasibleSet,
  tried: TriedSettings,
  chosen: readonly ChosenRun[],
  { count, safe }: Pick<ChooseRunsOptions, "count" | "safe">,
): ChosenRun[] {
  const { objectives, specifications, base } = problem;
  if (base.rows === 0) return [];
  const ordered =
    objectives.length + specifications.length > 0
      ? bestSettings({ objectives, specifications, data: base, count: base.rows })
      : base;
  return rowsOf(ordered)
    .filter((x) => safe === undefined || safe.safety.holds(x))
    .filter((x) => set.contains(x) && !chosen.some((run) => run.x.join(" ") === x.join(" ")))
    .flatMap((x) => {
      const repeats = tried.trialAt(x);
      return repeats === undefined ? [] : [{ x, repeats }];
    })
    .slice(0, count - chosen.length)
    .map(({ x, repeats }) => ({
      x,
      origin: "model",
      acquisition: { name: "replication", value: 0 },
      repeats,
    }));
}
