import { bestSettings } from "../acquisition/incumbents.js";
import { isThin } from "../acquisition/columns.js";
import { exp, log } from "../math/elementary.js";
import { matrixRow } from "../math/matrix.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { type AskProblem, utility } from "./ask-problem.js";
import { compareCodeUnits } from "./settings-key.js";

/**
 * Side of the box at first, its limits, and successful batches in a row before it doubles; it halves after as many
 * failed runs in a row as parameters, at least four, counted in whole batches.
 *
 * @see Eriksson, Pearce, Gardner, Turner & Poloczek (2019), NeurIPS 32, section 2 and supplement C: TuRBO-1
 */
const SIDE = { first: 0.8, least: 1 / 128, most: 1.6, successes: 3, fewestFailures: 4 } as const;
/** A batch succeeds where it betters the best run by this share of its size (TuRBO-1 too). */
const SUCCESS = 1e-3;
/** How far beyond the box a setting without steps still counts as inside. */
const EDGE = 1e-9;
/** Halvings of the way from the centre to a point that breaks a constraint: assumption. */
const HALVINGS = 5;

/**
 * Side of the box after results in their order: larger after successes in a row, smaller after failures in a row, and
 * anew where it has become too small. The same results give the same side, so that no state is kept.
 *
 * @param results - Utilities of the completed runs after the first ones, in order; larger is better.
 * @param best - Best utility of the first runs.
 * @param batch - Runs that count as one success or failure.
 */
export function trustRegionSide(
  results: readonly number[],
  best: number,
  { dimension, batch }: { readonly dimension: number; readonly batch: number },
): number {
  const mostFailures = Math.ceil(Math.max(SIDE.fewestFailures, dimension) / batch);
  let side: number = SIDE.first;
  let reached = best;
  let [successes, failures] = [0, 0];
  for (let at = 0; at + batch <= results.length; at += batch) {
    const most = results.slice(at, at + batch).reduce((a, b) => Math.max(a, b));
    const isBetter = most > reached + SUCCESS * Math.abs(reached);
    reached = Math.max(reached, most);
    [successes, failures] = isBetter ? [successes + 1, 0] : [0, failures + 1];
    if (successes === SIDE.successes) {
      side = Math.min(2 * side, SIDE.most);
      successes = 0;
    } else if (failures === mostFailures) {
      side /= 2;
      failures = 0;
      if (side < SIDE.least) side = SIDE.first;
    }
  }
  return side;
}

/** The part of a set in which a trust region lets a search look, and its side. */
export interface TrustRegion {
  readonly set: FeasibleSet;
  /** Side of the box as a share of the ranges, on average; more than 1 is everything. */
  readonly side: number;
}

/**
 * The box about the best tried setting by prediction, longer along parameters with long lengthscales; null where the
 * settings are few enough to list, nothing was tried, or there is not exactly one objective that is learned.
 */
export function trustRegion(problem: AskProblem, set: FeasibleSet): TrustRegion | null {
  const { objectives, specifications, base, judged, campaign } = problem;
  const [term] = objectives;
  const fitted = judged.find(({ outcome }) => outcome.name === term?.outcome)?.fitted;
  const moving = set.free.filter((j) => set.space.columns[j]!.kind === "continuous");
  if (term === undefined || objectives.length > 1 || fitted === undefined) return null;
  if (base.rows === 0 || set.size < Infinity || moving.length === 0) return null;
  const utilities = inOrder(campaign.trials).flatMap(({ status, observations }) => {
    const value = observations[term.outcome]?.value;
    return status === "completed" && value !== undefined ? [utility(term, value)] : [];
  });
  const first = utilities.slice(0, moving.length + 1);
  const best = first.reduce((a, b) => Math.max(a, b), -Infinity);
  const counting = { dimension: moving.length, batch: campaign.batch };
  const side = trustRegionSide(utilities.slice(first.length), best, counting);
  const center = matrixRow(bestSettings({ objectives, specifications, data: base, count: 1 }), 0);
  return { set: insideBox(set, center, halfWidths(set, moving, fitted.model.hyperparameters, side)), side };
}

/** Trials in the order of their numbers: s9-… comes before s10-…, whatever the order of the file. */
function inOrder<T extends { readonly id: string }>(trials: readonly T[]): T[] {
  const key = (id: string): string => id.replace(/\d{1,15}/gu, (digits) => digits.padStart(15, "0"));
  return [...trials].sort((a, b) => compareCodeUnits(key(a.id), key(b.id)) || compareCodeUnits(a.id, b.id));
}

/**
 * Half the box along each column: in proportion to the lengthscales, which count up to the whole range, with the side as
 * their geometric mean; never less than one step.
 */
function halfWidths(
  set: FeasibleSet,
  moving: readonly number[],
  { lengthscales }: { readonly lengthscales: Float64Array },
  side: number,
): ReadonlyMap<number, number> {
  const lengths = moving.map((j) => Math.min(lengthscales[j]!, 1));
  const middle = exp(lengths.reduce((sum, length) => sum + log(length), 0) / lengths.length);
  return new Map(
    moving.map((j, k) => [j, Math.max((side * lengths[k]!) / middle / 2, stepOf(set.space.columns[j]!))]),
  );
}

/** Mean distance of two levels; 0 where a column moves freely. */
function stepOf({ levels }: FeasibleSet["space"]["columns"][number]): number {
  return levels === null || levels.count < 2 ? 0 : 1 / (levels.count - 1);
}

/** The set cut to a box; rounding to steps may leave the box by a step. */
function insideBox(set: FeasibleSet, center: Float64Array, halves: ReadonlyMap<number, number>): FeasibleSet {
  const columns = set.space.columns.map((column, j) => {
    const half = halves.get(j);
    if (half === undefined) return column;
    const middle = Math.min(Math.max(center[j]!, column.lower), column.upper);
    const [lower, upper] = [Math.max(column.lower, middle - half), Math.min(column.upper, middle + half)];
    return { ...column, lower, upper };
  });
  const isInside = (x: Float64Array): boolean =>
    columns.every((column, j) => {
      if (!halves.has(j)) return true;
      const margin = stepOf(column) / 2 + EDGE;
      return x[j]! >= column.lower - margin && x[j]! <= column.upper + margin;
    });
  return {
    ...set,
    space: { ...set.space, columns },
    contains: (x) => set.contains(x) && isInside(x),
    sample(count, rng) {
      const points = set.sample(count, rng);
      for (let i = 0; i < points.rows; i++) {
        const point = matrixRow(points, i);
        const shrunk = Float64Array.from(point, (value, j) => {
          if (!halves.has(j)) return value;
          const { lower, upper } = set.space.columns[j]!;
          const inner = columns[j]!;
          return inner.lower + ((value - lower) / (upper - lower)) * (inner.upper - inner.lower);
        });
        point.set(feasibleOnTheWay(set, shrunk, center, halves) ?? point);
      }
      return points;
    },
  };
}

/** The point, or where a constraint forbids it one nearer to the centre; null where none is allowed. */
function feasibleOnTheWay(
  set: FeasibleSet,
  point: Float64Array,
  center: Float64Array,
  halves: ReadonlyMap<number, number>,
): Float64Array | null {
  if (isThin(set)) return set.round(point)[0] ?? null;
  let current = point;
  for (let k = 0; k <= HALVINGS; k++) {
    if (set.slack(current) >= 0) return current;
    current = Float64Array.from(current, (value, j) => (halves.has(j) ? (value + center[j]!) / 2 : value));
  }
  return null;
}
