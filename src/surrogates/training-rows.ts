import { CellwrightError, type Problem } from "../errors.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { InputDimension, SurrogateData } from "./surrogate.js";

/** Largest magnitude of an outcome whose square still fits a double with room to spare. */
const LARGEST_OUTCOME = 1e150;

/** Training rows in canonical order, with equal settings adjacent. Row order of the data cannot change any of it. */
export interface TrainingRows {
  /** Distinct settings, [g × d]. */
  readonly X: Matrix;
  /** Outcomes, [n], raw units, sorted within each setting. */
  readonly y: Float64Array;
  /** First row of each setting in `y`, and finally n, [g + 1]. */
  readonly groupStart: Int32Array;
  /** Known variance of a single measurement at each setting, [g], raw units squared. */
  readonly knownNoiseVariance: Float64Array;
  /** Noise level of each setting, [g]. */
  readonly noiseLevel: Int32Array;
  /** Number of noise levels, at least 1. */
  readonly levels: number;
  /** Whole plot of each setting, [g], where the data name them. */
  readonly plot?: Int32Array;
  /** Row of the data that each outcome in `y` comes from, [n]. */
  readonly order: Int32Array;
}

/**
 * Puts rows into canonical order and finds the settings: rows are one setting when inputs, noise level, known noise
 * variance and whole plot are equal.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (no rows, values not finite, unknown categorical levels; every
 *   problem listed)
 */
export function arrangeRows(data: SurrogateData): TrainingRows {
  checkShapes(data);
  checkValues(data);
  const n = data.y.length;
  const known = data.knownNoiseVariance ?? new Float64Array(n);
  const level = data.noiseLevel ?? new Int32Array(n);
  const order = canonicalOrder(data, known, level);
  const starts: number[] = [];
  order.forEach((row, position) => {
    const previous = order[position - 1];
    if (previous === undefined || compareSettings(data, known, level, previous, row) !== 0)
      starts.push(position);
  });
  const X = createMatrix(starts.length, data.X.cols);
  starts.forEach((position, g) => {
    // + 0 turns −0 into 0: the two compare equal and must not differ in later bits.
    matrixRow(data.X, order[position]!).forEach((value, k) => (X.data[g * X.cols + k] = value + 0));
  });
  return {
    X,
    y: Float64Array.from(order, (row) => data.y[row]! + 0),
    groupStart: Int32Array.from([...starts, n]),
    knownNoiseVariance: Float64Array.from(starts, (position) => known[order[position]!]! + 0),
    noiseLevel: Int32Array.from(starts, (position) => level[order[position]!]!),
    levels: level.reduce((largest, value) => Math.max(largest, value), 0) + 1,
    ...(data.wholePlot && {
      plot: Int32Array.from(starts, (position) => data.wholePlot![order[position]!]!),
    }),
    order,
  };
}

function canonicalOrder(data: SurrogateData, known: Float64Array, level: Int32Array): Int32Array {
  const order = Int32Array.from(data.y, (_, i) => i);
  return order.sort((a, b) => compareSettings(data, known, level, a, b) || data.y[a]! - data.y[b]!);
}

function compareSettings(
  data: SurrogateData,
  known: Float64Array,
  level: Int32Array,
  a: number,
  b: number,
): number {
  const { data: x, cols } = data.X;
  for (let k = 0; k < cols; k++) {
    const difference = x[a * cols + k]! - x[b * cols + k]!;
    if (difference !== 0) return difference;
  }
  const plot = data.wholePlot;
  return level[a]! - level[b]! || known[a]! - known[b]! || (plot === undefined ? 0 : plot[a]! - plot[b]!);
}

function checkShapes(data: SurrogateData): void {
  const { X, y, inputs } = data;
  const problems: Problem[] = [];
  const expect = (where: string, found: number, expected: number): void => {
    if (found !== expected) problems.push({ where, found: `${found}`, expected: `${expected}` });
  };
  expect("columns of X", X.cols, inputs.length);
  expect("rows of X", X.rows, y.length);
  if (data.knownNoiseVariance)
    expect("length of knownNoiseVariance", data.knownNoiseVariance.length, y.length);
  if (data.noiseLevel) expect("length of noiseLevel", data.noiseLevel.length, y.length);
  if (data.wholePlot) expect("length of wholePlot", data.wholePlot.length, y.length);
  if (problems.length === 0) return;
  throw new CellwrightError("SHAPE_MISMATCH", "Training inputs and outcomes do not fit together.", {
    problems,
  });
}

function checkValues(data: SurrogateData): void {
  const problems: Problem[] = [];
  if (data.y.length === 0) {
    problems.push({
      where: "rows",
      found: "none",
      expected: "at least one",
      remedy: "Without a measured outcome there is no scale to predict on: use the initial design.",
    });
  }
  for (let i = 0; i < data.y.length; i++) {
    if (!(Math.abs(data.y[i]!) <= LARGEST_OUTCOME)) {
      problems.push({
        where: `row ${i}, outcome`,
        found: `${data.y[i]!}`,
        expected: "a finite number below 1e150",
      });
    }
    const known = data.knownNoiseVariance?.[i] ?? 0;
    if (!(known >= 0 && known < Number.POSITIVE_INFINITY)) {
      problems.push({
        where: `row ${i}, known noise variance`,
        found: `${known}`,
        expected: "a finite number ≥ 0",
      });
    }
    if (!((data.wholePlot?.[i] ?? 0) >= 0)) {
      problems.push({
        where: `row ${i}, whole plot`,
        found: `${data.wholePlot?.[i] ?? 0}`,
        expected: "0 or more",
      });
    }
    if (!((data.noiseLevel?.[i] ?? 0) >= 0)) {
      problems.push({
        where: `row ${i}, noise level`,
        found: `${data.noiseLevel?.[i] ?? 0}`,
        expected: "0 or more",
      });
    }
  }
  problems.push(...inputProblems(data.inputs, data.X));
  if (problems.length === 0) return;
  throw new CellwrightError("DATA_INVALID", "The training rows cannot be learned from.", {
    problems: problems.slice(0, 100),
    details: { problems: problems.length },
  });
}

/** Everything that is wrong with encoded inputs: not finite, or not a level of a categorical input. */
export function inputProblems(inputs: readonly InputDimension[], X: Matrix): Problem[] {
  const problems: Problem[] = [];
  for (let i = 0; i < X.rows; i++) {
    inputs.forEach((input, k) => {
      const value = X.data[i * X.cols + k]!;
      const where = `row ${i}, input ${input.name}`;
      if (!Number.isFinite(value)) {
        problems.push({ where, found: `${value}`, expected: "a finite number" });
      } else if (
        input.kind === "categorical" &&
        !(Number.isInteger(value) && value >= 0 && value < input.levels)
      ) {
        problems.push({ where, found: `${value}`, expected: `a level from 0 to ${input.levels - 1}` });
      }
    });
  }
  return problems;
}
