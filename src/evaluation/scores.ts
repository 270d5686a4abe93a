import type { RowPrediction } from "./held-out.js";

/** How good held-out predictions were. Where a figure is not defined (one group, a zero to divide by) it is null. */
export interface Scores {
  readonly observations: number;
  readonly groups: number;
  /** Root mean squared error of rows and of group means, in the outcome's unit. */
  readonly rmse: number;
  readonly rmseGroups: number;
  /** Share of the variance of group means that is predicted; ≤ 0: no better than their mean. */
  readonly r2: number | null;
  /** Mean absolute error of rows, and of group means, relative to the observed value, %. */
  readonly mape: number | null;
  readonly mapeGroups: number | null;
  /** Mean negative log density of a held-out row (natural log, per raw unit); smaller is better. */
  readonly nlpd: number;
  readonly crps: number;
  /** Share of rows, and of group means, inside their 95 % interval. */
  readonly coverage95: number;
  readonly coverage95Groups: number;
}

/** A group's mean as observed and as predicted, with the 95 % interval of a mean of as many new runs. */
export interface GroupPrediction {
  readonly group: string;
  readonly rows: number;
  readonly observed: number;
  readonly mean: number;
  readonly lo: number;
  readonly hi: number;
  /** Mean log density of the group's rows. */
  readonly logDensity: number;
}

/**
 * Gathers rows into groups, in order of first appearance.
 *
 * Interval of a mean of k runs: from the median, on each side √(l² + (o² − l²)/k) with l and o the half-widths of the
 * latent and of the observed interval. Exact for a normal posterior whose rows share one latent value; an
 * approximation for a skew one.
 */
export function gatherGroups(
  predictions: readonly RowPrediction[],
  groups: readonly string[],
): readonly GroupPrediction[] {
  const members = new Map<string, RowPrediction[]>();
  predictions.forEach((prediction, row) => {
    const group = groups[row]!;
    const rows = members.get(group);
    if (rows) rows.push(prediction);
    else members.set(group, [prediction]);
  });
  return [...members].map(([group, rows]) => gatherGroup(group, rows));
}

function gatherGroup(group: string, rows: readonly RowPrediction[]): GroupPrediction {
  const meanOf = (of: (row: RowPrediction) => number): number => average(rows.map(of));
  const half = (latent: number, observed: number): number =>
    Math.sqrt(latent * latent + Math.max(0, observed * observed - latent * latent) / rows.length);
  const median = meanOf((row) => row.median);
  return {
    group,
    rows: rows.length,
    observed: meanOf((row) => row.observed),
    mean: meanOf((row) => row.mean),
    lo:
      median -
      half(
        meanOf((row) => row.median - row.latentLo),
        meanOf((row) => row.median - row.lo),
      ),
    hi:
      median +
      half(
        meanOf((row) => row.latentHi - row.median),
        meanOf((row) => row.hi - row.median),
      ),
    logDensity: meanOf((row) => row.logDensity),
  };
}

/** Scores held-out rows; `groups[i]` is the group of row i. */
export function scorePredictions(predictions: readonly RowPrediction[], groups: readonly string[]): Scores {
  const gathered = gatherGroups(predictions, groups);
  const n = predictions.length;
  const squared = (rows: readonly { observed: number; mean: number }[]): number[] =>
    rows.map((row) => (row.observed - row.mean) * (row.observed - row.mean));
  const held = (rows: readonly { observed: number; lo: number; hi: number }[]): number =>
    average(rows.map((row) => (row.lo <= row.observed && row.observed <= row.hi ? 1 : 0)));
  return {
    observations: n,
    groups: gathered.length,
    rmse: Math.sqrt(average(squared(predictions))),
    rmseGroups: Math.sqrt(average(squared(gathered))),
    r2: r2OfMeans(gathered),
    mape: relativeError(predictions),
    mapeGroups: relativeError(gathered),
    nlpd: -average(predictions.map((row) => row.logDensity)),
    crps: average(predictions.map((row) => row.crps)),
    coverage95: held(predictions),
    coverage95Groups: held(gathered),
  };
}

function relativeError(rows: readonly { observed: number; mean: number }[]): number | null {
  if (rows.some((row) => row.observed === 0)) return null;
  return 100 * average(rows.map((row) => Math.abs((row.observed - row.mean) / row.observed)));
}

function r2OfMeans(groups: readonly GroupPrediction[]): number | null {
  const center = sum(groups.map((group) => group.observed)) / groups.length;
  const total = sum(groups.map((group) => (group.observed - center) * (group.observed - center)));
  const missed = sum(groups.map((group) => (group.observed - group.mean) * (group.observed - group.mean)));
  return total > 0 ? 1 - missed / total : null;
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
