import { CellwrightError } from "../errors.js";
import { matrixFromRows } from "../math/matrix.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { Scored } from "./choose-starts.js";

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
  function metered(by: AcquisitionFunction): MeteredFunction {
    return {
      get left() {
        return Math.max(limit - units, 0);
      },
      value(x) {
        count();
        return by.value(x);
      },
      valueAndGradient(x, gradient) {
        count();
        return by.valueAndGradient(x, gradient);
      },
    };
  }
  function all(points: readonly Float64Array[], by: MeteredFunction): Scored[] {
    const scored: Scored[] = [];
    for (const x of points) {
      if (units >= limit && scored.length > 0) break;
      scored.push({ x, value: by.value(x) });
    }
    return scored;
  }
  /** At once where the function can, and no limit can come in between. */
  function screened(points: readonly Float64Array[]): Scored[] {
    const by = acquisition.screen ?? acquisition;
    if (by.values === undefined || limit < Infinity || points.length === 0)
      return all(points, screening ?? full);
    for (let i = 0; i < points.length; i++) count();
    const values = by.values(matrixFromRows(points));
    return points.map((x, i) => ({ x, value: values[i]! }));
  }
  const full = metered(acquisition);
  const screening = acquisition.screen === undefined ? null : metered(acquisition.screen);
  return {
    get units() {
      return units;
    },
    get left() {
      return full.left;
    },
    value: (x) => full.value(x),
    valueAndGradient: (x, gradient) => full.valueAndGradient(x, gradient),
    screening,
    scoreAll: (points) => all(points, full),
    screenAll: screened,
  };
}
