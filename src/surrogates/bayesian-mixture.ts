import { exp, log, logSumExp } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { logNormalInterval, normalCdf, normalLogPdf, normalQuantile } from "../math/normal.js";
import type { MarginalPosterior } from "./surrogate.js";
import { knownVarianceAt, type OutcomeTransform } from "./transform.js";
import {
  type GaussianMarginals,
  requireFinite,
  requireInterval,
  requireLength,
  requireProbability,
} from "./warped-posterior.js";

/** Equally weighted normal components on the model scale at each of m points, [m × S] each. */
interface Components {
  readonly mean: Matrix;
  readonly latent: Matrix;
  readonly observed: Matrix;
}

/** Halvings of a bracket of the components' own quantiles: below 1e-15 of its width. */
const HALVINGS = 50;

/**
 * Carries an equally weighted mixture of S Gaussians per point from the model scale back to raw units: the posterior
 * predictive over draws of hyperparameters (Rasmussen & Williams 2006, section 5.2, eq. 5.8).
 *
 * Probabilities and densities are averages over components, quantiles invert the averaged distribution function, mean
 * and variance follow from the components' raw moments by the law of total variance.
 *
 * @param draws - Marginals of each draw, all at the same m points.
 * @param knownNoiseVariance - Raw units squared, carried over at each component's median (`knownVarianceAt`).
 * @throws CellwrightError NON_FINITE (also from `quantile`) where a raw value is beyond all numbers.
 */
export function gaussianMixturePosterior(
  draws: readonly GaussianMarginals[],
  transform: OutcomeTransform,
  knownNoiseVariance: number,
): MarginalPosterior {
  const components = componentsOf(draws, transform, knownNoiseVariance);
  const m = components.mean.rows;
  const { mean, stdDev } = rawMoments(components, transform);
  requireFinite(mean);
  requireFinite(stdDev);
  const each = (value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: m }, (_, i) => value(i));
  return {
    mean,
    stdDev,
    quantile(probability, of) {
      requireProbability(probability);
      return requireFinite(
        each((i) =>
          transform.toRaw(
            mixtureQuantile(matrixRow(components.mean, i), matrixRow(components[of], i), probability),
          ),
        ),
      );
    },
    probabilityBetween(lower, upper) {
      requireInterval(lower, upper);
      const a = transform.toModel(lower);
      const b = transform.toModel(upper);
      return each((i) => {
        const spread = matrixRow(components.latent, i);
        let sum = 0;
        matrixRow(components.mean, i).forEach((center, s) => {
          sum += exp(logNormalInterval((a - center) / spread[s]!, (b - center) / spread[s]!));
        });
        return sum / spread.length;
      });
    },
    logDensity(y) {
      requireLength(y, m);
      return each((i) => {
        const z = transform.toModel(y[i]!);
        return (
          mixtureLogDensity(matrixRow(components.mean, i), matrixRow(components.observed, i), z) +
          transform.logSlope(y[i]!)
        );
      });
    },
  };
}

/** log of the mean of normal densities at z. */
export function mixtureLogDensity(means: Float64Array, stdDevs: Float64Array, z: number): number {
  const terms = means.map((center, s) => normalLogPdf((z - center) / stdDevs[s]!) - log(stdDevs[s]!));
  return logSumExp(terms) - log(terms.length);
}

/** Inverse of the mean of normal distribution functions; it lies between the components' own quantiles. */
function mixtureQuantile(means: Float64Array, stdDevs: Float64Array, probability: number): number {
  const deviate = normalQuantile(probability);
  let lower = Number.POSITIVE_INFINITY;
  let upper = Number.NEGATIVE_INFINITY;
  means.forEach((center, s) => {
    const own = center + deviate * stdDevs[s]!;
    lower = Math.min(lower, own);
    upper = Math.max(upper, own);
  });
  const target = probability * means.length;
  for (let k = 0; k < HALVINGS && lower < upper; k++) {
    const middle = lower + 0.5 * (upper - lower);
    let below = 0;
    for (let s = 0; s < means.length; s++) below += normalCdf((middle - means[s]!) / stdDevs[s]!);
    if (below < target) lower = middle;
    else upper = middle;
  }
  return lower + 0.5 * (upper - lower);
}

function componentsOf(
  draws: readonly GaussianMarginals[],
  transform: OutcomeTransform,
  knownNoiseVariance: number,
): Components {
  const m = draws[0]!.mean.length;
  const S = draws.length;
  const components = { mean: createMatrix(m, S), latent: createMatrix(m, S), observed: createMatrix(m, S) };
  draws.forEach((draw, s) => {
    for (let i = 0; i < m; i++) {
      const center = draw.mean[i]!;
      const latent = draw.latentVariance[i]!;
      const known = knownVarianceAt(transform, transform.toRaw(center), knownNoiseVariance);
      components.mean.data[i * S + s] = center;
      components.latent.data[i * S + s] = Math.sqrt(latent);
      components.observed.data[i * S + s] = Math.sqrt(latent + draw.noiseVariance[i]! + known);
    }
  });
  return components;
}

/** Mean and standard deviation of the latent outcome: E[μ_s] and √(E[σ_s²] + E[(μ_s − E μ)²]). */
function rawMoments(
  { mean: centers, latent }: Components,
  transform: OutcomeTransform,
): { mean: Float64Array; stdDev: Float64Array } {
  const { rows: m, cols: S } = centers;
  const mean = new Float64Array(m);
  const stdDev = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const all = Array.from(matrixRow(centers, i), (center, s) =>
      transform.rawMoments(center, latent.data[i * S + s]!),
    );
    let average = 0;
    for (const one of all) average += one.mean / S;
    let variance = 0;
    for (const one of all) {
      const apart = one.mean - average;
      variance += (one.stdDev * one.stdDev + apart * apart) / S;
    }
    mean[i] = average;
    stdDev[i] = Math.sqrt(variance);
  }
  return { mean, stdDev };
}
