import { CellwrightError } from "../errors.js";
import { matrixFromRows } from "../math/matrix.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { Scored } from "./choose-starts.js";
import { createWorkBudget, type WorkBudget } from "./work-budget.js";

/** A function whose evaluations are counted. */
export interface MeteredFunction {
  /** Units left; Infinity without a limit. */
  readonly left: number;
  value(x: Float64Array): number;
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
}

/**
 * Counts evaluations of an acquisition function, one unit each, and stops a search after a number of them: unlike a
 * clock, the same count gives the same answer again.
 */
export interface WorkMeter extends MeteredFunction {
  readonly units: number;
  /** The stand-in that screens, on the same account; null where there is none. */
  readonly screening: MeteredFunction | null;
  /** Values of points, as far as the budget goes; the first is always scored. */
  scoreAll(points: readonly Float64Array[]): Scored[];
  /** As `scoreAll`, by the cheap stand-in for `value` where there is one: all where it takes them at once, else some. */
  screenAll(points: readonly Float64Array[]): Scored[];
}

/** Points that are screened whatever is left of a budget: what is answered was looked for (assumption). */
const LEAST_SCREENED = 32;

/** @throws (from its functions) CellwrightError CANCELLED once `signal` is aborted. */
export function createWorkMeter(
  acquisition: AcquisitionFunction,
  budget: WorkBudget = createWorkBudget(),
  signal?: AbortSignal,
): WorkMeter {
  const before = budget.units;
  function count(units: number): void {
    if (signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "The search for the next settings was cancelled.", {
        details: { workUnits: budget.units },
      });
    }
    budget.spend(units);
  }
  function metered(by: AcquisitionFunction): MeteredFunction {
    return {
      get left() {
        return budget.left;
      },
      value(x) {
        count(1);
        return by.value(x);
      },
      valueAndGradient(x, gradient) {
        count(1);
        return by.valueAndGradient(x, gradient);
      },
    };
  }
  function all(points: readonly Float64Array[], by: MeteredFunction, least: number): Scored[] {
    const scored: Scored[] = [];
    for (const x of points) {
      if (budget.left === 0 && scored.length >= least) break;
      scored.push({ x, value: by.value(x) });
    }
    return scored;
  }
  /** At once where the function can: so the values do not depend on the budget. */
  function screened(points: readonly Float64Array[]): Scored[] {
    const by = acquisition.screen ?? acquisition;
    if (by.values === undefined || points.length === 0) return all(points, screening ?? full, LEAST_SCREENED);
    count(points.length);
    const values = by.values(matrixFromRows(points));
    return points.map((x, i) => ({ x, value: values[i]! }));
  }
  const full = metered(acquisition);
  const screening = acquisition.screen === undefined ? null : metered(acquisition.screen);
  return {
    get units() {
      return budget.units - before;
    },
    get left() {
      return full.left;
    },
    value: (x) => full.value(x),
    valueAndGradient: (x, gradient) => full.valueAndGradient(x, gradient),
    screening,
    scoreAll: (points) => all(points, full, 1),
    screenAll: screened,
  };
}
