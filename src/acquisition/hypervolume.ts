import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { nonDominatedBoxes } from "./box-decomposition.js";
import { type BoxGain, cellsOf, createBoxSum } from "./box-gains.js";
import { type DrawnOutcomes, drawnUtilities, isDrawFeasible } from "./drawn-outcomes.js";
import { type DrawUtility, expectedUtility } from "./expected-utility.js";
import { specificationProbability } from "./feasibility.js";
import { type Interval, objectiveGain, type Utility } from "./objective-gain.js";
import { nonDominated } from "./pareto.js";

/**
 * Log noisy expected hypervolume improvement: per joint draw of the outcomes at data and pending points the closed form
 * over that draw's feasible front, averaged over draws.
 *
 * A box's share is Π_m E[(min(u_m, upper_m) − lower_m)₊]; objectives are independent given the draw.
 *
 * @param reference - Utilities from which the hypervolume counts, [M].
 * @see Daulton, Balandat & Bakshy (2021), NeurIPS 34, eq. 4; Yang, Emmerich, Deutz & Bäck (2019), J. Global Optim. 75,
 *   for the box-wise closed form; in log space after Ament et al. (2023), section 4.2, which smooths what is exact here
 */
export function createLogHypervolumeImprovement(
  problem: DrawnOutcomes,
  reference: Float64Array,
): AcquisitionFunction {
  return expectedUtility(
    "log-noisy-expected-hypervolume-improvement",
    problem,
    hypervolumeUtility(problem, reference),
  );
}

/** The feasible non-dominated utilities of one draw, [front × M]. */
export function drawFront(problem: DrawnOutcomes, s: number): Matrix {
  const utilities = drawnUtilities(problem, s);
  const feasible: Float64Array[] = [];
  for (let i = 0; i < utilities.rows; i++) {
    if (isDrawFeasible(problem, s, i)) feasible.push(matrixRow(utilities, i));
  }
  const candidates = matrixFromRows(feasible, utilities.cols);
  return matrixFromRows(
    nonDominated(candidates).map((i) => matrixRow(candidates, i)),
    utilities.cols,
  );
}

function hypervolumeUtility(problem: DrawnOutcomes, reference: Float64Array): DrawUtility {
  const M = reference.length;
  const roleOf = new Int32Array(M);
  const gains: BoxGain[] = [];
  problem.roles.forEach(({ objective, limits }, r) => {
    if (objective === null) return;
    roleOf[objective.index] = r;
    gains[objective.index] = boxGain(objective.utility, limits);
  });
  const cells = Array.from({ length: problem.draws }, (_, s) =>
    cellsOf(nonDominatedBoxes(drawFront(problem, s), reference)),
  );
  // Limits of the objectives' own outcomes are inside their gains.
  const probability = specificationProbability(problem.roles, (role) => role.objective === null);
  const sum = createBoxSum(M, cells);
  return {
    logUtility(s, means, stdDevs, slopes) {
      slopes?.fill(0);
      const feasible = probability(means, stdDevs, slopes);
      const cell = cells[s]!;
      for (let m = 0; m < M; m++) {
        const r = roleOf[m]!;
        sum.setObjective(m, cell, gains[m]!, means[r]!, stdDevs[r]!);
      }
      const total = sum.logTotal(cell);
      if (slopes !== null && total > -Infinity) sum.addSlopes(cell, total, roleOf, slopes);
      return total + feasible;
    },
  };
}

function boxGain(utility: Utility, limits: Interval | null): BoxGain {
  if (limits !== null || utility.goal === "target") return objectiveGain(utility, limits);
  return utility.goal === "maximize" ? 1 : -1;
}
