import { createMatrix, type Matrix } from "../matrix.js";
import { type CorrelatedInputs, type InputLayout, layOutInputs, writeInputs } from "./correlated-inputs.js";
import { fillCovariance } from "./covariance.js";
import {
  choleskyFactor,
  factorPlaced,
  type Indefinite,
  invertFactor,
  type PlacedFactor,
  solvePlaced,
} from "./factor.js";
import { type Address, wasmKernels } from "./kernels.js";
import { panelsSize, readLower, tilesOf, triangleSize, writeLower, writeRows } from "./tiles.js";
import {
  createResident,
  memoryNumbers,
  numbersAt,
  placeResidents,
  type Resident,
  withWorkingMemory,
  type WorkingMemory,
  writeVector,
} from "./working-memory.js";

/** What a zero-mean Gaussian process with S sets of weights says of one point. */
export interface PointSums {
  /** Σ_j w_sj k_j, [S]. */
  readonly means: Float64Array;
  /** ‖L⁻¹k‖²: the part of the prior variance that the data explain. */
  readonly explained: number;
  /** Their derivatives by the point's inputs as they were before scaling, [S × d] and [d]; present when asked for. */
  readonly meanGradients?: Matrix;
  readonly explainedGradient?: Float64Array;
}

/** The covariance A = s²R + diag(noise) of n points, factorised and kept for questions about other points. */
export interface ConditionedCovariance {
  readonly ok: true;
  /** Cholesky factor of A, [n × n]. */
  lower(): Matrix;
  /** A⁻¹ b, [n]. */
  solve(b: Float64Array): Float64Array;
  /** Diagonal of the factor, [n]. */
  diagonal(): Float64Array;
  /** Diagonal of A⁻¹, [n]. */
  inverseDiagonal(): Float64Array;
  /** Answers for one point after another (scaled like the inputs, [d]); weights [S × n]. */
  evaluator(weights: Matrix): (point: Float64Array, withGradient: boolean) => PointSums;
  /** Means and explained variances of many points at once, [m] each; a point's numbers do not depend on the others. */
  moments(points: CorrelatedInputs, weights: Float64Array): { means: Float64Array; explained: Float64Array };
  /** The means of `moments` alone, [m]: O(mn) where variances take O(mn²). */
  means(points: CorrelatedInputs, weights: Float64Array): Float64Array;
  /** Means [m] and the covariance s²R_** − W Wᵀ with W = K_* L⁻ᵀ, [m × m]. */
  joint(points: CorrelatedInputs, weights: Float64Array): { means: Float64Array; covariance: Matrix };
}

/** Points that are answered for together: their covariances with 2,500 inputs take 5 MB. */
const BATCH = 256;

/** The covariance as it lies in the kernels' memory: inputs, then L, then 1/L_ii. */
interface Model {
  readonly inputs: CorrelatedInputs;
  readonly signalVariance: number;
  readonly layout: InputLayout;
  readonly resident: Resident;
}

/**
 * Factorises s²R + diag(noise) and keeps the factor.
 *
 * @param noise - [n]
 */
export function conditionCovarianceWasm(
  inputs: CorrelatedInputs,
  signalVariance: number,
  noise: Float64Array,
): ConditionedCovariance | Indefinite {
  const layout = layOutInputs(inputs);
  const { n, T } = layout;
  const size = layout.size + triangleSize(T) + 4 * T;
  const result = withWorkingMemory((memory) => {
    const columns = memory.allocate(size);
    const { L, reciprocals } = factorAt(layout, columns);
    writeInputs(inputs, layout, columns);
    fillCovariance(layout, columns, signalVariance, noise, L, memory);
    const factor = factorPlaced(n, L, reciprocals);
    return factor.ok ? numbersAt(columns, size).slice() : factor;
  });
  return result instanceof Float64Array ? keep(inputs, signalVariance, layout, result) : result;
}

/**
 * Keeps a covariance whose factor is known.
 *
 * @param lower - Cholesky factor of s²R + diag(noise), [n × n].
 */
export function keepCovarianceWasm(
  inputs: CorrelatedInputs,
  signalVariance: number,
  lower: Matrix,
): ConditionedCovariance {
  const layout = layOutInputs(inputs);
  const { n, T } = layout;
  const size = layout.size + triangleSize(T) + 4 * T;
  return withWorkingMemory((memory) => {
    const columns = memory.allocate(size);
    const { L, reciprocals } = factorAt(layout, columns);
    writeInputs(inputs, layout, columns);
    const numbers = memoryNumbers();
    writeLower(lower, numbers, L / 8);
    numbers.fill(1, reciprocals / 8, reciprocals / 8 + 4 * T);
    for (let i = 0; i < n; i++) numbers[reciprocals / 8 + i] = 1 / lower.data[i * n + i]!;
    return keep(inputs, signalVariance, layout, numbersAt(columns, size).slice());
  });
}

/** @param placed - Inputs, L and 1/L_ii as they lie in the kernels' memory. */
function keep(
  inputs: CorrelatedInputs,
  signalVariance: number,
  layout: InputLayout,
  placed: Float64Array,
): ConditionedCovariance {
  const { n, T } = layout;
  const model = { inputs, signalVariance, layout, resident: createResident(placed) };
  return {
    ok: true,
    lower: () => readLower(placed, layout.size, n, false),
    solve: (b) => withModel(model, (factor, memory) => solvePlaced(factor, b, memory.allocate(4 * T))),
    diagonal: () => withModel(model, (factor, memory) => choleskyFactor(factor, memory).diagonal()),
    inverseDiagonal: () => withModel(model, inverseDiagonal),
    evaluator: (weights) => createEvaluator(model, weights),
    moments: (points, weights) => momentsOf(model, points, weights, true),
    means: (points, weights) => momentsOf(model, points, weights, false).means,
    joint: (points, weights) => jointOf(model, points, weights),
  };
}

function factorAt({ n, T, size }: InputLayout, columns: Address): PlacedFactor {
  const L = columns + 8 * size;
  return { ok: true, n, T, L, reciprocals: L + 8 * triangleSize(T) };
}

function withModel<Result>(
  model: Model,
  compute: (factor: PlacedFactor, memory: WorkingMemory) => Result,
): Result {
  placeResidents([model.resident]);
  return withWorkingMemory((memory) => compute(factorAt(model.layout, model.resident.address), memory));
}

/** A⁻¹ = Y Yᵀ: squared norms of the rows of Y = L⁻ᵀ. */
function inverseDiagonal(factor: PlacedFactor, memory: WorkingMemory): Float64Array {
  const Y = invertFactor(factor, memory);
  const norms = memory.allocate(4 * factor.T);
  wasmKernels().squaredNormsOfUpper(Y, factor.T, norms);
  return numbersAt(norms, factor.n).slice();
}

function createEvaluator(
  model: Model,
  weights: Matrix,
): (point: Float64Array, withGradient: boolean) => PointSums {
  const { layout, resident } = model;
  const panels = tilesOf(weights.rows);
  const rows = new Float64Array(panelsSize(panels, layout.T));
  writeRows(weights, layout.T, rows, 0);
  const weightRows = createResident(rows);
  const residents = [resident, weightRows];
  return (point, withGradient) => {
    placeResidents(residents);
    return withWorkingMemory((memory) =>
      evaluate(model, weightRows.address, weights.rows, point, withGradient, memory),
    );
  };
}

function evaluate(
  model: Model,
  weights: Address,
  draws: number,
  point: Float64Array,
  withGradient: boolean,
  memory: WorkingMemory,
): PointSums {
  const kernels = wasmKernels();
  const { n, T, stride, continuous, categorical, kind, order, factorOffset } = model.layout;
  const { L, reciprocals } = factorAt(model.layout, model.resident.address);
  const columns = model.resident.address;
  const panels = tilesOf(draws);
  const placedPoint = memory.allocate(order.length);
  const covariance = memory.allocate(4 * T);
  const slopes = memory.allocate(4 * T);
  const solved = memory.allocate(4 * T);
  const sums = memory.allocate(4 * panels);
  const numbers = memoryNumbers();
  order.forEach((k, position) => (numbers[placedPoint / 8 + position] = point[k]!));
  kernels.fillRow(
    n,
    T,
    columns,
    stride,
    continuous,
    categorical,
    columns + factorOffset,
    kind,
    model.signalVariance,
    placedPoint,
    covariance,
    slopes,
  );
  kernels.multiplyVector(weights, panels, T, covariance, sums);
  const means = numbers.slice(sums / 8, sums / 8 + draws);
  numbers.copyWithin(solved / 8, covariance / 8, covariance / 8 + 4 * T);
  kernels.solveLowerVector(L, T, reciprocals, solved);
  const explained = kernels.dotProduct(solved, solved, T);
  if (!withGradient) return { means, explained };
  kernels.solveLowerTransposedVector(L, T, reciprocals, solved);
  const meanGradients = createMatrix(draws, order.length);
  const explainedGradient = new Float64Array(order.length);
  for (let position = 0; position < continuous; position++) {
    const k = order[position]!;
    // ∂k_j/∂x_k = s² g_j (x_j − x)/ℓ², with both scaled by 1/ℓ already; the row of covariances is no longer needed.
    const factor = model.signalVariance * model.inputs.factors[k]!;
    kernels.differentiateRow(T, columns + position * stride, point[k]!, factor, slopes, covariance);
    kernels.multiplyVector(weights, panels, T, covariance, sums);
    for (let s = 0; s < draws; s++) meanGradients.data[s * order.length + k] = numbers[sums / 8 + s]!;
    explainedGradient[k] = 2 * kernels.dotProduct(covariance, solved, T);
  }
  return { means, explained, meanGradients, explainedGradient };
}

/** Explained variances stay 0 where they are not asked for. */
function momentsOf(
  model: Model,
  points: CorrelatedInputs,
  weights: Float64Array,
  withVariances: boolean,
): { means: Float64Array; explained: Float64Array } {
  const { T } = model.layout;
  const kernels = wasmKernels();
  const means = new Float64Array(points.count);
  const explained = new Float64Array(points.count);
  withModel(model, ({ L, reciprocals }, memory) => {
    const layout = layOutInputs(points);
    const placed = memory.allocate(layout.size);
    const W = memory.allocate(panelsSize(BATCH / 4, T));
    const weightVector = memory.allocate(4 * T);
    const sums = memory.allocate(BATCH);
    const slopes = memory.allocate(panelsSize(1, T));
    writeInputs(points, layout, placed);
    writeVector(weights, 4 * T, weightVector);
    for (let first = 0; first < points.count; first += BATCH) {
      const count = Math.min(BATCH, points.count - first);
      const panels = tilesOf(count);
      fillCross(model, placed + 8 * first, layout.stride, panels, W, slopes);
      kernels.multiplyVector(W, panels, T, weightVector, sums);
      means.set(numbersAt(sums, count), first);
      if (!withVariances) continue;
      kernels.solveRows(W, panels, L, T, reciprocals);
      kernels.squaredNorms(W, panels, T, sums);
      explained.set(numbersAt(sums, count), first);
    }
  });
  return { means, explained };
}

function jointOf(
  model: Model,
  points: CorrelatedInputs,
  weights: Float64Array,
): { means: Float64Array; covariance: Matrix } {
  const { T } = model.layout;
  const m = points.count;
  const kernels = wasmKernels();
  return withModel(model, ({ L, reciprocals }, memory) => {
    const layout = layOutInputs(points);
    const placed = memory.allocate(layout.size);
    const W = memory.allocate(panelsSize(layout.T, T));
    const covariance = memory.allocate(triangleSize(layout.T));
    const weightVector = memory.allocate(4 * T);
    const sums = memory.allocate(4 * layout.T);
    const slopes = memory.allocate(panelsSize(1, T));
    writeInputs(points, layout, placed);
    writeVector(weights, 4 * T, weightVector);
    fillCross(model, placed, layout.stride, layout.T, W, slopes);
    kernels.multiplyVector(W, layout.T, T, weightVector, sums);
    kernels.solveRows(W, layout.T, L, T, reciprocals);
    fillCovariance(layout, placed, model.signalVariance, new Float64Array(m), covariance, memory);
    kernels.addGram(covariance, W, layout.T, T, -1);
    const numbers = memoryNumbers();
    return {
      means: numbers.slice(sums / 8, sums / 8 + m),
      covariance: readLower(numbers, covariance / 8, m, true),
    };
  });
}

/** s²R between `panels` panels of placed points and the model's inputs. */
function fillCross(
  model: Model,
  points: Address,
  pointStride: number,
  panels: number,
  W: Address,
  slopes: Address,
): void {
  const { n, T, stride, continuous, categorical, kind, factorOffset } = model.layout;
  const columns = model.resident.address;
  wasmKernels().fillCrossCovariance(
    n,
    T,
    columns,
    stride,
    continuous,
    categorical,
    columns + factorOffset,
    kind,
    model.signalVariance,
    points,
    pointStride,
    panels,
    W,
    slopes,
  );
}
