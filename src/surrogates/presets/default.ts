import { gammaPrior } from "../prior.js";
import type { GaussianProcessPreset } from "./preset.js";

/**
 * The preset that won on 40 fresh designs of four test problems (src/README.md, "Default priors"): Gamma priors on
 * natural parameters, free signal variance, noise floor 1e-6.
 *
 * The mean is zero on the standardised outcome. A free signal variance with prior mean 13 leaves room for a level far
 * from the average of the data, so that an estimated constant would be fitted twice.
 */
export const defaultPreset: GaussianProcessPreset = {
  name: "default",
  mean: "zero",
  lengthscale: () => ({ prior: gammaPrior(3, 6), range: { lower: 5e-3, upper: 1e2, start: 0.5 } }),
  signalVariance: { prior: gammaPrior(2, 0.15), range: { lower: 1e-3, upper: 1e3, start: 1 } },
  noiseVariance: { prior: gammaPrior(1.1, 30), range: { lower: 1e-6, upper: 1e1, start: 1e-2 } },
};
