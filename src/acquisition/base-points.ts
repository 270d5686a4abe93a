import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import { type Chebyshev, scalarize } from "./chebyshev.js";
import { type DrawnOutcomes, drawnUtilities, isDrawFeasible } from "./drawn-outcomes.js";
import { nonDominated } from "./pareto.js";

/** The distinct rows of data and pending points, in order, data first. */
export function distinctRows(
  data: Matrix,
  pending: Matrix,
): { readonly points: Matrix; readonly fromData: number } {
  const seen = new Set<string>();
  const rows: Float64Array[] = [];
  let fromData = 0;
  for (const [matrix, isData] of [
    [data, true],
    [pending, false],
  ] as const) {
    for (let i = 0; i < matrix.rows; i++) {
      const row = matrixRow(matrix, i);
      const key = row.join(" ");
      if (seen.has(key)) continue;
      seen.add(key);
      rows.push(row);
      if (isData) fromData++;
    }
  }
  return { points: matrixFromRows(rows, Math.max(data.cols, pending.cols)), fromData };
}

/**
 * Indices of base points that matter: those on the feasible front (the best one, for one objective) of some draw, and
 * all from `keepFrom` on; with a scalarisation the best one by it. None feasible anywhere keeps all.
 *
 * @see Balandat et al. (2020), NeurIPS 33: the baseline of qNEI is pruned in the same way in its implementation
 */
export function influentialPoints(problem: DrawnOutcomes, keepFrom: number, chebyshev?: Chebyshev): number[] {
  const b = problem.base.rows;
  const matters = new Uint8Array(b).fill(1, keepFrom);
  const single = problem.roles.filter((role) => role.objective !== null).length === 1;
  for (let s = 0; s < problem.draws; s++) {
    if (single || chebyshev !== undefined) {
      const best = bestFeasible(problem, s, chebyshev);
      if (best >= 0) matters[best] = 1;
      continue;
    }
    const feasible = Array.from({ length: b }, (_, i) => i).filter((i) => isDrawFeasible(problem, s, i));
    const utilities = drawnUtilities(problem, s);
    const rows = matrixFromRows(
      feasible.map((i) => matrixRow(utilities, i)),
      utilities.cols,
    );
    for (const k of nonDominated(rows)) matters[feasible[k]!] = 1;
  }
  const kept = Array.from({ length: b }, (_, i) => i).filter((i) => matters[i] === 1);
  return kept.some((i) => i < keepFrom) ? kept : Array.from({ length: b }, (_, i) => i);
}

/** The first of the best feasible base points of a draw by its one objective or a scalarisation; −1 where none is feasible. */
function bestFeasible(problem: DrawnOutcomes, s: number, chebyshev?: Chebyshev): number {
  const drawn = drawnUtilities(problem, s);
  const utilities =
    chebyshev === undefined
      ? drawn.data
      : Float64Array.from({ length: drawn.rows }, (_, i) => scalarize(chebyshev, matrixRow(drawn, i)));
  let best = -1;
  for (let i = 0; i < utilities.length; i++) {
    if ((best < 0 || utilities[i]! > utilities[best]!) && isDrawFeasible(problem, s, i)) best = i;
  }
  return best;
}
