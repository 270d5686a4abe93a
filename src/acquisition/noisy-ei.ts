import type { AcquisitionFunction } from "./acquisition.js";
import { type DrawnOutcomes, drawnUtilities, isDrawFeasible } from "./drawn-outcomes.js";
import { type DrawUtility, expectedUtility } from "./expected-utility.js";
import { specificationProbability } from "./feasibility.js";
import { objectiveGain } from "./objective-gain.js";
import type { LogGain } from "./piecewise-gain.js";

/**
 * Log noisy expected improvement: per joint draw of the outcomes at data and pending points the closed form over that
 * draw's best feasible point, times the probability of keeping the limits, averaged over draws.
 *
 * With one marginal draw it is the analytic LogEI over the best feasible posterior mean.
 *
 * @see Letham, Karrer, Ottoni & Bakshy (2019), Bayesian Analysis 14(2), eq. 8; Ament et al. (2023), eq. 9
 */
export function createLogNoisyEi(name: string, problem: DrawnOutcomes): AcquisitionFunction {
  return expectedUtility(name, problem, improvementUtility(problem));
}

function improvementUtility(problem: DrawnOutcomes): DrawUtility {
  const objectiveAt = problem.roles.findIndex((role) => role.objective !== null);
  const { objective, limits } = problem.roles[objectiveAt]!;
  const gain = objectiveGain(objective!.utility, limits);
  // Limits of the objective's own outcome are inside the gain.
  const probability = specificationProbability(problem.roles, (role) => role.objective === null);
  const incumbents = drawIncumbents(problem);
  const out: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return {
    logUtility(s, means, stdDevs, slopes) {
      slopes?.fill(0);
      const feasible = probability(means, stdDevs, slopes);
      gain(means[objectiveAt]!, stdDevs[objectiveAt]!, incumbents[s]!, Infinity, out);
      if (slopes !== null) {
        slopes[2 * objectiveAt] = out.byMean;
        slopes[2 * objectiveAt + 1] = out.byStdDev;
      }
      return out.log + feasible;
    },
  };
}

/**
 * Utility of the best feasible base point of each draw, [S]. A draw without one counts from the worst utility of any
 * draw, so that finding a feasible point there is worth at least as much as improving elsewhere.
 */
export function drawIncumbents(problem: DrawnOutcomes): Float64Array {
  const incumbents = new Float64Array(problem.draws).fill(-Infinity);
  let worst = Infinity;
  for (let s = 0; s < problem.draws; s++) {
    const utilities = drawnUtilities(problem, s).data;
    for (let i = 0; i < utilities.length; i++) {
      worst = Math.min(worst, utilities[i]!);
      if (utilities[i]! > incumbents[s]! && isDrawFeasible(problem, s, i)) incumbents[s] = utilities[i]!;
    }
  }
  return incumbents.map((best) => (best === -Infinity ? worst : best));
}
