import { exp, log } from "../math/elementary.js";
import type { Boxes } from "./box-decomposition.js";
import { logExpectedExcess, subtractLog } from "./expected-excess.js";
import type { ObjectiveGain } from "./objective-gain.js";
import type { LogGain } from "./piecewise-gain.js";

/** The intervals that boxes span along one objective: each distinct end and each distinct pair of ends once. */
interface Intervals {
  readonly ends: Float64Array;
  /** Indices of lower and upper end of interval p at 2p and 2p + 1. */
  readonly pairs: Int32Array;
}

/** Boxes of one draw, by the interval of each objective. */
export interface Cells {
  readonly count: number;
  readonly intervals: readonly Intervals[];
  /** Interval of objective m in box i at i · M + m. */
  readonly intervalOf: Int32Array;
}

export function cellsOf({ lower, upper }: Boxes): Cells {
  const M = lower.cols;
  const intervalOf = new Int32Array(lower.rows * M);
  const intervals = Array.from({ length: M }, (_, m): Intervals => {
    const ends = new Map<number, number>();
    const pairs = new Map<string, number>();
    const flat: number[] = [];
    for (let i = m; i < intervalOf.length; i += M) {
      const from = indexIn(ends, lower.data[i]!);
      const to = indexIn(ends, upper.data[i]!);
      const known = pairs.size;
      intervalOf[i] = indexIn(pairs, `${from} ${to}`);
      if (pairs.size > known) flat.push(from, to);
    }
    return { ends: Float64Array.from(ends.keys()), pairs: Int32Array.from(flat) };
  });
  return { count: lower.rows, intervals, intervalOf };
}

/** Position of a key in order of first appearance. */
function indexIn<K>(map: Map<K, number>, key: K): number {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, map.size);
  return map.size - 1;
}

/** How an objective gains: +1 or −1 for larger or smaller values without limits, else its closed form. */
export type BoxGain = 1 | -1 | ObjectiveGain;

/** Adds up boxes of expected gains in log space. */
export interface BoxSum {
  /** Expected gain of objective `m` in each of its intervals. */
  setObjective(m: number, cells: Cells, gain: BoxGain, mean: number, stdDev: number): void;
  /** log Σ_boxes Π_m gain. */
  logTotal(cells: Cells): number;
  /** Adds the derivatives of the last `logTotal` by mean and standard deviation of role `roleOf[m]` to `slopes`. */
  addSlopes(cells: Cells, total: number, roleOf: Int32Array, slopes: Float64Array): void;
}

/** Scratch for M objectives, sized for the largest of `all`. */
export function createBoxSum(M: number, all: readonly Cells[]): BoxSum {
  const width = Math.max(...all.flatMap(({ intervals }) => intervals.map(({ pairs }) => pairs.length / 2)));
  const logs = new Float64Array(M * width);
  const byMean = new Float64Array(M * width);
  const byStdDev = new Float64Array(M * width);
  const boxLogs = new Float64Array(Math.max(...all.map(({ count }) => count)));
  const mostEnds = Math.max(...all.flatMap(({ intervals }) => intervals.map(({ ends }) => ends.length)));
  const excess = Array.from({ length: mostEnds }, (): LogGain => ({ log: 0, byMean: 0, byStdDev: 0 }));
  const out: LogGain = { log: 0, byMean: 0, byStdDev: 0 };
  return {
    setObjective(m, cells, gain, mean, stdDev) {
      const { ends, pairs } = cells.intervals[m]!;
      const plain = gain === 1 || gain === -1;
      for (let e = 0; plain && e < ends.length; e++) {
        if (ends[e]! < Infinity) logExpectedExcess(gain * mean, stdDev, ends[e]!, excess[e]!);
      }
      for (let p = 0; 2 * p < pairs.length; p++) {
        const from = pairs[2 * p]!;
        const to = pairs[2 * p + 1]!;
        if (plain) {
          subtractLog(excess[from]!, ends[to] === Infinity ? null : excess[to]!, out);
          out.byMean *= gain;
        } else gain(mean, stdDev, ends[from]!, ends[to]!, out);
        logs[m * width + p] = out.log;
        byMean[m * width + p] = out.byMean;
        byStdDev[m * width + p] = out.byStdDev;
      }
    },
    logTotal({ count, intervalOf }) {
      let largest = -Infinity;
      for (let i = 0; i < count; i++) {
        let product = 0;
        for (let m = 0; m < M; m++) product += logs[m * width + intervalOf[i * M + m]!]!;
        boxLogs[i] = product;
        if (product > largest) largest = product;
      }
      if (largest === -Infinity) return largest;
      let total = 0;
      for (let i = 0; i < count; i++) total += exp(boxLogs[i]! - largest);
      return largest + log(total);
    },
    addSlopes({ count, intervalOf }, total, roleOf, slopes) {
      for (let i = 0; i < count; i++) {
        const share = exp(boxLogs[i]! - total);
        if (share === 0) continue;
        for (let m = 0; m < M; m++) {
          const p = m * width + intervalOf[i * M + m]!;
          slopes[2 * roleOf[m]!]! += share * byMean[p]!;
          slopes[2 * roleOf[m]! + 1]! += share * byStdDev[p]!;
        }
      }
    },
  };
}
