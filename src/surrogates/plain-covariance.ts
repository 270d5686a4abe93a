import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky, choleskyInverse, choleskySolve } from "../math/cholesky.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { CovarianceFactor } from "../math/wasm/covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";

/**
 * The factorised covariance of few points, in plain TypeScript: same results as src/math/wasm/covariance.ts up to
 * rounding.
 *
 * @param noise - [n]
 */
export function factorCovariancePlain(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
): CovarianceFactor | Indefinite {
  const n = inputs.count;
  const { A, correlation, slope } = plainCovariance(kernel, inputs, signalVariance, noise);
  const factor = cholesky(A);
  if (!factor.ok) return factor;
  const { L } = factor;
  return {
    ok: true,
    diagonal: () => diagonalOf(L),
    solve: (b) => choleskySolve(L, b),
    likelihoodSums(alpha) {
      const inverse = choleskyInverse(L);
      const sums = new Float64Array(kernel.dimension);
      const weights = new Float64Array(n);
      const point = new Float64Array(kernel.dimension);
      for (let i = 0; i < n; i++) {
        const start = i * n;
        for (let j = 0; j < i; j++) {
          weights[j] = signalVariance * (alpha[i]! * alpha[j]! - inverse.data[start + j]!);
        }
        kernel.pointOf(inputs, i, point);
        kernel.addLengthscaleGradient(inputs, point, i, correlation, slope, start, weights, sums);
      }
      return { lengthscales: sums, inverseDiagonal: diagonalOf(inverse) };
    },
  };
}

/** Lower triangle of A = s²R + diag(noise), [n × n], with R and its slopes below the diagonal, rows of n. */
export function plainCovariance(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
): { readonly A: Matrix; readonly correlation: Float64Array; readonly slope: Float64Array } {
  const n = inputs.count;
  const A = createMatrix(n, n);
  const correlation = new Float64Array(n * n);
  const slope = new Float64Array(n * n);
  const point = new Float64Array(kernel.dimension);
  for (let i = 0; i < n; i++) {
    const start = i * n;
    kernel.pointOf(inputs, i, point);
    kernel.correlations(inputs, point, i, correlation, slope, start);
    for (let j = start; j < start + i; j++) A.data[j] = signalVariance * correlation[j]!;
    A.data[start + i] = signalVariance + noise[i]!;
  }
  return { A, correlation, slope };
}

/** The diagonal of a square matrix, [n]. */
export function diagonalOf(A: Matrix): Float64Array {
  return Float64Array.from({ length: A.rows }, (_, i) => A.data[i * A.cols + i]!);
}
