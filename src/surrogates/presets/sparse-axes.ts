import { halfCauchyPrior } from "../prior.js";
import { defaultPreset } from "./default.js";
import type { GaussianProcessPreset } from "./preset.js";

/**
 * Global shrinkage τ of all squared inverse lengthscales: the median of its prior, HalfCauchy(0.1).
 *
 * @see Eriksson & Jankowiak (2021), UAI, section 4.1
 */
const SHRINKAGE = 0.1;

/**
 * Sparse axis-aligned subspaces for a maximum a posteriori: ρ_d = 1/ℓ_d² ~ HalfCauchy(τ) with τ fixed, so that inputs are
 * flat unless the data say otherwise; everything else as in the default preset.
 *
 * The density is that of ρ, whose mode is a flat input; the density of ℓ would have its mode elsewhere. For sampling
 * there is saas-2021.
 *
 * @see Eriksson & Jankowiak (2021), UAI, section 4.1: "High-dimensional Bayesian optimization with sparse axis-aligned
 *   subspaces"
 */
export const sparseAxes: GaussianProcessPreset = {
  ...defaultPreset,
  name: "sparse-axes",
  lengthscale: () => {
    const relevance = halfCauchyPrior(SHRINKAGE);
    return {
      prior: {
        name: `${relevance.name} of 1/ℓ²`,
        logDensity: (logValue) => relevance.logDensity(-2 * logValue),
        gradient: (logValue) => -2 * relevance.gradient(-2 * logValue),
      },
      range: { lower: 5e-3, upper: 1e3, start: 1 },
    };
  },
};
