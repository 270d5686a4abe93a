import { log10 } from "../math/elementary.js";
import type { Rng } from "../math/rng.js";

/** Gaps below this are equal: rounding of the published optima. */
const LEAST_GAP = 1e-8;
/** Resamples of a bootstrap interval (Efron & Tibshirani 1993 ask for a thousand and more). */
const RESAMPLES = 4000;

/** 25, 50 and 75 % quantiles, linear between order statistics. */
export function quartiles(sample: readonly number[]): readonly [number, number, number] {
  const sorted = [...sample].sort((a, b) => a - b);
  return [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  return sorted[low]! + (position - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

/** Share of gaps below a hundredth of the problem's range. */
export function solvedShare(gaps: readonly number[], range: number): number {
  return gaps.filter((gap) => gap < 0.01 * range).length / gaps.length;
}

/** A mean with a 95 % percentile interval of the bootstrap; negative is better for us. */
export interface Difference {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** "better" or "worse" where the interval leaves zero out; else nobody can tell. */
export function verdict({ low, high }: Difference): "better" | "worse" | "even" {
  if (low > 0) return "worse";
  return high < 0 ? "better" : "even";
}

/** Mean of log10 ours − log10 theirs over gaps from the same designs. */
export function pairedDifference(ours: readonly number[], theirs: readonly number[], rng: Rng): Difference {
  const differences = ours.map((gap, k) => logGap(gap) - logGap(theirs[k]!));
  return interval(mean(differences), () => mean(resampled(differences, rng)));
}

/** Difference of the means of log10 over gaps from different designs. */
export function unpairedDifference(ours: readonly number[], theirs: readonly number[], rng: Rng): Difference {
  const [a, b] = [ours.map(logGap), theirs.map(logGap)];
  return interval(mean(a) - mean(b), () => mean(resampled(a, rng)) - mean(resampled(b, rng)));
}

function interval(center: number, draw: () => number): Difference {
  const sorted = Array.from({ length: RESAMPLES }, draw).sort((a, b) => a - b);
  return { mean: center, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

function resampled(sample: readonly number[], rng: Rng): number[] {
  return sample.map(() => sample[rng.integer(sample.length)]!);
}

function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}

function logGap(gap: number): number {
  return log10(Math.max(gap, LEAST_GAP));
}
