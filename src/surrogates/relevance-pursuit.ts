import { CellwrightError } from "../errors.js";
import type { ProductKernel } from "../kernels/product-kernel.js";
import { lgamma, log } from "../math/elementary.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { defaultHyperparameters } from "./maximum-a-posteriori.js";
import { fitWithOutliers, withExtraVariance } from "./outlier-likelihood.js";
import { conditionGaussianProcess } from "./posterior.js";
import type { GaussianProcessPreset } from "./presets/preset.js";
import { type SettingStatistics, settingStatistics } from "./setting-statistics.js";
import type { TrainingRows } from "./training-rows.js";
import type { OutcomeTransform } from "./transform.js";
import { unmergeRows } from "./unmerged-rows.js";

/** Rows, the scale they are looked at on, and the model that they may be outliers of. */
export interface PursuitProblem {
  readonly rows: TrainingRows;
  readonly transform: OutcomeTransform;
  readonly kernel: ProductKernel;
  readonly preset: GaussianProcessPreset;
  readonly signal?: AbortSignal;
}

/** A set of outliers with its best fit. */
export interface Support {
  /** Positions of the outliers in the arranged rows, ascending. */
  readonly positions: readonly number[];
  /** Setting of each in `statistics`, and its extra noise variance ρ, model scale. */
  readonly settings: Int32Array;
  readonly extra: Float64Array;
  readonly hyperparameters: Hyperparameters;
  /** With the outliers as settings of their own and ρ added to their known variance. */
  readonly statistics: SettingStatistics;
  /** log p(z | θ, ρ) + log p(θ) + log p(support). */
  readonly score: number;
}

/** A row that an extra noise variance would explain better. */
export interface Gain {
  readonly position: number;
  /** Rise of the log likelihood at the best ρ. */
  readonly gain: number;
  /** The best ρ. */
  readonly extra: number;
}

/** At most half of the rows: outliers that are the majority are not outliers (assumption). */
const MOST_SHARE = 0.5;

/** Rows added between two searches over hyperparameters: a fortieth of them all, at least one (assumption). */
const STEPS = 40;

/** Larger supports in a row that may score worse before the search ends: outliers that hide one another (assumption). */
const PATIENCE = 4;

/** Share of the rows with which the backward search begins (assumption: more than the outliers, less than half). */
const BACKWARD_SHARE = 0.3;

/**
 * Finds the rows that are outliers: relevance pursuit, forward and backward, the better of the two.
 *
 * Forward, the rows whose own noise variance raises the log marginal likelihood most are added (with the closed-form best
 * variance), all hyperparameters and variances are searched anew, and rows whose variance vanished are dropped. Backward,
 * three tenths of the rows, chosen likewise at the preset's starting hyperparameters, are searched and left one after
 * another, least loss first: an optimum that bends to the outliers does not lead it astray. Of all supports on the way the
 * one of the largest posterior is kept, and rows that are not worth their prior are removed from it.
 *
 * @param start - The fit without outliers: its hyperparameters and log posterior.
 * @throws CellwrightError CANCELLED, NOT_POSITIVE_DEFINITE
 * @see Ament, Santorella, Eriksson, Letham, Balandat & Bakshy (2024), NeurIPS 37, algorithm 1 and lemma 1
 */
export function pursueOutliers(
  problem: PursuitProblem,
  start: { readonly hyperparameters: Hyperparameters; readonly logPosterior: number },
): Support {
  const none = emptySupport(problem, start);
  const forward = pursueForward(problem, none);
  const backward = pursueBackward(problem, none);
  return contract(problem, backward !== null && backward.score > forward.score ? backward : forward);
}

function stepOf({ rows }: PursuitProblem): number {
  return Math.max(1, Math.floor(rows.y.length / STEPS));
}

function pursueForward(problem: PursuitProblem, none: Support): Support {
  const most = Math.floor(MOST_SHARE * problem.rows.y.length);
  let current = none;
  let best = none;
  let behind = 0;
  while (current.positions.length < most && behind < PATIENCE) {
    const added = Math.min(stepOf(problem), most - current.positions.length);
    const gains = outlierGains(problem, current).slice(0, added);
    const next = gains.length === 0 ? null : refit(problem, current, withGains(current, gains));
    if (next === null || next.positions.length <= current.positions.length) break;
    current = next;
    behind = current.score > best.score ? 0 : behind + 1;
    if (current.score > best.score) best = current;
  }
  return best;
}

/** The best support on the way down, or null if the first cannot be fitted. */
function pursueBackward(problem: PursuitProblem, none: Support): Support | null {
  const { kernel, preset, rows } = problem;
  const hyperparameters = defaultHyperparameters(preset, kernel.dimension, rows.levels);
  let chosen: Support = { ...none, hyperparameters };
  const most = Math.floor(BACKWARD_SHARE * rows.y.length);
  while (chosen.positions.length < most) {
    const added = Math.min(stepOf(problem), most - chosen.positions.length);
    const gains = outlierGains(problem, chosen).slice(0, added);
    if (gains.length === 0) break;
    chosen = withoutFit(problem, chosen, withGains(chosen, gains));
  }
  let current = chosen.positions.length === 0 ? null : refit(problem, chosen, extrasOf(chosen));
  let best = current;
  while (current !== null && current.positions.length > 1) {
    const extras = extrasOf(current);
    const { positions } = current;
    for (const { index } of losses(problem, current).slice(0, stepOf(problem)))
      extras.delete(positions[index]!);
    current = extras.size === 0 ? null : refit(problem, current, extras);
    if (current !== null && current.score > best!.score) best = current;
  }
  return best;
}

function extrasOf(support: Support): Map<number, number> {
  return new Map(support.positions.map((position, k) => [position, support.extra[k]!]));
}

function withGains(support: Support, gains: readonly Gain[]): Map<number, number> {
  const extras = extrasOf(support);
  for (const { position, extra } of gains) extras.set(position, extra);
  return extras;
}

/** A support with given variances at the same hyperparameters; it has no score. */
function withoutFit(
  { rows, transform }: PursuitProblem,
  near: Support,
  extras: ReadonlyMap<number, number>,
): Support {
  const positions = [...extras.keys()].sort((a, b) => a - b);
  const split = unmergeRows(rows, positions);
  const extra = Float64Array.from(positions, (position) => extras.get(position)!);
  return {
    positions,
    settings: split.settings,
    extra,
    hyperparameters: near.hyperparameters,
    statistics: withExtraVariance(settingStatistics(split.rows, transform), split.settings, extra),
    score: Number.NEGATIVE_INFINITY,
  };
}

/**
 * What one extra variance costs beside its place: at the maximum over ρ the likelihood flatters it. Integrated over log ρ,
 * uniform between ordinary noise and outliers of a hundred standard deviations (width log 10⁴; assumption), by Laplace's
 * method with the Fisher information ½ that one row has of the logarithm of its variance: √(4π)/log 10⁴.
 */
const LOG_OCCAM_FACTOR = 0.5 * log(4 * Math.PI) - log(4 * log(10));

/**
 * log p(support) of k outliers among n rows, with the integrals over their variances: k has an exponential prior of mean
 * n/5 (BoTorch's RobustRelevancePursuitSingleTaskGP), and all supports of k rows are equally likely, which pays for having
 * looked at every row (Scott & Berger 2010, Annals of Statistics 38(5), section 2). The constant that does not depend on k
 * is left out. BoTorch counts sizes alone; then every row 1.5 standard deviations off would be an outlier.
 */
export function logSupportPrior(n: number, k: number): number {
  const logSupports = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
  return k * (LOG_OCCAM_FACTOR - 1 / Math.max(1, 0.2 * n)) - logSupports;
}

function emptySupport(
  { rows, transform }: PursuitProblem,
  start: { readonly hyperparameters: Hyperparameters; readonly logPosterior: number },
): Support {
  return {
    positions: [],
    settings: new Int32Array(0),
    extra: new Float64Array(0),
    hyperparameters: start.hyperparameters,
    statistics: settingStatistics(rows, transform),
    score: start.logPosterior + logSupportPrior(rows.y.length, 0),
  };
}

/**
 * What each row outside the support would gain by an extra noise variance, largest first; only rows that would.
 *
 * With Σ the covariance of all single rows, a row has the leave-one-out deviation e = (Σ⁻¹r)_i/Σ⁻¹_ii and variance
 * v = 1/Σ⁻¹_ii; the best ρ is e² − v where that is positive, and gains ½ (e²/v − 1 − log(e²/v)). For a row of a setting
 * of c merged rows with noise τ, Woodbury's identity gives Σ⁻¹_ii = (1 − 1/c)/τ + A⁻¹_gg/c² and
 * (Σ⁻¹r)_i = (z_i − z̄_g)/τ + α_g/c. An estimated constant mean stays where it is.
 */
export function outlierGains({ rows, transform, kernel, preset }: PursuitProblem, support: Support): Gain[] {
  const { statistics, hyperparameters, positions } = support;
  const split = unmergeRows(rows, positions);
  const posterior = conditionGaussianProcess(statistics, kernel, hyperparameters, preset.mean);
  const inverse = posterior.conditioned.inverseDiagonal();
  const own = new Set(split.settings);
  const places = originalPositions(rows, positions);
  const gains: Gain[] = [];
  for (let g = 0; g < statistics.mean.length; g++) {
    if (own.has(g)) continue;
    const count = statistics.count[g]!;
    const tau = posterior.noise[g]! * count;
    const variance = 1 / ((1 - 1 / count) / tau + inverse[g]! / (count * count));
    for (let k = split.rows.groupStart[g]!; k < split.rows.groupStart[g + 1]!; k++) {
      const z = transform.toModel(split.rows.y[k]!);
      const deviation = ((z - statistics.mean[g]!) / tau + posterior.alpha[g]! / count) * variance;
      const ratio = (deviation * deviation) / variance;
      if (!(ratio > 1)) continue;
      gains.push({
        position: places[k]!,
        gain: 0.5 * (ratio - 1 - log(ratio)),
        extra: variance * (ratio - 1),
      });
    }
  }
  return gains.sort((a, b) => b.gain - a.gain || a.position - b.position);
}

/** Position in `rows` of every place of the unmerged rows. */
function originalPositions(rows: TrainingRows, positions: readonly number[]): Int32Array {
  const numbered = { ...rows, order: Int32Array.from(rows.order.keys()) };
  return unmergeRows(numbered, positions).rows.order;
}

/** Drops the row that loses least while that is less than what its prior costs. */
function contract(problem: PursuitProblem, support: Support): Support {
  let best = support;
  while (best.positions.length > 0) {
    const least = losses(problem, best)[0]!;
    const extras = extrasOf(best);
    extras.delete(best.positions[least.index]!);
    const n = problem.rows.y.length;
    const k = best.positions.length;
    if (!(least.loss < logSupportPrior(n, k - 1) - logSupportPrior(n, k)) || k === 1) return best;
    const smaller = refit(problem, best, extras);
    if (smaller === null || !(smaller.score >= best.score)) return best;
    best = smaller;
  }
  return best;
}

/** What each outlier's ρ gains over none at the fitted hyperparameters, in closed form; smallest first. */
function losses(
  { kernel, preset }: PursuitProblem,
  support: Support,
): { readonly index: number; readonly loss: number }[] {
  const { statistics, hyperparameters } = support;
  const posterior = conditionGaussianProcess(statistics, kernel, hyperparameters, preset.mean);
  const inverse = posterior.conditioned.inverseDiagonal();
  const found = Array.from(support.settings, (g, index) => {
    const total = 1 / inverse[g]!;
    const deviation = posterior.alpha[g]! * total;
    const without = Math.max(total - support.extra[index]!, Number.MIN_VALUE);
    const square = deviation * deviation;
    return { index, loss: 0.5 * (log(without / total) + square / without - square / total) };
  });
  return found.sort((a, b) => a.loss - b.loss || a.index - b.index);
}

/** The best fit of a support near given variances, without the rows whose variance vanished. */
function refit(problem: PursuitProblem, near: Support, extras: ReadonlyMap<number, number>): Support | null {
  const { rows, transform, kernel, preset, signal } = problem;
  if (signal?.aborted === true) throw new CellwrightError("CANCELLED", "Looking for outliers was cancelled.");
  const positions = [...extras.keys()].sort((a, b) => a - b);
  const split = unmergeRows(rows, positions);
  const statistics = settingStatistics(split.rows, transform);
  const start = {
    hyperparameters: near.hyperparameters,
    extra: Float64Array.from(positions, (position) => extras.get(position)!),
  };
  const fit = fitWithOutliers(statistics, split.settings, kernel, preset, start);
  if (fit === null) return null;
  const ordinary = (k: number): number =>
    fit.hyperparameters.noiseVariance[statistics.noiseLevel[split.settings[k]!]!]!;
  const kept = positions.filter((_, k) => fit.extra[k]! > VANISHED * ordinary(k));
  if (kept.length < positions.length) {
    return kept.length === 0
      ? null
      : refit(problem, near, new Map(kept.map((position) => [position, extras.get(position)!])));
  }
  return {
    positions,
    settings: split.settings,
    extra: fit.extra,
    hyperparameters: fit.hyperparameters,
    statistics: withExtraVariance(statistics, split.settings, fit.extra),
    score: fit.logPosterior + logSupportPrior(rows.y.length, positions.length),
  };
}

/** Share of the ordinary noise variance below which an extra variance changes nothing (assumption). */
const VANISHED = 1e-2;
