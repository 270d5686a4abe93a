import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { cholesky, choleskyInverse } from "../math/cholesky.js";
import { log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { SEARCH, searchCoordinates, startingPoints, unpack } from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import { parameterAt, type PriorMean } from "./prior-mean.js";
import {
  createJointObjective,
  freeRange,
  type JointObjective,
  meanOnModelScale,
  residualOf,
} from "./prior-mean-objective.js";
import { isConstant, type SettingStatistics } from "./setting-statistics.js";
import type { OutcomeTransform } from "./transform.js";

export interface JointMaximum {
  readonly hyperparameters: Hyperparameters;
  /** Parameters of the mean, [p]. */
  readonly theta: Float64Array;
  /** Standard deviation of each parameter in its standard coordinate, [p]; 0 where fixed. */
  readonly coordinateStdDev: Float64Array;
  /** 1/variance of each in its standard coordinate without the priors of θ, [p]; 0 where the rows alone say nothing. */
  readonly rowsPrecision: Float64Array;
  readonly logPosterior: number;
}

interface JointProblem {
  readonly statistics: SettingStatistics;
  readonly kernel: ProductKernel;
  readonly preset: GaussianProcessPreset;
  readonly mean: PriorMean;
  readonly transform: OutcomeTransform;
}

/** Signal variance of the start at which the mean explains most of the outcome's variance of 1 (assumption). */
const SMALL_SIGNAL = 0.05;
/** Noise variance of the fit that finds a starting θ: only its size against the prior matters (assumption). */
const STARTING_NOISE = 0.01;
/** Share of a standard coordinate over which gradients are differenced; the error grows with its square. */
const STEP = 1e-4;

/**
 * Finds hyperparameters and parameters of the mean of the largest posterior density together, by L-BFGS-B from several
 * starts, and the standard deviations of the parameters there.
 *
 * Starts: the declared θ; θ by least squares, once with the preset's hyperparameters and once with a small signal
 * (the mean explains the data); random hyperparameters with θ drawn from its prior. Where the outcome does not vary or
 * there is one setting, hyperparameters stay at the preset's start.
 *
 * @throws CellwrightError CANCELLED between starts; NOT_POSITIVE_DEFINITE if no start has a finite value.
 */
export function maximizeJointPosterior(
  problem: JointProblem,
  options: { readonly randomStarts: number; readonly rng: Rng; readonly signal?: AbortSignal },
): JointMaximum {
  const { statistics, kernel, preset, mean, transform } = problem;
  const objective = createJointObjective(statistics, kernel, preset, mean, transform);
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const range = freeRange(mean, objective.free);
  const hold = isConstant(statistics) || statistics.X.rows === 1;
  const bound = (end: "lower" | "upper"): Float64Array =>
    Float64Array.from([...coordinates.map((c) => log(c.range[hold ? "start" : end])), ...range[end]]);
  const bounds = { lower: bound("lower"), upper: bound("upper") };
  let best: { x: Float64Array; value: number } | undefined;
  for (const start of jointStarts(problem, objective, hold ? 0 : options.randomStarts, options.rng)) {
    if (options.signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "Fitting the Gaussian process was cancelled.");
    }
    const inside = start.map((u, k) => Math.min(Math.max(u, bounds.lower[k]!), bounds.upper[k]!));
    const found = minimize((x, gradient) => objective.evaluate(x, gradient), inside, {
      ...bounds,
      ...SEARCH,
    });
    if (found.value < (best?.value ?? Number.POSITIVE_INFINITY)) best = found;
  }
  if (best === undefined) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      `No starting value gave finite numbers: check the inputs for huge or repeated values, and that the mean ${mean.name} is finite (on a log scale positive) at its start.`,
    );
  }
  return {
    hyperparameters: unpack(best.x.subarray(0, coordinates.length), kernel.dimension, preset),
    theta: objective.thetaAt(best.x),
    ...laplaceApproximation(objective, best.x, bounds, mean.parameters.length),
    logPosterior: -best.value,
  };
}

function jointStarts(
  problem: JointProblem,
  objective: JointObjective,
  randomStarts: number,
  rng: Rng,
): Float64Array[] {
  const { statistics, kernel, preset, mean } = problem;
  const coordinates = searchCoordinates(preset, kernel.dimension, statistics.levels);
  const join = (h: Float64Array, u: Float64Array): Float64Array => Float64Array.from([...h, ...u]);
  const [usual, ...random] = startingPoints(coordinates, { randomStarts, rng });
  const { start } = freeRange(mean, objective.free);
  if (objective.free.length === 0) return [usual!, ...random];
  const fitted = leastSquaresStart(problem, objective);
  const quiet = usual!.map((value, k) => (coordinates[k]!.role === "signal" ? log(SMALL_SIGNAL) : value));
  return [
    join(usual!, start),
    join(usual!, fitted),
    join(quiet, fitted),
    ...random.map((h) =>
      join(
        h,
        start.map(() => rng.normal()),
      ),
    ),
  ];
}

/** Standard coordinates of θ by least squares on the model scale under its prior, without a process. */
function leastSquaresStart(
  { statistics, mean, transform }: JointProblem,
  objective: JointObjective,
): Float64Array {
  const { lower, upper, start } = freeRange(mean, objective.free);
  const vector = new Float64Array(objective.hyperparameters + start.length);
  const cost = (u: Float64Array, gradient: Float64Array): number => {
    vector.set(u, objective.hyperparameters);
    const { value: m, parameterGradient } = meanOnModelScale(
      mean,
      objective.thetaAt(vector),
      statistics.X,
      transform,
    );
    const residual = residualOf(statistics, m);
    const weighted = residual.map((r, g) => (statistics.count[g]! * r) / STARTING_NOISE);
    let value = 0;
    residual.forEach((r, g) => (value += 0.5 * r * weighted[g]!));
    objective.free.forEach((k, j) => {
      let sum = 0;
      for (let g = 0; g < m.length; g++) {
        sum += weighted[g]! * parameterGradient.data[g * parameterGradient.cols + k]!;
      }
      gradient[j] = u[j]! - parameterAt(mean.parameters[k]!, u[j]!).slope * sum;
      value += 0.5 * u[j]! * u[j]!;
    });
    return value;
  };
  const found = minimize(cost, start, { lower, upper, maxIterations: SEARCH.maxIterations });
  return Number.isFinite(found.value) ? found.x : start;
}

/**
 * What is known of the free θ by the Laplace approximation: the inverse of the joint Hessian, by central differences of
 * the analytic gradient, with the priors of θ and without. Hyperparameters at a bound are taken as known.
 *
 * Where the Hessian is not positive definite the approximation says nothing: the prior's deviation of 1 is taken, and a
 * precision of 0 without it.
 */
function laplaceApproximation(
  objective: JointObjective,
  x: Float64Array,
  bounds: { readonly lower: Float64Array; readonly upper: Float64Array },
  parameters: number,
): { readonly coordinateStdDev: Float64Array; readonly rowsPrecision: Float64Array } {
  const h = objective.hyperparameters;
  const moving = Array.from(x, (_, k) => k).filter(
    (k) => k >= h || (x[k]! - bounds.lower[k]! > STEP && bounds.upper[k]! - x[k]! > STEP),
  );
  const hessian = hessianAt(objective, x, moving);
  const coordinateStdDev = new Float64Array(parameters);
  const rowsPrecision = new Float64Array(parameters);
  const first = moving.length - objective.free.length; // free θ are last, and all of them move
  const withPrior = inverseDiagonal(hessian);
  for (let i = first; i < hessian.rows; i++)
    hessian.data[i * hessian.cols + i] = hessian.data[i * hessian.cols + i]! - 1;
  const rowsAlone = inverseDiagonal(hessian);
  objective.free.forEach((k, j) => {
    coordinateStdDev[k] = withPrior === null ? 1 : Math.sqrt(withPrior[first + j]!);
    rowsPrecision[k] = rowsAlone === null ? 0 : 1 / rowsAlone[first + j]!;
  });
  return { coordinateStdDev, rowsPrecision };
}

/** Hessian of the objective in the chosen elements of the search vector. */
function hessianAt(objective: JointObjective, x: Float64Array, moving: readonly number[]): Matrix {
  const differences = moving.map((k) => {
    const at = (step: number): Float64Array => {
      const gradient = new Float64Array(x.length).fill(Number.NaN);
      const moved = x.slice();
      moved[k] = x[k]! + step;
      objective.evaluate(moved, gradient);
      return gradient;
    };
    const above = at(STEP);
    const below = at(-STEP);
    return moving.map((i) => (above[i]! - below[i]!) / (2 * STEP));
  });
  const n = moving.length;
  const hessian = createMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) hessian.data[i * n + j] = 0.5 * (differences[i]![j]! + differences[j]![i]!);
  }
  return hessian;
}

/** Diagonal of A⁻¹, or null where A is not positive definite. */
function inverseDiagonal(A: Matrix): Float64Array | null {
  if (!A.data.every(Number.isFinite)) return null;
  const factor = cholesky(A);
  if (!factor.ok) return null;
  const inverse = choleskyInverse(factor.L);
  return Float64Array.from({ length: A.rows }, (_, i) => inverse.data[i * A.rows + i]!);
}
