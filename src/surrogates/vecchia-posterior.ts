import type { ProductKernel } from "../kernels/product-kernel.js";
import { log } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { LeaveOneOut } from "./leave-one-out.js";
import { settingNoise, type SettingStatistics } from "./setting-statistics.js";
import type { LatentPoint } from "./surrogate.js";
import { conditionLocally, type FurtherPoints, type LocalConditioning } from "./vecchia-conditioning.js";
import type { ScaledNeighbours } from "./vecchia-neighbours.js";

/** A Gaussian process given its nearest settings at every point, on the model scale. */
export interface VecchiaPosterior {
  readonly statistics: SettingStatistics;
  readonly hyperparameters: Hyperparameters;
  readonly constant: number;
  /** Noise variance of each setting's mean, [g]. */
  readonly noise: Float64Array;
  /** Conditions on the nearest settings and on further points. */
  condition(further?: FurtherPoints): LocalConditioning;
  momentsAt(x: Float64Array): { readonly mean: number; readonly variance: number };
  latentAt(x: Float64Array): LatentPoint;
  joint(points: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
  /** Latent mean at one setting from its neighbours but those in `without` (places in the order of the approximation). */
  momentsWithout(
    setting: number,
    without: ReadonlySet<number>,
  ): { readonly mean: number; readonly variance: number };
}

/**
 * Variance with which earlier points of a joint posterior are known to later ones, as a share of the prior variance: as
 * in conditional-draws.ts, so that near-equal points can be factorised.
 */
export const BLUR = 1e-9;

/**
 * Predicts at a point from the `count` nearest settings: the Gaussian posterior given them alone, with its exact latent
 * variance given them (so at least that given all settings).
 *
 * Jointly, each point is conditioned on its nearest settings and on all points before it: one point has the same moments
 * as alone; with all settings as neighbours the joint posterior is the exact one.
 *
 * @param statistics - In the order of the approximation.
 * @see Datta, Banerjee, Finley & Gelfand (2016), JASA 111(514), section 2.2; Katzfuss, Guinness, Gong & Zilber (2020),
 *   JABES 25(3): predictions ordered last
 */
export function createVecchiaPosterior(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  constant: number,
  search: ScaledNeighbours,
  count: number,
): VecchiaPosterior {
  const condition = (further?: FurtherPoints): LocalConditioning =>
    conditionLocally(statistics, kernel, hyperparameters, search, count, further);
  const alone = condition();
  const residuals = new Float64Array(alone.capacity);
  const derivative = new Float64Array(alone.capacity);
  const loadedMean = (): number => {
    const members = alone.neighbours();
    for (let j = 0; j < members.length; j++) residuals[j] = statistics.mean[members[j]!]! - constant;
    return constant + dotAt(alone.weights, 0, residuals, 0, members.length);
  };
  return {
    statistics,
    hyperparameters,
    constant,
    noise: settingNoise(statistics, hyperparameters),
    condition,
    momentsAt(x) {
      alone.load(x);
      return { mean: loadedMean(), variance: alone.variance() };
    },
    momentsWithout(setting, without) {
      alone.load(matrixRow(statistics.X, setting), { without });
      return { mean: loadedMean(), variance: alone.variance() };
    },
    latentAt(x) {
      alone.load(x);
      const mean = loadedMean();
      const n = alone.neighbours().length;
      alone.solve(residuals);
      const meanGradient = new Float64Array(kernel.dimension);
      const varianceGradient = new Float64Array(kernel.dimension);
      for (let k = 0; k < kernel.dimension; k++) {
        alone.derivative(k, derivative);
        meanGradient[k] = dotAt(derivative, 0, residuals, 0, n);
        varianceGradient[k] = 0 - 2 * dotAt(derivative, 0, alone.weights, 0, n);
      }
      return { mean, variance: alone.variance(), meanGradient, varianceGradient };
    },
    joint(points) {
      const variance = BLUR * hyperparameters.signalVariance;
      return jointMoments(condition({ X: points, variance }), statistics, constant, points);
    },
  };
}

/** Mean and covariance of the points, each from its neighbours and the points before it. */
function jointMoments(
  local: LocalConditioning,
  statistics: SettingStatistics,
  constant: number,
  points: Matrix,
): { mean: Float64Array; covariance: Matrix } {
  const m = points.rows;
  const mean = new Float64Array(m);
  const covariance = createMatrix(m, m);
  const C = covariance.data;
  for (let i = 0; i < m; i++) {
    local.load(matrixRow(points, i), { further: i });
    const members = local.neighbours();
    const { weights } = local;
    const first = members.length;
    let value = constant;
    for (let j = 0; j < first; j++) value += weights[j]! * (statistics.mean[members[j]!]! - constant);
    for (let j = 0; j < i; j++) value += weights[first + j]! * (mean[j]! - constant);
    mean[i] = value;
    for (let j = 0; j < i; j++) {
      const shared = dotAt(C, j * m, weights, first, i);
      C[i * m + j] = shared;
      C[j * m + i] = shared;
    }
    C[i * m + i] = local.variance() + dotAt(C, i * m, weights, first, i);
  }
  return { mean, covariance };
}

/** One setting's mean outcome predicted from its nearest other settings, without refitting. */
export function leaveOneFromNeighbours(
  posterior: VecchiaPosterior,
  setting: number,
): { readonly mean: number; readonly latentVariance: number; readonly logDensity: number } {
  const { statistics, noise } = posterior;
  const { mean, variance } = posterior.momentsWithout(setting, new Set([setting]));
  const observed = variance + noise[setting]!;
  const deviation = statistics.mean[setting]! - mean;
  const logDensity = -0.5 * (log(2 * Math.PI * observed) + (deviation * deviation) / observed);
  return { mean, latentVariance: variance, logDensity };
}

/** The same for every setting, in the order of the approximation. */
export function leaveOutFromNeighbours(posterior: VecchiaPosterior): LeaveOneOut {
  const n = posterior.statistics.X.rows;
  const out = {
    mean: new Float64Array(n),
    latentVariance: new Float64Array(n),
    logDensity: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const { mean, latentVariance, logDensity } = leaveOneFromNeighbours(posterior, i);
    out.mean[i] = mean;
    out.latentVariance[i] = latentVariance;
    out.logDensity[i] = logDensity;
  }
  return out;
}
