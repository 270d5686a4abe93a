import { type WarpedInput, kumaraswamy } from "../kernels/kumaraswamy.js";
import type { ScaledInputs } from "../kernels/product-kernel.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { LINEAR_VARIANCE, type ShapedHyperparameters, type ShapedModel } from "./shaped-prior.js";

/** Covariances between one point after another and fixed anchors, under a shaped prior. */
export interface AnchorCovariance {
  readonly X: Matrix;
  /** Makes `x` [d] the current point and writes its covariances with the anchors to `into` [n]. */
  load(x: Float64Array, into: Float64Array): void;
  /** Writes ∂ of the current point's covariances by its input k to `into` [n]; 0 for a categorical input. */
  derivative(k: number, into: Float64Array): void;
  /** The same by the warped input, and without a linear mean, which sees inputs as they are. */
  warpedDerivative(k: number, into: Float64Array): void;
  /** Prior variance at the current point. */
  priorVariance(): number;
  /** Its derivative by input k. */
  priorVarianceDerivative(k: number): number;
  /** What the current point and the anchors look like to each term, for gradients by its hyperparameters. */
  readonly terms: readonly LoadedTerm[];
}

export interface LoadedTerm {
  readonly inputs: ScaledInputs;
  /** The current point, scaled. */
  readonly point: Float64Array;
  /** Correlations and slopes between it and the anchors, [n]. */
  readonly correlation: Float64Array;
  readonly slope: Float64Array;
}

/** Prepares anchors X [n × d] of a shaped prior. */
export function prepareAnchors(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
  X: Matrix,
): AnchorCovariance {
  const { dimension: d, continuous, shape } = model;
  const n = X.rows;
  const linear = shape.mean === "linear";
  const loaded = loadTerms(model, hyperparameters, X);
  const signal = hyperparameters.terms.map((term) => term.signalVariance);
  const point = new Float64Array(d);
  const warpSlopes = new Float64Array(d);
  const partial = new Float64Array(n);
  const warpedDerivative = (k: number, into: Float64Array): void => {
    into.fill(0);
    model.terms.forEach(({ columns, kernel }, t) => {
      const c = columns.indexOf(k);
      if (c < 0) return;
      const { inputs, point: scaled, slope } = loaded[t]!;
      kernel.inputDerivative(inputs, scaled, c, slope, partial);
      for (let j = 0; j < n; j++) into[j] = into[j]! + signal[t]! * partial[j]!;
    });
  };
  return {
    X,
    terms: loaded,
    warpedDerivative,
    load(x, into) {
      point.set(x);
      const warped = warpPoint(model, hyperparameters, x, warpSlopes);
      into.fill(0);
      model.terms.forEach(({ columns, kernel }, t) => {
        const { inputs, point: scaled, correlation, slope } = loaded[t]!;
        kernel.scalePoint(
          inputs,
          Float64Array.from(columns, (k) => warped[k]!),
          scaled,
        );
        kernel.correlations(inputs, scaled, n, correlation, slope, 0);
        for (let j = 0; j < n; j++) into[j] = into[j]! + signal[t]! * correlation[j]!;
      });
      if (linear) addLinear(continuous, point, X, into);
    },
    derivative(k, into) {
      warpedDerivative(k, into);
      for (let j = 0; j < n; j++) into[j] = into[j]! * warpSlopes[k]!;
      if (!linear || !continuous.includes(k)) return;
      for (let j = 0; j < n; j++) into[j] = into[j]! + LINEAR_VARIANCE * (X.data[j * d + k]! - 0.5);
    },
    priorVariance() {
      if (!linear) return hyperparameters.signalVariance;
      let squares = 1;
      for (const k of continuous) squares += (point[k]! - 0.5) * (point[k]! - 0.5);
      return hyperparameters.signalVariance + LINEAR_VARIANCE * squares;
    },
    priorVarianceDerivative: (k) =>
      linear && continuous.includes(k) ? 2 * LINEAR_VARIANCE * (point[k]! - 0.5) : 0,
  };
}

/** The warp of input k at x; the identity for categorical inputs and without a warp. */
export function warpOf(
  { warp }: ShapedHyperparameters,
  model: ShapedModel,
  k: number,
  x: number,
): WarpedInput {
  if (warp === null || !model.continuous.includes(k)) return { value: x, slope: 1, byLogA: 0, byLogB: 0 };
  return kumaraswamy(x, warp.a[k]!, warp.b[k]!);
}

function warpPoint(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
  x: Float64Array,
  slopes: Float64Array,
): Float64Array {
  return x.map((value, k) => {
    const warped = warpOf(hyperparameters, model, k, value);
    slopes[k] = warped.slope;
    return warped.value;
  });
}

function loadTerms(model: ShapedModel, hyperparameters: ShapedHyperparameters, X: Matrix): LoadedTerm[] {
  const warped = createMatrix(X.rows, X.cols);
  const slopes = new Float64Array(X.cols);
  for (let i = 0; i < X.rows; i++) {
    matrixRow(warped, i).set(warpPoint(model, hyperparameters, matrixRow(X, i), slopes));
  }
  return model.terms.map(({ columns, kernel }, t) => {
    const seen = createMatrix(X.rows, columns.length);
    for (let i = 0; i < X.rows; i++) {
      columns.forEach((k, c) => (seen.data[i * columns.length + c] = warped.data[i * X.cols + k]!));
    }
    return {
      inputs: kernel.scale(seen, hyperparameters.terms[t]!.lengthscales),
      point: new Float64Array(columns.length),
      correlation: new Float64Array(X.rows),
      slope: new Float64Array(X.rows),
    };
  });
}

/** Adds 25 h(x)ᵀh(x_j). */
function addLinear(continuous: readonly number[], x: Float64Array, X: Matrix, into: Float64Array): void {
  for (let j = 0; j < X.rows; j++) {
    let sum = 1;
    for (const k of continuous) sum += (x[k]! - 0.5) * (X.data[j * X.cols + k]! - 0.5);
    into[j] = into[j]! + LINEAR_VARIANCE * sum;
  }
}
