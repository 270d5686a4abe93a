import { log, logSumExp, pow } from "../math/elementary.js";
import { matrixRow } from "../math/matrix.js";
import { normalCdf, normalLogPdf } from "../math/normal.js";
import type { ForestPrediction } from "./forest-weights.js";
import type { MarginalPosterior, PredictOptions } from "./surrogate.js";
import { knownVarianceAt, type OutcomeTransform } from "./transform.js";
import { requireFinite, requireLength, requireProbability, warpedPosterior } from "./warped-posterior.js";

/**
 * What is believed before any setting was seen: one pseudo-setting with the variance of the standardised outcome, 1.
 * It keeps a forest of few settings, whose trees can hardly differ, from being sure of itself (assumption).
 */
const PSEUDO_SETTINGS = 1;

/** Halvings after which a quantile is exact to 1e-12 of the range searched. */
const HALVINGS = 50;

/** Normal components of one new run at one point, model scale. */
interface Mixture {
  readonly weights: Float64Array;
  readonly centers: Float64Array;
  readonly stdDev: number;
}

/**
 * The posterior of a forest. Latent: normal with the mean over trees and the variance between them. Observed: the
 * settings' means with their forest weights, each spread by noise and a smoothing bandwidth, so that quantiles and
 * density belong to one distribution.
 *
 * The bandwidth is Silverman's 1.06 s n^(−1/5) with the weighted standard deviation s and effective number
 * n = 1/Σ w² of settings, both with the pseudo-setting (Silverman 1986, eq. 3.28); it stands for what leaves of finite
 * size leave open.
 */
export function mixturePosterior(
  prediction: ForestPrediction,
  centers: Float64Array,
  noiseVariance: Float64Array,
  transform: OutcomeTransform,
  options: PredictOptions,
): MarginalPosterior {
  const { mean, betweenTrees } = prediction;
  const latentVariance = betweenTrees.map(
    (variance) => variance + PSEUDO_SETTINGS / (centers.length + PSEUDO_SETTINGS),
  );
  const noise = Float64Array.from(mean, (_, i) => noiseVariance[options.noiseLevel?.[i] ?? 0]!);
  const known = options.knownNoiseVariance ?? 0;
  const latent = warpedPosterior({ mean, latentVariance, noiseVariance: noise }, transform, known);
  const mixtures = Array.from(mean, (center, i): Mixture => {
    const weights = matrixRow(prediction.weights, i);
    const measurement = knownVarianceAt(transform, transform.toRaw(center), known);
    const spread = bandwidth(weights, centers);
    return {
      weights,
      centers,
      stdDev: Math.sqrt(noise[i]! + measurement + spread * spread),
    };
  });
  return {
    ...latent,
    quantile(probability, of) {
      if (of === "latent") return latent.quantile(probability, of);
      requireProbability(probability);
      return requireFinite(
        Float64Array.from(mixtures, (mixture) => transform.toRaw(mixtureQuantile(mixture, probability))),
      );
    },
    logDensity(y) {
      requireLength(y, mean.length);
      return Float64Array.from(
        mixtures,
        (mixture, i) => mixtureLogDensity(mixture, transform.toModel(y[i]!)) + transform.logSlope(y[i]!),
      );
    },
  };
}

function bandwidth(weights: Float64Array, centers: Float64Array): number {
  let mean = 0;
  let concentration = 0;
  weights.forEach((weight, g) => {
    mean += weight * centers[g]!;
    concentration += weight * weight;
  });
  let variance = 0;
  weights.forEach((weight, g) => {
    variance += weight * (centers[g]! - mean) * (centers[g]! - mean);
  });
  const settings = 1 / concentration;
  const total = settings + PSEUDO_SETTINGS;
  return 1.06 * Math.sqrt((settings * variance + PSEUDO_SETTINGS) / total) * pow(total, -0.2);
}

/** Inverse of the mixture's distribution function by bisection. */
function mixtureQuantile({ weights, centers, stdDev }: Mixture, probability: number): number {
  let lower = Number.POSITIVE_INFINITY;
  let upper = Number.NEGATIVE_INFINITY;
  const present = Array.from(weights.keys()).filter((g) => weights[g]! > 0);
  for (const g of present) {
    lower = Math.min(lower, centers[g]! - 9 * stdDev);
    upper = Math.max(upper, centers[g]! + 9 * stdDev);
  }
  for (let k = 0; k < HALVINGS; k++) {
    const middle = 0.5 * (lower + upper);
    let below = 0;
    for (const g of present) below += weights[g]! * normalCdf((middle - centers[g]!) / stdDev);
    if (below < probability) lower = middle;
    else upper = middle;
  }
  return 0.5 * (lower + upper);
}

function mixtureLogDensity({ weights, centers, stdDev }: Mixture, z: number): number {
  const present = Array.from(weights.keys()).filter((g) => weights[g]! > 0);
  return (
    logSumExp(present.map((g) => log(weights[g]!) + normalLogPdf((z - centers[g]!) / stdDev))) - log(stdDev)
  );
}
