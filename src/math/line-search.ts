/** Value and slope of the objective at a step along a direction. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

export interface LineSearchOptions {
  /** First step tried, > 0 and ≤ `longest`. */
  readonly first: number;
  readonly longest: number;
  /** Trials at most. */
  readonly trials: number;
}

/** Sufficient decrease and curvature of the strong Wolfe conditions (Nocedal & Wright 2006, section 3.1). */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
/** Values closer than this, relative, cannot be told apart: slopes decide instead. */
const ROUNDING = 1e-14;

/**
 * A step that satisfies the strong Wolfe conditions, or the best decrease found; null if there was none.
 *
 * A trial whose value or slope is not finite is rejected: the step is too long. Near a minimum, where differences of
 * values drown in rounding, the approximate conditions of Hager & Zhang are accepted.
 *
 * @param at - Evaluates a trial; null once evaluations have run out.
 * @param start - Step 0, with a negative slope.
 * @see Nocedal & Wright (2006), algorithms 3.5 and 3.6; Hager & Zhang (2005), SIAM J. Optim. 16(1), equation (4.1)
 */
export function lineSearch(
  at: (step: number) => LinePoint | null,
  start: LinePoint,
  options: LineSearchOptions,
): LinePoint | null {
  let low = start; // best end of the bracket
  let high: LinePoint | null = null; // other end, if there is one
  let best: LinePoint | null = null;
  let step = options.first;
  for (let trial = 0; trial < options.trials; trial++) {
    const point = at(step);
    if (point === null) break;
    if (accepted(point, start)) return point;
    const finite = isFinitePoint(point);
    if (finite && point.value < start.value && (best === null || point.value < best.value)) best = point;
    const worse =
      !finite || point.value > start.value + DECREASE * step * start.slope || point.value >= low.value;
    if (worse) {
      high = point;
    } else if (high === null) {
      if (step >= options.longest && point.slope < 0) return point; // still falling at the bound
      if (point.slope >= 0) high = low;
      low = point;
    } else {
      if (point.slope * (high.step - low.step) >= 0) high = low;
      low = point;
    }
    step = high === null ? Math.min(4 * step, options.longest) : interpolate(low, high);
    if (high !== null && !(Math.abs(high.step - low.step) > 1e-15 * Math.max(high.step, low.step))) break;
  }
  return best;
}

function isFinitePoint(point: LinePoint): boolean {
  return Math.abs(point.value) < Infinity && Math.abs(point.slope) < Infinity;
}

function accepted(point: LinePoint, start: LinePoint): boolean {
  if (!isFinitePoint(point)) return false;
  const steepness = -start.slope;
  if (
    point.value <= start.value - DECREASE * point.step * steepness &&
    Math.abs(point.slope) <= CURVATURE * steepness
  ) {
    return true;
  }
  return (
    point.value <= start.value + ROUNDING * Math.abs(start.value) &&
    point.slope >= -CURVATURE * steepness &&
    point.slope <= (1 - 2 * DECREASE) * steepness
  );
}

/** Minimiser of the cubic through both ends, kept in the middle 80 % of the bracket; its middle if one is not finite. */
function interpolate(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step;
  if (!isFinitePoint(high)) return low.step + 0.25 * width;
  // Nocedal & Wright (2006), equation (3.59)
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const square = d1 * d1 - low.slope * high.slope;
  const middle = low.step + 0.5 * width;
  if (!(square >= 0)) return middle;
  const d2 = width > 0 ? Math.sqrt(square) : -Math.sqrt(square);
  const step = high.step - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
  const first = low.step + 0.1 * width;
  const last = low.step + 0.9 * width;
  if (!(step >= Math.min(first, last))) return step !== step ? middle : width > 0 ? first : last;
  return step <= Math.max(first, last) ? step : width > 0 ? last : first;
}
