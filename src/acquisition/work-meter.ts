import { CellwrightError } from "../errors.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { Scored } from "./choose-starts.js";

/**
 * Counts evaluations of an acquisition function, one unit each, and stops a search after a number of them: unlike a
 * clock, the same count gives the same answer again.
 */
export interface WorkMeter {
  readonly units: number;
  /** Units left; Infinity without a limit. */
  readonly left: number;
  value(x: Float64Array): number;
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
  /** Values of points, up to the limit; the first is always scored. */
  scoreAll(points: readonly Float64Array[]): Scored[];
  /** As `scoreAll`, by the cheap stand-in for `value` where there is one. */
  screenAll(points: readonly Float64Array[]): Scored[];
}

/** @throws (from its functions) CellwrightError CANCELLED once `signal` is aborted. */
export function createWorkMeter(
  acquisition: AcquisitionFunction,
  limit = Infinity,
  signal?: AbortSignal,
): WorkMeter {
  let units = 0;
  function count(): void {
    if (signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "The search for the next settings was cancelled.", {
        details: { workUnits: units },
      });
    }
    units++;
  }
  function value(x: Float64Array): number {
    count();
    return acquisition.value(x);
  }
  function screen(x: Float64Array): number {
    count();
    return acquisition.screen === undefined ? acquisition.value(x) : acquisition.screen(x);
  }
  function all(points: readonly Float64Array[], by: (x: Float64Array) => number): Scored[] {
    const scored: Scored[] = [];
    for (const x of points) {
      if (units >= limit && scored.length > 0) break;
      scored.push({ x, value: by(x) });
    }
    return scored;
  }
  return {
    get units() {
      return units;
    },
    get left() {
      return Math.max(limit - units, 0);
    },
    value,
    valueAndGradient(x, gradient) {
      count();
      return acquisition.valueAndGradient(x, gradient);
    },
    scoreAll: (points) => all(points, value),
    screenAll: (points) => all(points, screen),
  };
}
