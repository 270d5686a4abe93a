import { exp } from "../math/elementary.js";

/**
 * Correlation between two different levels of a categorical input: e^(−1/ℓ), the same for every pair of levels.
 *
 * An exchangeable kernel: 1 on the diagonal and one value in (0, 1) elsewhere is positive definite for any number of
 * levels. Over several categorical inputs the product is e^(−Σ [h_c ≠ h′_c]/ℓ_c), a weighted Hamming distance. ℓ acts
 * like a lengthscale: large values share everything between levels, small ones nothing.
 *
 * @see Hutter, Xu, Hoos & Leyton-Brown (2014), Artificial Intelligence 206, eq. 3 (weighted Hamming distance)
 */
export function levelCorrelation(lengthscale: number): number {
  return exp(-1 / lengthscale);
}
