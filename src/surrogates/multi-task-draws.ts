import { CellwrightError } from "../errors.js";
import { cholesky } from "../math/cholesky.js";
import { concatRows, createMatrix, type Matrix, matrixRow, selectRows } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import type { CoregionalizedModel } from "./multi-task-model.js";
import { conditionSites, type ConditionedSites, jointAtSites } from "./multi-task-posterior.js";
import type { ConditionalDraws, ConditionalPoint } from "./surrogate.js";

/** Variance with which drawn values are known, as a share of the prior variance: see conditional-draws.ts. */
const DRAW_VARIANCE = 1e-9;

/**
 * Conditions the prior on S joint posterior draws of one site at base points.
 *
 * The data of other sites stay anchors; the site's own data at a base point are covered by the drawn value there.
 *
 * @param basePoints - [b × d]
 * @param standardNormals - [S × b]
 * @throws CellwrightError SHAPE_MISMATCH, NOT_POSITIVE_DEFINITE
 * @see Letham, Karrer, Ottoni & Bakshy (2019), Bayesian Analysis 14(2), section 3
 */
export function drawAtSite(
  model: CoregionalizedModel,
  conditioned: ConditionedSites,
  z: Float64Array,
  site: number,
  basePoints: Matrix,
  standardNormals: Matrix,
): ConditionalDraws {
  const b = basePoints.rows;
  if (standardNormals.cols !== b) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `standardNormals has ${standardNormals.cols} columns, expected one per base point (${b}).`,
    );
  }
  const baseSites = new Int32Array(b).fill(site);
  const { mean, covariance } = jointAtSites(conditioned, conditioned.solve(z), basePoints, baseSites);
  const prior = conditioned.priorCovariance(basePoints, baseSites);
  const blur = DRAW_VARIANCE * (b === 0 ? 1 : prior.data[0]!);
  for (let i = 0; i < b; i++) covariance.data[i * b + i] = covariance.data[i * b + i]! + blur;
  const values = drawValues(mean, covariance, standardNormals);
  const kept = uncovered(conditioned, site, basePoints);
  const { anchors } = conditioned;
  const redrawn = conditionSites(model, {
    X: concatRows(basePoints, selectRows(anchors.X, kept)),
    site: Int32Array.from([...baseSites, ...kept.map((i) => anchors.site[i]!)]),
    noise: Float64Array.from([...new Float64Array(b).fill(blur), ...kept.map((i) => anchors.noise[i]!)]),
  });
  const weights = createMatrix(values.rows, b + kept.length);
  const z2 = Float64Array.from([...new Float64Array(b), ...kept.map((i) => z[i]!)]);
  for (let s = 0; s < values.rows; s++) {
    z2.set(matrixRow(values, s));
    matrixRow(weights, s).set(redrawn.solve(z2));
  }
  return { values, at: pointEvaluator(redrawn, weights, site) };
}

/** m + chol(C) ξ, [S × b]. */
function drawValues(mean: Float64Array, covariance: Matrix, standardNormals: Matrix): Matrix {
  const b = mean.length;
  const factor = cholesky(covariance);
  if (!factor.ok) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "The posterior covariance of the base points cannot be factorised.",
      { details: { points: b, pivot: factor.pivot } },
    );
  }
  const values = createMatrix(standardNormals.rows, b);
  for (let s = 0; s < standardNormals.rows; s++) {
    for (let i = 0; i < b; i++) {
      values.data[s * b + i] = mean[i]! + dotAt(factor.L.data, i * b, standardNormals.data, s * b, i + 1);
    }
  }
  return values;
}

/** Anchors of other sites, and those of this site that are not bit for bit among the base points. */
function uncovered({ anchors }: ConditionedSites, site: number, basePoints: Matrix): number[] {
  const key = (matrix: Matrix, i: number): string => matrixRow(matrix, i).join(",");
  const covered = new Set(Array.from({ length: basePoints.rows }, (_, i) => key(basePoints, i)));
  return Array.from(anchors.site, (_, i) => i).filter(
    (i) => anchors.site[i] !== site || !covered.has(key(anchors.X, i)),
  );
}

function pointEvaluator(
  conditioned: ConditionedSites,
  weights: Matrix,
  site: number,
): (x: Float64Array, withGradient: boolean) => ConditionalPoint {
  const n = weights.cols;
  const draws = weights.rows;
  const { dimension } = conditioned;
  const whitened = new Float64Array(n);
  const solved = new Float64Array(n);
  const derivative = new Float64Array(n);
  return (x, withGradient) => {
    conditioned.load(x, site);
    conditioned.whiten(whitened);
    const variance = conditioned.variance(whitened);
    const means = new Float64Array(draws);
    for (let s = 0; s < draws; s++) means[s] = dotAt(conditioned.covariance, 0, weights.data, s * n, n);
    if (!withGradient) return { means, variance };
    conditioned.unwhiten(whitened, solved);
    const meanGradients = createMatrix(draws, dimension);
    const varianceGradient = new Float64Array(dimension);
    for (let k = 0; k < dimension; k++) {
      conditioned.covarianceDerivative(k, derivative);
      varianceGradient[k] = 0 - 2 * dotAt(derivative, 0, solved, 0, n);
      for (let s = 0; s < draws; s++) {
        meanGradients.data[s * dimension + k] = dotAt(derivative, 0, weights.data, s * n, n);
      }
    }
    return { means, variance, meanGradients, varianceGradient };
  };
}
