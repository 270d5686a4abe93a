import { CellwrightError } from "../errors.js";
import { pairedGain } from "./bayesian-inference.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import type { Rng } from "../math/rng.js";
import type { Steps } from "../math/steps.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { maximizeInSteps, maximizePosteriorInSteps } from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { createVecchiaLikelihood, type VecchiaLikelihood } from "./vecchia-likelihood.js";
import { conditioningSets, scaledNeighbours } from "./vecchia-neighbours.js";
import { createVecchiaPosterior, leaveOneFromNeighbours } from "./vecchia-posterior.js";

interface VecchiaFitOptions {
  /** Earlier neighbours that each setting is conditioned on. */
  readonly neighbours: number;
  /** Settings that a prediction is conditioned on: hyperparameters are judged as they will be used. */
  readonly predictionNeighbours: number;
  readonly randomStarts: number;
  readonly rng: Rng;
  readonly warmStart?: Hyperparameters;
  readonly signal?: AbortSignal;
}

interface VecchiaFit {
  readonly hyperparameters: Hyperparameters;
  readonly constant: number;
  /** Of all settings, with the neighbours of the last stage. */
  readonly logLikelihood: number;
  /** Settings of the exact fit whose hyperparameters predict better than those of all settings; absent: they do not. */
  readonly subset?: number;
}

/**
 * Stages of a fit (assumptions; bench/scale.ts measures what they cost together): an exact fit of a few settings finds the
 * basin; a part of the conditional densities moves close to the optimum at a tenth of the price; all of them finish it.
 */
const STAGES = {
  /** Settings in the exact fit. */
  exact: 700,
  /** Conditional densities in a part; with fewer settings than twice this the stage is left out. */
  part: 10_000,
  partIterations: 40,
  allIterations: 12,
  /** Searches over all settings, each with neighbours at the lengthscales so far, while any of them moves by more. */
  rounds: 2,
  moved: 0.1,
  /** Settings that are left out in turn to judge hyperparameters. */
  judged: 400,
} as const;

/** Standard errors of the paired differences that the gain must exceed, as for sampled hyperparameters. */
const STANDARD_ERRORS = 2;

/**
 * Finds the hyperparameters of the largest posterior density under Vecchia's likelihood by L-BFGS-B, in stages; see
 * `STAGES`. Neighbours are those at the lengthscales of the stage before and stay fixed within a stage, so that each
 * search has a smooth objective.
 *
 * Where an outcome is so smooth that every setting tells of all others, few neighbours cannot tell noise from signal, and
 * the likelihood of all settings misleads: the hyperparameters of the exact fit of some settings are kept where settings
 * left out of their neighbours are clearly likelier under them.
 *
 * Pauses before every iteration.
 *
 * @param ordered - Settings in the order of the approximation.
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function* fitVecchiaInSteps(
  ordered: SettingStatistics,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
  options: VecchiaFitOptions,
): Steps<VecchiaFit> {
  const n = ordered.X.rows;
  const { signal, neighbours } = options;
  const some = firstSettings(ordered, STAGES.exact);
  const exact = (yield* maximizePosteriorInSteps(some, kernel, preset, options)).hyperparameters;
  let hyperparameters = exact;
  function* search(likelihood: VecchiaLikelihood, maxIterations: number): Steps<void> {
    const from = { warmStart: hyperparameters, warmStartOnly: true, randomStarts: 0 };
    const heard = cancellable(likelihood, signal);
    hyperparameters = (yield* maximizeInSteps(heard, kernel.dimension, ordered.levels, preset, {
      ...{ ...options, ...from, maxIterations },
    })).hyperparameters;
  }
  const conditionals = (settings: Int32Array): VecchiaLikelihood => {
    const near = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
    const sets = conditioningSets(ordered.X, near, settings, neighbours);
    return createVecchiaLikelihood(ordered, sets, kernel, preset.mean, n / settings.length);
  };
  if (n >= 2 * STAGES.part) yield* search(conditionals(evenly(STAGES.part, n)), STAGES.partIterations);
  for (let round = 1; ; round++) {
    const before = hyperparameters;
    const likelihood = conditionals(evenly(n, n));
    yield* search(likelihood, STAGES.allIterations);
    if (round < STAGES.rounds && hasMoved(before, hyperparameters)) continue;
    const gradient = new Float64Array(kernel.dimension + 1 + ordered.levels);
    const found = {
      hyperparameters,
      constant: likelihood.constant(hyperparameters),
      logLikelihood: likelihood.evaluate(hyperparameters, gradient),
    };
    if (n <= STAGES.exact) return found;
    const ofSome = evaluateVecchia(ordered, kernel, preset, exact, neighbours);
    const densities = (fit: VecchiaFit): Float64Array => leftOutDensities(ordered, kernel, fit, options);
    const { gain, standardError } = pairedGain(densities(ofSome), densities(found));
    return gain > STANDARD_ERRORS * standardError ? { ...ofSome, subset: STAGES.exact } : found;
  }
}

/** Log densities of some settings, each predicted from its nearest others. @throws CellwrightError CANCELLED */
function leftOutDensities(
  ordered: SettingStatistics,
  kernel: ProductKernel,
  { hyperparameters, constant }: VecchiaFit,
  { predictionNeighbours, signal }: VecchiaFitOptions,
): Float64Array {
  const search = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
  const posterior = createVecchiaPosterior(
    ordered,
    kernel,
    hyperparameters,
    constant,
    search,
    predictionNeighbours,
  );
  const n = ordered.X.rows;
  return Float64Array.from(evenly(Math.min(STAGES.judged, n), n), (setting) => {
    if (signal?.aborted === true) throw cancelled();
    return leaveOneFromNeighbours(posterior, setting).logDensity;
  });
}

/** Vecchia's likelihood and constant mean of all settings at given hyperparameters. */
export function evaluateVecchia(
  ordered: SettingStatistics,
  kernel: ProductKernel,
  preset: GaussianProcessPreset,
  hyperparameters: Hyperparameters,
  neighbours: number,
): VecchiaFit {
  const near = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
  const n = ordered.X.rows;
  const sets = conditioningSets(ordered.X, near, evenly(n, n), neighbours);
  const likelihood = createVecchiaLikelihood(ordered, sets, kernel, preset.mean);
  const gradient = new Float64Array(kernel.dimension + 1 + ordered.levels);
  return {
    hyperparameters,
    constant: likelihood.constant(hyperparameters),
    logLikelihood: likelihood.evaluate(hyperparameters, gradient),
  };
}

/** `count` of n places at equal steps: in random order they are a random part. */
function evenly(count: number, n: number): Int32Array {
  return Int32Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * n) / count));
}

function firstSettings(statistics: SettingStatistics, most: number): SettingStatistics {
  const rows = Math.min(most, statistics.X.rows);
  const { X } = statistics;
  return {
    X: { rows, cols: X.cols, data: X.data.slice(0, rows * X.cols) },
    mean: statistics.mean.slice(0, rows),
    count: statistics.count.slice(0, rows),
    scatter: statistics.scatter.slice(0, rows),
    knownVariance: statistics.knownVariance.slice(0, rows),
    noiseLevel: statistics.noiseLevel.slice(0, rows),
    levels: statistics.levels,
  };
}

function hasMoved(before: Hyperparameters, after: Hyperparameters): boolean {
  return after.lengthscales.some((length, k) => {
    const ratio = length / before.lengthscales[k]!;
    return ratio > 1 + STAGES.moved || ratio < 1 / (1 + STAGES.moved);
  });
}

/** @throws CellwrightError CANCELLED from `evaluate`, because one search over many rows takes minutes. */
function cancellable(likelihood: VecchiaLikelihood, signal: AbortSignal | undefined): VecchiaLikelihood {
  return {
    ...likelihood,
    evaluate(hyperparameters, gradient) {
      if (signal?.aborted === true) throw cancelled();
      return likelihood.evaluate(hyperparameters, gradient);
    },
  };
}

function cancelled(): CellwrightError {
  return new CellwrightError("CANCELLED", "Fitting the Gaussian process was cancelled.");
}
