import { log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { Scored } from "./choose-starts.js";
import { shiftedWithin } from "./columns.js";
import type { MeteredFunction } from "./work-meter.js";

export interface LocalSearchOptions {
  readonly set: FeasibleSet;
  /** Encoded columns that move; all others stay. */
  readonly columns: readonly number[];
  /** Natural length of each encoded column, [d]: the search is scaled by it. */
  readonly lengthscales: Float64Array;
  readonly maxIterations: number;
}

/**
 * Weights of the barrier −μ log(slack), in units of log acquisition: at the optimum of each pass the constraint costs at
 * most μ. Assumption: 1e-4 of a log unit is nothing.
 */
const BARRIERS = [1e-2, 1e-4] as const;
/** Keeps the barrier finite for a start on the constraint itself. */
const SLACK_OFFSET = 1e-9;

/**
 * Climbs from a feasible start by L-BFGS-B inside the unit cube; constraints are kept by a logarithmic barrier.
 *
 * @see Byrd, Lu, Nocedal & Zhu (1995); Nocedal & Wright (2006), section 19.6, for the barrier
 */
export function climb(meter: MeteredFunction, start: Float64Array, options: LocalSearchOptions): Scored {
  let best: Scored = { x: start, value: -Infinity };
  if (options.columns.length === 0 || meter.left === 0) {
    return meter.left === 0 ? best : { x: start, value: meter.value(start) };
  }
  const constrained = options.set.slack(start) < Infinity;
  for (const barrier of constrained ? BARRIERS : [0]) {
    if (meter.left === 0) break;
    const reached = pass(meter, best.x, barrier, options);
    if (reached.value > best.value) best = reached;
  }
  return best;
}

/** One minimisation of −value − barrier · log slack in coordinates divided by the lengthscales. */
function pass(
  meter: MeteredFunction,
  start: Float64Array,
  barrier: number,
  options: LocalSearchOptions,
): Scored {
  const { set, columns, lengthscales } = options;
  const scales = columns.map((column) => lengthscales[column]!);
  const x = Float64Array.from(start);
  const gradient = new Float64Array(x.length);
  const slope = new Float64Array(x.length);
  let best: Scored = { x: start, value: -Infinity };
  function objective(u: Float64Array, into: Float64Array): number {
    if (meter.left === 0) return Infinity; // as beyond a wall: the best so far stays
    columns.forEach((column, k) => (x[column] = shiftedWithin(set, u[k]! * scales[k]!, column, 0)));
    let penalty = 0;
    if (barrier > 0) {
      const slack = set.slack(x, slope);
      if (!(slack >= 0)) return Infinity;
      penalty = -barrier * log(slack + SLACK_OFFSET);
      const pull = -barrier / (slack + SLACK_OFFSET);
      for (let j = 0; j < slope.length; j++) slope[j] = pull * slope[j]!;
    }
    const value = meter.valueAndGradient(x, gradient);
    if (value > best.value) best = { x: Float64Array.from(x), value };
    columns.forEach((column, k) => (into[k] = (-gradient[column]! + slope[column]!) * scales[k]!));
    return -value + penalty;
  }
  const begin = Float64Array.from(columns, (column, k) => start[column]! / scales[k]!);
  minimize(objective, begin, {
    lower: Float64Array.from(columns, (column, k) =>
      Math.min(set.space.columns[column]!.lower / scales[k]!, begin[k]!),
    ),
    upper: Float64Array.from(columns, (column, k) =>
      Math.max(set.space.columns[column]!.upper / scales[k]!, begin[k]!),
    ),
    maxIterations: options.maxIterations,
  });
  return best;
}
