import { slopeCorrelations } from "../kernels/slope-covariance.js";
import { solveLowerRows } from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import { dot } from "../math/row-products.js";
import { createUnscrambledSobol, MAX_SOBOL_DIMENSION } from "../math/sobol.js";
import type { MonotoneDirection } from "./monotone.js";
import type { GaussianPosterior } from "./posterior.js";
import type { InputDimension } from "./surrogate.js";

/** Partial derivatives whose signs are told: where, along which input, and the sign, c of them. */
export interface SlopeCandidates {
  /** [c × d] */
  readonly X: Matrix;
  /** [c] */
  readonly input: Int32Array;
  /** +1 or −1, [c]. */
  readonly sign: Float64Array;
}

/** Points spread evenly inside the bounds: as many as keep a fit of 200 settings near a second (assumption). */
const SPREAD_POINTS = 256;

/** Of those, how many are also moved to either end of the direction, where a fit extrapolates. */
const END_POINTS = 64;

/** Corners of the bounds are looked at up to this many continuous inputs. */
const MOST_CORNERED = 6;

/**
 * Where a direction is looked at: at the settings, at points spread evenly over the unit cube and the levels, at both
 * ends of the direction, and at the corners.
 *
 * @param settings - [n × d]
 */
export function slopeCandidates(
  settings: Matrix,
  inputs: readonly InputDimension[],
  directions: readonly MonotoneDirection[],
): SlopeCandidates {
  const rows: Float64Array[] = [];
  const input: number[] = [];
  const sign: number[] = [];
  const spread = spreadPoints(inputs, SPREAD_POINTS);
  const corners = cornersOf(inputs);
  for (const direction of directions) {
    const k = inputs.findIndex(({ name }) => name === direction.input);
    const ends = spread
      .slice(0, END_POINTS)
      .flatMap((point) => [0, 1].map((end) => point.map((value, i) => (i === k ? end : value))));
    const observed = Array.from({ length: settings.rows }, (_, i) => matrixRow(settings, i));
    for (const point of [...spread, ...ends, ...corners, ...observed]) {
      rows.push(point);
      input.push(k);
      sign.push(direction.direction === "increasing" ? 1 : -1);
    }
  }
  return {
    X: matrixFromRows(rows, inputs.length),
    input: Int32Array.from(input),
    sign: Float64Array.from(sign),
  };
}

/** Directions looked at in `count` places each, spread evenly, whatever the data are. */
export function spreadSlopes(
  inputs: readonly InputDimension[],
  directions: readonly MonotoneDirection[],
  count: number,
): SlopeCandidates {
  const points = spreadPoints(inputs, count);
  const each = directions.flatMap((direction) => points.map((point) => ({ point, direction })));
  return {
    X: matrixFromRows(
      each.map(({ point }) => point),
      inputs.length,
    ),
    input: Int32Array.from(each, ({ direction }) => inputs.findIndex(({ name }) => name === direction.input)),
    sign: Float64Array.from(each, ({ direction }) => (direction.direction === "increasing" ? 1 : -1)),
  };
}

/** Sobol points over the cube, their fractions read as levels for categorical inputs. */
function spreadPoints(inputs: readonly InputDimension[], count: number): Float64Array[] {
  const sobol = createUnscrambledSobol(Math.min(inputs.length, MAX_SOBOL_DIMENSION));
  sobol.next(); // the origin, which the corners have
  return Array.from({ length: count }, () => {
    const point = sobol.next();
    return Float64Array.from(inputs, (input, k) => {
      const fraction = point[k % point.length]!;
      return input.kind === "categorical" ? Math.floor(fraction * input.levels) : fraction;
    });
  });
}

/** Corners of the continuous inputs, at the first level of the others in turn. */
function cornersOf(inputs: readonly InputDimension[]): Float64Array[] {
  const continuous = inputs.flatMap(({ kind }, k) => (kind === "continuous" ? [k] : []));
  if (continuous.length > MOST_CORNERED) return [];
  const levels = inputs.reduce(
    (most, input) => (input.kind === "categorical" ? Math.max(most, input.levels) : most),
    1,
  );
  return Array.from({ length: levels << continuous.length }, (_, i) =>
    Float64Array.from(inputs, (input, k) =>
      input.kind === "categorical"
        ? (i >> continuous.length) % input.levels
        : (i >> continuous.indexOf(k)) & 1,
    ),
  );
}

/** What a process believes about candidates, on the model scale. */
export interface SlopeBeliefs {
  readonly candidates: SlopeCandidates;
  /** [c] */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Prior standard deviation of each derivative, [c]. */
  readonly scale: Float64Array;
  /** Covariance of candidate i with all, [c]. */
  covarianceWith(i: number): Float64Array;
}

/** Beliefs given the values that a posterior was conditioned on. */
export function slopeBeliefs(posterior: GaussianPosterior, candidates: SlopeCandidates): SlopeBeliefs {
  const { kernel, hyperparameters, alpha, conditioned, statistics } = posterior;
  const { lengthscales, signalVariance } = hyperparameters;
  const places = kernel.scale(candidates.X, lengthscales);
  const settings = kernel.scale(statistics.X, lengthscales);
  const c = places.count;
  const n = settings.count;
  const point = new Float64Array(kernel.dimension);
  const K = createMatrix(c, n);
  const correlation = new Float64Array(n);
  const slope = new Float64Array(n);
  for (let i = 0; i < c; i++) {
    kernel.pointOf(places, i, point);
    kernel.correlations(settings, point, n, correlation, slope, 0);
    const row = matrixRow(K, i);
    kernel.inputDerivative(settings, point, candidates.input[i]!, slope, row);
    for (let j = 0; j < n; j++) row[j] = signalVariance * row[j]!;
  }
  const W = solveLowerRows(conditioned.L, K);
  const correlations = slopeCorrelations(kernel, places, candidates.input);
  const prior = new Float64Array(c);
  const variance = new Float64Array(c);
  const covarianceWith = (i: number): Float64Array => {
    kernel.pointOf(places, i, point);
    correlations.withSlope(point, candidates.input[i]!, prior);
    const own = matrixRow(W, i);
    return prior.map((value, j) => signalVariance * value - dot(own, matrixRow(W, j)));
  };
  // ∂²ρ/∂x∂x′ at distance zero is g(0)/ℓ²: 1/ℓ² for the squared exponential, 5/(3ℓ²) for Matérn 5/2.
  const atZero = kernel.radial.name === "rbf" ? 1 : 5 / 3;
  const scale = Float64Array.from(
    candidates.input,
    (k) => Math.sqrt(atZero * signalVariance) / lengthscales[k]!,
  );
  for (let i = 0; i < c; i++) {
    const own = matrixRow(W, i);
    variance[i] = scale[i]! * scale[i]! - dot(own, own);
  }
  return {
    candidates,
    mean: Float64Array.from({ length: c }, (_, i) => dot(matrixRow(K, i), alpha)),
    variance,
    scale,
    covarianceWith,
  };
}
