import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import {
  type FidelityCoupling,
  fidelityCouplings,
  fidelityGradient,
  fidelityOffset,
} from "./multi-fidelity-coupling.js";
import { coregionalizedLikelihood } from "./multi-task-likelihood.js";
import type { CoregionalizedModel, SiteStatistics } from "./multi-task-model.js";
import { defaultPreset } from "./presets/default.js";
import { gammaPrior } from "./prior.js";

/** Hyperparameters of a multi-fidelity model, natural units, model scale. */
export interface MultiFidelityHyperparameters {
  /** Of the outcome that counts, [d]. */
  readonly lengthscales: Float64Array;
  /** Of the discrepancy of early signals, [d]. */
  readonly discrepancyLengthscales: Float64Array;
  readonly coupling: FidelityCoupling;
  /** Levels of mature runs, then levels of early ones, [2 L]. */
  readonly noiseVariance: Float64Array;
}

export interface MultiFidelityProblem {
  /** Sites are the fidelities. */
  readonly statistics: SiteStatistics;
  readonly fidelities: readonly number[];
  readonly kernel: ProductKernel;
}

const SEARCH = { maxIterations: 200, functionTolerance: 1e-7 } as const;

/**
 * Prior variance of a constant shift of early signals, in variances of the mature outcome: they may sit ten standard
 * deviations off (assumption: a capacity retention of 98 % early, 80 ± 2 % late).
 */
const SHIFT_VARIANCE = 100;

/** Prior of σ_δ²: densest near 0, so that early signals may be as good as late ones (assumption). */
const DISCREPANCY = gammaPrior(1.1, 0.5);

/** Prior N(1, 1) and limits of ρ: early signals carry about the outcome itself, or nothing, or more (assumption). */
const SHARE = { mean: 1, variance: 1, lower: -10, upper: 10 } as const;

const VARIANCE_RANGE = { lower: 1e-6, upper: 1e3 } as const;

/** The covariance of the model over these fidelities. */
export function multiFidelityModel(
  kernel: ProductKernel,
  fidelities: readonly number[],
  hyperparameters: MultiFidelityHyperparameters,
): CoregionalizedModel {
  const { shared, discrepancy } = fidelityCouplings(hyperparameters.coupling, fidelities);
  return {
    terms: [
      { kernel, lengthscales: hyperparameters.lengthscales, coupling: shared },
      { kernel, lengthscales: hyperparameters.discrepancyLengthscales, coupling: discrepancy },
    ],
    offset: fidelityOffset(SHIFT_VARIANCE, fidelities),
    noiseVariance: hyperparameters.noiseVariance,
  };
}

/**
 * Log posterior of the hyperparameters and its gradient in the order of the search vector: log ℓ_g [d], log ℓ_δ [d],
 * log σ_g², ρ, log σ_δ², log σ² [2 L]. −∞ where the covariance cannot be factorised.
 */
export function multiFidelityLogPosterior(
  { statistics, fidelities, kernel }: MultiFidelityProblem,
  hyperparameters: MultiFidelityHyperparameters,
  gradient: Float64Array,
): number {
  const { coupling, lengthscales, discrepancyLengthscales, noiseVariance } = hyperparameters;
  const likelihood = coregionalizedLikelihood(
    statistics,
    multiFidelityModel(kernel, fidelities, hyperparameters),
  );
  if (likelihood === null) return Number.NEGATIVE_INFINITY;
  const { gradient: slopes } = likelihood;
  const d = kernel.dimension;
  const length = defaultPreset.lengthscale(d).prior;
  const signal = defaultPreset.signalVariance?.prior ?? gammaPrior(2, 0.15);
  const shares = fidelityGradient(coupling, fidelities, slopes.couplings[0]!, slopes.couplings[1]!);
  let value = likelihood.value;
  const add = (prior: typeof length, natural: number, slope: number, at: number): void => {
    const logValue = log(natural);
    value += prior.logDensity(logValue);
    gradient[at] = slope + prior.gradient(logValue);
  };
  for (let k = 0; k < d; k++) add(length, lengthscales[k]!, slopes.lengthscales[0]![k]!, k);
  for (let k = 0; k < d; k++) add(length, discrepancyLengthscales[k]!, slopes.lengthscales[1]![k]!, d + k);
  add(signal, coupling.signalVariance, shares.signalVariance, 2 * d);
  const miss = coupling.carriedShare - SHARE.mean;
  value -= (0.5 * miss * miss) / SHARE.variance + 0.5 * log(2 * Math.PI * SHARE.variance);
  gradient[2 * d + 1] = shares.carriedShare - miss / SHARE.variance;
  add(DISCREPANCY, coupling.discrepancyVariance, shares.discrepancyVariance, 2 * d + 2);
  noiseVariance.forEach((variance, level) => {
    add(defaultPreset.noiseVariance.prior, variance, slopes.noiseVariance[level]!, 2 * d + 3 + level);
  });
  return value;
}

/**
 * Finds the hyperparameters of the largest posterior density from three starts: early signals that carry the outcome,
 * carry nothing, and run against it.
 *
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function searchMultiFidelity(
  problem: MultiFidelityProblem,
  signal: AbortSignal | undefined,
): MultiFidelityHyperparameters {
  const { lower, upper } = bounds(problem);
  const d = problem.kernel.dimension;
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    const value = multiFidelityLogPosterior(problem, unpack(x, d), gradient);
    for (let k = 0; k < gradient.length; k++) gradient[k] = -gradient[k]!;
    return -value;
  };
  let best: { x: Float64Array; value: number } | undefined;
  for (const share of [1, 0, -1]) {
    if (signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "Fitting the multi-fidelity model was cancelled.");
    }
    const start = pack(defaultFidelityStart(problem, share));
    const found = minimize(objective, start, { lower, upper, ...SEARCH });
    if (found.value < (best?.value ?? Number.POSITIVE_INFINITY)) best = found;
  }
  if (best === undefined) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "No starting value gave a covariance that can be factorised: check the inputs for huge or repeated values.",
    );
  }
  return unpack(best.x, d);
}

/** Starting values, also what is used where the data say nothing. */
export function defaultFidelityStart(
  { kernel, statistics }: Omit<MultiFidelityProblem, "fidelities">,
  carriedShare: number,
): MultiFidelityHyperparameters {
  const length = defaultPreset.lengthscale(kernel.dimension).range.start;
  return {
    lengthscales: new Float64Array(kernel.dimension).fill(length),
    discrepancyLengthscales: new Float64Array(kernel.dimension).fill(length),
    coupling: { signalVariance: 1, carriedShare, discrepancyVariance: 0.5 },
    noiseVariance: new Float64Array(statistics.levels).fill(defaultPreset.noiseVariance.range.start),
  };
}

function pack(h: MultiFidelityHyperparameters): Float64Array {
  return Float64Array.from([
    ...h.lengthscales.map(log),
    ...h.discrepancyLengthscales.map(log),
    log(h.coupling.signalVariance),
    h.coupling.carriedShare,
    log(h.coupling.discrepancyVariance),
    ...h.noiseVariance.map(log),
  ]);
}

function unpack(x: Float64Array, d: number): MultiFidelityHyperparameters {
  return {
    lengthscales: x.slice(0, d).map(exp),
    discrepancyLengthscales: x.slice(d, 2 * d).map(exp),
    coupling: {
      signalVariance: exp(x[2 * d]!),
      carriedShare: x[2 * d + 1]!,
      discrepancyVariance: exp(x[2 * d + 2]!),
    },
    noiseVariance: x.slice(2 * d + 3).map(exp),
  };
}

function bounds({ kernel, statistics }: MultiFidelityProblem): Record<"lower" | "upper", Float64Array> {
  const length = defaultPreset.lengthscale(kernel.dimension).range;
  const noise = defaultPreset.noiseVariance.range;
  const of = (side: "lower" | "upper"): Float64Array =>
    Float64Array.from([
      ...new Float64Array(2 * kernel.dimension).fill(log(length[side])),
      log(VARIANCE_RANGE[side]),
      SHARE[side],
      log(VARIANCE_RANGE[side]),
      ...new Float64Array(statistics.levels).fill(log(noise[side])),
    ]);
  return { lower: of("lower"), upper: of("upper") };
}
