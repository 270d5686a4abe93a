import { exp, log, logAddExp } from "../math/elementary.js";
import { type Matrix, matrixRow, selectRows } from "../math/matrix.js";
import { logNormalInterval, normalLogCdf } from "../math/normal.js";
import { permutation, type Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { AcquisitionFunction } from "./acquisition.js";
import { AUGMENTATION, type Chebyshev, scalarize } from "./chebyshev.js";
import { type DrawnOutcomes, drawnUtilities, isDrawFeasible } from "./drawn-outcomes.js";
import { type DrawUtility, expectedUtility } from "./expected-utility.js";
import { specificationProbability } from "./feasibility.js";
import { type ObjectiveGain, objectiveGain, type Utility, utilityOf } from "./objective-gain.js";
import type { LogGain } from "./piecewise-gain.js";

/** Draws of the candidate's outcomes over all draws of the base points: assumption. */
const CANDIDATE_DRAWS = 64;

/**
 * Log noisy expected improvement of an augmented Chebyshev scalarisation: per joint draw of the outcomes at data and
 * pending points what a candidate gains over that draw's best feasible scalarised point.
 *
 * All objectives of the candidate but one are drawn; over that one, each in turn, the gain is piecewise linear and
 * integrated in closed form, so that nothing is smoothed. Limits count as a factor, those of the objectives' own outcomes
 * too.
 *
 * @see Knowles (2006), IEEE Trans. Evol. Comput. 10(1); Daulton, Balandat & Bakshy (2020), NeurIPS 33, appendix F
 *   (qParEGO); Ament et al. (2023), NeurIPS 36, for the logarithm
 */
export function createLogScalarizedEi(
  problem: DrawnOutcomes,
  chebyshev: Chebyshev,
  rng: Rng,
): AcquisitionFunction {
  const inner = Math.max(1, Math.ceil(CANDIDATE_DRAWS / problem.draws));
  const M = chebyshev.top.length;
  // Shuffled: point by point a low-discrepancy sequence goes along with that of the base points, and with turns.
  const ordered = sobolNormals(inner * problem.draws, M, rng.fork("normals"));
  const normals = selectRows(ordered, permutation(rng.fork("order"), ordered.rows));
  return expectedUtility(
    "log-noisy-expected-scalarized-improvement",
    problem,
    scalarizedUtility(problem, chebyshev, normals, inner),
  );
}

/** Best scalarised feasible base point of each draw, [S]; without one the worst of all, so that feasibility gains. */
export function scalarizedIncumbents(problem: DrawnOutcomes, chebyshev: Chebyshev): Float64Array {
  const best = new Float64Array(problem.draws).fill(-Infinity);
  let worst = Infinity;
  for (let s = 0; s < problem.draws; s++) {
    const utilities = drawnUtilities(problem, s);
    for (let i = 0; i < utilities.rows; i++) {
      const value = scalarize(chebyshev, matrixRow(utilities, i));
      worst = Math.min(worst, value);
      if (value > best[s]! && isDrawFeasible(problem, s, i)) best[s] = value;
    }
  }
  return best.map((value) => (value === -Infinity ? worst : value));
}

function scalarizedUtility(
  problem: DrawnOutcomes,
  chebyshev: Chebyshev,
  normals: Matrix,
  inner: number,
): DrawUtility {
  const probability = specificationProbability(problem.roles, () => true);
  const incumbents = scalarizedIncumbents(problem, chebyshev);
  const gain = conditionalGain(problem, chebyshev);
  const R = problem.roles.length;
  const logs = new Float64Array(inner);
  const parts = Array.from({ length: inner }, () => new Float64Array(2 * R));
  return {
    logUtility(s, means, stdDevs, slopes) {
      slopes?.fill(0);
      const feasible = probability(means, stdDevs, slopes);
      for (let i = 0; i < inner; i++) {
        const at = s * inner + i;
        logs[i] = gain(at, matrixRow(normals, at), incumbents[s]!, means, stdDevs, parts[i]!);
      }
      const total = logs.reduce((sum, value) => logAddExp(sum, value), -Infinity);
      if (slopes !== null && total > -Infinity) {
        for (let i = 0; i < inner; i++) {
          const share = exp(logs[i]! - total);
          for (let k = 0; k < 2 * R; k++) slopes[k] = slopes[k]! + share * parts[i]![k]!;
        }
      }
      return total - log(inner) + feasible;
    },
  };
}

/** log E[(g − best)₊] over the objective whose turn it is, the others drawn; writes ∂/∂mean and ∂/∂stdDev of each role. */
type ConditionalGain = (
  turn: number,
  normals: Float64Array,
  best: number,
  means: Float64Array,
  stdDevs: Float64Array,
  slopes: Float64Array,
) => number;

function conditionalGain(problem: DrawnOutcomes, { slopes: c, top }: Chebyshev): ConditionalGain {
  const M = c.length;
  const { roleOf, utilities, gains } = objectivesOf(problem, M);
  const parts = new Float64Array(M);
  const low: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  const high: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return (turn, normals, best, means, stdDevs, slopes) => {
    slopes.fill(0);
    const k = turn % M;
    const r = roleOf[k]!;
    let weakest = -1;
    let sum = 0;
    for (let m = 0; m < M; m++) {
      if (m === k) continue;
      const z = means[roleOf[m]!]! + stdDevs[roleOf[m]!]! * normals[m]!;
      parts[m] = c[m]! * (utilityOf(utilities[m]!, z) - top[m]!);
      if (weakest < 0 || parts[m]! < parts[weakest]!) weakest = m;
      sum += parts[m]!;
    }
    const least = parts[weakest]!;
    // Along objective k the scalarisation rises with slope 1 + α up to `least`, with α beyond.
    const steep = (best - AUGMENTATION * sum) / (1 + AUGMENTATION);
    const isSteep = steep < least;
    const from = top[k]! + (isSteep ? steep : (best - AUGMENTATION * sum - least) / AUGMENTATION) / c[k]!;
    const bend = isSteep ? top[k]! + least / c[k]! : from;
    low.log = -Infinity;
    if (isSteep) gains[k]!(means[r]!, stdDevs[r]!, from, bend, low);
    gains[k]!(means[r]!, stdDevs[r]!, bend, Infinity, high);
    const lowLog = low.log + log((1 + AUGMENTATION) * c[k]!);
    const highLog = high.log + log(AUGMENTATION * c[k]!);
    const total = logAddExp(lowLog, highLog);
    if (total === -Infinity) return total;
    const lowShare = low.log === -Infinity ? 0 : exp(lowLog - total);
    const highShare = exp(highLog - total);
    slopes[2 * r] = (lowShare === 0 ? 0 : lowShare * low.byMean) + highShare * high.byMean;
    slopes[2 * r + 1] = (lowShare === 0 ? 0 : lowShare * low.byStdDev) + highShare * high.byStdDev;
    const bySum = AUGMENTATION * exp(logAbove(utilities[k]!, means[r]!, stdDevs[r]!, from) - total);
    const byLeast = exp(logAbove(utilities[k]!, means[r]!, stdDevs[r]!, bend) - total);
    for (let m = 0; m < M; m++) {
      if (m === k) continue;
      const z = means[roleOf[m]!]! + stdDevs[roleOf[m]!]! * normals[m]!;
      const slope = (bySum + (m === weakest ? byLeast : 0)) * c[m]! * utilitySlope(utilities[m]!, z);
      slopes[2 * roleOf[m]!] = slope;
      slopes[2 * roleOf[m]! + 1] = slope * normals[m]!;
    }
    return total;
  };
}

function objectivesOf(
  { roles }: DrawnOutcomes,
  M: number,
): { readonly roleOf: Int32Array; readonly utilities: Utility[]; readonly gains: ObjectiveGain[] } {
  const roleOf = new Int32Array(M);
  const utilities: Utility[] = [];
  const gains: ObjectiveGain[] = [];
  roles.forEach(({ objective }, r) => {
    if (objective === null) return;
    roleOf[objective.index] = r;
    utilities[objective.index] = objective.utility;
    gains[objective.index] = objectiveGain(objective.utility, null);
  });
  return { roleOf, utilities, gains };
}

/** ∂u/∂z; at a target itself, where there is none, −1. */
export function utilitySlope(utility: Utility, z: number): number {
  if (utility.goal === "maximize") return 1;
  if (utility.goal === "minimize") return -1;
  return z < utility.target ? 1 : -1;
}

/** log P(u(z) > level), z ~ N(mean, stdDev²). */
function logAbove(utility: Utility, mean: number, stdDev: number, level: number): number {
  if (utility.goal === "maximize") return normalLogCdf((mean - level) / stdDev);
  if (utility.goal === "minimize") return normalLogCdf((-mean - level) / stdDev);
  if (!(level < 0)) return -Infinity;
  return logNormalInterval(
    (utility.target + level - mean) / stdDev,
    (utility.target - level - mean) / stdDev,
  );
}
