import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp } from "../math/elementary.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { createMarginalLikelihood } from "./marginal-likelihood.js";
import { negativeLogPosterior, searchCoordinates } from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import { isFree, parameterAt, type PriorMean, standardCoordinate } from "./prior-mean.js";
import type { SettingStatistics } from "./setting-statistics.js";
import type { OutcomeTransform } from "./transform.js";

/** T(m) of settings on the model scale, [g], and its gradient with respect to θ, [g × p]. */
export interface ModelScaleMean {
  readonly value: Float64Array;
  readonly parameterGradient: Matrix;
}

/** Carries a mean to the model scale by the transform of the outcome; NaN or −∞ where m has no image. */
export function meanOnModelScale(
  mean: PriorMean,
  theta: Float64Array,
  X: Matrix,
  transform: OutcomeTransform,
): ModelScaleMean {
  const value = new Float64Array(X.rows);
  const parameterGradient = createMatrix(X.rows, mean.parameters.length);
  for (let g = 0; g < X.rows; g++) {
    const raw = mean.evaluate(matrixRow(X, g), theta);
    value[g] = transform.toModel(raw.value);
    const slope = slopeOf(transform, raw.value);
    matrixRow(parameterGradient, g).set(raw.parameterGradient.map((partial) => slope * partial));
  }
  return { value, parameterGradient };
}

/** T′(m); exact without a logarithm, so that another unit changes exponents only. */
export function slopeOf(transform: OutcomeTransform, value: number): number {
  const { record } = transform;
  return record.kind === "identity" ? 1 / record.spread : exp(transform.logSlope(value));
}

/** z̄ − T(m), [g]. */
export function residualOf(statistics: SettingStatistics, value: Float64Array): Float64Array {
  return statistics.mean.map((z, g) => z - value[g]!);
}

/** The search over hyperparameters and parameters of the mean together. */
export interface JointObjective {
  /** Length of the search vector: `hyperparameters` logarithms, then one standard coordinate per free θ. */
  readonly hyperparameters: number;
  readonly free: readonly number[];
  /** All parameters, fixed ones at their start, [p]. */
  thetaAt(x: Float64Array): Float64Array;
  /** −log posterior, and its gradient; NaN where m has no image under T. */
  evaluate(x: Float64Array, gradient: Float64Array): number;
}

/**
 * −log p(z | hyperparameters, θ) − log priors of a Gaussian process with mean T(m(x; θ)).
 *
 * Gradient with respect to θ: −(∂T(m)/∂θ)^T A⁻¹ (z̄ − T(m)), with A of marginal-likelihood.ts; the chain rule of the
 * standard coordinate u and its prior −½u² follow (Rasmussen & Williams 2006, section 2.7, with a mean that need not be
 * linear in θ).
 */
export function createJointObjective(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
  mean: PriorMean,
  transform: OutcomeTransform,
): JointObjective {
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const likelihood = createMarginalLikelihood(statistics, kernel, "zero");
  const settings = statistics.X.rows;
  const alpha = new Float64Array(settings);
  let residual = statistics.mean;
  const ofHyperparameters = negativeLogPosterior(
    { evaluate: (values, gradient) => likelihood.evaluateResidual(values, gradient, residual, alpha) },
    kernel.dimension,
    statistics.levels,
    preset,
    coordinates,
  );
  const h = coordinates.length;
  const free = mean.parameters.flatMap((parameter, k) => (isFree(parameter) ? [k] : []));
  const thetaAt = (x: Float64Array): Float64Array => {
    const theta = Float64Array.from(mean.parameters, ({ start }) => start);
    free.forEach((k, j) => (theta[k] = parameterAt(mean.parameters[k]!, x[h + j]!).theta));
    return theta;
  };
  return {
    hyperparameters: h,
    free,
    thetaAt,
    evaluate(x, gradient) {
      const { value: m, parameterGradient } = meanOnModelScale(mean, thetaAt(x), statistics.X, transform);
      residual = residualOf(statistics, m);
      if (!residual.every(Number.isFinite)) return Number.NaN;
      let value = ofHyperparameters(x.subarray(0, h), gradient);
      free.forEach((k, j) => {
        const u = x[h + j]!;
        let sum = 0;
        for (let g = 0; g < settings; g++) {
          sum += parameterGradient.data[g * parameterGradient.cols + k]! * alpha[g]!;
        }
        gradient[h + j] = u - sum * parameterAt(mean.parameters[k]!, u).slope;
        value += 0.5 * u * u;
      });
      return value;
    },
  };
}

/** Bounds and start of the free parameters in standard coordinates, [free]. */
export function freeRange(
  mean: PriorMean,
  free: readonly number[],
): { readonly lower: Float64Array; readonly upper: Float64Array; readonly start: Float64Array } {
  const of = (field: "lower" | "upper" | "start"): Float64Array =>
    Float64Array.from(free, (k) => standardCoordinate(mean.parameters[k]!, mean.parameters[k]![field]));
  return { lower: of("lower"), upper: of("upper"), start: of("start") };
}
