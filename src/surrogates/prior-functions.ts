import { drawPriorFunction, type PriorKernel, type SmoothFunction } from "../kernels/prior-function.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import type { Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { dotAt } from "../math/row-products.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { InputDimension } from "./surrogate.js";

/** What sample functions need of a prior covariance k. */
export interface PriorFunctions {
  /** A function drawn from GP(0, k). */
  draw(inputs: readonly InputDimension[], rng: Rng): SmoothFunction;
  /** x ↦ Σ_j w_j k(x, x_j). */
  weighted(X: Matrix, weights: Float64Array): SmoothFunction;
}

/** Functions of k = s²ρ with a product kernel. */
export function productPrior(kernel: ProductKernel, hyperparameters: Hyperparameters): PriorFunctions {
  return {
    draw: (inputs, rng) => scaledPrior(kernel, hyperparameters, inputs, rng),
    weighted: (X, weights) => weightedKernel(kernel, hyperparameters, X, weights),
  };
}

/** A function from the prior with covariance s²ρ. */
function scaledPrior(
  kernel: ProductKernel,
  { lengthscales, signalVariance }: Hyperparameters,
  inputs: readonly InputDimension[],
  rng: Rng,
): SmoothFunction {
  const levels = inputs.map((input) => (input.kind === "categorical" ? input.levels : 0));
  const described: PriorKernel = { radial: kernel.radial.name, levels, lengthscales };
  const unit = drawPriorFunction(described, rng);
  const scale = Math.sqrt(signalVariance);
  return {
    value: (x) => scale * unit.value(x),
    valueAndGradient(x, gradient) {
      const value = scale * unit.valueAndGradient(x, gradient);
      for (let k = 0; k < gradient.length; k++) gradient[k] = scale * gradient[k]!;
      return value;
    },
  };
}

/** Σ_j w_j s²ρ(x, x_j). */
function weightedKernel(
  kernel: ProductKernel,
  { lengthscales, signalVariance }: Hyperparameters,
  X: Matrix,
  weights: Float64Array,
): SmoothFunction {
  const inputs = kernel.scale(X, lengthscales);
  const n = inputs.count;
  const point = new Float64Array(kernel.dimension);
  const row = new Float64Array(n);
  const slope = new Float64Array(n);
  const value = (x: Float64Array): number => {
    kernel.scalePoint(inputs, x, point);
    kernel.correlations(inputs, point, n, row, slope, 0);
    return signalVariance * dotAt(row, 0, weights, 0, n);
  };
  return {
    value,
    valueAndGradient(x, gradient) {
      const sum = value(x);
      for (let k = 0; k < kernel.dimension; k++) {
        kernel.inputDerivative(inputs, point, k, slope, row);
        gradient[k] = signalVariance * dotAt(row, 0, weights, 0, n);
      }
      return sum;
    },
  };
}
