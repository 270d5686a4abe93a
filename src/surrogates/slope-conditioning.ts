import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { type SlopeCorrelations, slopeCorrelations } from "../kernels/slope-covariance.js";
import { choleskyInverse, choleskySolve, solveLower, solveLowerTransposed } from "../math/cholesky.js";
import { cholesky, multiplyTransposed } from "../math/dense.js";
import { createMatrix, type Matrix, matrixRow, multiplyVector } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { ConditionedCovariance } from "../math/wasm/conditioned-covariance.js";
import type { Indefinite } from "../math/wasm/factor.js";
import { answersAtMany } from "./plain-conditioned-covariance.js";
import { diagonalOf, plainCovariance } from "./plain-covariance.js";

/** Gaussian pseudo-observations of partial derivatives, on the model scale and encoded inputs. */
export interface SlopeObservations {
  /** Where, [m × d]. */
  readonly X: Matrix;
  /** Which partial derivative, [m]; continuous inputs. */
  readonly input: Int32Array;
  /** What was seen, [m]. */
  readonly value: Float64Array;
  /** With which variance, [m]. */
  readonly variance: Float64Array;
}

/**
 * A covariance conditioned on values at n inputs and, after them, on m partial derivatives: what
 * src/math/wasm/conditioned-covariance.ts does for values alone. Weights, solutions and factors are of n + m.
 *
 * @param noise - Noise variance of the values, [n].
 */
export function conditionOnSlopes(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  slopes: SlopeObservations,
): ConditionedCovariance | Indefinite {
  const anchors = createAnchors(kernel, inputs, signalVariance, slopes);
  const factor = cholesky(anchors.covariance(noise));
  if (!factor.ok) return factor;
  const { L } = factor;
  const size = L.rows;
  const row = new Float64Array(size);
  const crossCovariance = (points: ScaledInputs): Matrix => {
    const K = createMatrix(points.count, size);
    const point = new Float64Array(kernel.dimension);
    for (let i = 0; i < points.count; i++) {
      kernel.pointOf(points, i, point);
      anchors.withValue(point, matrixRow(K, i));
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
      anchors.withValue(point, row);
      const whitened = solveLower(L, row);
      const means = multiplyVector(weights, row);
      const explained = dotAt(whitened, 0, whitened, 0, size);
      if (!withGradient) return { means, explained };
      const solved = solveLowerTransposed(L, whitened);
      const meanGradients = createMatrix(weights.rows, kernel.dimension);
      const explainedGradient = new Float64Array(kernel.dimension);
      for (let k = 0; k < kernel.dimension; k++) {
        anchors.withSlope(point, k, row);
        explainedGradient[k] = 2 * dotAt(row, 0, solved, 0, size);
        multiplyVector(weights, row).forEach(
          (value, s) => (meanGradients.data[s * kernel.dimension + k] = value),
        );
      }
      return { means, explained, meanGradients, explainedGradient };
    },
    ...answersAtMany(kernel, signalVariance, L, crossCovariance, multiplyTransposed),
  };
}

interface Anchors {
  /** Prior covariance of everything observed plus its noise, lower triangle, [n + m]². */
  covariance(noise: Float64Array): Matrix;
  /** Prior covariance of f at a scaled point with everything observed, [n + m]. */
  withValue(point: Float64Array, out: Float64Array): void;
  /** The same of ∂f/∂x_k, which is also ∂/∂x_k of `withValue`. */
  withSlope(point: Float64Array, k: number, out: Float64Array): void;
}

function createAnchors(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  slopes: SlopeObservations,
): Anchors {
  const n = inputs.count;
  const places = kernel.scale(slopes.X, inputs.lengthscales);
  const correlations: SlopeCorrelations = slopeCorrelations(kernel, places, slopes.input);
  const slope = new Float64Array(n);
  const scaled = (out: Float64Array): void => {
    for (let j = 0; j < out.length; j++) out[j] = signalVariance * out[j]!;
  };
  const anchors: Anchors = {
    covariance(noise) {
      const A = createMatrix(n + places.count, n + places.count);
      const values = plainCovariance(kernel, inputs, signalVariance, noise).A;
      for (let i = 0; i < n; i++) A.data.set(matrixRow(values, i), i * A.cols);
      const point = new Float64Array(kernel.dimension);
      for (let i = 0; i < places.count; i++) {
        kernel.pointOf(places, i, point);
        anchors.withSlope(point, slopes.input[i]!, matrixRow(A, n + i));
        A.data[(n + i) * A.cols + n + i] = A.data[(n + i) * A.cols + n + i]! + slopes.variance[i]!;
      }
      return A;
    },
    withValue(point, out) {
      kernel.correlations(inputs, point, n, out, slope, 0);
      correlations.withValue(point, out.subarray(n));
      scaled(out);
    },
    withSlope(point, k, out) {
      kernel.correlations(inputs, point, n, out, slope, 0);
      kernel.inputDerivative(inputs, point, k, slope, out);
      correlations.withSlope(point, k, out.subarray(n));
      scaled(out);
    },
  };
  return anchors;
}
