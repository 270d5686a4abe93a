import { CellwrightError } from "../errors.js";
import { cholesky } from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { ConditionalDraws } from "./surrogate.js";
import { BLUR, type VecchiaPosterior } from "./vecchia-posterior.js";

/**
 * Conditions on S joint draws at base points: at x on the settings nearest to x and on all base points, whose drawn
 * values differ from draw to draw. A point costs the cube of neighbours and base points: base points should be few.
 *
 * @param basePoints - [b × d]
 * @param standardNormals - [S × b]
 * @throws CellwrightError SHAPE_MISMATCH, NOT_POSITIVE_DEFINITE
 * @see Letham, Karrer, Ottoni & Bakshy (2019), Bayesian Analysis 14(2), section 3
 */
export function drawFromNeighbours(
  posterior: VecchiaPosterior,
  basePoints: Matrix,
  standardNormals: Matrix,
): ConditionalDraws {
  if (standardNormals.cols !== basePoints.rows) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `standardNormals has ${standardNormals.cols} columns, expected one per base point (${basePoints.rows}).`,
    );
  }
  const { statistics, constant, hyperparameters } = posterior;
  const blur = BLUR * hyperparameters.signalVariance;
  const values = drawValues(posterior, basePoints, standardNormals, blur);
  const draws = values.rows;
  const local = posterior.condition({ X: basePoints, variance: blur });
  const known = createMatrix(draws, local.capacity);
  const derivative = new Float64Array(local.capacity);
  return {
    values,
    at(x, withGradient) {
      local.load(x);
      const members = local.neighbours();
      const n = members.length + basePoints.rows;
      const means = new Float64Array(draws);
      for (let s = 0; s < draws; s++) {
        const row = matrixRow(known, s);
        for (let j = 0; j < members.length; j++) row[j] = statistics.mean[members[j]!]! - constant;
        for (let j = members.length; j < n; j++)
          row[j] = values.data[s * basePoints.rows + j - members.length]! - constant;
        means[s] = constant + dotAt(local.weights, 0, row, 0, n);
      }
      const variance = local.variance();
      if (!withGradient) return { means, variance };
      const meanGradients = createMatrix(draws, x.length);
      const varianceGradient = new Float64Array(x.length);
      for (let k = 0; k < x.length; k++) {
        local.derivative(k, derivative);
        varianceGradient[k] = 0 - 2 * dotAt(derivative, 0, local.weights, 0, n);
        local.solve(derivative);
        for (let s = 0; s < draws; s++)
          meanGradients.data[s * x.length + k] = dotAt(derivative, 0, known.data, s * known.cols, n);
      }
      return { means, variance, meanGradients, varianceGradient };
    },
  };
}

/** m + chol(C + εI) ξ, [S × b]. */
function drawValues(
  posterior: VecchiaPosterior,
  basePoints: Matrix,
  standardNormals: Matrix,
  blur: number,
): Matrix {
  const { mean, covariance } = posterior.joint(basePoints);
  const b = basePoints.rows;
  for (let i = 0; i < b; i++) covariance.data[i * b + i] = covariance.data[i * b + i]! + blur;
  const factor = cholesky(covariance);
  if (!factor.ok) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "The posterior covariance of the base points cannot be factorised.",
      { details: { points: b, pivot: factor.pivot } },
    );
  }
  const values = createMatrix(standardNormals.rows, b);
  for (let s = 0; s < values.rows; s++) {
    for (let i = 0; i < b; i++)
      values.data[s * b + i] = mean[i]! + dotAt(factor.L.data, i * b, standardNormals.data, s * b, i + 1);
  }
  return values;
}
