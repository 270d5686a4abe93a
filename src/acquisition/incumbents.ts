import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import {
  type DrawnOutcomes,
  drawnUtilities,
  drawnValue,
  drawOutcomes,
  isDrawFeasible,
} from "./drawn-outcomes.js";
import { specificationProbability } from "./feasibility.js";
import { hypervolume } from "./hypervolume-value.js";
import { outcomeRoles } from "./outcome-roles.js";
import type { ObjectiveTerm, SpecificationTerm } from "./outcome-terms.js";
import { referencePoint } from "./reference-point.js";

/**
 * The best of the settings tried so far by posterior mean, best first, [≤ count × d]: where a search should look too.
 *
 * Feasible ones come first. One objective orders by its utility, several by the hypervolume of the single point;
 * infeasible ones follow by their probability of being feasible.
 */
export function bestSettings(options: {
  readonly objectives: readonly ObjectiveTerm[];
  readonly specifications: readonly SpecificationTerm[];
  readonly data: Matrix;
  readonly count: number;
}): Matrix {
  const { objectives, specifications, data, count } = options;
  const problem = drawOutcomes(outcomeRoles(objectives, specifications, data), data, null);
  const worth = singleWorth(problem);
  const feasible = Array.from({ length: data.rows }, (_, i) => isDrawFeasible(problem, 0, i));
  const chance = feasibleChance(problem, feasible);
  const order = Array.from({ length: data.rows }, (_, i) => i).sort((i, j) => {
    if (feasible[i] !== feasible[j]) return feasible[i] === true ? -1 : 1;
    const by = feasible[i] === true ? worth : chance;
    return by[j]! - by[i]! || i - j;
  });
  return matrixFromRows(
    distinct(
      order.map((i) => matrixRow(data, i)),
      count,
    ),
    data.cols,
  );
}

function distinct(rows: readonly Float64Array[], count: number): Float64Array[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = row.join(" ");
    if (seen.has(key) || seen.size >= count) return false;
    seen.add(key);
    return true;
  });
}

function singleWorth(problem: DrawnOutcomes): Float64Array {
  const utilities = drawnUtilities(problem, 0);
  if (utilities.cols === 0) return new Float64Array(utilities.rows);
  if (utilities.cols === 1) return utilities.data;
  const thresholds: (number | undefined)[] = [];
  for (const { objective } of problem.roles)
    if (objective !== null) thresholds[objective.index] = objective.threshold;
  const reference = referencePoint(utilities, thresholds);
  return Float64Array.from({ length: utilities.rows }, (_, i) => {
    const row = matrixRow(utilities, i);
    // Short of the reference: by how much, below all that reach it.
    const shortfall = Math.min(...row.map((value, m) => value - reference[m]!));
    return shortfall > 0 ? hypervolume({ rows: 1, cols: row.length, data: row }, reference) : shortfall;
  });
}

/** Log probability of keeping the limits at each infeasible base point; 0 elsewhere, where nobody asks. */
function feasibleChance(problem: DrawnOutcomes, feasible: readonly boolean[]): Float64Array {
  const probability = specificationProbability(problem.roles, () => true);
  const R = problem.roles.length;
  return Float64Array.from({ length: problem.base.rows }, (_, i) => {
    if (feasible[i] === true) return 0;
    const means = Float64Array.from({ length: R }, (_, r) => drawnValue(problem.outcomes[r]!, 0, i));
    const stdDevs = Float64Array.from(problem.outcomes, (outcome) =>
      Math.sqrt(Math.max(outcome.at(matrixRow(problem.base, i), false).variance, 1e-24)),
    );
    return probability(means, stdDevs, null);
  });
}
