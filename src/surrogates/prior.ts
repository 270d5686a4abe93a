import { exp, lgamma, log, logAddExp } from "../math/elementary.js";

/**
 * A prior of one positive hyperparameter, as a density in the natural parameter.
 *
 * The optimiser moves log θ, but the density is not multiplied by the Jacobian dθ/d log θ: the maximum is the mode in
 * natural parameters, as BoTorch does it. A sampler in log θ must add the Jacobian itself.
 */
export interface Prior {
  readonly name: string;
  /** log p(θ) at θ = e^`logValue`, normalised. */
  logDensity(logValue: number): number;
  /** d log p / d log θ. */
  gradient(logValue: number): number;
}

/** Gamma prior, log p(θ) = a log b − log Γ(a) + (a − 1) log θ − b θ, with shape a and rate b. */
export function gammaPrior(shape: number, rate: number): Prior {
  const normalizer = shape * log(rate) - lgamma(shape);
  return {
    name: `Gamma(${shape}, ${rate})`,
    logDensity: (logValue) => normalizer + (shape - 1) * logValue - rate * exp(logValue),
    gradient: (logValue) => shape - 1 - rate * exp(logValue),
  };
}

/** Log-normal prior, log p(θ) = −log θ − log(σ √2π) − (log θ − μ)²/(2σ²), with location μ and scale σ. */
export function logNormalPrior(location: number, scale: number): Prior {
  const normalizer = -log(scale) - 0.5 * log(2 * Math.PI);
  return {
    name: `LogNormal(${location}, ${scale})`,
    logDensity: (logValue) => {
      const standard = (logValue - location) / scale;
      return normalizer - logValue - 0.5 * standard * standard;
    },
    gradient: (logValue) => -1 - (logValue - location) / (scale * scale),
  };
}

/**
 * Half-Cauchy prior, log p(θ) = log 2 − log(π s) − log(1 + (θ/s)²), with scale s: most of its mass near zero, and a tail
 * that lets single values be large.
 */
export function halfCauchyPrior(scale: number): Prior {
  const normalizer = log(2) - log(Math.PI * scale);
  const logScale = log(scale);
  return {
    name: `HalfCauchy(${scale})`,
    logDensity: (logValue) => normalizer - logAddExp(0, 2 * (logValue - logScale)),
    gradient: (logValue) => -2 / (1 + exp(-2 * (logValue - logScale))),
  };
}
