/** When a warm-up collects draws for the mass matrix, and after which iterations it renews it. */
export interface AdaptationWindows {
  /** First iteration whose draw counts. */
  readonly start: number;
  /** Iterations, counted from 1, that end a window. */
  readonly ends: readonly number[];
}

/** Iterations of the first phase, the first window and the last phase of a long warm-up, as in Stan. */
const LONG = { first: 75, window: 25, last: 50 } as const;

/**
 * Splits a warm-up into a first phase (find the bulk), windows of doubling length (learn variances) and a last phase
 * (settle the step size). Short warm-ups get one window between 15 % and 90 %; below 20 iterations there is none.
 *
 * @see Stan Development Team (2024), Stan Reference Manual, "Automatic parameter tuning", table of the three phases
 */
export function adaptationWindows(warmup: number): AdaptationWindows {
  if (warmup < 20) return { start: warmup, ends: [] };
  if (warmup < LONG.first + LONG.window + LONG.last) {
    return { start: Math.floor(0.15 * warmup), ends: [warmup - Math.floor(0.1 * warmup)] };
  }
  const finish = warmup - LONG.last;
  const ends: number[] = [];
  let begin: number = LONG.first;
  let length: number = LONG.window;
  while (begin < finish) {
    // A window whose successor would not fit is stretched to the end.
    const end = begin + 3 * length > finish ? finish : begin + length;
    ends.push(end);
    begin = end;
    length *= 2;
  }
  return { start: LONG.first, ends };
}

/** Running variance of every coordinate. */
export interface VarianceEstimate {
  add(x: Float64Array): void;
  /**
   * Variances shrunk towards 1e-3 as if by five further draws, written to `into` [d]: what Stan takes as the inverse of
   * a diagonal mass matrix.
   */
  shrunk(into: Float64Array): void;
}

/** Welford's running variance (Welford 1962, Technometrics 4(3)). */
export function createVarianceEstimate(dimension: number): VarianceEstimate {
  const mean = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  let count = 0;
  return {
    add(x) {
      count += 1;
      for (let k = 0; k < dimension; k++) {
        const deviation = x[k]! - mean[k]!;
        mean[k] = mean[k]! + deviation / count;
        squares[k] = squares[k]! + deviation * (x[k]! - mean[k]!);
      }
    },
    shrunk(into) {
      for (let k = 0; k < dimension; k++) {
        const variance = squares[k]! / Math.max(1, count - 1);
        into[k] = (count * variance + 5e-3) / (count + 5);
      }
    },
  };
}
