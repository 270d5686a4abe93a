import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { createRng } from "../math/rng.js";
import {
  assembleGaussianProcess,
  fitGaussianProcess,
  type GaussianProcess,
  type GaussianProcessOptions,
} from "./gaussian-process.js";
import { maximizePosterior } from "./maximum-a-posteriori.js";
import { outlierSentence } from "./outlier-sentence.js";
import { presets, withMean } from "./presets/presets.js";
import { readable, unitOfModelScale } from "./readable-scale.js";
import { type PursuitProblem, pursueOutliers, type Support } from "./relevance-pursuit.js";
import { readRobustRecord, robustRecord, type RobustParts } from "./robust-record.js";
import { isConstant, settingStatistics } from "./setting-statistics.js";
import type { OutcomeScale, Outlier, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows, type TrainingRows } from "./training-rows.js";
import { createTransform, fitTransform, type OutcomeTransform } from "./transform.js";
import { rowsWithout } from "./unmerged-rows.js";

export type RobustOptions = Omit<GaussianProcessOptions, "robust" | "noise">;

/** A Gaussian process in which outliers count less. */
export interface RobustGaussianProcess extends GaussianProcess {
  readonly outliers: readonly Outlier[];
  readonly messages: readonly string[];
}

/** Fewest rows among which one can stand out (assumption: below, a row off the others may be the only one that is right). */
const FEWEST_ROWS = 8;

/** Rounds of finding outliers and learning the scale of the outcome from the other rows. */
const MOST_ROUNDS = 3;

/**
 * Fits a Gaussian process in which every row may have an extra noise variance ρ ≥ 0 of its own, most of them zero:
 * y_i = f(x_i) + ε_i, ε_i ~ N(0, σ² + ρ_i).
 *
 * Outliers are found by relevance pursuit (relevance-pursuit.ts), rows of one setting singly. Since they also spoil the
 * standardisation and the warp of the outcome, both are learned again from the other rows until the outliers stay the
 * same, at most three times; a learned warp has to explain the outcomes better than none does with outliers. Without
 * outliers, or with fewer than 8 rows, this is `fitGaussianProcess` to the bit. Predictions are of ordinary rows.
 *
 * @throws CellwrightError as `fitGaussianProcess`
 * @see Ament, Santorella, Eriksson, Letham, Balandat & Bakshy (2024), NeurIPS 37, "Robust Gaussian processes via relevance
 *   pursuit"
 */
export function fitRobustGaussianProcess(
  data: SurrogateData,
  options: RobustOptions = {},
): RobustGaussianProcess {
  const { preset = "default", scale = "auto", kernel = "matern-5/2" } = options;
  const plain = fitGaussianProcess(data, options);
  const rows = arrangeRows(data);
  const common = {
    inputs: data.inputs,
    preset,
    kernel,
    mean: withMean(presets[preset], options.mean).mean,
    trainingRows: data.y.length,
  };
  const found = rows.y.length < FEWEST_ROWS ? null : findOutliers(rows, data, options, scale);
  if (found === null || found.support.positions.length === 0) {
    const { statistics, hyperparameters } = plain.posterior;
    return assembleRobust({
      ...common,
      transform: fitTransform(rows.y, rows.groupStart, scale).record,
      hyperparameters,
      statistics,
      outlierRows: [],
      outlierSettings: [],
      extraVariance: new Float64Array(0),
    });
  }
  const { support, transform } = found;
  const byRow = support.positions
    .map((position, k) => ({ row: rows.order[position]!, k }))
    .sort((a, b) => a.row - b.row);
  return assembleRobust({
    ...common,
    transform: transform.record,
    hyperparameters: support.hyperparameters,
    statistics: support.statistics,
    outlierRows: byRow.map(({ row }) => row),
    outlierSettings: byRow.map(({ k }) => support.settings[k]!),
    extraVariance: Float64Array.from(byRow, ({ k }) => support.extra[k]!),
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadRobustGaussianProcess(record: SurrogateRecord): RobustGaussianProcess {
  return assembleRobust(readRobustRecord(record));
}

interface Found {
  readonly support: Support;
  readonly transform: OutcomeTransform;
}

/** Rounds of pursuit, each on the scale learned without the last outliers; null where the outcome does not vary. */
function findOutliers(
  rows: TrainingRows,
  data: SurrogateData,
  options: RobustOptions,
  scale: OutcomeScale,
): Found | null {
  const all = fitTransform(rows.y, rows.groupStart, scale);
  if (isConstant(settingStatistics(rows, all))) return null;
  const first = [all];
  if (all.record.kind === "yeo-johnson") first.push(fitTransform(rows.y, rows.groupStart, "identity"));
  let found = first
    .map((transform) => ({ support: pursue(rows, data, options, transform), transform }))
    .reduce((a, b) => (rawScore(b, rows) > rawScore(a, rows) ? b : a));
  for (let round = 1; round < MOST_ROUNDS && found.support.positions.length > 0; round++) {
    const inliers = rowsWithout(rows, found.support.positions);
    const transform = fitTransform(inliers.y, inliers.groupStart, scale);
    const next = { support: pursue(rows, data, options, transform), transform };
    const same = next.support.positions.join() === found.support.positions.join();
    found = next;
    if (same) break;
  }
  return found;
}

/** The score as a log density of the raw outcomes, comparable between transforms. */
function rawScore({ support, transform }: Found, rows: TrainingRows): number {
  return rows.y.reduce((sum, y) => sum + transform.logSlope(y), support.score);
}

function pursue(
  rows: TrainingRows,
  data: SurrogateData,
  options: RobustOptions,
  transform: OutcomeTransform,
): Support {
  const preset = withMean(presets[options.preset ?? "default"], options.mean);
  const problem: PursuitProblem = {
    rows,
    transform,
    kernel: createProductKernel(
      radialKernels[options.kernel ?? "matern-5/2"],
      data.inputs.map(({ kind }) => kind),
    ),
    preset,
    ...(options.signal && { signal: options.signal }),
  };
  const start = maximizePosterior(settingStatistics(rows, transform), problem.kernel, preset, {
    randomStarts: options.starts ?? 1,
    rng: createRng(options.seed ?? 0),
    ...(options.warmStart && { warmStart: options.warmStart }),
    ...(options.signal && { signal: options.signal }),
  });
  return pursueOutliers(problem, start);
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assembleRobust(parts: RobustParts): RobustGaussianProcess {
  const process = assembleGaussianProcess(parts);
  const outliers = outliersOf(parts);
  return {
    ...process,
    outliers,
    messages:
      outliers.length === 0 ? [] : [`${outlierSentence(outliers, (row) => `${row}`)} (counted from 0).`],
    describe: () => ({ ...process.describe(), ...describeOutliers(parts, outliers) }),
    toJSON: () => robustRecord(parts),
  };
}

function outliersOf({ outlierRows, outlierSettings, extraVariance, ...parts }: RobustParts): Outlier[] {
  const { knownVariance, noiseLevel } = parts.statistics;
  return outlierRows.map((row, k) => {
    const setting = outlierSettings[k]!;
    const total = parts.hyperparameters.noiseVariance[noiseLevel[setting]!]! + knownVariance[setting]!;
    const extra = extraVariance[k]!;
    return { row, weight: Math.max(0, (total - extra) / total), extraVariance: extra };
  });
}

function describeOutliers(parts: RobustParts, outliers: readonly Outlier[]): Record<string, number | string> {
  const unit = unitOfModelScale(createTransform(parts.transform));
  const description: Record<string, number | string> = { "rows treated as outliers": outliers.length };
  for (const { row, weight, extraVariance } of outliers) {
    const spread = readable(unit * Math.sqrt(extraVariance));
    description[`row ${row}, an outlier`] = `weight ${readable(weight)}, extra standard deviation ${spread}`;
  }
  return description;
}
