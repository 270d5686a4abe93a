import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { usesWasm } from "../math/dense.js";
import { type CovarianceFactor, withCovarianceFactorWasm } from "../math/wasm/covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";
import { factorCovariancePlain } from "./plain-covariance.js";

/**
 * Fills and factorises s²R + diag(noise) of prepared inputs and uses the factor, which is valid inside `use` only: in
 * WebAssembly from the size on that src/math/dense.ts names, in plain code below.
 *
 * @param noise - [n]
 */
export function withCovarianceFactor<Result>(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  use: (factor: CovarianceFactor | Indefinite) => Result,
): Result {
  if (!usesWasm(inputs.count)) return use(factorCovariancePlain(kernel, inputs, signalVariance, noise));
  const correlated = { ...inputs, radial: kernel.radial.name, categorical: kernel.categorical };
  return withCovarianceFactorWasm(correlated, signalVariance, noise, use);
}
