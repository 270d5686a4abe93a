import { cholesky, multiplyTransposed } from "../math/dense.js";
import { CellwrightError } from "../errors.js";
import {
  choleskyInverse,
  choleskySolve,
  solveLower,
  solveLowerRows,
  solveLowerTransposed,
} from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixRow, multiplyVector } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import { type ConditionedKernel, VARIANCE_FLOOR } from "./conditioned-kernel.js";
import { diagonalOf } from "./plain-covariance.js";
import { type AnchorCovariance, prepareAnchors } from "./shaped-covariance.js";
import type { ShapedHyperparameters, ShapedModel } from "./shaped-prior.js";
import type { ConditionalPoint } from "./surrogate.js";

/**
 * Conditions a shaped prior on anchors observed with independent noise: what conditioned-kernel.ts does for a product
 * kernel.
 *
 * @param noise - [n]
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export function conditionShaped(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
  X: Matrix,
  noise: Float64Array,
): ConditionedKernel {
  const n = X.rows;
  const anchors = prepareAnchors(model, hyperparameters, X);
  const factor = cholesky(shapedCovariance(anchors, noise));
  if (!factor.ok) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      `The covariance of ${n} settings is not positive definite (pivot ${factor.pivot}): raise the noise variance or merge near-equal rows.`,
      { details: { n, pivot: factor.pivot } },
    );
  }
  const { L } = factor;
  const cross = (points: Matrix): { K: Matrix; prior: Float64Array } => {
    const K = createMatrix(points.rows, n);
    const prior = new Float64Array(points.rows);
    for (let i = 0; i < points.rows; i++) {
      anchors.load(matrixRow(points, i), matrixRow(K, i));
      prior[i] = anchors.priorVariance();
    }
    return { K, prior };
  };
  return {
    X,
    L,
    solve: (b) => choleskySolve(L, b),
    diagonal: () => diagonalOf(L),
    inverseDiagonal: () => diagonalOf(choleskyInverse(L)),
    evaluator: (weights) => (x, withGradient) => evaluatePoint(anchors, L, weights, x, withGradient),
    moments(points, weights) {
      const { K, prior } = cross(points);
      const W = solveLowerRows(L, K);
      const variances = prior.map((s2, i) => floored(s2 - dotAt(W.data, i * n, W.data, i * n, n), s2));
      return { means: multiplyVector(K, weights), variances };
    },
    means: (points, weights) => multiplyVector(cross(points).K, weights),
    joint(points, weights) {
      const { K, prior } = cross(points);
      const W = solveLowerRows(L, K);
      const overlap = multiplyTransposed(W, W);
      const own = prepareAnchors(model, hyperparameters, points);
      const C = shapedCovariance(own, new Float64Array(points.rows));
      for (let i = 0; i < C.rows; i++) {
        for (let j = 0; j <= i; j++) {
          const value = C.data[i * C.cols + j]! - overlap.data[i * C.cols + j]!;
          C.data[i * C.cols + j] = i === j ? floored(value, prior[i]!) : value;
          C.data[j * C.cols + i] = C.data[i * C.cols + j]!;
        }
      }
      return { means: multiplyVector(K, weights), covariance: C };
    },
  };
}

/** K + diag(noise) of the anchors, [n × n]. */
export function shapedCovariance(anchors: AnchorCovariance, noise: Float64Array): Matrix {
  const n = anchors.X.rows;
  const A = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    anchors.load(matrixRow(anchors.X, i), matrixRow(A, i));
    A.data[i * n + i] = anchors.priorVariance() + noise[i]!;
  }
  return A;
}

function evaluatePoint(
  anchors: AnchorCovariance,
  L: Matrix,
  weights: Matrix,
  x: Float64Array,
  withGradient: boolean,
): ConditionalPoint {
  const n = L.rows;
  const k = new Float64Array(n);
  anchors.load(x, k);
  const whitened = solveLower(L, k);
  const means = multiplyVector(weights, k);
  const prior = anchors.priorVariance();
  const variance = floored(prior - dotAt(whitened, 0, whitened, 0, n), prior);
  if (!withGradient) return { means, variance };
  const solved = solveLowerTransposed(L, whitened);
  const meanGradients = createMatrix(weights.rows, x.length);
  const varianceGradient = new Float64Array(x.length);
  for (let c = 0; c < x.length; c++) {
    anchors.derivative(c, k);
    multiplyVector(weights, k).forEach((value, s) => (meanGradients.data[s * x.length + c] = value));
    varianceGradient[c] = anchors.priorVarianceDerivative(c) - 2 * dotAt(k, 0, solved, 0, n);
  }
  return { means, variance, meanGradients, varianceGradient };
}

function floored(variance: number, prior: number): number {
  return Math.max(variance, VARIANCE_FLOOR * prior);
}
