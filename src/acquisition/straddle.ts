import type { AcquisitionFunction } from "./acquisition.js";
import type { DrawnOutcomes } from "./drawn-outcomes.js";
import { expectedUtility } from "./expected-utility.js";
import type { Interval } from "./objective-gain.js";

/** Two-sided 95 % of a normal distribution, as in the source. */
const WIDTH = 1.96;

/**
 * How much a run tells about where limits hold: 1.96 σ less the distance of the mean to the nearest limit, on the model
 * scale and of the outcome where that is largest. Positive where a limit lies inside the 95 % interval.
 *
 * @param problem - At least one learned outcome with limits, one draw (`believedOutcomes`).
 * @see Bryan, Schneider, Nichol, Miller, Genovese & Wasserman (2005), NeurIPS 18, eq. 3; Gotovos, Casati, Hitz & Krause
 *   (2013), IJCAI, section 3, for its regret
 */
export function createStraddle(problem: DrawnOutcomes): AcquisitionFunction {
  const judged = problem.roles.flatMap(({ limits, source }, r) =>
    limits === null || source.kind !== "learned" ? [] : [{ limits, r }],
  );
  return expectedUtility("straddle", problem, {
    logUtility(_, means, stdDevs, slopes) {
      let best = -Infinity;
      for (const { limits, r } of judged) {
        const { distance, slope } = toNearest(limits, means[r]!);
        const value = WIDTH * stdDevs[r]! - distance;
        if (!(value > best)) continue;
        best = value;
        if (slopes === null) continue;
        slopes.fill(0);
        slopes[2 * r] = -slope;
        slopes[2 * r + 1] = WIDTH;
      }
      return best;
    },
  });
}

/** Distance of a mean to the nearer of two limits, and ∂distance/∂mean. */
function toNearest({ lower, upper }: Interval, mean: number): { distance: number; slope: 1 | -1 } {
  const near = Math.abs(mean - lower) <= Math.abs(upper - mean) ? lower : upper;
  return mean >= near ? { distance: mean - near, slope: 1 } : { distance: near - mean, slope: -1 };
}
