import type { Rng } from "../math/rng.js";
import { exp, log } from "../math/elementary.js";
import { countBits, type DrawnFailures, failuresAt } from "./window-draws.js";
import { type LevelBox, volumeOf, type WindowAxis, type WindowRegion } from "./window-region.js";

/** A box with its share of the range. */
export interface FoundBox {
  readonly box: LevelBox;
  readonly volume: number;
  /** Draws that fail somewhere in it. */
  readonly failures: number;
}

/** Points from which boxes grow, and how often the best ones are shaken (assumptions; the rest is counted work). */
const SEEDS = 16;
const SHAKEN = 3;
const SHAKES = 16;
const EDGE = 1e-9;

/** Counts the draws that fail anywhere in a box: at points inside its ends, tolerance included. */
export interface FailureCounter {
  /** Makes a box the current one. */
  start(from: readonly number[], to: readonly number[]): number;
  /** Of a box that holds the current one. */
  larger(from: readonly number[], to: readonly number[]): number;
}

export function failureCounter(axes: readonly WindowAxis[], failures: DrawnFailures): FailureCounter {
  const { points, words, bits } = failures;
  const current = new Uint32Array(words);
  const larger = new Uint32Array(words);
  const taken = new Uint8Array(points.length);
  const join = (union: Uint32Array, i: number): void => {
    for (let w = 0; w < words; w++) union[w] = union[w]! | bits[i * words + w]!;
  };
  const inside = (point: Float64Array, from: readonly number[], to: readonly number[]): boolean => {
    for (let j = 0; j < axes.length; j++) {
      const x = point[j]!;
      if (!(x >= axes[j]!.low[from[j]!]! - EDGE && x <= axes[j]!.high[to[j]!]! + EDGE)) return false;
    }
    return true;
  };
  return {
    start(from, to) {
      current.fill(0);
      for (let i = 0; i < points.length; i++) {
        taken[i] = inside(points[i]!, from, to) ? 1 : 0;
        if (taken[i] === 1) join(current, i);
      }
      return bitsSet(current);
    },
    larger(from, to) {
      larger.set(current);
      for (let i = 0; i < points.length; i++)
        if (taken[i] === 0 && inside(points[i]!, from, to)) join(larger, i);
      return bitsSet(larger);
    },
  };
}

function bitsSet(words: Uint32Array): number {
  let count = 0;
  for (let w = 0; w < words.length; w++) count += countBits(words[w]!);
  return count;
}

/**
 * The largest box (by the product of its shares of the ranges) in which at most `allowed` draws fail anywhere: grown side
 * by side from several of the best points, then shaken (some sides drawn back and grown anew in another order).
 *
 * @param within - Levels round which the draws were looked at; default all.
 * @returns null where not even a single setting holds.
 */
export function largestBox(
  region: WindowRegion,
  failures: DrawnFailures,
  allowed: number,
  rng: Rng,
  within: LevelBox = everywhere(region),
): FoundBox | null {
  const { axes } = region;
  const count = failureCounter(axes, failures);
  const grown = (start: LevelBox, order?: Rng): FoundBox =>
    grow({ region, count, allowed, within }, start, order);
  const found = seeds({ region, count, allowed, within }, failures).map((levels) =>
    grown({ from: levels, to: levels }),
  );
  if (found.length === 0) return null;
  const ranked = found.toSorted((a, b) => b.volume - a.volume).slice(0, SHAKEN);
  return ranked
    .map((start, k) => {
      let best = start;
      for (let s = 0; s < SHAKES; s++) {
        const own = rng.fork(`shake ${k} ${s}`);
        const next = grown(drawnBack(best.box, own), own);
        if (next.volume > best.volume) best = next;
      }
      return best;
    })
    .reduce((a, b) => (b.volume > a.volume ? b : a));
}

/** Levels nearest to points at which few enough draws fail, far from each other, the surest first. */
function seeds({ region, count, allowed, within }: Growth, failures: DrawnFailures): number[][] {
  const { axes } = region;
  const candidates = new Map<string, { levels: number[]; failed: number }>();
  failures.points.forEach((point, i) => {
    if (failuresAt(failures, i) > allowed) return;
    const levels = axes.map((a, j) =>
      Math.min(within.to[j]!, Math.max(within.from[j]!, nearestLevel(a, point[j]!))),
    );
    const key = levels.join(" ");
    if (candidates.has(key)) return;
    const failed = count.start(levels, levels);
    if (failed <= allowed) candidates.set(key, { levels, failed });
  });
  const left = [...candidates.values()].toSorted((a, b) => a.failed - b.failed);
  const chosen: number[][] = [];
  const distance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, k, j) => sum + Math.abs(k - b[j]!) / axes[j]!.levels.length, 0);
  const apart = left.map(() => Number.POSITIVE_INFINITY);
  for (let next = 0; chosen.length < SEEDS && next >= 0 && left.length > 0; ) {
    chosen.push(left[next]!.levels);
    left.forEach(({ levels }, i) => {
      apart[i] = Math.min(apart[i]!, distance(levels, left[next]!.levels));
    });
    const farthest = apart.reduce((a, b) => Math.max(a, b), 0);
    next = farthest > 0 ? apart.indexOf(farthest) : -1;
  }
  return chosen;
}

export function nearestLevel({ column, levels }: WindowAxis, encoded: number): number {
  let best = 0;
  for (let k = 1; k < levels.length; k++)
    if (
      Math.abs(column.toEncoded(levels[k]!) - encoded) < Math.abs(column.toEncoded(levels[best]!) - encoded)
    )
      best = k;
  return best;
}

/** The box of all levels. */
function everywhere({ axes }: Pick<WindowRegion, "axes">): LevelBox {
  return { from: axes.map(() => 0), to: axes.map(({ levels }) => levels.length - 1) };
}

interface Growth {
  readonly region: WindowRegion;
  readonly count: FailureCounter;
  readonly allowed: number;
  /** Levels round which draws were looked at. */
  readonly within: LevelBox;
}

/** Moves one side by one level at a time, the one that gains most for the draws that it costs, until none can move. */
function grow({ region, count, allowed, within }: Growth, start: LevelBox, order?: Rng): FoundBox {
  const { axes } = region;
  const from = [...start.from];
  const to = [...start.to];
  const taste = axes.flatMap(() =>
    order === undefined ? [1, 1] : [exp(order.normal()), exp(order.normal())],
  );
  let failed = count.start(from, to);
  let volume = volumeOf(region, { from, to });
  const blocked = new Set<number>();
  for (;;) {
    let best: { side: number; worth: number; volume: number } | null = null;
    for (let side = 0; side < 2 * axes.length; side++) {
      if (blocked.has(side) || !move(within, from, to, side, 1)) continue;
      const failedThen = count.larger(from, to);
      const volumeThen = volumeOf(region, { from, to });
      move(within, from, to, side, -1);
      // What fails in a box fails in every larger one.
      if (failedThen > allowed) {
        blocked.add(side);
        continue;
      }
      const worth = (taste[side]! * log(volumeThen / volume)) / (failedThen - failed + 1);
      if (best === null || worth > best.worth) best = { side, worth, volume: volumeThen };
    }
    if (best === null) return { box: { from, to }, volume, failures: failed };
    move(within, from, to, best.side, 1);
    failed = count.start(from, to);
    volume = best.volume;
  }
}

/** Moves a side out (1) or back (−1); false where there is no further level. Even sides are lower ends. */
function move(within: LevelBox, from: number[], to: number[], side: number, by: 1 | -1): boolean {
  const j = side >> 1;
  if (side % 2 === 0) {
    if (from[j]! - by < within.from[j]!) return false;
    from[j] = from[j]! - by;
  } else {
    if (to[j]! + by > within.to[j]!) return false;
    to[j] = to[j]! + by;
  }
  return true;
}

/** The box with some sides drawn back by up to half its width. */
function drawnBack({ from, to }: LevelBox, rng: Rng): LevelBox {
  const lower = [...from];
  const upper = [...to];
  for (let j = 0; j < lower.length; j++) {
    const reach = Math.floor((upper[j]! - lower[j]!) / 2) + 1;
    if (rng.uniform() < 0.5) lower[j] = Math.min(upper[j]!, lower[j]! + rng.integer(reach));
    if (rng.uniform() < 0.5) upper[j] = Math.max(lower[j]!, upper[j]! - rng.integer(reach));
  }
  return { from: lower, to: upper };
}
