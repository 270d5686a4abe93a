import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { quantileOf } from "../math/metrics.js";
import { matrixRow } from "../math/matrix.js";
import { type NutsChain, sampleNuts } from "../math/nuts.js";
import type { LogDensity } from "../math/nuts-transition.js";
import type { Rng } from "../math/rng.js";
import { diagnoseChains } from "../math/sampler-diagnostics.js";
import type { SamplingCoordinates } from "./bayesian-coordinates.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { createMarginalLikelihood } from "./marginal-likelihood.js";
import type { SettingStatistics } from "./setting-statistics.js";

export interface SamplerOptions {
  /** Independent chains; default 4. */
  readonly chains?: number;
  /** Iterations per chain that tune the sampler; default 250. */
  readonly warmup?: number;
  /** Iterations per chain that count; default 500. */
  readonly samples?: number;
  /** Draws that predictions average over, spread evenly over all chains; default 32. */
  readonly draws?: number;
}

/** How the draws came about and how far they can be trusted. */
export interface SamplingReport {
  readonly chains: number;
  readonly warmup: number;
  /** Per chain. */
  readonly samples: number;
  readonly divergences: number;
  /** Largest over all hyperparameters, rank-normalised and split; below 1.01 is good. */
  readonly rHat: number;
  /** Smallest over all hyperparameters. */
  readonly bulkEss: number;
  readonly tailEss: number;
  /** Evaluations of the likelihood with its gradient. */
  readonly evaluations: number;
}

/** Quantiles at 2.5 %, 50 % and 97.5 % of every hyperparameter over all samples. */
export interface HyperparameterIntervals {
  /** [3 × d], quantile by quantile. */
  readonly lengthscales: Float64Array;
  /** [3] */
  readonly signalVariance: Float64Array;
  /** [3 × L] */
  readonly noiseVariance: Float64Array;
}

export interface SampledHyperparameters {
  /** Every sample of every chain, in order. */
  readonly samples: readonly Hyperparameters[];
  /** Those that predictions average over. */
  readonly draws: readonly Hyperparameters[];
  readonly intervals: HyperparameterIntervals;
  readonly report: SamplingReport;
}

const PROBABILITIES = [0.025, 0.5, 0.975] as const;

/** Mean acceptance to tune for: Stan's; 0.85 took more evaluations for no fewer divergences, of which there were none. */
const TARGET_ACCEPTANCE = 0.8;

/** Starts tried per chain before the covariance is given up. */
const MOST_STARTS = 50;

/**
 * Samples the hyperparameters of a Gaussian process from their posterior: chains from scattered starts, each with its
 * own fork of the stream.
 *
 * @throws CellwrightError INVALID_OPTION; NOT_POSITIVE_DEFINITE if no start has a covariance that can be factorised;
 *   CANCELLED
 */
export function sampleHyperparameters(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  coordinates: SamplingCoordinates,
  rng: Rng,
  options: SamplerOptions & { readonly signal?: AbortSignal },
): SampledHyperparameters {
  const { chains: count = 4, warmup = 250, samples = 500, draws = 32, signal } = options;
  checkOptions(count, warmup, samples, draws);
  const density = logPosterior(statistics, kernel, coordinates);
  const chains = Array.from({ length: count }, (_, c) => {
    const stream = rng.fork(`chain ${c}`);
    return sampleNuts(density, {
      start: scatteredStart(density, coordinates.start, stream),
      warmup,
      samples,
      rng: stream,
      targetAcceptance: TARGET_ACCEPTANCE,
      onIteration() {
        if (signal?.aborted === true) throw new CellwrightError("CANCELLED", "Sampling was cancelled.");
      },
    });
  });
  const sampled = chains.map((chain) => hyperparametersOf(chain, coordinates));
  const all = sampled.flat();
  return {
    samples: all,
    draws: thinned(all, draws),
    intervals: intervalsOf(all),
    report: { chains: count, warmup, samples, ...diagnose(chains, sampled) },
  };
}

/** log p(x | z) up to a constant: likelihood and prior in the sampler's coordinates. */
export function logPosterior(
  statistics: SettingStatistics,
  kernel: ProductKernel,
  coordinates: SamplingCoordinates,
): LogDensity {
  const likelihood = createMarginalLikelihood(statistics, kernel, coordinates.mean);
  const slopes = new Float64Array(kernel.dimension + 1 + statistics.levels);
  return (x, gradient) => {
    const value = likelihood.evaluate(coordinates.hyperparametersAt(x), slopes);
    return value + coordinates.logPrior(x, slopes, gradient);
  };
}

/** The preset's start, every coordinate moved by up to one unit of the logarithm, so that chains begin apart. */
function scatteredStart(density: LogDensity, middle: Float64Array, rng: Rng): Float64Array {
  const gradient = new Float64Array(middle.length);
  for (let k = 0; k < MOST_STARTS; k++) {
    const start = middle.map((value) => value + 2 * rng.uniform() - 1);
    if (Number.isFinite(density(start, gradient)) && gradient.every(Number.isFinite)) return start;
  }
  throw new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    "No starting value gave a covariance that can be factorised: check the inputs for huge or repeated values.",
  );
}

function hyperparametersOf({ samples }: NutsChain, coordinates: SamplingCoordinates): Hyperparameters[] {
  return Array.from({ length: samples.rows }, (_, i) => coordinates.hyperparametersAt(matrixRow(samples, i)));
}

/** Evenly spaced members, the middle of each stretch. */
export function thinned<T>(all: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, k) => all[Math.floor(((k + 0.5) * all.length) / count)]!);
}

/** All hyperparameters in one row: lengthscales, signal variance, noise levels. */
function rowOf({ lengthscales, signalVariance, noiseVariance }: Hyperparameters): number[] {
  return [...lengthscales, signalVariance, ...noiseVariance];
}

/** The same value three times, for hyperparameters that were not sampled. */
export function pointIntervals(hyperparameters: Hyperparameters): HyperparameterIntervals {
  return intervalsOf([hyperparameters]);
}

function intervalsOf(all: readonly Hyperparameters[]): HyperparameterIntervals {
  const rows = all.map(rowOf);
  const d = all[0]!.lengthscales.length;
  const columns = rows[0]!.map((_, k) => Float64Array.from(rows, (row) => row[k]!).sort());
  const quantiles = (some: readonly Float64Array[]): Float64Array =>
    Float64Array.from(PROBABILITIES.flatMap((p) => some.map((sorted) => quantileOf(sorted, p))));
  return {
    lengthscales: quantiles(columns.slice(0, d)),
    signalVariance: quantiles(columns.slice(d, d + 1)),
    noiseVariance: quantiles(columns.slice(d + 1)),
  };
}

type Trust = Pick<SamplingReport, "divergences" | "rHat" | "bulkEss" | "tailEss" | "evaluations">;

/** The worst of all hyperparameters. */
function diagnose(chains: readonly NutsChain[], sampled: readonly (readonly Hyperparameters[])[]): Trust {
  const rows = sampled.map((chain) => chain.map(rowOf));
  const all = rows[0]![0]!.map((_, k) =>
    diagnoseChains(rows.map((chain) => Float64Array.from(chain, (row) => row[k]!))),
  );
  const rHat = all.reduce((worst, one) => Math.max(worst, one.rHat), 1);
  if (!Number.isFinite(rHat)) {
    throw new CellwrightError(
      "NON_FINITE",
      "The sampler never left its starts: the outcome has no usable scale.",
    );
  }
  return {
    divergences: chains.reduce((sum, chain) => sum + chain.divergences, 0),
    rHat,
    bulkEss: all.reduce((least, one) => Math.min(least, one.bulkEss), Number.POSITIVE_INFINITY),
    tailEss: all.reduce((least, one) => Math.min(least, one.tailEss), Number.POSITIVE_INFINITY),
    evaluations: chains.reduce((sum, chain) => sum + chain.evaluations, 0),
  };
}

function checkOptions(chains: number, warmup: number, samples: number, draws: number): void {
  const wrong = [
    { fine: Number.isInteger(chains) && chains >= 1, text: `chains: found ${chains}, expected 1 or more.` },
    { fine: Number.isInteger(warmup) && warmup >= 0, text: `warmup: found ${warmup}, expected 0 or more.` },
    {
      fine: Number.isInteger(samples) && samples >= 4,
      text: `samples: found ${samples}, expected at least 4 per chain.`,
    },
    {
      fine: Number.isInteger(draws) && draws >= 1 && draws <= chains * samples,
      text: `draws: found ${draws}, expected 1 to ${chains * samples}, the number of samples.`,
    },
  ].filter(({ fine }) => !fine);
  if (wrong.length > 0) throw new CellwrightError("INVALID_OPTION", wrong.map(({ text }) => text).join(" "));
}
