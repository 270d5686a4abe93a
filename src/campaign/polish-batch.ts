import type { AcquisitionFunction } from "../acquisition/acquisition.js";
import { improveAcquisition, type MaximizeOptions } from "../acquisition/maximize.js";
import { shareOf, type WorkBudget } from "../acquisition/work-budget.js";
import { exp, log } from "../math/elementary.js";
import type { FeasibleSet } from "../space/feasible-set.js";

/** A point of a batch, and what one more run was worth given the points before it. */
export interface BatchPoint {
  readonly x: Float64Array;
  readonly acquisition: AcquisitionFunction;
}

/** What improving a batch needs to know of the request. */
export interface PolishTools {
  readonly set: FeasibleSet;
  /** What one more run is worth where these are pending, over `more` times the draws that the batch was chosen by. */
  given(others: readonly Float64Array[], more: number): AcquisitionFunction;
  /** How to search for it beside them, in turn `turn`. */
  search(others: readonly Float64Array[], turn: number): MaximizeOptions;
  /** Rounded to what a person would type. */
  tidy(x: Float64Array, others: readonly Float64Array[]): Float64Array;
  readonly budget: WorkBudget;
  /** Lets others have a turn; throws once cancelled. */
  breathe(): Promise<void>;
}

export interface PolishedBatch {
  readonly points: readonly { readonly x: Float64Array; readonly name: string; readonly value: number }[];
  /** Log of what the batch is worth together, as it came and as it goes. */
  readonly before: number;
  readonly after: number;
}

/** Batches up to this size are improved together (issue 4; larger ones stay as they were chosen one by one). */
const MOST_JOINT = 8;
/** Rounds over the points: later ones move little (measured on the shipped campaigns). */
const ROUNDS = 2;
/**
 * Times the draws of a search: in the search here, and in the comparison at the end. A batch that was chosen one by one is
 * nearly as good as it gets, so that with the same draws most moves would follow their noise (measured: with 32 draws
 * seven of twelve batches of the shipped campaigns lost by 512).
 */
const MORE_DRAWS = { search: 2, compare: 4 } as const;
/** Evaluations for one point: enough for a climb from a good place (assumption). */
const UNITS_PER_POINT = 60;
/** Log units by which a point must be better to be moved: assumption, a hundredth of a percent is nothing. */
const LEAST_GAIN = 1e-4;

/**
 * Improves a batch that was chosen point by point: each point in turn is searched again given all others as pending.
 *
 * What a point is worth given the others differs from what the batch is worth together by a term that does not depend on
 * that point, so a move that is better there is better for the batch. At the end both batches are compared over more
 * draws by the sum of what each point is expected to gain given the ones before it: the joint value never falls.
 *
 * @returns null where the batch is left as it is: it has one point or more than eight, its points are worth different
 *   things, or nothing better was found.
 * @see Wilson, Hutter & Deisenroth (2018), NeurIPS 31, for greedy and joint maximisation of such sums
 */
export async function polishBatch(
  batch: readonly BatchPoint[],
  tools: PolishTools,
): Promise<PolishedBatch | null> {
  if (batch.length < 2 || batch.length > MOST_JOINT || !isOfOneKind(batch)) return null;
  const points = batch.map(({ x }) => x);
  const last = points.length - 1;
  let moved = false;
  for (let round = 0; round < ROUNDS; round++) {
    let movedNow = false;
    for (let i = 0; i <= last && tools.budget.left > 0; i++) {
      // The last one was chosen given all others already.
      if (i === last && !moved) continue;
      await tools.breathe();
      const others = points.filter((_, k) => k !== i);
      const better = betterPoint(points[i]!, others, tools, round * points.length + i);
      if (better === null) continue;
      points[i] = better;
      movedNow = true;
      moved = true;
    }
    if (!movedNow) break;
  }
  if (!moved) return null;
  const together = bestFirst(points, batch[0]!.acquisition);
  const before = jointValue(
    batch.map(({ x }) => x),
    tools,
  );
  const after = jointValue(together, tools);
  return after.log > before.log ? { points: after.points, before: before.log, after: after.log } : null;
}

/** A better place for one point, if the search from where it is finds one. */
function betterPoint(
  x: Float64Array,
  others: readonly Float64Array[],
  tools: PolishTools,
  turn: number,
): Float64Array | null {
  const acquisition = tools.given(others, MORE_DRAWS.search);
  const found = improveAcquisition(acquisition, tools.set, x, {
    ...tools.search(others, turn),
    budget: shareOf(tools.budget, UNITS_PER_POINT),
  });
  if (found === null) return null;
  const tidy = tools.tidy(found.x, others);
  return acquisition.value(tidy) > acquisition.value(x) + LEAST_GAIN ? tidy : null;
}

/** What the points of a batch are worth can be added up only where all of them are worth the same thing. */
function isOfOneKind(batch: readonly BatchPoint[]): boolean {
  const kinds = batch.map(({ acquisition }, i) => kindOf(acquisition.name, i));
  return kinds[0] !== null && kinds.every((kind) => kind === kinds[0]);
}

function kindOf(name: string, place: number): string | null {
  const [base] = name.split(" ");
  // Without noise the first run is valued in closed form and those after it over draws: the same expectation.
  if (place === 0 && base === "log-expected-improvement") return "log-noisy-expected-improvement";
  const summed = [
    "log-noisy-expected-improvement",
    "log-noisy-expected-hypervolume-improvement",
    "log-probability-feasible",
  ];
  return summed.includes(base!) ? base! : null;
}

/** The point that is worth most alone comes first: it is the one that the advice speaks of. */
function bestFirst(points: readonly Float64Array[], alone: AcquisitionFunction): Float64Array[] {
  const values = points.map((x) => alone.value(x));
  const best = values.indexOf(values.reduce((a, b) => (b > a ? b : a)));
  return [points[best]!, ...points.filter((_, i) => i !== best)];
}

/** What the points are worth together, log, and each given those before it. */
function jointValue(
  points: readonly Float64Array[],
  tools: PolishTools,
): { readonly log: number; readonly points: PolishedBatch["points"] } {
  const valued = points.map((x, i) => {
    const acquisition = tools.given(points.slice(0, i), MORE_DRAWS.compare);
    return { x, name: acquisition.name, value: acquisition.value(x) };
  });
  return { log: logSum(valued.map(({ value }) => value)), points: valued };
}

function logSum(values: readonly number[]): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (largest === -Infinity) return largest;
  return largest + log(values.reduce((sum, value) => sum + exp(value - largest), 0));
}
