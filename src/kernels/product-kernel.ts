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
  /** Which inputs are categorical, [d]. */
  readonly categorical: readonly boolean[];
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
  /**
   * Adds Σ_j w_j ∂ρ_j/∂log ℓ_d to `gradient` [d] for the first `count` inputs.
   *
   * @param correlation - ρ_j, [count] from `start` on, as `correlations` left them; likewise `slope`.
   * @param weights - w_j, [count]; overwritten.
   */
  addLengthscaleGradient(
    inputs: ScaledInputs,
    point: Float64Array,
    count: number,
    correlation: Float64Array,
    slope: Float64Array,
    start: number,
    weights: Float64Array,
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
  const all = kinds.map((_, k) => k);
  const continuous = all.filter((k) => categorical[k] !== true);
  const discrete = all.filter((k) => categorical[k] === true);
  return {
    radial,
    dimension: d,
    categorical,
    scale: (X, lengthscales, into) => scaleInputs(categorical, X, lengthscales, into),
    scalePoint(inputs, x, into) {
      for (let k = 0; k < d; k++) into[k] = categorical[k] === true ? x[k]! : x[k]! * inputs.factors[k]!;
    },
    pointOf(inputs, i, into) {
      for (let k = 0; k < d; k++) into[k] = inputs.columns[k * inputs.count + i]!;
    },
    correlations(inputs, point, count, correlation, slope, start) {
      squaredDistances(continuous, inputs, point, count, correlation, start);
      radial.evaluate(start, count, correlation, slope);
      for (const k of discrete) weighLevels(inputs, k, point[k]!, count, correlation, slope, start);
    },
    addLengthscaleGradient(inputs, point, count, correlation, slope, start, weights, gradient) {
      for (const k of discrete) {
        const others = sumOverOtherLevels(inputs, k, point[k]!, count, weights, correlation, start);
        gradient[k] = gradient[k]! + others / inputs.lengthscales[k]!;
      }
      for (let j = 0; j < count; j++) weights[j] = weights[j]! * slope[start + j]!;
      addSquaredSteps(continuous, inputs, point, count, weights, gradient);
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

/** Σ_k Δ_k² over the continuous inputs, two inputs a pass: each pass loads and stores the sum once. */
function squaredDistances(
  continuous: readonly number[],
  inputs: ScaledInputs,
  point: Float64Array,
  count: number,
  out: Float64Array,
  start: number,
): void {
  const { columns, count: n } = inputs;
  const pairs = continuous.length & ~1;
  out.fill(0, start, start + count);
  for (let p = 0; p < pairs; p += 2) {
    const [k, l] = [continuous[p]!, continuous[p + 1]!];
    const [x, y] = [point[k]!, point[l]!];
    const [a, b] = [k * n, l * n];
    for (let j = 0; j < count; j++) {
      const stepX = columns[a + j]! - x;
      const stepY = columns[b + j]! - y;
      out[start + j] = out[start + j]! + (stepX * stepX + stepY * stepY);
    }
  }
  if (pairs === continuous.length) return;
  const k = continuous[pairs]!;
  const x = point[k]!;
  const a = k * n;
  for (let j = 0; j < count; j++) {
    const step = columns[a + j]! - x;
    out[start + j] = out[start + j]! + step * step;
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

/** Adds Σ_j w_j Δ_jk²/ℓ_k² for every continuous k, two inputs and two rows at a time in a fixed order. */
function addSquaredSteps(
  continuous: readonly number[],
  inputs: ScaledInputs,
  point: Float64Array,
  count: number,
  weights: Float64Array,
  gradient: Float64Array,
): void {
  const { columns, count: n } = inputs;
  const even = count & ~1;
  for (let p = 0; p < continuous.length; p += 2) {
    const k = continuous[p]!;
    const l = continuous[p + 1] ?? k; // an odd last input is summed twice and kept once
    const [x, y] = [point[k]!, point[l]!];
    const [a, b] = [k * n, l * n];
    let [x0, x1, y0, y1] = [0, 0, 0, 0];
    for (let j = 0; j < even; j += 2) {
      const [w0, w1] = [weights[j]!, weights[j + 1]!];
      const [s0, s1] = [columns[a + j]! - x, columns[a + j + 1]! - x];
      const [t0, t1] = [columns[b + j]! - y, columns[b + j + 1]! - y];
      x0 += w0 * s0 * s0;
      x1 += w1 * s1 * s1;
      y0 += w0 * t0 * t0;
      y1 += w1 * t1 * t1;
    }
    if (even < count) {
      const w = weights[even]!;
      const s = columns[a + even]! - x;
      const t = columns[b + even]! - y;
      x0 += w * s * s;
      y0 += w * t * t;
    }
    gradient[k] = gradient[k]! + (x0 + x1);
    if (l !== k) gradient[l] = gradient[l]! + (y0 + y1);
  }
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
