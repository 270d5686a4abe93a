import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import {
  choleskyInverse,
  choleskySolve,
  cholesky,
  solveLower,
  solveLowerRows,
  solveLowerTransposed,
} from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixRow, multiplyTransposed, multiplyVector } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { ConditionedCovariance, PointSums } from "../math/wasm/conditioned-covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";
import { diagonalOf, plainCovariance } from "./plain-covariance.js";

/**
 * A conditioned covariance of few points, in plain TypeScript: same results as
 * src/math/wasm/conditioned-covariance.ts up to rounding.
 *
 * @param noise - [n]
 */
export function conditionCovariancePlain(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
): ConditionedCovariance | Indefinite {
  const factor = cholesky(plainCovariance(kernel, inputs, signalVariance, noise).A);
  return factor.ok ? keepCovariancePlain(kernel, inputs, signalVariance, factor.L) : factor;
}

/**
 * Keeps a covariance whose factor is known.
 *
 * @param L - Cholesky factor of s²R + diag(noise), [n × n].
 */
export function keepCovariancePlain(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  L: Matrix,
): ConditionedCovariance {
  const n = inputs.count;
  const covariance = new Float64Array(n);
  const slope = new Float64Array(n);
  const load = (point: Float64Array): void => {
    kernel.correlations(inputs, point, n, covariance, slope, 0);
    for (let j = 0; j < n; j++) covariance[j] = signalVariance * covariance[j]!;
  };
  const crossCovariance = (points: ScaledInputs): Matrix => {
    const K = createMatrix(points.count, n);
    const point = new Float64Array(kernel.dimension);
    for (let i = 0; i < points.count; i++) {
      kernel.pointOf(points, i, point);
      load(point);
      matrixRow(K, i).set(covariance);
    }
    return K;
  };
  return {
    ok: true,
    lower: () => L,
    solve: (b) => choleskySolve(L, b),
    diagonal: () => diagonalOf(L),
    inverseDiagonal: () => diagonalOf(choleskyInverse(L)),
    evaluator: (weights) => (point, withGradient) => {
      load(point);
      const whitened = solveLower(L, covariance);
      const means = multiplyVector(weights, covariance);
      const explained = dotAt(whitened, 0, whitened, 0, n);
      if (!withGradient) return { means, explained };
      const solved = solveLowerTransposed(L, whitened);
      return {
        means,
        explained,
        ...gradients(kernel, inputs, signalVariance, point, slope, weights, solved),
      };
    },
    ...answersAtMany(kernel, signalVariance, L, crossCovariance, multiplyTransposed),
  };
}

/**
 * What a factorised covariance says at many points at once.
 *
 * @param crossCovariance - Prior covariance of f at points [m] with everything observed, [m × L.rows].
 * @param overlapOf - W Wᵀ: in plain code, or as the size of what is observed demands.
 */
export function answersAtMany(
  kernel: ProductKernel,
  signalVariance: number,
  L: Matrix,
  crossCovariance: (points: ScaledInputs) => Matrix,
  overlapOf: (W: Matrix, again: Matrix) => Matrix,
): Pick<ConditionedCovariance, "moments" | "means" | "joint"> {
  const n = L.rows;
  return {
    moments(points, weights) {
      const K = crossCovariance(points);
      const W = solveLowerRows(L, K);
      const explained = Float64Array.from({ length: W.rows }, (_, i) =>
        dotAt(W.data, i * n, W.data, i * n, n),
      );
      return { means: multiplyVector(K, weights), explained };
    },
    means: (points, weights) => multiplyVector(crossCovariance(points), weights),
    joint(points, weights) {
      const K = crossCovariance(points);
      const W = solveLowerRows(L, K);
      const overlap = overlapOf(W, W);
      const prior = plainCovariance(kernel, points, signalVariance, new Float64Array(points.count)).A;
      const C = createMatrix(points.count, points.count);
      for (let i = 0; i < C.rows; i++) {
        for (let j = 0; j <= i; j++) {
          const value = prior.data[i * C.cols + j]! - overlap.data[i * C.cols + j]!;
          C.data[i * C.cols + j] = value;
          C.data[j * C.cols + i] = value;
        }
      }
      return { means: multiplyVector(K, weights), covariance: C };
    },
  };
}

/** What `PointSums` calls gradients, at a scaled point whose slopes are given. */
function gradients(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  point: Float64Array,
  slope: Float64Array,
  weights: Matrix,
  solved: Float64Array,
): Required<Pick<PointSums, "meanGradients" | "explainedGradient">> {
  const d = kernel.dimension;
  const meanGradients = createMatrix(weights.rows, d);
  const explainedGradient = new Float64Array(d);
  const derivative = new Float64Array(inputs.count);
  for (let k = 0; k < d; k++) {
    kernel.inputDerivative(inputs, point, k, slope, derivative);
    for (let j = 0; j < derivative.length; j++) derivative[j] = signalVariance * derivative[j]!;
    explainedGradient[k] = 2 * dotAt(derivative, 0, solved, 0, derivative.length);
    multiplyVector(weights, derivative).forEach((value, s) => (meanGradients.data[s * d + k] = value));
  }
  return { meanGradients, explainedGradient };
}
