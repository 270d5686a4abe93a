import { type CycledCell, type HalfCycle, intervalAh, leastCurrent } from "./half-cycles.js";

/** Width of a bin of voltage, and of the moving mean over bins (assumption: below the width of graphite's stages). */
const BIN_V = 0.01;
const SMOOTHING = 2;
/** Bins at the end of a half-cycle that a constant voltage fills. */
const END_BINS = 2;

/**
 * Voltage of the highest peak of |dQ/dV| in a window of voltages, V: charge gathered in bins of 10 mV, a moving mean of
 * five bins with triangular weights, a local maximum inside the window; null where there is none.
 */
export function dqdvPeakVoltage(
  cell: CycledCell,
  half: HalfCycle,
  [from, to]: readonly [number, number],
): number | null {
  const { voltageV } = cell;
  const least = leastCurrent(cell.currentA);
  let [low, high] = [Infinity, -Infinity];
  for (let i = half.first; i <= half.last; i++) {
    low = Math.min(low, voltageV[i]!);
    high = Math.max(high, voltageV[i]!);
  }
  const count = Math.floor((high - low) / BIN_V) + 1;
  if (!(count > 2 * (SMOOTHING + END_BINS) && count < 10_000)) return null;
  const bins = new Float64Array(count);
  for (let i = half.first + 1; i <= half.last; i++) {
    const passed = intervalAh(cell, i, least) * half.direction;
    if (!(passed > 0)) continue;
    // a coarse record skips bins: its charge is spread over those between its two voltages
    const [a, b] = [voltageV[i - 1]!, voltageV[i]!].sort((x, y) => x - y) as [number, number];
    const [first, last] = [Math.floor((a - low) / BIN_V), Math.floor((b - low) / BIN_V)];
    for (let bin = first; bin <= last; bin++) bins[bin] = bins[bin]! + passed / (last - first + 1);
  }
  const usable = half.direction > 0 ? [0, count - END_BINS] : [END_BINS, count];
  return highestPeak(bins, usable[0]!, usable[1]!, (bin) => low + (bin + 0.5) * BIN_V, from, to);
}

function highestPeak(
  bins: Float64Array,
  start: number,
  end: number,
  voltage: (bin: number) => number,
  from: number,
  to: number,
): number | null {
  const smooth = (bin: number): number => {
    let sum = 0;
    for (let i = bin - SMOOTHING; i <= bin + SMOOTHING; i++)
      sum += (SMOOTHING + 1 - Math.abs(i - bin)) * bins[i]!;
    return sum;
  };
  let [best, at]: [number, number | null] = [0, null];
  for (let bin = start + SMOOTHING + 1; bin < end - SMOOTHING - 1; bin++) {
    const here = smooth(bin);
    const isPeak = here > smooth(bin - 1) && here >= smooth(bin + 1);
    if (isPeak && here > best && voltage(bin) >= from && voltage(bin) <= to) {
      best = here;
      at = voltage(bin);
    }
  }
  return at === null ? null : Number(at.toPrecision(12));
}
