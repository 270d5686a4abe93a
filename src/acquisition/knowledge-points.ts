import { type Matrix, matrixFromRows, matrixRow, concatRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { distinctRows } from "./base-points.js";
import { baseSamples } from "./base-samples.js";
import { believedOutcomes } from "./believed-outcomes.js";
import { isDrawFeasible } from "./drawn-outcomes.js";
import { maximizeAcquisition } from "./maximize.js";
import { type OutcomeRole } from "./outcome-roles.js";
import { utilityOf } from "./objective-gain.js";
import { createUpperConfidenceBound } from "./upper-confidence-bound.js";

const SETTINGS = {
  /** Points of the set among which drawn functions have their maxima, and functions: assumption. */
  pool: 256,
  draws: 64,
  /** Points kept: each costs at every evaluation (assumption). */
  most: 24,
  /** Confidences at whose maxima the mean may be largest afterwards; 0 is the largest mean now. */
  betas: [0, 4],
} as const;

/**
 * Where the largest mean may be after one more run: the maxima of the mean and of an upper bound, and those of functions
 * drawn from the posterior over a pool of points, the most frequent first; [a × d].
 *
 * @param roles - One objective that is learned. Points whose means break limits are left out while others are there.
 */
export function knowledgePoints(
  roles: readonly OutcomeRole[],
  set: FeasibleSet,
  data: Matrix,
  pending: Matrix,
  rng: Rng,
): Matrix {
  const believed = believedOutcomes(roles, distinctRows(data, pending).points, pending);
  const maxima = SETTINGS.betas.flatMap((beta) => {
    const best = maximizeAcquisition(createUpperConfidenceBound(believed, beta), set, {
      rng: rng.fork(`bound ${beta}`),
      incumbents: data,
      exclude: () => false,
    });
    return best === null ? [] : [best.x];
  });
  const { points: pool } = distinctRows(
    concatRows(data, set.sample(SETTINGS.pool, rng.fork("pool"))),
    pending,
  );
  const frequent = frequentMaxima(roles, pool, rng).map((i) => matrixRow(pool, i));
  const { points } = distinctRows(
    matrixFromRows([...maxima, ...frequent], data.cols),
    matrixFromRows([], data.cols),
  );
  const means = believedOutcomes(roles, points, pending);
  const kept = Array.from({ length: points.rows }, (_, i) => i).filter((i) => isDrawFeasible(means, 0, i));
  const chosen = kept.length > 0 ? kept : Array.from({ length: points.rows }, (_, i) => i);
  return matrixFromRows(
    chosen.slice(0, SETTINGS.most).map((i) => matrixRow(points, i)),
    points.cols,
  );
}

/** Rows of the pool that are the maximum of some draw, the most frequent first. */
function frequentMaxima(roles: readonly OutcomeRole[], pool: Matrix, rng: Rng): number[] {
  const role = roles.find(({ objective }) => objective !== null)!;
  if (role.source.kind !== "learned" || role.objective === null) return [];
  const [normals] = baseSamples(SETTINGS.draws, pool.rows, 1, rng.fork("draws"));
  const { values } = role.source.model.draw(pool, normals!);
  const counts = new Map<number, number>();
  for (let s = 0; s < values.rows; s++) {
    const utilities = matrixRow(values, s).map((z) => utilityOf(role.objective!.utility, z));
    const best = utilities.indexOf(utilities.reduce((a, b) => Math.max(a, b)));
    counts.set(best, (counts.get(best) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([i]) => i);
}
