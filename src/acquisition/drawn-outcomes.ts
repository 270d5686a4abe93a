import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Interval } from "./objective-gain.js";
import { utilityOf } from "./objective-gain.js";
import { knownDraws, marginalDraws, type OutcomeDraws } from "./outcome-draws.js";
import type { OutcomeRole } from "./outcome-roles.js";

/** All outcomes of one problem given the same S draws at the same base points. */
export interface DrawnOutcomes {
  readonly roles: readonly OutcomeRole[];
  /** One per role. */
  readonly outcomes: readonly OutcomeDraws[];
  readonly draws: number;
  readonly base: Matrix;
}

/**
 * Draws every learned outcome at `base`.
 *
 * @param normals - Standard normals of each learned role in order, [S × b] each; null for the marginal posterior as one
 *   draw (exact when nothing is pending and data are free of noise).
 */
export function drawOutcomes(
  roles: readonly OutcomeRole[],
  base: Matrix,
  normals: readonly Matrix[] | null,
): DrawnOutcomes {
  let learned = 0;
  const outcomes = roles.map(({ source, objective }): OutcomeDraws => {
    if (source.kind === "known") {
      const options = { scale: source.scale, width: source.width, withError: objective === null };
      return knownDraws(source.known, base, options);
    }
    return normals === null
      ? marginalDraws(source.model, base)
      : source.model.draw(base, normals[learned++]!);
  });
  return { roles, outcomes, draws: normals === null ? 1 : (normals[0]?.rows ?? 1), base };
}

/** Value of an outcome at base point `i` in draw `s`. */
export function drawnValue(outcome: OutcomeDraws, s: number, i: number): number {
  const row = outcome.values.rows === 1 ? 0 : s;
  return outcome.values.data[row * outcome.values.cols + i]!;
}

/** Utilities of the base points in draw `s`, [b × M]; larger is better. */
export function drawnUtilities(problem: DrawnOutcomes, s: number): Matrix {
  const objectives = problem.roles.filter((role) => role.objective !== null).length;
  const utilities = createMatrix(problem.base.rows, objectives);
  problem.roles.forEach(({ objective }, r) => {
    if (objective === null) return;
    for (let i = 0; i < problem.base.rows; i++) {
      const z = drawnValue(problem.outcomes[r]!, s, i);
      utilities.data[i * objectives + objective.index] = utilityOf(objective.utility, z);
    }
  });
  return utilities;
}

/** Whether base point `i` keeps every limit in draw `s`. */
export function isDrawFeasible(problem: DrawnOutcomes, s: number, i: number): boolean {
  return problem.roles.every(({ limits }, r) => {
    if (limits === null) return true;
    return within(drawnValue(problem.outcomes[r]!, s, i), limits);
  });
}

function within(value: number, limits: Interval): boolean {
  return value >= limits.lower && value <= limits.upper;
}
