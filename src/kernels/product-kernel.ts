import type { Matrix } from "../math/matrix.js";
import { levelCorrelation } from "./categorical.js";
import type { RadialKernel } from "./kernel.js";

/** Inputs prepared for one set of lengthscales, one column of `count` values per input. */
export interface ScaledInputs {
  readonly count: number;
  /** [d × count]: continuous inputs divided by their lengthscale; categorical inputs as they are. */
  readonly columns: Float64Array;
  /** [d]: 1/ℓ_d of continuous inputs, correlation between levels of categorical ones. */
  readonly factors: Float64Array;
  /** [d] */
  readonly lengthscales: Float64Array;
}

/**
 * Correlation ρ(x, x′) = ρ_radial(r) · Π_c e^(−[x_c ≠ x′_c]/ℓ_c): a radial kernel with one lengthscale per continuous
 * input times an exchangeable kernel per categorical input.
 *
 * All functions work on rows of correlations between one point and `count` prepared inputs, because that is the inner
 * loop of fitting and predicting. Slopes are the radial g (kernel.ts) times the categorical factors.
 */
export interface ProductKernel {
  readonly radial: RadialKernel;
  readonly dimension: number;
  /** Prepares inputs [n × d]; writes into `into` when given (same shape). */
  scale(X: Matrix, lengthscales: Float64Array, into?: ScaledInputs): ScaledInputs;
  /** Scales one point [d] the way `inputs` are scaled. */
  scalePoint(inputs: ScaledInputs, x: Float64Array, into: Float64Array): void;
  /** Point `i` of the prepared inputs, [d]. */
  pointOf(inputs: ScaledInputs, i: number, into: Float64Array): void;
  /** Correlations and slopes between a scaled point and the first `count` inputs, written from `start` on. */
  correlations(
    inputs: ScaledInputs,
    point: Float64Array,
    count: number,
    correlation: Float64Array,
    slope: Float64Array,
    start: number,
  ): void;
  /** Adds Σ_j w_j ∂ρ_j/∂log ℓ_d to `gradient` [d], for the first `count` inputs; rows from `start` on, weights from 0. */
  addLengthscaleGradient(
    inputs: ScaledInputs,
    point: Float64Array,
    count: number,
    weights: Float64Array,
    correlation: Float64Array,
    slope: Float64Array,
    start: number,
    gradient: Float64Array,
  ): void;
  /** Writes ∂ρ_j/∂x_k for every prepared input j to `derivative` [count], x unscaled; 0 for a categorical input. */
  inputDerivative(
    inputs: ScaledInputs,
    point: Float64Array,
    k: number,
    slope: Float64Array,
    derivative: Float64Array,
  ): void;
}

/** Builds the product of `radial` over continuous inputs and exchangeable kernels over categorical ones. */
export function createProductKernel(
  radial: RadialKernel,
  kinds: readonly ("continuous" | "categorical")[],
): ProductKernel {
  const categorical = kinds.map((kind) => kind === "categorical");
  const d = kinds.length;
  return {
    radial,
    dimension: d,
    scale: (X, lengthscales, into) => scaleInputs(categorical, X, lengthscales, into),
    scalePoint(inputs, x, into) {
      for (let k = 0; k < d; k++) into[k] = categorical[k] === true ? x[k]! : x[k]! * inputs.factors[k]!;
    },
    pointOf(inputs, i, into) {
      for (let k = 0; k < d; k++) into[k] = inputs.columns[k * inputs.count + i]!;
    },
    correlations(inputs, point, count, correlation, slope, start) {
      squaredDistances(categorical, inputs, point, count, correlation, start);
      radial.evaluate(start, count, correlation, slope);
      for (let k = 0; k < d; k++) {
        if (categorical[k] === true) weighLevels(inputs, k, point[k]!, count, correlation, slope, start);
      }
    },
    addLengthscaleGradient(inputs, point, count, weights, correlation, slope, start, gradient) {
      for (let k = 0; k < d; k++) {
        const sum =
          categorical[k] === true
            ? sumOverOtherLevels(inputs, k, point[k]!, count, weights, correlation, start) /
              inputs.lengthscales[k]!
            : sumOfSquaredSteps(inputs, k, point[k]!, count, weights, slope, start);
        gradient[k] = gradient[k]! + sum;
      }
    },
    inputDerivative(inputs, point, k, slope, derivative) {
      if (categorical[k] === true) derivative.fill(0, 0, inputs.count);
      else differentiate(inputs, k, point[k]!, slope, derivative);
    },
  };
}

function scaleInputs(
  categorical: readonly boolean[],
  X: Matrix,
  lengthscales: Float64Array,
  into: ScaledInputs | undefined,
): ScaledInputs {
  const { rows: n, cols: d } = X;
  const scaled = into ?? {
    count: n,
    columns: new Float64Array(n * d),
    factors: new Float64Array(d),
    lengthscales: new Float64Array(d),
  };
  scaled.lengthscales.set(lengthscales);
  for (let k = 0; k < d; k++) {
    const isCategorical = categorical[k] === true;
    const factor = isCategorical ? levelCorrelation(lengthscales[k]!) : 1 / lengthscales[k]!;
    scaled.factors[k] = factor;
    const multiplier = isCategorical ? 1 : factor;
    for (let i = 0; i < n; i++) scaled.columns[k * n + i] = X.data[i * d + k]! * multiplier;
  }
  return scaled;
}

function squaredDistances(
  categorical: readonly boolean[],
  inputs: ScaledInputs,
  point: Float64Array,
  count: number,
  out: Float64Array,
  start: number,
): void {
  const { columns, count: n } = inputs;
  out.fill(0, start, start + count);
  for (let k = 0; k < categorical.length; k++) {
    if (categorical[k] === true) continue;
    const x = point[k]!;
    const base = k * n;
    for (let j = 0; j < count; j++) {
      const step = columns[base + j]! - x;
      out[start + j] = out[start + j]! + step * step;
    }
  }
}

function weighLevels(
  inputs: ScaledInputs,
  k: number,
  level: number,
  count: number,
  correlation: Float64Array,
  slope: Float64Array,
  start: number,
): void {
  const { columns, count: n } = inputs;
  const factor = inputs.factors[k]!;
  const base = k * n;
  for (let j = 0; j < count; j++) {
    if (columns[base + j] === level) continue;
    correlation[start + j] = correlation[start + j]! * factor;
    slope[start + j] = slope[start + j]! * factor;
  }
}

/** Σ w_j g_j Δ_j²/ℓ², four partial sums in a fixed order. */
function sumOfSquaredSteps(
  inputs: ScaledInputs,
  k: number,
  x: number,
  count: number,
  weights: Float64Array,
  slope: Float64Array,
  start: number,
): number {
  const { columns, count: n } = inputs;
  const base = k * n;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = 0;
  for (; j + 3 < count; j += 4) {
    const a = columns[base + j]! - x;
    const b = columns[base + j + 1]! - x;
    const c = columns[base + j + 2]! - x;
    const e = columns[base + j + 3]! - x;
    s0 += weights[j]! * slope[start + j]! * a * a;
    s1 += weights[j + 1]! * slope[start + j + 1]! * b * b;
    s2 += weights[j + 2]! * slope[start + j + 2]! * c * c;
    s3 += weights[j + 3]! * slope[start + j + 3]! * e * e;
  }
  for (; j < count; j++) {
    const a = columns[base + j]! - x;
    s0 += weights[j]! * slope[start + j]! * a * a;
  }
  return s0 + s1 + (s2 + s3);
}

/** Σ w_j ρ_j over inputs at another level: ∂ρ/∂log ℓ = ρ [x ≠ x′]/ℓ. */
function sumOverOtherLevels(
  inputs: ScaledInputs,
  k: number,
  level: number,
  count: number,
  weights: Float64Array,
  correlation: Float64Array,
  start: number,
): number {
  const base = k * inputs.count;
  let sum = 0;
  for (let j = 0; j < count; j++) {
    if (inputs.columns[base + j] !== level) sum += weights[j]! * correlation[start + j]!;
  }
  return sum;
}

/** ∂ρ_j/∂x = −g_j (x − x_j)/ℓ², with both scaled by 1/ℓ already. */
function differentiate(
  inputs: ScaledInputs,
  k: number,
  x: number,
  slope: Float64Array,
  derivative: Float64Array,
): void {
  const { columns, count: n } = inputs;
  const factor = inputs.factors[k]!;
  const base = k * n;
  for (let j = 0; j < n; j++) derivative[j] = factor * slope[j]! * (columns[base + j]! - x);
}
