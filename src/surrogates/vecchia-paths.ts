import type { SmoothFunction } from "../kernels/prior-function.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { dotAt } from "../math/row-products.js";
import { productPrior } from "./prior-functions.js";
import { checkPathCount, sumOf } from "./sample-paths.js";
import { settingNoise } from "./setting-statistics.js";
import type { InputDimension } from "./surrogate.js";
import type { LocalConditioning } from "./vecchia-conditioning.js";
import type { VecchiaPosterior } from "./vecchia-posterior.js";

/**
 * Draws functions by Matheron's rule from the nearest settings of each point: mean and variance at a point are those of
 * the approximation. A function has small steps where the set of neighbours changes, as its mean has.
 *
 * The prior function's values at settings are computed when they are first needed.
 *
 * @throws CellwrightError INVALID_OPTION
 * @see Wilson et al. (2020), ICML, eq. 13, with the neighbours' update in place of the full one
 */
export function drawPathsFromNeighbours(
  posterior: VecchiaPosterior,
  kernel: ProductKernel,
  inputs: readonly InputDimension[],
  count: number,
  rng: Rng,
): readonly SmoothFunction[] {
  checkPathCount(count);
  const { statistics, constant, hyperparameters } = posterior;
  const noise = settingNoise(statistics, hyperparameters);
  const functions = productPrior(kernel, hyperparameters);
  const local = posterior.condition();
  return Array.from({ length: count }, (_, s) => {
    const own = rng.fork(`path ${s}`);
    const prior = functions.draw(inputs, own.fork("prior"));
    const errors = own.fork("noise");
    const perturbed = statistics.mean.map((z, g) => z - constant - Math.sqrt(noise[g]!) * errors.normal());
    const known = new Map<number, number>();
    const missedAt = (g: number): number => {
      const missed = known.get(g) ?? perturbed[g]! - prior.value(matrixRow(statistics.X, g));
      known.set(g, missed);
      return missed;
    };
    return sumOf([prior, localUpdate(local, missedAt)], constant);
  });
}

/** k(x, N) A_N⁻¹ r_N with the neighbours N of x. */
function localUpdate(local: LocalConditioning, residualAt: (setting: number) => number): SmoothFunction {
  const residuals = new Float64Array(local.capacity);
  const derivative = new Float64Array(local.capacity);
  const load = (x: Float64Array): number => {
    local.load(x);
    const members = local.neighbours();
    members.forEach((g, j) => (residuals[j] = residualAt(g)));
    return members.length;
  };
  return {
    value: (x) => dotAt(local.weights, 0, residuals, 0, load(x)),
    valueAndGradient(x, gradient) {
      const n = load(x);
      const value = dotAt(local.weights, 0, residuals, 0, n);
      local.solve(residuals);
      for (let k = 0; k < gradient.length; k++) {
        local.derivative(k, derivative);
        gradient[k] = dotAt(derivative, 0, residuals, 0, n);
      }
      return value;
    },
  };
}
