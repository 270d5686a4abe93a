import { nonDominated } from "../acquisition/pareto.js";
import { isFormed, isKnown, type OutcomeModel } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import { type AskProblem, rowsOf, utility } from "./ask-problem.js";

/** Joint draws: probabilities to 2 %. */
const DRAWS = 512;

/**
 * How likely each setting is to be among the best of all of them: on the front of the objectives (the best, with one)
 * among those that keep the specifications; without objectives, to keep the specifications. By joint draws of each
 * outcome over the settings; outcomes are independent, as they are learned.
 *
 * @param points - Encoded settings, [m × d].
 * @returns [m]; null where an objective or a specification is formed of other outcomes.
 */
export function probabilitiesOfBest(
  { objectives, specifications }: AskProblem,
  points: Matrix,
  rng: Rng,
): Float64Array | null {
  const terms = [...objectives, ...specifications];
  if (terms.length === 0 || terms.some(({ model }) => isFormed(model))) return null;
  const drawn = new Map<string, Matrix>();
  for (const { outcome, model } of terms)
    if (!drawn.has(outcome)) drawn.set(outcome, drawsOf(model, points, rng.fork(outcome)));
  const best = new Float64Array(points.rows);
  for (let s = 0; s < DRAWS; s++) {
    const at = (outcome: string, i: number): number => drawn.get(outcome)!.data[s * points.rows + i]!;
    const feasible = Array.from({ length: points.rows }, (_, i) => i).filter((i) =>
      specifications.every(({ outcome, min, max }) => at(outcome, i) >= min && at(outcome, i) <= max),
    );
    const worths = feasible.map((i) => objectives.map((term) => utility(term, at(term.outcome, i))));
    const front =
      objectives.length === 0
        ? feasible.map((_, k) => k)
        : nonDominated(matrixFromRows(worths, objectives.length));
    for (const k of front) best[feasible[k]!]! += 1 / DRAWS;
  }
  return best;
}

/** Draws in raw units, [DRAWS × m]. */
function drawsOf(model: OutcomeModel, points: Matrix, rng: Rng): Matrix {
  if (!isKnown(model)) return (model as GaussianProcessModel).samples(points, DRAWS, rng);
  const row = rowsOf(points).map((x) => model.evaluate(x));
  return matrixFromRows(Array.from({ length: DRAWS }, () => row));
}
