import { gammaPrior, halfCauchyPrior, type Prior } from "../prior.js";
import type { MeanFunction } from "./preset.js";

/** Priors of the sparse axis-aligned subspace model, for sampling only: their joint mode says little. */
export interface SparseAxisPreset {
  readonly name: "saas-2021";
  readonly mean: MeanFunction;
  /** Global shrinkage τ of all squared inverse lengthscales. */
  readonly shrinkage: Prior;
  /** ρ_d/τ, where ρ_d = 1/ℓ_d². */
  readonly relevance: Prior;
  readonly signalVariance: Prior;
  readonly noiseVariance: { readonly prior: Prior; readonly lower: number };
}

/**
 * Sparse axis-aligned subspaces for many inputs of which few matter: ρ_d ~ HalfCauchy(τ), τ ~ HalfCauchy(0.1), so that
 * inputs are flat unless the data say otherwise.
 *
 * Written as ρ_d = τ · HalfCauchy(1), the same distribution with an easier geometry. Signal variance and noise variance
 * as in BoTorch 0.18 (`SaasPyroModel`); unlike there the mean of the standardised outcome is zero instead of N(0, 1),
 * as in our default preset, and the noise floor is 1e-6 instead of 1e-4.
 *
 * @see Eriksson & Jankowiak (2021), UAI, section 4.1: "High-dimensional Bayesian optimization with sparse axis-aligned
 *   subspaces"
 */
export const saas2021: SparseAxisPreset = {
  name: "saas-2021",
  mean: "zero",
  shrinkage: halfCauchyPrior(0.1),
  relevance: halfCauchyPrior(1),
  signalVariance: gammaPrior(2, 0.15),
  noiseVariance: { prior: gammaPrior(0.9, 10), lower: 1e-6 },
};
