import { exp, log } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import type { ConditionalPoint } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { DrawnOutcomes } from "./drawn-outcomes.js";

/** What x is worth in one draw, in closed form. */
export interface DrawUtility {
  /**
   * Log expected utility in draw `s` of independent Gaussians, one per role.
   *
   * @param slopes - If given, [2R]: receives ∂/∂mean of role r at 2r and ∂/∂stdDev at 2r + 1.
   */
  logUtility(s: number, means: Float64Array, stdDevs: Float64Array, slopes: Float64Array | null): number;
}

/**
 * Variances below this are rounding of an exactly known point on a scale of order one; they are taken as this, with the
 * gradient as it comes, so that a logarithm of a standard deviation stays finite.
 */
const SMALLEST_VARIANCE = 1e-24;

/** log (1/S Σ_s utility_s(x)), with its gradient collected through the means and the variance of every outcome. */
export function expectedUtility(
  name: string,
  problem: DrawnOutcomes,
  utility: DrawUtility,
): AcquisitionFunction {
  const R = problem.roles.length;
  const S = problem.draws;
  const logs = new Float64Array(S);
  const slopes = new Float64Array(S * 2 * R);
  const slopesOf = Array.from({ length: S }, (_, s) => slopes.subarray(s * 2 * R, (s + 1) * 2 * R));
  const means = new Float64Array(R);
  const stdDevs = new Float64Array(R);

  function evaluate(points: readonly ConditionalPoint[], withSlopes: boolean): number {
    for (let r = 0; r < R; r++) stdDevs[r] = Math.sqrt(Math.max(points[r]!.variance, SMALLEST_VARIANCE));
    for (let s = 0; s < S; s++) {
      for (let r = 0; r < R; r++) means[r] = meanOf(points[r]!, s);
      logs[s] = utility.logUtility(s, means, stdDevs, withSlopes ? slopesOf[s]! : null);
    }
    return logMeanExp(logs);
  }

  const batched = S === 1 && problem.outcomes.every((outcome) => outcome.momentsOfOne !== undefined);

  function valuesOf(points: Matrix): Float64Array {
    const moments = problem.outcomes.map((outcome) => outcome.momentsOfOne!(points));
    const values = new Float64Array(points.rows);
    for (let i = 0; i < points.rows; i++) {
      for (let r = 0; r < R; r++) {
        means[r] = moments[r]!.mean[i]!;
        stdDevs[r] = Math.sqrt(Math.max(moments[r]!.variance[i]!, SMALLEST_VARIANCE));
      }
      values[i] = utility.logUtility(0, means, stdDevs, null);
    }
    return values;
  }

  return {
    name,
    ...(batched && { values: valuesOf }),
    value: (x) =>
      evaluate(
        problem.outcomes.map((outcome) => outcome.at(x, false)),
        false,
      ),
    valueAndGradient(x, gradient) {
      const points = problem.outcomes.map((outcome) => outcome.at(x, true));
      const value = evaluate(points, true);
      gradient.fill(0);
      if (value === -Infinity) return value;
      const logTotal = value + log(S);
      for (let s = 0; s < S; s++) logs[s] = exp(logs[s]! - logTotal); // the draws' shares of the value
      points.forEach((point, r) => addOutcomeGradient(gradient, point, { logs, slopes, stdDevs, r, R }));
      return value;
    },
  };
}

function meanOf(point: ConditionalPoint, s: number): number {
  return point.means[point.means.length === 1 ? 0 : s]!;
}

/** Adds Σ_s w_s (∂/∂mean · ∇mean_s + ∂/∂stdDev · ∇variance / 2σ) of one outcome. */
function addOutcomeGradient(
  gradient: Float64Array,
  point: ConditionalPoint,
  terms: { logs: Float64Array; slopes: Float64Array; stdDevs: Float64Array; r: number; R: number },
): void {
  const { logs: shares, slopes, stdDevs, r, R } = terms;
  const { meanGradients, varianceGradient } = point;
  if (meanGradients === undefined || varianceGradient === undefined) return;
  const d = gradient.length;
  const shared = point.means.length === 1;
  let byVariance = 0;
  let byMean = 0;
  for (let s = 0; s < shares.length; s++) {
    const share = shares[s]!;
    if (share === 0) continue;
    byVariance += share * slopes[(s * R + r) * 2 + 1]!;
    const slope = share * slopes[(s * R + r) * 2]!;
    if (shared) byMean += slope;
    else for (let j = 0; j < d; j++) gradient[j]! += slope * meanGradients.data[s * d + j]!;
  }
  byVariance /= 2 * stdDevs[r]!;
  for (let j = 0; j < d; j++) gradient[j]! += byVariance * varianceGradient[j]!;
  if (shared) for (let j = 0; j < d; j++) gradient[j]! += byMean * meanGradients.data[j]!;
}

function logMeanExp(values: Float64Array): number {
  if (values.length === 1) return values[0]!;
  let largest = -Infinity;
  for (const value of values) if (value > largest) largest = value;
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (const value of values) sum += exp(value - largest);
  return largest + log(sum / values.length);
}
