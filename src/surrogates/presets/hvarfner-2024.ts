import { exp, log } from "../../math/elementary.js";
import { logNormalPrior } from "../prior.js";
import type { GaussianProcessPreset } from "./preset.js";

/**
 * Lengthscales that grow with the number of inputs: ℓ ~ LogNormal(√2 + ½ log d, √3), signal variance 1, constant mean
 * estimated, noise variance ~ LogNormal(−4, 1).
 *
 * Constants and bounds as in BoTorch 0.12 and later (`get_covar_module_with_dim_scaled_prior`,
 * `get_gaussian_likelihood_with_lognormal_prior`); start values are the modes of the priors. BoTorch uses this prior
 * with the RBF kernel; here the kernel is chosen apart from the preset.
 *
 * @see Hvarfner, Hellsten & Nardi (2024), ICML, section 5: "Vanilla Bayesian optimization performs great in high
 *   dimensions"
 */
export const hvarfner2024: GaussianProcessPreset = {
  name: "hvarfner-2024",
  mean: "estimated",
  lengthscale: (dimension) => {
    const location = Math.SQRT2 + 0.5 * log(dimension);
    return {
      prior: logNormalPrior(location, Math.sqrt(3)),
      range: { lower: 2.5e-2, upper: 1e4, start: Math.max(exp(location - 3), 2.5e-2) },
    };
  },
  signalVariance: null,
  noiseVariance: { prior: logNormalPrior(-4, 1), range: { lower: 1e-4, upper: 1e1, start: exp(-5) } },
};
