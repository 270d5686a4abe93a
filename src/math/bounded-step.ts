import type { QuadraticModel } from "./quadratic-model.js";

/** Box bounds, [n] each; infinite where there is none. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Buffers of one minimisation, [n] each. */
export interface StepSpace {
  readonly direction: Float64Array;
  readonly z: Float64Array;
  readonly Bz: Float64Array;
  readonly d: Float64Array;
  readonly Bd: Float64Array;
  readonly breaks: Float64Array;
  readonly free: Int32Array;
}

export function createStepSpace(n: number): StepSpace {
  const vector = (): Float64Array => new Float64Array(n);
  return {
    direction: vector(),
    z: vector(),
    Bz: vector(),
    d: vector(),
    Bd: vector(),
    breaks: vector(),
    free: new Int32Array(n),
  };
}

/**
 * Leaves in `space.direction` the step to the minimiser of the quadratic model inside the bounds: the generalised
 * Cauchy point, then the free variables minimised and projected. False if no descent direction was found.
 *
 * @param x - Feasible point, [n].
 * @param g - Gradient there, [n].
 * @see Byrd, Lu, Nocedal & Zhu (1995), algorithm CP and section 5.1; Morales & Nocedal (2011), ACM TOMS 38(1),
 * for the projection
 */
export function boundedStep(
  x: Float64Array,
  g: Float64Array,
  bounds: Bounds,
  model: QuadraticModel,
  space: StepSpace,
): boolean {
  cauchyPoint(x, g, bounds, model, space);
  const { direction, z } = space;
  if (minimizeFree(x, g, bounds, model, space) && slopeAlong(g, direction) < 0) return true;
  direction.set(z);
  return slopeAlong(g, direction) < 0;
}

function slopeAlong(g: Float64Array, d: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < d.length; i++) sum += g[i]! * d[i]!;
  return sum;
}

/** The step t at which x − t·g meets a bound, 0 if it points out of one, +∞ if never. */
function breakpoint(x: number, g: number, lower: number, upper: number): number {
  if (g < 0) return (x - upper) / g;
  return g > 0 ? (x - lower) / g : Infinity;
}

/**
 * First local minimiser of the model along the projected gradient path: z = xᶜ − x, Bz, and where the path is still
 * free `breaks` is +∞ (elsewhere −1: the variable rests on its bound).
 */
function cauchyPoint(
  x: Float64Array,
  g: Float64Array,
  bounds: Bounds,
  model: QuadraticModel,
  space: StepSpace,
): void {
  const { z, Bz, d, Bd, breaks } = space;
  const n = x.length;
  z.fill(0);
  Bz.fill(0);
  for (let i = 0; i < n; i++) {
    const t = breakpoint(x[i]!, g[i]!, bounds.lower[i]!, bounds.upper[i]!);
    breaks[i] = t > 0 ? t : -1;
    d[i] = t > 0 ? -g[i]! : 0;
  }
  let t = 0;
  for (;;) {
    model.multiply(d, Bd);
    let slope = 0;
    let curvature = 0;
    let next = Infinity;
    for (let i = 0; i < n; i++) {
      slope += d[i]! * (g[i]! + Bz[i]!);
      curvature += d[i]! * Bd[i]!;
      if (breaks[i]! > t && breaks[i]! < next && d[i] !== 0) next = breaks[i]!;
    }
    if (!(slope < 0)) return;
    const best = curvature > 0 ? -slope / curvature : Infinity;
    const stops = best < next - t;
    const step = stops ? best : next - t;
    if (step === Infinity) return; // no curvature and no bound: leave the rest to the line search
    for (let i = 0; i < n; i++) {
      z[i] = z[i]! + step * d[i]!;
      Bz[i] = Bz[i]! + step * Bd[i]!;
    }
    if (stops) return;
    t = next;
    rest(x, g, bounds, space, t);
  }
}

/** Stops the variables whose breakpoint is t, exactly on their bounds. */
function rest(x: Float64Array, g: Float64Array, bounds: Bounds, space: StepSpace, t: number): void {
  const { z, d, breaks } = space;
  for (let i = 0; i < x.length; i++) {
    if (breaks[i] !== t) continue;
    z[i] = (g[i]! < 0 ? bounds.upper[i]! : bounds.lower[i]!) - x[i]!;
    d[i] = 0;
    breaks[i] = -1;
  }
}

/** Minimises the model over the variables that the Cauchy point left free; false if that is not possible. */
function minimizeFree(
  x: Float64Array,
  g: Float64Array,
  bounds: Bounds,
  model: QuadraticModel,
  space: StepSpace,
): boolean {
  const { direction, z, Bz, d, breaks, free } = space;
  const n = x.length;
  let count = 0;
  for (let i = 0; i < n; i++) {
    d[i] = g[i]! + Bz[i]!; // gradient of the model at the Cauchy point
    if (breaks[i]! > 0) free[count++] = i;
  }
  direction.set(z);
  if (count === 0) return true;
  const newton = space.Bd;
  if (!model.solveFree(free, count, d, newton)) return false;
  for (let a = 0; a < count; a++) {
    const i = free[a]!;
    const target = x[i]! + z[i]! + newton[i]!;
    direction[i] = Math.min(Math.max(target, bounds.lower[i]!), bounds.upper[i]!) - x[i]!;
  }
  if (slopeAlong(g, direction) < 0) return true;
  truncate(x, bounds, space, count, newton);
  return true;
}

/** Goes from the Cauchy point towards the free minimiser only as far as the bounds allow. */
function truncate(
  x: Float64Array,
  bounds: Bounds,
  space: StepSpace,
  count: number,
  newton: Float64Array,
): void {
  const { direction, z, free } = space;
  let share = 1;
  for (let a = 0; a < count; a++) {
    const i = free[a]!;
    const start = x[i]! + z[i]!;
    const step = newton[i]!;
    if (step > 0) share = Math.min(share, (bounds.upper[i]! - start) / step);
    if (step < 0) share = Math.min(share, (bounds.lower[i]! - start) / step);
  }
  for (let a = 0; a < count; a++) {
    const i = free[a]!;
    direction[i] = z[i]! + Math.max(share, 0) * newton[i]!;
  }
}
