import { CellwrightError } from "../errors.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import type { Rng } from "../math/rng.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { SEARCH } from "./maximum-a-posteriori.js";
import type { GaussianProcessPreset, Range } from "./presets/preset.js";
import { gammaPrior, logNormalPrior, type Prior } from "./prior.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { type ShapedGradient, shapedLikelihood } from "./shaped-likelihood.js";
import { shapedHyperparameters, type ShapedHyperparameters, type ShapedModel } from "./shaped-prior.js";

/**
 * Prior of both concentrations of the warp: log-normal of scale 0.75, located so that its mode is 1, the identity
 * (the maximum is taken in natural parameters, prior.ts, where LogNormal(0, 0.75) would favour 0.57).
 *
 * @see Snoek et al. (2014), section 3.3 and figure 2: log-normal priors; scale as in BoTorch's examples of `Warp`
 *   within rounding (there √0.75)
 */
export const CONCENTRATION_PRIOR = logNormalPrior(0.75 * 0.75, 0.75);
/** Beyond these a warp is a step (assumption). */
const CONCENTRATION_RANGE: Range = { lower: 0.1, upper: 10, start: 1 };
/** Mean and range of the variance of all terms together where the preset fixes it at 1. */
const FIXED_SIGNAL = { mean: 1, range: { lower: 1e-3, upper: 1e2, start: 1 } } as const;
/** Mean of the default preset's Gamma(2, 0.15). */
const FREE_SIGNAL_MEAN = 2 / 0.15;

interface Coordinate {
  readonly prior: Prior;
  readonly range: Range;
  readonly role: "lengthscale" | "signal" | "noise" | "warp-a" | "warp-b";
  /** Which term, for lengthscales and signal variances. */
  readonly term: number;
  /** Which column of the term, noise level or input. */
  readonly index: number;
  /** Bounds of a random start, log-uniform; those of lengthscales are around a common factor. */
  readonly random: readonly [number, number];
}

export interface ShapedSearchOptions {
  readonly randomStarts: number;
  readonly rng: Rng;
  /** Hyperparameters of an earlier fit of this shape; those of another shape give lengthscales and noise. */
  readonly warmStart?: Hyperparameters;
  readonly signal?: AbortSignal;
}

/**
 * Finds the hyperparameters of the largest posterior density, those of the warp among them, by L-BFGS-B over their
 * logarithms: from the preset's start with the identity as warp and equal terms, from a warm start, and from random ones.
 *
 * @throws CellwrightError CANCELLED between starts; NOT_POSITIVE_DEFINITE if no start can be factorised
 */
export function maximizeShapedPosterior(
  model: ShapedModel,
  statistics: SettingStatistics,
  preset: GaussianProcessPreset,
  options: ShapedSearchOptions,
): ShapedHyperparameters {
  const coordinates = shapedCoordinates(model, preset, statistics.levels);
  const lower = Float64Array.from(coordinates, ({ range }) => log(range.lower));
  const upper = Float64Array.from(coordinates, ({ range }) => log(range.upper));
  const objective = shapedObjective(model, statistics, coordinates);
  let best: { x: Float64Array; value: number } | undefined;
  for (const start of starts(coordinates, options)) {
    if (options.signal?.aborted === true) {
      throw new CellwrightError("CANCELLED", "Fitting the Gaussian process was cancelled.");
    }
    const inside = start.map((value, k) => Math.min(Math.max(value, lower[k]!), upper[k]!));
    const found = minimize(objective, inside, { lower, upper, ...SEARCH });
    if (found.value < (best?.value ?? Number.POSITIVE_INFINITY)) best = found;
  }
  if (best === undefined) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "No starting value gave a covariance that can be factorised: check the inputs for huge or repeated values.",
    );
  }
  return unpackShaped(best.x, model, coordinates, statistics.levels);
}

/** The preset's starting values with the identity as warp. */
export function defaultShapedHyperparameters(
  model: ShapedModel,
  preset: GaussianProcessPreset,
  levels: number,
): ShapedHyperparameters {
  const coordinates = shapedCoordinates(model, preset, levels);
  const start = Float64Array.from(coordinates, ({ range }) => log(range.start));
  return unpackShaped(start, model, coordinates, levels);
}

/** Order of the search vector: lengthscales and variance of each term, noise levels, a and b of each continuous input. */
export function shapedCoordinates(
  model: ShapedModel,
  preset: GaussianProcessPreset,
  levels: number,
): readonly Coordinate[] {
  const signal = signalOfTerm(model, preset);
  const coordinates: Coordinate[] = [];
  model.terms.forEach(({ columns }, term) => {
    const lengthscale = preset.lengthscale(columns.length);
    columns.forEach((_, index) => {
      coordinates.push({ ...lengthscale, role: "lengthscale", term, index, random: [0.5, 2] });
    });
    if (signal !== null) coordinates.push({ ...signal, role: "signal", term, index: 0, random: [0.5, 10] });
  });
  for (let index = 0; index < levels; index++) {
    coordinates.push({ ...preset.noiseVariance, role: "noise", term: 0, index, random: [1e-5, 0.3] });
  }
  if (!model.shape.inputWarp) return coordinates;
  const warp = { prior: CONCENTRATION_PRIOR, range: CONCENTRATION_RANGE, term: 0 };
  for (const role of ["warp-a", "warp-b"] as const) {
    for (const index of model.continuous) coordinates.push({ ...warp, role, index, random: [0.5, 2] });
  }
  return coordinates;
}

/**
 * Prior and range of a term's variance: the preset's own for a single term. Of m terms each has an exponential prior, so
 * that the data may do without it, of which the means add up to the mean of the preset's prior (assumption).
 */
function signalOfTerm(
  { terms }: ShapedModel,
  { signalVariance }: GaussianProcessPreset,
): { readonly prior: Prior; readonly range: Range } | null {
  const m = terms.length;
  if (m === 1) return signalVariance;
  const mean = signalVariance === null ? FIXED_SIGNAL.mean : FREE_SIGNAL_MEAN;
  const range = signalVariance?.range ?? FIXED_SIGNAL.range;
  return { prior: gammaPrior(1, m / mean), range: { ...range, start: range.start / m } };
}

/** −log posterior over the search vector, with its gradient. */
export function shapedObjective(
  model: ShapedModel,
  statistics: SettingStatistics,
  coordinates: readonly Coordinate[],
): (x: Float64Array, gradient: Float64Array) => number {
  return (x, gradient) => {
    const hyperparameters = unpackShaped(x, model, coordinates, statistics.levels);
    const likelihood = shapedLikelihood(model, statistics, hyperparameters);
    let { value } = likelihood;
    coordinates.forEach((coordinate, k) => {
      value += coordinate.prior.logDensity(x[k]!);
      gradient[k] = -(derivativeOf(coordinate, likelihood.gradient) + coordinate.prior.gradient(x[k]!));
    });
    return -value;
  };
}

function derivativeOf({ role, term, index }: Coordinate, gradient: ShapedGradient): number {
  if (role === "lengthscale") return gradient.terms[term]!.lengthscales[index]!;
  if (role === "signal") return gradient.terms[term]!.signalVariance;
  if (role === "noise") return gradient.noiseVariance[index]!;
  return role === "warp-a" ? gradient.warp.a[index]! : gradient.warp.b[index]!;
}

/** The hyperparameters of a search vector; a signal variance that it has not is 1. */
function unpackShaped(
  x: Float64Array,
  model: ShapedModel,
  coordinates: readonly Coordinate[],
  levels: number,
): ShapedHyperparameters {
  const terms = model.terms.map(({ columns }) => ({
    lengthscales: new Float64Array(columns.length),
    signalVariance: 1,
  }));
  const noiseVariance = new Float64Array(levels);
  const a = new Float64Array(model.dimension).fill(1);
  const b = new Float64Array(model.dimension).fill(1);
  coordinates.forEach(({ role, term, index }, k) => {
    const value = exp(x[k]!);
    if (role === "lengthscale") terms[term]!.lengthscales[index] = value;
    else if (role === "signal") terms[term]!.signalVariance = value;
    else if (role === "noise") noiseVariance[index] = value;
    else (role === "warp-a" ? a : b)[index] = value;
  });
  return shapedHyperparameters(model, {
    terms,
    noiseVariance,
    warp: model.shape.inputWarp ? { a, b } : null,
  });
}

function starts(coordinates: readonly Coordinate[], options: ShapedSearchOptions): Float64Array[] {
  const { warmStart, rng, randomStarts } = options;
  const first = Float64Array.from(coordinates, ({ range }) => log(range.start));
  const all = warmStart === undefined ? [first] : [first, packWarm(coordinates, warmStart)];
  for (let k = 0; k < randomStarts; k++) {
    const shared = logUniform(rng, 0.1, 2);
    all.push(
      Float64Array.from(coordinates, ({ role, random }) => {
        const value = logUniform(rng, ...random);
        return role === "lengthscale" ? shared + value : value;
      }),
    );
  }
  return all;
}

function packWarm(
  coordinates: readonly Coordinate[],
  warm: Hyperparameters & Partial<ShapedHyperparameters>,
): Float64Array {
  return Float64Array.from(coordinates, ({ role, term, index, range }): number => {
    const found =
      role === "lengthscale"
        ? warm.terms?.[term]?.lengthscales[index]
        : role === "signal"
          ? warm.terms?.[term]?.signalVariance
          : role === "noise"
            ? warm.noiseVariance[index]
            : (role === "warp-a" ? warm.warp?.a : warm.warp?.b)?.[index];
    return log(found ?? range.start);
  });
}

function logUniform(rng: Rng, lower: number, upper: number): number {
  return log(lower) + rng.uniform() * (log(upper) - log(lower));
}
