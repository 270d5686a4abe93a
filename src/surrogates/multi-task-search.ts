import { CellwrightError } from "../errors.js";
import {
  type Coregionalization,
  taskCovariance,
  taskCovarianceGradient,
} from "../kernels/coregionalization.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import { createMatrix, type Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { coregionalizedLikelihood } from "./multi-task-likelihood.js";
import type { CoregionalizedModel, SiteStatistics } from "./multi-task-model.js";
import { taskCovariancePrior } from "./multi-task-prior.js";
import { defaultPreset } from "./presets/default.js";
import type { Range } from "./presets/preset.js";
import type { Prior } from "./prior.js";

/** Hyperparameters of an intrinsic coregionalisation model, natural units, model scale. */
export interface MultiTaskHyperparameters {
  /** Shared by all tasks, [d]. */
  readonly lengthscales: Float64Array;
  readonly coregionalization: Coregionalization;
  /** Per noise level; the levels of the tasks follow one another, [L]. */
  readonly noiseVariance: Float64Array;
}

/** What is searched over and with which prior covariance of levels (null: every task has mean zero). */
export interface MultiTaskProblem {
  readonly statistics: SiteStatistics;
  readonly tasks: number;
  readonly kernel: ProductKernel;
  readonly offset: Matrix | null;
}

export interface MultiTaskSearchOptions {
  /** A fixed rank of W, or `auto`. */
  readonly rank: number | "auto";
  /** Random starts of every rank beside the one that grows from the rank below. */
  readonly randomStarts: number;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

export interface MultiTaskOptimum {
  readonly hyperparameters: MultiTaskHyperparameters;
  /** Log likelihood plus log prior at the maximum. */
  readonly logPosterior: number;
  readonly rank: number;
}

/** Limits of one search, as in maximum-a-posteriori.ts. */
const SEARCH = { maxIterations: 200, functionTolerance: 1e-7 } as const;

/** Nats by which a higher rank must beat a lower one after the penalty: above the precision of the search. */
const RANK_MARGIN = 0.05;

const VARIANCE_RANGE: Range = { lower: 1e-6, upper: 1e3, start: 1 };
const LARGEST_LOADING = 30;

/** The model at given hyperparameters. */
export function multiTaskModel(
  kernel: ProductKernel,
  offset: Matrix | null,
  { lengthscales, coregionalization, noiseVariance }: MultiTaskHyperparameters,
): CoregionalizedModel {
  return {
    terms: [{ kernel, lengthscales, coupling: taskCovariance(coregionalization) }],
    offset,
    noiseVariance,
  };
}

/**
 * Log posterior of the hyperparameters and its gradient in the order of the search vector: log ℓ [d], W [T × r],
 * log κ [T], log σ² [L]. −∞ where a covariance cannot be factorised.
 */
export function multiTaskLogPosterior(
  problem: MultiTaskProblem,
  hyperparameters: MultiTaskHyperparameters,
  gradient: Float64Array,
): number {
  const { kernel, statistics, offset } = problem;
  const { coregionalization, lengthscales, noiseVariance } = hyperparameters;
  const model = multiTaskModel(kernel, offset, hyperparameters);
  const likelihood = coregionalizedLikelihood(statistics, model);
  const prior = taskCovariancePrior(model.terms[0]!.coupling);
  if (likelihood === null || prior === null) return Number.NEGATIVE_INFINITY;
  const d = lengthscales.length;
  const G = createMatrix(problem.tasks, problem.tasks);
  const fromData = likelihood.gradient.couplings[0]!;
  for (let k = 0; k < G.data.length; k++) G.data[k] = fromData.data[k]! + prior.gradient.data[k]!;
  const parts = taskCovarianceGradient(coregionalization, G);
  let value = likelihood.value + prior.value;
  const addPrior = (belief: Prior, natural: Float64Array, slopes: Float64Array, at: number): void => {
    natural.forEach((theta, k) => {
      value += belief.logDensity(log(theta));
      gradient[at + k] = slopes[k]! + belief.gradient(log(theta));
    });
  };
  addPrior(defaultPreset.lengthscale(d).prior, lengthscales, likelihood.gradient.lengthscales[0]!, 0);
  gradient.set(parts.loadings.data, d);
  const specificAt = d + parts.loadings.data.length;
  parts.specific.forEach((slope, t) => {
    gradient[specificAt + t] = slope * coregionalization.specific[t]!;
  });
  const noiseAt = specificAt + problem.tasks;
  addPrior(defaultPreset.noiseVariance.prior, noiseVariance, likelihood.gradient.noiseVariance, noiseAt);
  return value;
}

/**
 * Finds the hyperparameters of the largest posterior density, and the rank of W.
 *
 * Rank 0 (independent tasks with shared lengthscales) is searched first; every further rank starts from the optimum
 * below with one more column in the direction in which the likelihood rises fastest. `auto` keeps a rank where the log
 * posterior density, less ½ log g for every parameter that it adds to B (Schwarz 1978, with g settings), is larger.
 *
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function searchMultiTask(
  problem: MultiTaskProblem,
  options: MultiTaskSearchOptions,
): MultiTaskOptimum {
  const most = options.rank === "auto" ? (problem.tasks > 1 ? problem.tasks : 0) : options.rank;
  let best = maximizeRank(problem, 0, [defaultStart(problem)], options);
  let previous = best;
  for (let rank = 1; rank <= most; rank++) {
    const found = maximizeRank(problem, rank, [grow(problem, previous.hyperparameters)], options);
    previous = found;
    const gain = found.logPosterior - best.logPosterior;
    const cost =
      0.5 * log(problem.statistics.X.rows) * (extraOf(problem, rank) - extraOf(problem, best.rank));
    if (options.rank !== "auto" || gain - cost > RANK_MARGIN) best = found;
    else break;
  }
  return best;
}

/** Parameters that a rank adds to the diagonal of B: W up to rotation, and never more than B has. */
function extraOf({ tasks }: MultiTaskProblem, rank: number): number {
  return Math.min(tasks * rank - (rank * (rank - 1)) / 2, (tasks * (tasks - 1)) / 2);
}

function maximizeRank(
  problem: MultiTaskProblem,
  rank: number,
  starts: readonly MultiTaskHyperparameters[],
  options: MultiTaskSearchOptions,
): MultiTaskOptimum {
  const { lower, upper } = bounds(problem, rank);
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    const value = multiTaskLogPosterior(problem, unpack(x, problem, rank), gradient);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -gradient[k]!;
    return -value;
  };
  const random = Array.from({ length: options.randomStarts }, () => randomStart(problem, rank, options.rng));
  let best: { x: Float64Array; value: number } | undefined;
  for (const start of [...starts, ...random]) {
    if (options.signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "Fitting the joint model was cancelled.");
    }
    const inside = pack(start).map((value, k) => Math.min(Math.max(value, lower[k]!), upper[k]!));
    const found = minimize(objective, inside, { lower, upper, ...SEARCH });
    if (found.value < (best?.value ?? Number.POSITIVE_INFINITY)) best = found;
  }
  if (best === undefined) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "No starting value gave a joint covariance that can be factorised: check the inputs for huge or repeated values.",
    );
  }
  return { hyperparameters: unpack(best.x, problem, rank), logPosterior: -best.value, rank };
}

/** The search vector of hyperparameters. */
function pack({ lengthscales, coregionalization, noiseVariance }: MultiTaskHyperparameters): Float64Array {
  return Float64Array.from([
    ...lengthscales.map(log),
    ...coregionalization.loadings.data,
    ...coregionalization.specific.map(log),
    ...noiseVariance.map(log),
  ]);
}

function unpack(
  x: Float64Array,
  { tasks, kernel }: MultiTaskProblem,
  rank: number,
): MultiTaskHyperparameters {
  const d = kernel.dimension;
  const loadings = { rows: tasks, cols: rank, data: x.slice(d, d + tasks * rank) };
  const specificAt = d + tasks * rank;
  return {
    lengthscales: x.slice(0, d).map(exp),
    coregionalization: { loadings, specific: x.slice(specificAt, specificAt + tasks).map(exp) },
    noiseVariance: x.slice(specificAt + tasks).map(exp),
  };
}

function bounds(
  { tasks, kernel, statistics }: MultiTaskProblem,
  rank: number,
): Record<"lower" | "upper", Float64Array> {
  const lengthscale = defaultPreset.lengthscale(kernel.dimension).range;
  const noise = defaultPreset.noiseVariance.range;
  const of = (side: "lower" | "upper", loading: number): Float64Array =>
    Float64Array.from([
      ...new Float64Array(kernel.dimension).fill(log(lengthscale[side])),
      ...new Float64Array(tasks * rank).fill(loading),
      ...new Float64Array(tasks).fill(log(VARIANCE_RANGE[side])),
      ...new Float64Array(statistics.levels).fill(log(noise[side])),
    ]);
  return { lower: of("lower", -LARGEST_LOADING), upper: of("upper", LARGEST_LOADING) };
}

/** Independent tasks at the starting values of the default preset: also what is used where the data say nothing. */
export function defaultStart({
  tasks,
  kernel,
  statistics,
}: Omit<MultiTaskProblem, "offset">): MultiTaskHyperparameters {
  const length = defaultPreset.lengthscale(kernel.dimension).range.start;
  return {
    lengthscales: new Float64Array(kernel.dimension).fill(length),
    coregionalization: {
      loadings: createMatrix(tasks, 0),
      specific: new Float64Array(tasks).fill(VARIANCE_RANGE.start),
    },
    noiseVariance: new Float64Array(statistics.levels).fill(defaultPreset.noiseVariance.range.start),
  };
}

/**
 * One more column: half of every task's own variance goes into a shared function, loaded along the leading eigenvector
 * of the likelihood's gradient in the correlations.
 */
function grow(problem: MultiTaskProblem, from: MultiTaskHyperparameters): MultiTaskHyperparameters {
  const { tasks, kernel, offset, statistics } = problem;
  const { loadings, specific } = from.coregionalization;
  const likelihood = coregionalizedLikelihood(statistics, multiTaskModel(kernel, offset, from));
  const direction = steepestCorrelation(
    likelihood?.gradient.couplings[0] ?? createMatrix(tasks, tasks),
    specific,
  );
  const grown = createMatrix(tasks, loadings.cols + 1);
  for (let t = 0; t < tasks; t++) {
    grown.data.set(loadings.data.subarray(t * loadings.cols, (t + 1) * loadings.cols), t * grown.cols);
    grown.data[t * grown.cols + loadings.cols] = direction[t]! * Math.sqrt(0.5 * specific[t]!);
  }
  return { ...from, coregionalization: { loadings: grown, specific: specific.map((value) => 0.5 * value) } };
}

/** Leading eigenvector of √κ_s G_st √κ_t off the diagonal, largest entry 1, by 200 steps of the power method. */
function steepestCorrelation(G: Matrix, specific: Float64Array): Float64Array {
  const n = specific.length;
  const S = createMatrix(n, n);
  let norm = 0;
  for (let s = 0; s < n; s++) {
    for (let t = 0; t < n; t++) {
      const value = s === t ? 0 : G.data[s * n + t]! * Math.sqrt(specific[s]! * specific[t]!);
      S.data[s * n + t] = value;
      norm += value * value;
    }
  }
  const shift = Math.sqrt(norm) || 1; // makes all eigenvalues non-negative: the largest one leads
  let v = Float64Array.from(specific, (_, t) => 1 - t / (7 * n)); // not orthogonal to vectors with mixed signs
  for (let step = 0; step < 200; step++) {
    const next = v.map((value, s) => {
      let sum = shift * value;
      for (let t = 0; t < n; t++) sum += S.data[s * n + t]! * v[t]!;
      return sum;
    });
    const largest = next.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    v = next.map((value) => value / largest);
  }
  return v;
}

function randomStart(problem: MultiTaskProblem, rank: number, rng: Rng): MultiTaskHyperparameters {
  const start = defaultStart(problem);
  const shared = 0.1 + 1.4 * rng.uniform();
  return {
    lengthscales: start.lengthscales.map(() => shared * (0.5 + rng.uniform())),
    coregionalization: {
      loadings: {
        rows: problem.tasks,
        cols: rank,
        data: Float64Array.from({ length: problem.tasks * rank }, () => rng.normal()),
      },
      specific: start.coregionalization.specific.map(() => exp(-2 + 3 * rng.uniform())),
    },
    noiseVariance: start.noiseVariance.map(() => exp(-8 + 6 * rng.uniform())),
  };
}
