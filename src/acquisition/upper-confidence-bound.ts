import { CellwrightError } from "../errors.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { DrawnOutcomes } from "./drawn-outcomes.js";
import { expectedUtility } from "./expected-utility.js";
import { specificationProbability } from "./feasibility.js";
import { utilityOf } from "./objective-gain.js";
import { utilitySlope } from "./scalarized-ei.js";

/**
 * u(μ) + √β σ of the one objective on the model scale, not a logarithm, plus the log probability of keeping the limits.
 *
 * @param problem - One objective, one draw (`believedOutcomes`).
 * @throws CellwrightError INVALID_OPTION if `beta` is not a finite number ≥ 0.
 * @see Srinivas, Krause, Kakade & Seeger (2010), ICML 27, eq. 6
 */
export function createUpperConfidenceBound(problem: DrawnOutcomes, beta: number): AcquisitionFunction {
  if (!(beta >= 0 && beta < Infinity)) {
    throw new CellwrightError("INVALID_OPTION", `Confidence bound: expected a finite beta ≥ 0, got ${beta}.`);
  }
  const width = Math.sqrt(beta);
  const r = problem.roles.findIndex((role) => role.objective !== null);
  const { utility } = problem.roles[r]!.objective!;
  const probability = specificationProbability(problem.roles, () => true);
  return expectedUtility("upper-confidence-bound", problem, {
    logUtility(_, means, stdDevs, slopes) {
      slopes?.fill(0);
      const feasible = probability(means, stdDevs, slopes);
      if (slopes !== null) {
        slopes[2 * r] = slopes[2 * r]! + utilitySlope(utility, means[r]!);
        slopes[2 * r + 1] = slopes[2 * r + 1]! + width;
      }
      return utilityOf(utility, means[r]!) + width * stdDevs[r]! + feasible;
    },
  });
}
