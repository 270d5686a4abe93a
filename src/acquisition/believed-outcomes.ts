import { createMatrix, type Matrix } from "../math/matrix.js";
import { drawnModels, type DrawnOutcomes, drawOutcomes } from "./drawn-outcomes.js";
import type { OutcomeRole } from "./outcome-roles.js";

/**
 * Outcomes as a single draw: posterior means at `points`, and at any x the posterior as if every pending run had come out
 * at its mean, which moves no mean and narrows what is around them.
 *
 * @see Desautels, Krause & Burdick (2014), JMLR 15, section 3.2 (hallucinated observations)
 */
export function believedOutcomes(
  roles: readonly OutcomeRole[],
  points: Matrix,
  pending: Matrix,
): DrawnOutcomes {
  const marginal = drawOutcomes(roles, points, null);
  if (pending.rows === 0) return marginal;
  const zeros = drawnModels(roles).map(() => createMatrix(1, pending.rows));
  const given = drawOutcomes(roles, pending, zeros);
  return {
    ...marginal,
    outcomes: given.outcomes.map((outcome, r) => ({ ...outcome, values: marginal.outcomes[r]!.values })),
  };
}
