import type { RadialKernelName } from "../../../src/kernels/kernel.js";
import {
  createProductKernel,
  type ProductKernel,
  type ScaledInputs,
} from "../../../src/kernels/product-kernel.js";
import { radialKernels } from "../../../src/kernels/radial-kernels.js";
import { createMatrix, type Matrix } from "../../../src/math/matrix.js";
import { createRng } from "../../../src/math/rng.js";
import type { CorrelatedInputs } from "../../../src/math/wasm/correlated-inputs.js";

export type InputKind = "continuous" | "categorical";

/** Settings with a kernel and lengthscales, as the surrogates prepare them. */
export interface Example {
  readonly kernel: ProductKernel;
  readonly X: Matrix;
  readonly lengthscales: Float64Array;
  readonly inputs: ScaledInputs;
  readonly correlated: CorrelatedInputs;
}

/** n settings in the unit cube, categorical columns with levels 0, 1, 2. */
export function exampleInputs(
  n: number,
  kinds: readonly InputKind[],
  radial: RadialKernelName,
  seed: number,
): Example {
  const rng = createRng(seed);
  const kernel = createProductKernel(radialKernels[radial], kinds);
  const X = createMatrix(n, kinds.length);
  for (let i = 0; i < n; i++) {
    kinds.forEach((kind, k) => {
      X.data[i * kinds.length + k] = kind === "categorical" ? rng.integer(3) : rng.uniform();
    });
  }
  const lengthscales = Float64Array.from(kinds, () => 0.2 + rng.uniform());
  const inputs = kernel.scale(X, lengthscales);
  return { kernel, X, lengthscales, inputs, correlated: correlatedInputs(kernel, inputs) };
}

export function correlatedInputs(kernel: ProductKernel, inputs: ScaledInputs): CorrelatedInputs {
  return { ...inputs, radial: kernel.radial.name, categorical: kernel.categorical };
}

export const RADIALS = [
  "matern-1/2",
  "matern-3/2",
  "matern-5/2",
  "rbf",
] as const satisfies RadialKernelName[];

/** Every arrangement that the kernels treat differently: odd and even counts, with and without levels. */
export const KINDS: readonly (readonly InputKind[])[] = [
  [],
  ["continuous"],
  ["continuous", "continuous"],
  ["continuous", "continuous", "continuous", "continuous", "continuous"],
  ["categorical"],
  ["categorical", "continuous", "categorical", "continuous", "continuous"],
];
