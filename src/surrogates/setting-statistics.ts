import { concatRows, type Matrix } from "../math/matrix.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { TrainingRows } from "./training-rows.js";
import { knownVarianceAt, type OutcomeTransform } from "./transform.js";
import type { PlotErrors } from "./whole-plots.js";

/** What the likelihood needs of the rows of each setting, on the model scale: sufficient statistics. */
export interface SettingStatistics {
  /** Distinct settings, [g × d]. */
  readonly X: Matrix;
  /** Mean outcome, [g]. */
  readonly mean: Float64Array;
  /** Number of rows, [g]. */
  readonly count: Float64Array;
  /** Sum of squared deviations from the mean, [g]. */
  readonly scatter: Float64Array;
  /** Known variance of one row, [g]. */
  readonly knownVariance: Float64Array;
  /** Noise level, [g], and how many there are. */
  readonly noiseLevel: Int32Array;
  readonly levels: number;
  /** Whole plot of each setting, [g], where rows share the errors of plots; equal settings of two plots stay apart. */
  readonly plot?: Int32Array;
}

/**
 * Collapses the rows of each setting to mean, count and scatter on the model scale.
 *
 * The known raw variance is carried over at the setting's mean outcome (`knownVarianceAt`).
 */
export function settingStatistics(rows: TrainingRows, transform: OutcomeTransform): SettingStatistics {
  const groups = rows.X.rows;
  const statistics = {
    X: rows.X,
    mean: new Float64Array(groups),
    count: new Float64Array(groups),
    scatter: new Float64Array(groups),
    knownVariance: new Float64Array(groups),
    noiseLevel: rows.noiseLevel,
    levels: rows.levels,
    ...(rows.plot && { plot: rows.plot }),
  };
  for (let g = 0; g < groups; g++) {
    const outcomes = rows.y.subarray(rows.groupStart[g], rows.groupStart[g + 1]);
    const warped = outcomes.map((y) => transform.toModel(y));
    const mean = average(warped);
    let scatter = 0;
    for (const z of warped) scatter += (z - mean) * (z - mean);
    statistics.mean[g] = mean + 0; // JSON has no −0
    statistics.count[g] = outcomes.length;
    statistics.scatter[g] = scatter;
    statistics.knownVariance[g] = knownVarianceAt(transform, average(outcomes), rows.knownNoiseVariance[g]!);
  }
  return statistics;
}

/** True where all outcomes are equal but for rounding: the transform gives a constant outcome an arbitrary spread. */
export function isConstant(statistics: SettingStatistics): boolean {
  return (
    statistics.mean.every((z) => Math.abs(z) < 1e-9) && statistics.scatter.every((value) => value < 1e-18)
  );
}

/** Noise variance of each setting's mean, [g]. */
export function settingNoise(
  { count, knownVariance, noiseLevel }: SettingStatistics,
  { noiseVariance }: Hyperparameters,
): Float64Array {
  return count.map((c, g) => (noiseVariance[noiseLevel[g]!]! + knownVariance[g]!) / c);
}

/** The errors that settings of one whole plot share, where there are plots. */
export function plotErrors(
  { plot }: SettingStatistics,
  { plotVariance }: Hyperparameters,
): PlotErrors | undefined {
  return plot === undefined || plotVariance === undefined ? undefined : { of: plot, variance: plotVariance };
}

/** The settings of one, then those of the other; equal settings stay apart. */
export function stackStatistics(first: SettingStatistics, second: SettingStatistics): SettingStatistics {
  const joined = (a: Float64Array, b: Float64Array): Float64Array => {
    const all = new Float64Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  return {
    X: concatRows(first.X, second.X),
    mean: joined(first.mean, second.mean),
    count: joined(first.count, second.count),
    scatter: joined(first.scatter, second.scatter),
    knownVariance: joined(first.knownVariance, second.knownVariance),
    noiseLevel: Int32Array.from([...first.noiseLevel, ...second.noiseLevel]),
    levels: first.levels,
    ...(first.plot && { plot: Int32Array.from([...first.plot, ...plotsAfter(first.plot, second)]) }),
  };
}

/** Plots of settings that join others: their own, else one new plot each. */
export function plotsAfter(before: Int32Array, { plot, mean }: SettingStatistics): Int32Array {
  const next = before.reduce((most, value) => Math.max(most, value), -1) + 1;
  return plot ?? Int32Array.from(mean, (_, g) => next + g);
}

function average(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
