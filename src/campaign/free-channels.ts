import { requireNotCancelled } from "../surrogates/executor.js";

/** A running cell: which measurements it would still bring, and for how many hours more. */
export interface OccupiedChannel {
  /** Indices of its measurements among all. */
  readonly measurements: readonly number[];
  readonly hoursLeft: number;
  /** Never freed, whatever it is worth. */
  readonly isHeld: boolean;
}

export interface ChannelVerdict {
  readonly keep: boolean;
  /**
   * What freeing this cell costs: how much less the best setting's value is then expected to rise, given that the cells
   * that are kept go on to their ends.
   */
  readonly loss: number;
}

export interface FreeChannelsOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Frees cells one after another, the one that is worth least per hour first, until every cell that is left is held or
 * worth its channel given the others. Going backwards from all cells keeps one of several cells that tell the same, and cells that
 * only decide together.
 *
 * A cell's loss grows as others are freed, by and large, so that one that was computed before is a lower bound, and only
 * the lowest is computed anew (Minoux 1978, lazy evaluation; an approximation where losses shrink).
 *
 * @param riseOf - Expected rise of the best setting's value by a part of all measurements.
 * @param isWorth - Whether so much is worth the channel of this cell for its hours.
 */
export function freeChannels(
  cells: readonly OccupiedChannel[],
  riseOf: (part: readonly number[]) => number,
  isWorth: (cell: number, loss: number) => boolean,
  { signal, onProgress }: FreeChannelsOptions = {},
): readonly ChannelVerdict[] {
  const kept = new Set(cells.keys());
  const losses = new Float64Array(cells.length);
  const computedFor = new Int32Array(cells.length).fill(-1);
  const measured = (without?: number): number[] =>
    [...kept].filter((i) => i !== without).flatMap((i) => cells[i]!.measurements);
  let rise = riseOf(measured());
  let round = 0;
  const compute = (i: number): void => {
    requireNotCancelled(signal);
    losses[i] = Math.max(rise - riseOf(measured(i)), 0);
    computedFor[i] = round;
  };
  for (const i of cells.keys()) {
    compute(i);
    onProgress?.(i + 1, 2 * cells.length);
  }
  const perHour = (i: number): number => losses[i]! / Math.max(cells[i]!.hoursLeft, 1);
  const free = new Set([...kept].filter((i) => !cells[i]!.isHeld));
  while (free.size > 0) {
    const least = [...free].reduce((a, b) => (perHour(b) < perHour(a) ? b : a));
    if (computedFor[least] !== round) {
      compute(least);
      continue;
    }
    if (isWorth(least, losses[least]!)) break;
    kept.delete(least);
    free.delete(least);
    rise = riseOf(measured());
    round++;
    onProgress?.(2 * cells.length - kept.size, 2 * cells.length);
  }
  for (const i of kept) if (computedFor[i] !== round) compute(i);
  return cells.map((_, i) => ({ keep: kept.has(i), loss: losses[i]! }));
}
