import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { usesWasm } from "../math/dense.js";
import { withCovarianceFactorWasm } from "../math/wasm/covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";
import {
  factorCovariancePlain,
  type PlotCovarianceFactor,
  withPlotCovarianceFactor,
} from "./plain-covariance.js";
import type { PlotErrors } from "./whole-plots.js";

/**
 * Fills and factorises s²R + diag(noise) of prepared inputs and uses the factor, which is valid inside `use` only: in
 * WebAssembly from the size on that src/math/dense.ts names, in plain code below. With the errors of whole plots it is
 * filled in plain code always.
 *
 * @param noise - [n]
 */
export function withCovarianceFactor<Result>(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  plots: PlotErrors | undefined,
  use: (factor: PlotCovarianceFactor | Indefinite) => Result,
): Result {
  if (plots !== undefined) return withPlotCovarianceFactor(kernel, inputs, signalVariance, noise, plots, use);
  if (!usesWasm(inputs.count)) return use(factorCovariancePlain(kernel, inputs, signalVariance, noise));
  const correlated = { ...inputs, radial: kernel.radial.name, categorical: kernel.categorical };
  return withCovarianceFactorWasm(correlated, signalVariance, noise, use);
}
