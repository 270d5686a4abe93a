import { type Matrix, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { boltzmannStarts, byValue, type Scored } from "./choose-starts.js";
import { freeColumns, isThin } from "./columns.js";
import { combinationStarts } from "./combination-starts.js";
import { exchangeLevels, finishOnLevels, type FinishOptions } from "./finish.js";
import { climb, type LocalSearchOptions } from "./local-search.js";
import { projectedInto, rawPoints } from "./raw-points.js";
import type { WorkBudget } from "./work-budget.js";
import { createWorkMeter, type WorkMeter } from "./work-meter.js";

export interface MaximizeOptions {
  readonly rng: Rng;
  /** Encoded settings that are good already, best first; three are used. */
  readonly incumbents: Matrix;
  /** Whether a point may not be suggested (already run, or pending). */
  readonly exclude: (x: Float64Array) => boolean;
  /** Natural length of each encoded column, [d]; default 1. */
  readonly lengthscales?: Float64Array;
  readonly signal?: AbortSignal;
  /** When it is spent, the best point so far is taken, once some have been looked at; default without end. */
  readonly budget?: WorkBudget;
}

export interface Maximum {
  /** Encoded, feasible, on steps. */
  readonly x: Float64Array;
  readonly value: number;
  /** Evaluations of the acquisition function, cheap ones included. */
  readonly workUnits: number;
}

const SETTINGS = {
  /** Good settings used as centres and starts. */
  incumbents: 3,
  /** Starts besides them: the best raw point and Boltzmann draws. */
  starts: 7,
  /** Iterations of a local search: enough for twenty columns (assumption). */
  iterations: 100,
  /** Iterations on the stand-in, and starts kept for the full function where there is one: assumption. */
  cheapIterations: 30,
  dearStarts: 4,
  /** Local optima that are rounded and finished: assumption. */
  finalists: 3,
  /** Optima nearer than this in every column are one: assumption, a hundredth of the range. */
  besides: 0.01,
  /** Sets up to this size are scored point by point; larger finite ones are screened down to `screened`: assumption. */
  exactSize: 2000,
  screened: 500,
} as const;

/**
 * Finds the feasible point where the acquisition function is largest, or null if every point is excluded.
 *
 * Small finite sets are enumerated. Otherwise raw points are screened, the best and some Boltzmann-chosen ones, the
 * incumbents and the best of each combination of names are climbed from, names are exchanged in turns with continuous moves, and the best optima are rounded to
 * their feasible neighbours, re-scored and re-optimised in what is still free: the answer is scored as it will be run.
 *
 * @throws CellwrightError CANCELLED once `signal` is aborted.
 */
export function maximizeAcquisition(
  acquisition: AcquisitionFunction,
  set: FeasibleSet,
  options: MaximizeOptions,
): Maximum | null {
  const steps = maximizeInSteps(acquisition, set, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As `maximizeAcquisition`, in steps of some local searches each, so that others can have a turn in between. */
export function* maximizeInSteps(
  acquisition: AcquisitionFunction,
  set: FeasibleSet,
  options: MaximizeOptions,
): Generator<void, Maximum | null> {
  const meter = createWorkMeter(acquisition, options.budget, options.signal);
  const all = set.enumerate();
  const found = all === null ? yield* search(meter, set, options) : bestOf(meter, all, options.exclude);
  return found === null ? null : { ...found, workUnits: meter.units };
}

/**
 * Climbs from one feasible point and finishes on levels as `maximizeAcquisition` does; null if nothing there is allowed.
 *
 * @throws CellwrightError CANCELLED once `signal` is aborted.
 */
export function improveAcquisition(
  acquisition: AcquisitionFunction,
  set: FeasibleSet,
  start: Float64Array,
  options: MaximizeOptions,
): Scored | null {
  const meter = createWorkMeter(acquisition, options.budget, options.signal);
  const { finish, ordered } = localTools(meter, set, options);
  const climbed = exchangeLevels(meter, finish.climb(start, ordered), finish);
  return finishOnLevels(meter, climbed, finish);
}

/** The best of a finite set, point by point. */
function bestOf(meter: WorkMeter, all: Matrix, exclude: (x: Float64Array) => boolean): Scored | null {
  let points = Array.from({ length: all.rows }, (_, i) => matrixRow(all, i)).filter((x) => !exclude(x));
  if (points.length > SETTINGS.exactSize) {
    points = byValue(meter.screenAll(points))
      .slice(0, SETTINGS.screened)
      .map(({ x }) => x);
  }
  return byValue(meter.scoreAll(points))[0] ?? null;
}

function* search(
  meter: WorkMeter,
  set: FeasibleSet,
  options: MaximizeOptions,
): Generator<void, Scored | null> {
  const { rng } = options;
  const anchor = matrixRow(set.sample(1, rng.fork("anchor")), 0);
  const centers = projectedInto(set, options.incumbents, anchor).slice(0, SETTINGS.incumbents);
  const raw = meter.screenAll(rawPoints(set, centers, rng));
  yield;
  const starts = boltzmannStarts(raw, SETTINGS.starts, rng.fork("starts")).map(({ x }) => x);
  const { finish, ordered, lengthscales } = localTools(meter, set, options);
  const local = { set, columns: ordered, lengthscales };
  const named = combinationStarts(meter, raw, local);
  const improved = improveCheaply(meter, [...starts, ...centers, ...named], local);
  yield;
  const optima: Scored[] = [];
  for (const start of improved) {
    if (meter.left === 0) break;
    optima.push(finish.climb(start, ordered));
    yield;
  }
  const finished: Scored[] = [];
  for (const optimum of distinctOptima(byValue(optima)).slice(0, SETTINGS.finalists)) {
    const point = finishOnLevels(meter, exchangeLevels(meter, optimum, finish), finish);
    if (point !== null) finished.push(point);
    yield;
  }
  const found = byValue(finished)[0];
  if (found !== undefined) return found;
  const cutEarly = meter.left === 0 ? improved : [];
  return firstAllowed(meter, set, [...cutEarly, ...byValue(raw).map(({ x }) => x)], options.exclude);
}

/** What a climb, and the moves after it, work with. */
function localTools(
  meter: WorkMeter,
  set: FeasibleSet,
  options: MaximizeOptions,
): {
  readonly finish: FinishOptions;
  readonly ordered: readonly number[];
  readonly lengthscales: Float64Array;
} {
  const columns = freeColumns(set);
  const lengthscales = options.lengthscales ?? new Float64Array(set.space.columns.length).fill(1);
  const thin = isThin(set);
  const finish: FinishOptions = {
    set,
    columns,
    exclude: options.exclude,
    rng: options.rng.fork("finish"),
    climb: (start, moving) => {
      if (thin) return { x: start, value: meter.value(start) }; // a gradient would lead out of the set
      return climb(meter, start, { set, columns: moving, lengthscales, maxIterations: SETTINGS.iterations });
    },
  };
  return { finish, ordered: [...columns.smooth, ...columns.stepped], lengthscales };
}

/** Leaves out optima that lie beside a better one. */
function distinctOptima(sorted: readonly Scored[]): Scored[] {
  const kept: Scored[] = [];
  for (const optimum of sorted) {
    const beside = kept.some(({ x }) =>
      x.every((value, j) => Math.abs(value - optimum.x[j]!) < SETTINGS.besides),
    );
    if (!beside) kept.push(optimum);
  }
  return kept;
}

/**
 * Where the full function is dear, climbs on its stand-in first and keeps the best few by the full one, starts included;
 * else all starts as they are.
 */
function improveCheaply(
  meter: WorkMeter,
  starts: readonly Float64Array[],
  local: Omit<LocalSearchOptions, "maxIterations">,
): readonly Float64Array[] {
  const { screening } = meter;
  if (screening === null || isThin(local.set)) return starts;
  const climbed = starts.map(
    (start) => climb(screening, start, { ...local, maxIterations: SETTINGS.cheapIterations }).x,
  );
  return byValue(meter.scoreAll([...climbed, ...starts]))
    .slice(0, SETTINGS.dearStarts)
    .map(({ x }) => x);
}

/** Where every optimum is excluded or the budget is spent: the first of the points, best first, that is allowed once rounded. */
function firstAllowed(
  meter: WorkMeter,
  set: FeasibleSet,
  points: readonly Float64Array[],
  exclude: (x: Float64Array) => boolean,
): Scored | null {
  for (const x of points) {
    for (const rounded of set.round(x))
      if (!exclude(rounded)) return { x: rounded, value: meter.value(rounded) };
  }
  return null;
}
