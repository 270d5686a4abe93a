import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky, choleskySolve, invertLowerTransposed } from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixRow, transpose } from "../math/matrix.js";
import { addScaledAt, dotAt } from "../math/row-products.js";
import { CellwrightError } from "../errors.js";
import type { CoregionalizedModel } from "./multi-task-model.js";

/** Anchors that a coregionalised process is conditioned on. */
export interface Anchors {
  /** [n × d] */
  readonly X: Matrix;
  /** Site of each anchor, [n]. */
  readonly site: Int32Array;
  /** Noise variance of each anchor's value, [n]. */
  readonly noise: Float64Array;
}

/**
 * A coregionalised prior conditioned on values at anchors, evaluated at one point of one site after another.
 *
 * `load` a point first; the other functions speak about that point and share buffers.
 */
export interface ConditionedSites {
  readonly anchors: Anchors;
  readonly dimension: number;
  /** Cholesky factor of the anchors' covariance, [n × n], and its inverse. */
  readonly L: Matrix;
  readonly inverse: Matrix;
  load(x: Float64Array, site: number): void;
  /** Covariances of the loaded point with the anchors, [n]. */
  readonly covariance: Float64Array;
  /** Their derivatives with respect to input k, written to `into` [n]. */
  covarianceDerivative(k: number, into: Float64Array): void;
  /** q = L⁻¹k, written to `into` [n]. */
  whiten(into: Float64Array): void;
  /** Prior variance − ‖q‖². */
  variance(whitened: Float64Array): number;
  /** L⁻ᵀ q, written to `into` [n]. */
  unwhiten(whitened: Float64Array, into: Float64Array): void;
  /** A⁻¹ b, [n]. */
  solve(b: Float64Array): Float64Array;
  /** Prior covariance of two points. */
  priorCovariance(points: Matrix, sites: Int32Array): Matrix;
}

/** Smallest posterior variance as a share of the prior's: see conditioned-kernel.ts. */
const VARIANCE_FLOOR = 1e-12;

/** One term prepared for prediction. */
interface Prepared {
  readonly kernel: ProductKernel;
  readonly coupling: Matrix;
  readonly inputs: ScaledInputs;
  readonly point: Float64Array;
  readonly correlation: Float64Array;
  readonly slope: Float64Array;
  readonly derivative: Float64Array;
}

/**
 * Conditions a coregionalised prior on anchors observed with independent noise.
 *
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 * @see Rasmussen & Williams (2006), algorithm 2.1
 */
export function conditionSites(model: CoregionalizedModel, anchors: Anchors): ConditionedSites {
  const { X, site, noise } = anchors;
  const n = X.rows;
  const A = sitesCovariance(model, X, site);
  for (let i = 0; i < n; i++) A.data[i * n + i] = A.data[i * n + i]! + noise[i]!;
  const factor = cholesky(A);
  if (!factor.ok) throw notPositiveDefinite(n, factor.pivot);
  const { L } = factor;
  const inverse = transpose(invertLowerTransposed(L));
  const terms = model.terms.map(
    (term): Prepared => ({
      kernel: term.kernel,
      coupling: term.coupling,
      inputs: term.kernel.scale(X, term.lengthscales),
      point: new Float64Array(term.kernel.dimension),
      correlation: new Float64Array(n),
      slope: new Float64Array(n),
      derivative: new Float64Array(n),
    }),
  );
  const covariance = new Float64Array(n);
  let loaded = 0;
  return {
    anchors,
    dimension: X.cols,
    L,
    inverse,
    covariance,
    load(x, at) {
      loaded = at;
      for (let j = 0; j < n; j++) {
        covariance[j] = model.offset === null ? 0 : model.offset.data[at * model.offset.cols + site[j]!]!;
      }
      for (const { kernel, coupling, inputs, point, correlation, slope } of terms) {
        kernel.scalePoint(inputs, x, point);
        kernel.correlations(inputs, point, n, correlation, slope, 0);
        const row = at * coupling.cols;
        for (let j = 0; j < n; j++) {
          covariance[j] = covariance[j]! + coupling.data[row + site[j]!]! * correlation[j]!;
        }
      }
    },
    covarianceDerivative(k, into) {
      into.fill(0);
      for (const { kernel, coupling, inputs, point, slope, derivative } of terms) {
        kernel.inputDerivative(inputs, point, k, slope, derivative);
        const row = loaded * coupling.cols;
        for (let j = 0; j < n; j++) into[j] = into[j]! + coupling.data[row + site[j]!]! * derivative[j]!;
      }
    },
    whiten(into) {
      for (let i = 0; i < n; i++) into[i] = dotAt(inverse.data, i * n, covariance, 0, i + 1);
    },
    variance(whitened) {
      const prior = priorVariance(model, loaded);
      return Math.max(prior - dotAt(whitened, 0, whitened, 0, n), VARIANCE_FLOOR * prior);
    },
    unwhiten(whitened, into) {
      into.fill(0);
      for (let i = 0; i < n; i++) addScaledAt(into, 0, whitened[i]!, inverse.data, i * n, i + 1);
    },
    solve: (b) => choleskySolve(L, b),
    priorCovariance: (points, sites) => sitesCovariance(model, points, sites),
  };
}

/** Posterior mean and covariance of points at their sites, from α = A⁻¹z. */
export function jointAtSites(
  conditioned: ConditionedSites,
  alpha: Float64Array,
  points: Matrix,
  sites: Int32Array,
): { mean: Float64Array; covariance: Matrix } {
  const m = points.rows;
  const n = alpha.length;
  const mean = new Float64Array(m);
  const marginal = new Float64Array(m);
  const W = createMatrix(m, n);
  for (let i = 0; i < m; i++) {
    conditioned.load(matrixRow(points, i), sites[i]!);
    mean[i] = dotAt(conditioned.covariance, 0, alpha, 0, n);
    conditioned.whiten(matrixRow(W, i));
    marginal[i] = conditioned.variance(matrixRow(W, i));
  }
  const covariance = conditioned.priorCovariance(points, sites);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      const value = covariance.data[i * m + j]! - dotAt(W.data, i * n, W.data, j * n, n);
      covariance.data[i * m + j] = value;
      covariance.data[j * m + i] = value;
    }
    covariance.data[i * m + i] = marginal[i]!;
  }
  return { mean, covariance };
}

/** Prior covariance among points at sites, [m × m], both triangles. */
function sitesCovariance(model: CoregionalizedModel, X: Matrix, site: Int32Array): Matrix {
  const n = X.rows;
  const K = createMatrix(n, n);
  const correlation = new Float64Array(n);
  const slope = new Float64Array(n);
  for (const { kernel, lengthscales, coupling } of model.terms) {
    const inputs = kernel.scale(X, lengthscales);
    const point = new Float64Array(kernel.dimension);
    for (let i = 0; i < n; i++) {
      kernel.pointOf(inputs, i, point);
      kernel.correlations(inputs, point, i + 1, correlation, slope, 0);
      for (let j = 0; j <= i; j++) {
        const coupled = coupling.data[site[i]! * coupling.cols + site[j]!]! * correlation[j]!;
        K.data[i * n + j] = K.data[i * n + j]! + coupled;
      }
    }
  }
  const { offset } = model;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const level = offset === null ? 0 : offset.data[site[i]! * offset.cols + site[j]!]!;
      K.data[i * n + j] = K.data[i * n + j]! + level;
      K.data[j * n + i] = K.data[i * n + j]!;
    }
  }
  return K;
}

/** Prior variance of the latent outcome at a site. */
function priorVariance({ terms, offset }: CoregionalizedModel, site: number): number {
  let sum = offset === null ? 0 : offset.data[site * offset.cols + site]!;
  for (const { coupling } of terms) sum += coupling.data[site * coupling.cols + site]!;
  return sum;
}

function notPositiveDefinite(n: number, pivot: number): CellwrightError {
  return new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    `The joint covariance of ${n} settings is not positive definite (pivot ${pivot}): raise the noise variance or merge near-equal rows.`,
    { details: { n, pivot } },
  );
}
