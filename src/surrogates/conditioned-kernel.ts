import { CellwrightError } from "../errors.js";
import type { ProductKernel, ScaledInputs } from "../kernels/product-kernel.js";
import { extendCholesky } from "../math/cholesky.js";
import { cholesky, usesWasm } from "../math/dense.js";
import { concatRows, createMatrix, type Matrix } from "../math/matrix.js";
import {
  type ConditionedCovariance,
  conditionCovarianceWasm,
  keepCovarianceWasm,
} from "../math/wasm/conditioned-covariance.js";
import type { CorrelatedInputs } from "../math/wasm/correlated-inputs.js";
import type { Indefinite } from "../math/wasm/factor.js";
import { conditionCovariancePlain, keepCovariancePlain } from "./plain-conditioned-covariance.js";
import { plainCovariance } from "./plain-covariance.js";
import { conditionOnSlopes, type SlopeObservations } from "./slope-conditioning.js";
import type { ConditionalPoint } from "./surrogate.js";
import { addPlotErrors, NO_PLOT, noPlots, type PlotErrors } from "./whole-plots.js";

/** A prior kernel conditioned on values at anchor points; weights are A⁻¹ times values, A = s²R + diag(noise). */
export interface ConditionedKernel {
  /** Anchors, [n × d]. */
  readonly X: Matrix;
  /** Cholesky factor of A, [n × n]. */
  readonly L: Matrix;
  /** A⁻¹ b, [n]. */
  solve(b: Float64Array): Float64Array;
  /** Diagonal of L, [n]. */
  diagonal(): Float64Array;
  /** Diagonal of A⁻¹, [n]. */
  inverseDiagonal(): Float64Array;
  /**
   * The kernel conditioned on further anchors too, below the present ones: O(n²) for each, where factorising anew is
   * O(n³). Absent where the factor cannot be extended.
   *
   * @throws CellwrightError NOT_POSITIVE_DEFINITE
   */
  extended?(X: Matrix, noise: Float64Array, plot?: Int32Array): ConditionedKernel;
  /** Answers for one point after another with S sets of weights, [S × n]. */
  evaluator(weights: Matrix): (x: Float64Array, withGradient: boolean) => ConditionalPoint;
  /** Means and variances of many points, [m] each; a point's numbers do not depend on the others. */
  moments(points: Matrix, weights: Float64Array): { means: Float64Array; variances: Float64Array };
  /** The means of `moments` alone, [m]: O(mn) where variances take O(mn²). */
  means(points: Matrix, weights: Float64Array): Float64Array;
  /** Means [m] and covariance [m × m] of many points. */
  joint(points: Matrix, weights: Float64Array): { means: Float64Array; covariance: Matrix };
}

/**
 * Smallest posterior variance as a share of the prior's. The subtraction s² − ‖L⁻¹k‖² rounds at about 1e-14 s², and
 * the noise floor keeps honest variances above this; the floor keeps a rounding error from becoming √(negative).
 */
export const VARIANCE_FLOOR = 1e-12;

/**
 * Conditions a kernel on anchors observed with independent noise.
 *
 * The variance is a sum of squares, ‖L⁻¹k‖², subtracted from the prior variance, never k^T A⁻¹ k (Higham 2002,
 * chapter 8; Rasmussen & Williams 2006, algorithm 2.1, lines 5–6). Large kernels are worked on in WebAssembly, small
 * ones in plain code (src/math/dense.ts).
 *
 * @param noise - Noise variance of each anchor, [n].
 * @param plots - Errors that anchors share; what is asked of the kernel is latent and carries none.
 * @param slopes - Observed partial derivatives: weights, solutions and L then have n + m elements, those of slopes last.
 * @throws CellwrightError NOT_POSITIVE_DEFINITE
 */
export function conditionKernel(
  kernel: ProductKernel,
  X: Matrix,
  lengthscales: Float64Array,
  signalVariance: number,
  noise: Float64Array,
  slopes?: SlopeObservations,
  plots?: PlotErrors,
): ConditionedKernel {
  const inputs = kernel.scale(X, lengthscales);
  const covariance =
    slopes === undefined
      ? conditionCovariance(kernel, inputs, signalVariance, noise, plots)
      : conditionOnSlopes(kernel, inputs, signalVariance, noise, slopes);
  if (!covariance.ok) throw notPositiveDefinite(X.rows, covariance.pivot);
  return conditionedOn(kernel, X, inputs, signalVariance, covariance, plots);
}

/** What a kernel says given a covariance of anchors that is factorised. */
function conditionedOn(
  kernel: ProductKernel,
  X: Matrix,
  inputs: ScaledInputs,
  signalVariance: number,
  covariance: ConditionedCovariance,
  plots: PlotErrors | undefined,
): ConditionedKernel {
  const { lengthscales } = inputs;
  const varianceOf = (explained: number): number =>
    Math.max(signalVariance - explained, VARIANCE_FLOOR * signalVariance);
  const scaled = (points: Matrix): CorrelatedInputs => correlated(kernel, kernel.scale(points, lengthscales));
  let factor: Matrix | undefined;
  return {
    X,
    get L() {
      return (factor ??= covariance.lower());
    },
    solve: (b) => covariance.solve(b),
    diagonal: () => covariance.diagonal(),
    inverseDiagonal: () => covariance.inverseDiagonal(),
    extended: (further, noise, plot) => {
      const all = plots && {
        ...plots,
        of: Int32Array.from([...plots.of, ...(plot ?? noPlots(further.rows))]),
      };
      return extendKernel(kernel, X, inputs, signalVariance, covariance.lower(), further, noise, all);
    },
    evaluator(weights) {
      const evaluate = covariance.evaluator(weights);
      const point = new Float64Array(kernel.dimension);
      return (x, withGradient) => {
        kernel.scalePoint(inputs, x, point);
        const { means, explained, meanGradients, explainedGradient } = evaluate(point, withGradient);
        const variance = varianceOf(explained);
        if (meanGradients === undefined || explainedGradient === undefined) return { means, variance };
        return {
          means,
          variance,
          meanGradients,
          varianceGradient: explainedGradient.map((slope) => 0 - slope),
        };
      };
    },
    moments(points, weights) {
      const { means, explained } = covariance.moments(scaled(points), weights);
      return { means, variances: explained.map(varianceOf) };
    },
    means: (points, weights) => covariance.means(scaled(points), weights),
    joint(points, weights) {
      const { means, covariance: C } = covariance.joint(scaled(points), weights);
      for (let i = 0; i < C.data.length; i += C.cols + 1) {
        C.data[i] = Math.max(C.data[i]!, VARIANCE_FLOOR * signalVariance);
      }
      return { means, covariance: C };
    },
  };
}

/** Extends the factor of the anchors `X` by further ones with their own noise; `plots` are of all. */
function extendKernel(
  kernel: ProductKernel,
  X: Matrix,
  inputs: ScaledInputs,
  signalVariance: number,
  lower: Matrix,
  further: Matrix,
  noise: Float64Array,
  plots: PlotErrors | undefined,
): ConditionedKernel {
  const all = concatRows(X, further);
  const scaled = kernel.scale(all, inputs.lengthscales);
  const n = X.rows;
  const p = further.rows;
  const cross = createMatrix(p, n);
  const corner = createMatrix(p, p);
  const point = new Float64Array(kernel.dimension);
  const correlation = new Float64Array(n + p);
  const slope = new Float64Array(n + p);
  for (let i = 0; i < p; i++) {
    kernel.pointOf(scaled, n + i, point);
    kernel.correlations(scaled, point, n + i, correlation, slope, 0);
    for (let j = 0; j < n; j++) cross.data[i * n + j] = signalVariance * correlation[j]!;
    for (let j = 0; j < i; j++) corner.data[i * p + j] = signalVariance * correlation[n + j]!;
    corner.data[i * p + i] = signalVariance + noise[i]!;
    if (plots === undefined || plots.of[n + i] === NO_PLOT) continue;
    for (let j = 0; j <= n + i; j++) {
      if (plots.of[j] !== plots.of[n + i]) continue;
      if (j < n) cross.data[i * n + j] = cross.data[i * n + j]! + plots.variance;
      else corner.data[i * p + j - n] = corner.data[i * p + j - n]! + plots.variance;
    }
  }
  const factor = extendCholesky(lower, cross, corner);
  if (!factor.ok) throw notPositiveDefinite(n + p, factor.pivot);
  const covariance = usesWasm(n + p)
    ? keepCovarianceWasm(correlated(kernel, scaled), signalVariance, factor.L)
    : keepCovariancePlain(kernel, scaled, signalVariance, factor.L);
  return conditionedOn(kernel, all, scaled, signalVariance, covariance, plots);
}

function conditionCovariance(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  plots: PlotErrors | undefined,
): ConditionedCovariance | Indefinite {
  if (plots !== undefined) return conditionWithPlots(kernel, inputs, signalVariance, noise, plots);
  return usesWasm(inputs.count)
    ? conditionCovarianceWasm(correlated(kernel, inputs), signalVariance, noise)
    : conditionCovariancePlain(kernel, inputs, signalVariance, noise);
}

/** Filled in plain code; kept as other covariances of its size. */
function conditionWithPlots(
  kernel: ProductKernel,
  inputs: ScaledInputs,
  signalVariance: number,
  noise: Float64Array,
  plots: PlotErrors,
): ConditionedCovariance | Indefinite {
  const { A } = plainCovariance(kernel, inputs, signalVariance, noise);
  addPlotErrors(A, plots);
  const factor = cholesky(A);
  if (!factor.ok) return factor;
  return usesWasm(inputs.count)
    ? keepCovarianceWasm(correlated(kernel, inputs), signalVariance, factor.L)
    : keepCovariancePlain(kernel, inputs, signalVariance, factor.L);
}

/** Inputs together with the correlation between them. */
function correlated(kernel: ProductKernel, inputs: ScaledInputs): CorrelatedInputs {
  return { ...inputs, radial: kernel.radial.name, categorical: kernel.categorical };
}

function notPositiveDefinite(n: number, pivot: number): CellwrightError {
  return new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    `The covariance of ${n} settings is not positive definite (pivot ${pivot}): raise the noise variance or merge near-equal rows.`,
    { details: { n, pivot } },
  );
}
