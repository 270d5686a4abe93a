import { exp, log } from "../math/elementary.js";
import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { type Boxes, nonDominatedBoxes } from "./box-decomposition.js";
import { type DrawnOutcomes, drawnUtilities, isDrawFeasible } from "./drawn-outcomes.js";
import { type DrawUtility, expectedUtility } from "./expected-utility.js";
import { specificationProbability } from "./feasibility.js";
import { type ObjectiveGain, objectiveGain } from "./objective-gain.js";
import { nonDominated } from "./pareto.js";
import type { LogGain } from "./piecewise-gain.js";

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

/** The open region of one draw: boxes by the distinct intervals along each objective. */
interface Cells {
  readonly count: number;
  /** Distinct (lower, upper) pairs of objective m, flattened. */
  readonly pairs: readonly Float64Array[];
  /** Pair of objective m in box i at i · M + m. */
  readonly pairOf: Int32Array;
}

function cellsOf(boxes: Boxes): Cells {
  const M = boxes.lower.cols;
  const pairOf = new Int32Array(boxes.lower.rows * M);
  const pairs = Array.from({ length: M }, (_, m) => {
    const index = new Map<string, number>();
    const flat: number[] = [];
    for (let i = 0; i < boxes.lower.rows; i++) {
      const lower = boxes.lower.data[i * M + m]!;
      const upper = boxes.upper.data[i * M + m]!;
      const key = `${lower} ${upper}`;
      if (!index.has(key)) {
        index.set(key, index.size);
        flat.push(lower, upper);
      }
      pairOf[i * M + m] = index.get(key)!;
    }
    return Float64Array.from(flat);
  });
  return { count: boxes.lower.rows, pairs, pairOf };
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
  const gains: ObjectiveGain[] = [];
  problem.roles.forEach(({ objective, limits }, r) => {
    if (objective === null) return;
    roleOf[objective.index] = r;
    gains[objective.index] = objectiveGain(objective.utility, limits);
  });
  const cells = Array.from({ length: problem.draws }, (_, s) =>
    cellsOf(nonDominatedBoxes(drawFront(problem, s), reference)),
  );
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

/** Scratch that adds up boxes in log space, sized for the largest of `cells`. */
function createBoxSum(M: number, cells: readonly Cells[]) {
  const mostPairs = Math.max(
    ...cells.map((cell) => Math.max(...cell.pairs.map((pairs) => pairs.length / 2))),
  );
  const mostBoxes = Math.max(...cells.map((cell) => cell.count));
  const logs = new Float64Array(M * mostPairs);
  const byMean = new Float64Array(M * mostPairs);
  const byStdDev = new Float64Array(M * mostPairs);
  const boxLogs = new Float64Array(mostBoxes);
  const out: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return {
    /** Expected gain of objective `m` in each of its intervals. */
    setObjective(m: number, cell: Cells, gain: ObjectiveGain, mean: number, stdDev: number): void {
      const pairs = cell.pairs[m]!;
      for (let p = 0; 2 * p < pairs.length; p++) {
        gain(mean, stdDev, pairs[2 * p]!, pairs[2 * p + 1]!, out);
        logs[m * mostPairs + p] = out.log;
        byMean[m * mostPairs + p] = out.byMean;
        byStdDev[m * mostPairs + p] = out.byStdDev;
      }
    },
    /** log Σ_boxes Π_m gain. */
    logTotal(cell: Cells): number {
      let largest = -Infinity;
      for (let i = 0; i < cell.count; i++) {
        let product = 0;
        for (let m = 0; m < M; m++) product += logs[m * mostPairs + cell.pairOf[i * M + m]!]!;
        boxLogs[i] = product;
        if (product > largest) largest = product;
      }
      if (largest === -Infinity) return largest;
      let total = 0;
      for (let i = 0; i < cell.count; i++) total += exp(boxLogs[i]! - largest);
      return largest + log(total);
    },
    /** Adds the slopes of the last `logTotal`. */
    addSlopes(cell: Cells, total: number, roleOf: Int32Array, slopes: Float64Array): void {
      for (let i = 0; i < cell.count; i++) {
        const share = exp(boxLogs[i]! - total);
        if (share === 0) continue;
        for (let m = 0; m < M; m++) {
          const p = m * mostPairs + cell.pairOf[i * M + m]!;
          slopes[2 * roleOf[m]!]! += share * byMean[p]!;
          slopes[2 * roleOf[m]! + 1]! += share * byStdDev[p]!;
        }
      }
    },
  };
}
