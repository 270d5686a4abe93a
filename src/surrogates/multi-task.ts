import { CellwrightError } from "../errors.js";
import { correlationOf, taskCovariance } from "../kernels/coregionalization.js";
import type { RadialKernelName } from "../kernels/kernel.js";
import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import { describeTask } from "./describe-multi-task.js";
import { MOST_SETTINGS } from "./gaussian-process.js";
import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { stackTasks, stackStatistics, type TaskData } from "./multi-task-data.js";
import { runBlocks, singleBlocks } from "./multi-task-leave-out.js";
import { type MultiTaskParts, multiTaskRecord } from "./multi-task-record.js";
import {
  defaultStart,
  type MultiTaskHyperparameters,
  multiTaskModel,
  type MultiTaskProblem,
  searchMultiTask,
} from "./multi-task-search.js";
import { isConstant, type SettingStatistics } from "./setting-statistics.js";
import { conditionOnStatistics, type SitesPosterior, type SiteView, viewSite } from "./site-view.js";
import { jointAtSites } from "./multi-task-posterior.js";
import { taskProcess } from "./task-process.js";
import { createTransform } from "./transform.js";

/** What the tasks are: outcomes of the same runs, each in a unit of its own, or one outcome from several sources. */
export type MultiTaskData =
  | { readonly outcomes: readonly TaskData[] }
  | { readonly sources: readonly TaskData[] };

export interface MultiTaskOptions {
  /** Number of shared functions, 0 (independent) … T; default `auto`. */
  readonly rank?: number | "auto";
  readonly kernel?: RadialKernelName;
  /** Random starts of the search at every rank; default 1 up to 150 settings, else 0. */
  readonly starts?: number;
  /** Seed of the random starts; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** A fitted intrinsic coregionalisation model. */
export interface MultiTaskGaussianProcess {
  readonly tasks: readonly string[];
  /** Number of shared functions that was chosen. */
  readonly rank: number;
  readonly hyperparameters: MultiTaskHyperparameters;
  /** Prior correlations between the latent tasks, [T × T]. */
  readonly correlation: Matrix;
  readonly posterior: SitesPosterior;
  /** One task as a surrogate. @throws CellwrightError INVALID_OPTION for an unknown name */
  task(name: string): GaussianProcessModel;
  /**
   * Leave-one-out of a task's settings with the other tasks of the same run known, as they are of a run that has begun:
   * `task(name).leaveOneOut()` leaves a run out with all of them.
   *
   * @throws CellwrightError INVALID_OPTION for an unknown name
   */
  leaveTaskOut(name: string): ReturnType<GaussianProcessModel["leaveOneOut"]>;
  /**
   * Joint latent posterior of all tasks on their model scales: mean [m·T], covariance [m·T × m·T]; point by point, the
   * tasks of one point together.
   */
  jointTasks(points: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
}

/**
 * Fits several tasks jointly by the intrinsic coregionalisation model (src/kernels/coregionalization.ts), so that each
 * may learn from the others; cells may be missing and replicates are merged.
 *
 * - `outcomes`: every outcome is brought to its model scale by its own transform, where its mean is zero.
 *   Leave-one-out leaves a run out with all its outcomes, since a new run has none of them.
 * - `sources`: one outcome, one unit, one transform learned from all rows; every source has a level of its own with
 *   prior N(0, 1) on the model scale, integrated out exactly. Leave-one-out leaves out one source's setting.
 *
 * All tasks share lengthscales; noise is inferred per task and noise level and taken as independent between tasks: an
 * error that several outcomes of one run share (a weighing that enters both) is read as correlation of the latent
 * outcomes, and intervals come out somewhat narrow. Outcomes that are constant are kept apart:
 * they teach the others nothing and stay at the default hyperparameters.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem of every task), INVALID_OPTION, TOO_MANY_ROWS
 *   beyond 2,500 settings in all, CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function fitMultiTask(data: MultiTaskData, options: MultiTaskOptions = {}): MultiTaskGaussianProcess {
  const across = "sources" in data ? "sources" : "outcomes";
  const tasks = "sources" in data ? data.sources : data.outcomes;
  const stacked = stackTasks(tasks, across === "sources" ? "pooled" : "each");
  const { rank = "auto", kernel: kernelName = "matern-5/2" } = options;
  checkOptions(rank, tasks.length, stacked.statistics.X.rows);
  const kernel = createProductKernel(
    radialKernels[kernelName],
    stacked.inputs.map(({ kind }) => kind),
  );
  const hyperparameters = learn(
    {
      statistics: stacked.statistics,
      tasks: tasks.length,
      kernel,
      offset: levelCovariance(across, tasks.length),
    },
    stacked.levels,
    options,
  );
  return assembleMultiTask({
    across,
    tasks: stacked.names,
    inputs: stacked.inputs,
    kernel: kernelName,
    transforms: stacked.transforms.map(({ record }) => record),
    trainingRows: stacked.trainingRows,
    levels: stacked.levels,
    hyperparameters,
    statistics: stacked.statistics,
  });
}

/** Builds the model from its parts, the same way after a fit and after loading. */
export function assembleMultiTask(parts: MultiTaskParts): MultiTaskGaussianProcess {
  const { hyperparameters, statistics, across, tasks } = parts;
  const kernel = createProductKernel(
    radialKernels[parts.kernel],
    parts.inputs.map(({ kind }) => kind),
  );
  const model = multiTaskModel(kernel, levelCovariance(across, tasks.length), hyperparameters);
  const posterior = conditionOnStatistics(model, statistics);
  const correlation = correlationOf(taskCovariance(hyperparameters.coregionalization));
  const block = across === "outcomes" ? runBlocks(statistics.X) : singleBlocks(statistics.X.rows);
  const viewOf = (name: string): SiteView => {
    const site = siteOf(tasks, name);
    const transform = createTransform(parts.transforms[site]!);
    return {
      kind: "multi-task-gaussian-process",
      inputs: parts.inputs,
      posterior,
      site,
      transform,
      trainingRows: parts.trainingRows[site]!,
      noiseVariance: levelsOf(hyperparameters.noiseVariance, parts.levels, site),
      block,
      describe: () => describeTask(parts, posterior, correlation, site, transform),
      toJSON: () => multiTaskRecord(parts, name),
    };
  };
  return {
    tasks,
    rank: hyperparameters.coregionalization.loadings.cols,
    hyperparameters,
    correlation,
    posterior,
    task(name) {
      const view = viewOf(name);
      return taskProcess(view, firstLevelOf(parts.levels, view.site));
    },
    leaveTaskOut(name) {
      return viewSite({ ...viewOf(name), block: singleBlocks(statistics.X.rows) }).leaveOneOut();
    },
    jointTasks(points) {
      const T = tasks.length;
      const repeated = createMatrix(points.rows * T, points.cols);
      for (let i = 0; i < repeated.rows; i++) {
        const point = Math.floor(i / T) * points.cols;
        repeated.data.set(points.data.subarray(point, point + points.cols), i * points.cols);
      }
      const sites = Int32Array.from({ length: repeated.rows }, (_, i) => i % T);
      return jointAtSites(posterior.conditioned, posterior.alpha, repeated, sites);
    },
  };
}

/** The noise variances of one task's levels. */
function levelsOf(noiseVariance: Float64Array, levels: readonly number[], task: number): Float64Array {
  const first = firstLevelOf(levels, task);
  return noiseVariance.slice(first, first + levels[task]!);
}

function firstLevelOf(levels: readonly number[], task: number): number {
  return levels.slice(0, task).reduce((sum, count) => sum + count, 0);
}

function siteOf(tasks: readonly string[], name: string): number {
  const site = tasks.indexOf(name);
  if (site >= 0) return site;
  throw new CellwrightError(
    "INVALID_OPTION",
    `The joint model has no task "${name}": it has ${tasks.join(", ")}.`,
  );
}

/** Prior variance 1 of each source's level, in variances of the pooled outcome (assumption: sources differ by about that). */
function levelCovariance(across: "outcomes" | "sources", tasks: number): Matrix | null {
  if (across === "outcomes") return null;
  const offset = createMatrix(tasks, tasks);
  for (let t = 0; t < tasks; t++) offset.data[t * tasks + t] = 1;
  return offset;
}

/** Searches the hyperparameters of the tasks that vary; the others keep the defaults. */
function learn(
  problem: MultiTaskProblem,
  levels: readonly number[],
  options: MultiTaskOptions,
): MultiTaskHyperparameters {
  const { statistics, tasks, kernel, offset } = problem;
  const parts = levels.map((count, t) => taskStatistics(problem, levels, t, count));
  const varying = levels.map((_, t) => t).filter((t) => offset !== null || !isConstant(parts[t]!));
  const start = defaultStart({ tasks, kernel, statistics });
  if (varying.length === 0) return start;
  const sub: MultiTaskProblem = {
    statistics: stackStatistics(varying.map((t) => parts[t]!)),
    tasks: varying.length,
    kernel,
    offset,
  };
  const { rank = "auto", starts = statistics.X.rows <= 150 ? 1 : 0, seed = 0, signal } = options;
  const { hyperparameters: found } = searchMultiTask(sub, {
    rank: rank === "auto" ? rank : Math.min(rank, varying.length),
    randomStarts: starts,
    rng: createRng(seed),
    ...(signal && { signal }),
  });
  return varying.length === tasks ? found : spread(found, start, varying, levels);
}

/** The statistics of one task alone, its noise levels numbered from 0. */
function taskStatistics(
  { statistics }: MultiTaskProblem,
  levels: readonly number[],
  task: number,
  count: number,
): SettingStatistics {
  const from = statistics.site.indexOf(task);
  const to = statistics.site.lastIndexOf(task) + 1;
  const first = firstLevelOf(levels, task);
  const { X } = statistics;
  return {
    X: { rows: to - from, cols: X.cols, data: X.data.slice(from * X.cols, to * X.cols) },
    mean: statistics.mean.slice(from, to),
    count: statistics.count.slice(from, to),
    scatter: statistics.scatter.slice(from, to),
    knownVariance: statistics.knownVariance.slice(from, to),
    noiseLevel: statistics.noiseLevel.slice(from, to).map((level) => level - first),
    levels: count,
  };
}

/** Puts what was found for the varying tasks among the defaults of all. */
function spread(
  found: MultiTaskHyperparameters,
  start: MultiTaskHyperparameters,
  varying: readonly number[],
  levels: readonly number[],
): MultiTaskHyperparameters {
  const { loadings, specific } = found.coregionalization;
  const all = createMatrix(levels.length, loadings.cols);
  const own = start.coregionalization.specific.slice();
  const noise = levels.map((_, t) => levelsOf(start.noiseVariance, levels, t));
  const counts = varying.map((t) => levels[t]!);
  varying.forEach((t, k) => {
    all.data.set(loadings.data.subarray(k * loadings.cols, (k + 1) * loadings.cols), t * loadings.cols);
    own[t] = specific[k]!;
    noise[t] = levelsOf(found.noiseVariance, counts, k);
  });
  return {
    lengthscales: found.lengthscales,
    coregionalization: { loadings: all, specific: own },
    noiseVariance: Float64Array.from(noise.flatMap((values) => [...values])),
  };
}

function checkOptions(rank: number | "auto", tasks: number, settings: number): void {
  if (rank !== "auto" && !(Number.isInteger(rank) && rank >= 0 && rank <= tasks)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `rank must be auto or a whole number from 0 to the number of tasks (${tasks}), found ${rank}.`,
    );
  }
  if (settings <= MOST_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `A joint Gaussian process takes up to ${MOST_SETTINGS} settings of all tasks together, found ${settings}: fit fewer tasks or rows.`,
    { details: { settings, most: MOST_SETTINGS } },
  );
}
