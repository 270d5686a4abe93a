import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { cholesky } from "../math/dense.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { dotAt } from "../math/row-products.js";
import { solveLowerInPlace, solveLowerTransposedInPlace } from "../math/small-cholesky.js";
import { CellwrightError } from "../errors.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { settingNoise, type SettingStatistics } from "./setting-statistics.js";
import type { ScaledNeighbours } from "./vecchia-neighbours.js";

/**
 * The prior conditioned, at one point after another, on the settings nearest to it and on further points whose latent
 * values are known. `load` a point first; the rest speaks about that point, in shared buffers that the next one changes.
 */
export interface LocalConditioning {
  load(x: Float64Array, options?: LocalOptions): void;
  /** Settings that the loaded point is conditioned on: places in the order of the approximation, [n]. */
  neighbours(): Int32Array;
  /** A⁻¹k, neighbours first, then the further points: what their values weigh in the mean, [n + b]. */
  readonly weights: Float64Array;
  /** Variance of the latent outcome. */
  variance(): number;
  /** Replaces values at neighbours and further points, [n + b], by A⁻¹ of them. */
  solve(values: Float64Array): void;
  /** Derivatives of the covariances with respect to input k, [n + b]. */
  derivative(k: number, into: Float64Array): void;
  /** Most neighbours and further points at once. */
  readonly capacity: number;
}

interface LocalOptions {
  /** The first `count` of the further points count; default all. */
  readonly further?: number;
  /** Settings that are left out. */
  readonly without?: ReadonlySet<number>;
}

/** Points whose latent values are known up to a small variance. */
export interface FurtherPoints {
  /** [b × d] */
  readonly X: Matrix;
  readonly variance: number;
}

/** Smallest posterior variance as a share of the prior's, as in conditioned-kernel.ts: rounding must not reach 0. */
const VARIANCE_FLOOR = 1e-12;

/**
 * Prepares the local conditioning of a process on settings.
 *
 * @param statistics - In the order of the approximation.
 * @param count - Neighbours of each point.
 * @throws CellwrightError NOT_POSITIVE_DEFINITE from `load`
 */
export function conditionLocally(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  hyperparameters: Hyperparameters,
  search: ScaledNeighbours,
  count: number,
  further: FurtherPoints = { X: createMatrix(0, kernel.dimension), variance: 0 },
): LocalConditioning {
  const { lengthscales, signalVariance } = hyperparameters;
  const d = kernel.dimension;
  const nearest = Math.min(count, statistics.X.rows);
  const capacity = nearest + further.X.rows;
  const noise = settingNoise(statistics, hyperparameters);
  let members = new Int32Array(nearest);
  let found = 0;
  let inputs = kernel.scale(createMatrix(0, d), lengthscales);
  const raw = new Float64Array(capacity * d);
  const A = new Float64Array(capacity * capacity);
  const correlation = new Float64Array(capacity * capacity);
  const rowSlope = new Float64Array(capacity * capacity);
  const slope = new Float64Array(capacity);
  const whitened = new Float64Array(capacity);
  const weights = new Float64Array(capacity);
  const point = new Float64Array(d);

  const fill = (n: number): boolean => {
    for (let i = 0; i < n; i++) {
      kernel.pointOf(inputs, i, point);
      kernel.correlations(inputs, point, i, correlation, rowSlope, i * n);
      for (let j = i * n; j < i * n + i; j++) A[j] = signalVariance * correlation[j]!;
      A[i * n + i] = signalVariance + (i < found ? noise[members[i]!]! : further.variance);
    }
    const factor = cholesky({ rows: n, cols: n, data: A.subarray(0, n * n) });
    if (factor.ok) A.set(factor.L.data);
    return factor.ok;
  };

  return {
    weights,
    capacity,
    neighbours: () => members.subarray(0, found),
    load(x, { further: used = further.X.rows, without } = {}) {
      const wanted = nearest + (without?.size ?? 0);
      if (members.length < wanted) members = new Int32Array(wanted);
      found = dropped(members, search.nearAndSpread(x, members.subarray(0, wanted)), without);
      const n = found + used;
      for (let j = 0; j < found; j++) copyRow(statistics.X, members[j]!, raw, j);
      for (let j = 0; j < used; j++) copyRow(further.X, j, raw, found + j);
      inputs = scaleRows(kernel, raw, n, lengthscales, inputs);
      if (!fill(n)) throw notPositiveDefinite(n);
      kernel.scalePoint(inputs, x, point);
      kernel.correlations(inputs, point, n, whitened, slope, 0);
      for (let j = 0; j < n; j++) whitened[j] = signalVariance * whitened[j]!;
      solveLowerInPlace(A, n, n, whitened);
      weights.set(whitened.subarray(0, n));
      solveLowerTransposedInPlace(A, n, n, weights);
    },
    variance() {
      const explained = dotAt(whitened, 0, whitened, 0, inputs.count);
      return Math.max(signalVariance - explained, VARIANCE_FLOOR * signalVariance);
    },
    solve(values) {
      solveLowerInPlace(A, inputs.count, inputs.count, values);
      solveLowerTransposedInPlace(A, inputs.count, inputs.count, values);
    },
    derivative(k, into) {
      kernel.inputDerivative(inputs, point, k, slope, into);
      for (let j = 0; j < inputs.count; j++) into[j] = signalVariance * into[j]!;
    },
  };
}

/** Takes settings that are left out from the list, and says how many remain. */
function dropped(members: Int32Array, found: number, without: ReadonlySet<number> | undefined): number {
  if (without === undefined) return found;
  let kept = 0;
  for (let j = 0; j < found; j++) if (!without.has(members[j]!)) members[kept++] = members[j]!;
  return kept;
}

function copyRow(X: Matrix, i: number, into: Float64Array, j: number): void {
  for (let k = 0; k < X.cols; k++) into[j * X.cols + k] = X.data[i * X.cols + k]!;
}

function scaleRows(
  kernel: ProductKernel,
  rows: Float64Array,
  n: number,
  lengthscales: Float64Array,
  last: ScaledInputs,
): ScaledInputs {
  const d = kernel.dimension;
  const X = { rows: n, cols: d, data: rows.subarray(0, n * d) };
  return last.count === n ? kernel.scale(X, lengthscales, last) : kernel.scale(X, lengthscales);
}

function notPositiveDefinite(n: number): CellwrightError {
  return new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    `The covariance of ${n} neighbouring settings is not positive definite: raise the noise variance or merge near-equal rows.`,
    { details: { n } },
  );
}
