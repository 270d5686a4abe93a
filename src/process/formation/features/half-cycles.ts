/** A test as its cycler recorded it: charging currents are positive, times never fall. */
export interface CycledCell {
  readonly timeS: Float64Array;
  readonly currentA: Float64Array;
  readonly voltageV: Float64Array;
}

/** Rows between two changes of direction, rests inside included: charge that passed, and where the current flowed. */
export interface HalfCycle {
  readonly direction: 1 | -1;
  /** First and last row with current. */
  readonly first: number;
  readonly last: number;
  /** Ah, above 0. */
  readonly chargeAh: number;
}

/** A current below this share of the largest one is the cycler's own noise (assumption). */
const NOISE_SHARE = 0.002;

/** The current above which a row counts as charging or discharging, A. */
export function leastCurrent(currentA: Float64Array): number {
  let largest = 0;
  for (const current of currentA) if (Math.abs(current) > largest) largest = Math.abs(current);
  return largest * NOISE_SHARE;
}

/**
 * Charge of the interval before row `i`, Ah: the mean current of its ends, unless the current was switched between
 * them. A switched current is the later one: cyclers record the end of a step.
 */
export function intervalAh({ timeS, currentA }: CycledCell, i: number, least: number): number {
  const [before, after] = [currentA[i - 1]!, currentA[i]!];
  const hours = (timeS[i]! - timeS[i - 1]!) / 3600;
  if (!(Math.abs(after) > least)) return 0;
  return hours * (before * after > 0 && Math.abs(before) > least ? (before + after) / 2 : after);
}

/** The half-cycles of a test in order. */
export function halfCycles(cell: CycledCell): readonly HalfCycle[] {
  const least = leastCurrent(cell.currentA);
  const found: { direction: 1 | -1; first: number; last: number; chargeAh: number }[] = [];
  for (let i = 0; i < cell.timeS.length; i++) {
    const current = cell.currentA[i]!;
    if (!(Math.abs(current) > least)) continue;
    const direction = current > 0 ? 1 : -1;
    if (found.at(-1)?.direction !== direction) found.push({ direction, first: i, last: i, chargeAh: 0 });
    const open = found.at(-1)!;
    open.last = i;
    if (i > 0) open.chargeAh += direction * intervalAh(cell, i, least);
  }
  return found;
}
