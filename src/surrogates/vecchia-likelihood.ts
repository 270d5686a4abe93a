import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { log } from "../math/elementary.js";
import { factorInPlace, solveLowerInPlace, solveLowerTransposedInPlace } from "../math/small-cholesky.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { MarginalLikelihood } from "./marginal-likelihood.js";
import type { MeanFunction } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";

const LOG_2PI = log(2 * Math.PI);

/** For each of some settings, the earlier ones that it is conditioned on. */
export interface ConditioningSets {
  /** The settings whose conditional densities are summed, [r]. */
  readonly settings: Int32Array;
  /** Neighbours of all of them in one list. */
  readonly neighbours: Int32Array;
  /** First neighbour of each, and finally the length of the list, [r + 1]. */
  readonly start: Int32Array;
}

/** The approximate likelihood, and the constant mean that goes with it. */
export interface VecchiaLikelihood extends MarginalLikelihood {
  /** The constant mean μ at these hyperparameters: 0, or the estimate. */
  constant(hyperparameters: Hyperparameters): number;
}

/**
 * Vecchia's approximation of the log marginal likelihood: Σ_i log p(z̄_i | z̄_N(i)) with few earlier neighbours N(i), and
 * the scatter within settings exactly (marginal-likelihood.ts).
 *
 * Responses are conditioned on responses: noise stays inside the covariance B = s²R + diag(τ/c) of N(i) and i. With
 * L Lᵀ = B (i last), u the last row of L⁻¹ and w = uᵀr, one term is log u_i − ½w² − ½ log 2π; its derivative is uᵀ∂B v
 * with v = w a + ½(w² − 1)u and a = B_N⁻¹r_N (0 at i). For the signal variance uᵀBv = ½(w² − 1) saves the sum. All earlier
 * settings as neighbours give the exact likelihood.
 *
 * An estimated mean is the maximiser Σ w_z w_1/Σ w_1² of the same approximation, whose gradient is the partial one there.
 *
 * @param statistics - Settings in the order of the approximation.
 * @param weight - What the sum is multiplied by: settings in all over settings summed.
 * @see Vecchia (1988), JRSS B 50(2); Guinness (2021), Statistics and Computing 31, 25: one pass for value and gradient;
 *   Datta, Banerjee, Finley & Gelfand (2016), JASA 111(514), response model
 */
export function createVecchiaLikelihood(
  statistics: SettingStatistics,
  sets: ConditioningSets,
  kernel: ProductKernel,
  meanFunction: MeanFunction,
  weight = 1,
): VecchiaLikelihood {
  let scaled: ScaledInputs | undefined;
  const local = createLocalCovariance(statistics, kernel, sets);
  const noiseOf = ({ noiseVariance }: Hyperparameters): Float64Array =>
    statistics.knownVariance.map((known, g) => noiseVariance[statistics.noiseLevel[g]!]! + known);
  const constant = (hyperparameters: Hyperparameters): number => {
    if (meanFunction === "zero") return 0;
    scaled = kernel.scale(statistics.X, hyperparameters.lengthscales, scaled);
    return local.mean(scaled, hyperparameters, noiseOf(hyperparameters));
  };
  return {
    constant,
    evaluate(hyperparameters, gradient) {
      const mean = constant(hyperparameters);
      scaled = kernel.scale(statistics.X, hyperparameters.lengthscales, scaled);
      const tau = noiseOf(hyperparameters);
      gradient.fill(0);
      let sum = 0;
      for (let k = 0; k < sets.settings.length; k++) {
        if (!local.load(k, scaled, hyperparameters, tau)) return Number.NEGATIVE_INFINITY;
        sum += local.addTerm(mean, hyperparameters, gradient);
        sum += addReplicates(statistics, sets.settings[k]!, tau, hyperparameters, gradient);
      }
      for (let k = 0; k < gradient.length; k++) gradient[k] = weight * gradient[k]!;
      return weight * sum;
    },
  };
}

/** What the scatter within setting g adds to value and gradient. */
function addReplicates(
  statistics: SettingStatistics,
  g: number,
  tau: Float64Array,
  { lengthscales, noiseVariance }: Hyperparameters,
  gradient: Float64Array,
): number {
  const count = statistics.count[g]!;
  if (count === 1) return 0;
  const ratio = statistics.scatter[g]! / tau[g]!;
  const level = statistics.noiseLevel[g]!;
  const place = lengthscales.length + 1 + level;
  gradient[place] = gradient[place]! - (0.5 * noiseVariance[level]! * (count - 1 - ratio)) / tau[g]!;
  return -0.5 * ((count - 1) * (LOG_2PI + log(tau[g]!)) + log(count) + ratio);
}

/** The covariance of one setting and its neighbours, one after another in the same buffers. */
interface LocalCovariance {
  /** Fills and factorises B of the k-th conditional; false where it is not positive definite. */
  load(k: number, scaled: ScaledInputs, hyperparameters: Hyperparameters, tau: Float64Array): boolean;
  /** The loaded conditional's log density; adds its gradient. */
  addTerm(constant: number, hyperparameters: Hyperparameters, gradient: Float64Array): number;
  /** The constant mean that fits best; 0 where some B cannot be factorised. */
  mean(scaled: ScaledInputs, hyperparameters: Hyperparameters, tau: Float64Array): number;
}

function createLocalCovariance(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  sets: ConditioningSets,
): LocalCovariance {
  const d = kernel.dimension;
  const most = largestSet(sets) + 1;
  const inputs = Array.from({ length: most + 1 }, (_, n) => emptyInputs(n, d));
  const members = new Int32Array(most);
  const B = new Float64Array(most * most);
  const correlation = new Float64Array(most * most);
  const slope = new Float64Array(most * most);
  const noise = new Float64Array(most);
  const u = new Float64Array(most);
  const a = new Float64Array(most);
  const v = new Float64Array(most);
  const weights = new Float64Array(most);
  const point = new Float64Array(d);
  let n = 0;

  const load: LocalCovariance["load"] = (k, scaled, { signalVariance }, tau) => {
    const from = sets.start[k]!;
    n = sets.start[k + 1]! - from + 1;
    for (let j = 0; j < n - 1; j++) members[j] = sets.neighbours[from + j]!;
    members[n - 1] = sets.settings[k]!;
    const here = inputs[n]!;
    gather(scaled, members, here);
    for (let i = 0; i < n; i++) {
      const row = i * n;
      kernel.pointOf(here, i, point);
      kernel.correlations(here, point, i, correlation, slope, row);
      for (let j = row; j < row + i; j++) B[j] = signalVariance * correlation[j]!;
      noise[i] = tau[members[i]!]! / statistics.count[members[i]!]!;
      B[row + i] = signalVariance + noise[i]!;
    }
    if (!factorInPlace(B, n)) return false;
    u.fill(0, 0, n);
    u[n - 1] = 1;
    solveLowerTransposedInPlace(B, n, n, u);
    return true;
  };

  return {
    load,
    addTerm(constant, { lengthscales, signalVariance, noiseVariance }, gradient) {
      const last = n - 1;
      let w = u[last]! * (statistics.mean[members[last]!]! - constant);
      for (let j = 0; j < last; j++) {
        a[j] = statistics.mean[members[j]!]! - constant;
        w += u[j]! * a[j]!;
      }
      solveLowerInPlace(B, n, last, a);
      solveLowerTransposedInPlace(B, n, last, a);
      a[last] = 0;
      const excess = 0.5 * (w * w - 1);
      let ofSignal = excess;
      for (let j = 0; j < n; j++) {
        v[j] = w * a[j]! + excess * u[j]!;
        const both = u[j]! * v[j]!;
        ofSignal -= noise[j]! * both;
        const level = statistics.noiseLevel[members[j]!]!;
        const place = d + 1 + level;
        gradient[place] = gradient[place]! + (noiseVariance[level]! / statistics.count[members[j]!]!) * both;
      }
      gradient[d] = gradient[d]! + ofSignal;
      const here = inputs[n]!;
      here.lengthscales.set(lengthscales);
      for (let i = 1; i < n; i++) {
        const [ui, vi] = [signalVariance * u[i]!, signalVariance * v[i]!];
        for (let j = 0; j < i; j++) weights[j] = ui * v[j]! + vi * u[j]!;
        kernel.pointOf(here, i, point);
        kernel.addLengthscaleGradient(here, point, i, correlation, slope, i * n, weights, gradient);
      }
      return log(u[last]!) - 0.5 * w * w - 0.5 * LOG_2PI;
    },
    mean(scaled, hyperparameters, tau) {
      let numerator = 0;
      let denominator = 0;
      for (let k = 0; k < sets.settings.length; k++) {
        if (!load(k, scaled, hyperparameters, tau)) return 0;
        let ofData = 0;
        let ofOne = 0;
        for (let j = 0; j < n; j++) {
          ofData += u[j]! * statistics.mean[members[j]!]!;
          ofOne += u[j]!;
        }
        numerator += ofData * ofOne;
        denominator += ofOne * ofOne;
      }
      return numerator / denominator;
    },
  };
}

function emptyInputs(count: number, d: number): ScaledInputs {
  return {
    count,
    columns: new Float64Array(count * d),
    factors: new Float64Array(d),
    lengthscales: new Float64Array(d),
  };
}

/** Copies the members' scaled columns. */
function gather(scaled: ScaledInputs, members: Int32Array, into: ScaledInputs): void {
  const n = into.count;
  const d = into.factors.length;
  into.factors.set(scaled.factors);
  for (let k = 0; k < d; k++) {
    const base = k * scaled.count;
    for (let j = 0; j < n; j++) into.columns[k * n + j] = scaled.columns[base + members[j]!]!;
  }
}

function largestSet({ start }: ConditioningSets): number {
  let largest = 0;
  for (let k = 1; k < start.length; k++) largest = Math.max(largest, start[k]! - start[k - 1]!);
  return largest;
}
