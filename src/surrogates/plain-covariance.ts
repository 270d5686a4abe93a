import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky, choleskyInverse, choleskySolve } from "../math/cholesky.js";
import { withMatrixFactor } from "../math/dense.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { CovarianceFactor, LikelihoodSums } from "../math/wasm/covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";
import { addPlotErrors, type PlotErrors, plotTrace } from "./whole-plots.js";

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
  const filled = plainCovariance(kernel, inputs, signalVariance, noise);
  const factor = cholesky(filled.A);
  if (!factor.ok) return factor;
  const { L } = factor;
  return {
    ok: true,
    diagonal: () => diagonalOf(L),
    solve: (b) => choleskySolve(L, b),
    likelihoodSums: (alpha) => pairSums(kernel, inputs, signalVariance, filled, choleskyInverse(L), alpha),
  };
}

/** A factor of a covariance that may carry the errors of whole plots. */
export interface PlotCovarianceFactor extends CovarianceFactor {
  likelihoodSums(alpha: Float64Array): LikelihoodSums & {
    /** tr((A⁻¹ − ααᵀ) Z Zᵀ), of which the gradient with respect to σ_w² is made. */
    readonly plots?: number;
  };
}

/** As `factorCovariancePlain`, with σ_w² Z Zᵀ added and of any size; valid inside `use` only. */
export function withPlotCovarianceFactor<Result>(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  plots: PlotErrors,
  use: (factor: PlotCovarianceFactor | Indefinite) => Result,
): Result {
  const filled = plainCovariance(kernel, inputs, signalVariance, noise);
  addPlotErrors(filled.A, plots);
  return withMatrixFactor(filled.A, (factor) => {
    if (!factor.ok) return use(factor);
    return use({
      ok: true,
      diagonal: () => factor.diagonal(),
      solve: (b) => factor.solve(b),
      likelihoodSums(alpha) {
        const inverse = factor.inverse();
        const sums = pairSums(kernel, inputs, signalVariance, filled, inverse, alpha);
        return { ...sums, plots: plotTrace(inverse, alpha, plots.of) };
      },
    });
  });
}

/** What the gradient takes from all pairs of points. */
function pairSums(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  { correlation, slope }: { readonly correlation: Float64Array; readonly slope: Float64Array },
  inverse: Matrix,
  alpha: Float64Array,
): LikelihoodSums {
  const n = inputs.count;
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
