import type { DrawUtility } from "./expected-utility.js";
import { type DrawnOutcomes, isDrawFeasible } from "./drawn-outcomes.js";
import { log } from "../math/elementary.js";
import type { Interval } from "./objective-gain.js";
import type { OutcomeRole } from "./outcome-roles.js";
import { type LogGain, logIntervalProbability } from "./piecewise-gain.js";

/** A formula's limits are kept at this many smoothing widths inside, so that smoothing does not let it out: assumption. */
const INSIDE_WIDTHS = 2;

/** The interval whose probability stands for keeping `role`'s limits. */
function probabilityInterval(role: OutcomeRole): Interval | null {
  if (role.limits === null || role.source.kind !== "known") return role.limits;
  const inside = INSIDE_WIDTHS * role.source.width;
  const { lower, upper } = role.limits;
  return upper - lower > 2 * inside ? { lower: lower + inside, upper: upper - inside } : role.limits;
}

/**
 * Adds up log(Φ(b) − Φ(a)) over the limits of the roles that `includes` picks, per draw.
 *
 * @see Gardner, Kusner, Xu, Weinberger & Cunningham (2014), ICML 32, section 3; in log space Ament et al. (2023), section 4.3
 */
export function specificationProbability(
  roles: readonly OutcomeRole[],
  includes: (role: OutcomeRole) => boolean,
): (means: Float64Array, stdDevs: Float64Array, slopes: Float64Array | null) => number {
  const intervals = roles.map((role) => (includes(role) ? probabilityInterval(role) : null));
  const out: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return (means, stdDevs, slopes) => {
    let total = 0;
    for (let r = 0; r < intervals.length; r++) {
      const interval = intervals[r];
      if (interval === null || interval === undefined) continue;
      logIntervalProbability(means[r]!, stdDevs[r]!, interval.lower, interval.upper, out);
      total += out.log;
      if (slopes !== null) {
        slopes[2 * r] = out.byMean;
        slopes[2 * r + 1] = out.byStdDev;
      }
    }
    return total;
  };
}

/** Which draws have no feasible base point, [S] of 0 or 1. */
export function drawsWithoutFeasible(problem: DrawnOutcomes): Uint8Array {
  const without = new Uint8Array(problem.draws);
  for (let s = 0; s < problem.draws; s++) {
    let found = false;
    for (let i = 0; i < problem.base.rows && !found; i++) found = isDrawFeasible(problem, s, i);
    without[s] = found ? 0 : 1;
  }
  return without;
}

/**
 * Worth while nothing feasible is known: the probability that x is feasible where no base point (pending ones
 * included) is, which spreads a batch over different chances.
 */
export function feasibilityUtility(problem: DrawnOutcomes, counts: Uint8Array): DrawUtility {
  const probability = specificationProbability(problem.roles, () => true);
  return {
    logUtility(s, means, stdDevs, slopes) {
      slopes?.fill(0);
      return counts[s] === 1 ? probability(means, stdDevs, slopes) : -Infinity;
    },
  };
}

/** Worth where there is no objective: probability of keeping all limits times the geometric mean standard deviation. */
export function uncertaintyUtility(problem: DrawnOutcomes): DrawUtility {
  const probability = specificationProbability(problem.roles, () => true);
  const learned = problem.roles.map((role) => role.source.kind === "learned");
  const count = Math.max(learned.filter(Boolean).length, 1);
  return {
    logUtility(_, means, stdDevs, slopes) {
      slopes?.fill(0);
      let total = probability(means, stdDevs, slopes);
      for (let r = 0; r < learned.length; r++) {
        if (learned[r] !== true) continue;
        total += log(stdDevs[r]!) / count;
        if (slopes !== null) slopes[2 * r + 1]! += 1 / (count * stdDevs[r]!);
      }
      return total;
    },
  };
}
