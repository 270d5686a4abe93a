import { CellwrightError, type Problem } from "../errors.js";
import { boundedStep, type Bounds, createStepSpace } from "./bounded-step.js";
import { createCompactModel } from "./compact-model.js";
import { type LinePoint, lineSearch } from "./line-search.js";
import { createFullModel, type QuadraticModel } from "./quadratic-model.js";
import { dot } from "./row-products.js";
import { finish, type Steps } from "./steps.js";

/** Returns the value at x, [n], and writes the gradient, [n]; must not keep or change x. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** Bounds, [n]; infinite where there is none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly maxIterations?: number;
  readonly maxEvaluations?: number;
  /** Largest component of the projected gradient at which to stop. */
  readonly gradientTolerance?: number;
  /** Decrease in one iteration at which to stop, relative to max(|f|, 1). */
  readonly functionTolerance?: number;
  /** Pairs of steps and gradient changes kept; with n ≤ 6 · memory the full matrix is kept instead. */
  readonly memory?: number;
}

export interface MinimizeResult {
  readonly x: Float64Array;
  /** Value at x; infinite only if the start itself had no finite value. */
  readonly value: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly status: "converged" | "max-iterations" | "max-evaluations" | "line-search-failed";
}

/** As SciPy's `minimize(method="L-BFGS-B")`, for comparison like with like. */
const DEFAULTS = {
  maxIterations: 15000,
  maxEvaluations: 15000,
  gradientTolerance: 1e-5,
  functionTolerance: 2.220446049250313e-9,
  memory: 10,
};
/** Up to n = 6 · memory an iteration with the full matrix is faster (measured: n = 60, memory 10). */
const FULL_SHARE = 6;
/** Trials in one line search. */
const TRIALS = 20;

/**
 * Minimises a smooth function in a box.
 *
 * L-BFGS-B: the generalised Cauchy point of a quasi-Newton model picks the active bounds, the model is minimised over
 * the free variables, and a strong-Wolfe line search follows. A trial with a non-finite value or gradient is a
 * rejected step, not an error.
 *
 * @param start - Inside the bounds, [n].
 * @throws CellwrightError SHAPE_MISMATCH, or INVALID_OPTION if the start lies outside the bounds or they are reversed.
 * @see Byrd, Lu, Nocedal & Zhu (1995), SIAM J. Sci. Comput. 16(5), 1190–1208
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  options: MinimizeOptions,
): MinimizeResult {
  return finish(minimizeInSteps(objective, start, options));
}

/** As `minimize`, pausing before every iteration. */
export function* minimizeInSteps(
  objective: Objective,
  start: Float64Array,
  options: MinimizeOptions,
): Steps<MinimizeResult> {
  requireFeasible(start, options);
  const settings = { ...DEFAULTS, ...options };
  const n = start.length;
  const model =
    n <= FULL_SHARE * settings.memory ? createFullModel(n) : createCompactModel(n, settings.memory);
  const space = createStepSpace(n);
  const path = createPath(objective, start, options);
  let iterations = 0;
  const result = (status: MinimizeResult["status"]): MinimizeResult => {
    const { x, value } = path.current();
    return { x, value, iterations, evaluations: path.evaluations(), status };
  };

  if (!(path.current().value < Infinity)) return result("line-search-failed");
  for (;;) {
    yield;
    const { x, g, value } = path.current();
    if (projectedGradient(x, g, options) <= settings.gradientTolerance) return result("converged");
    if (iterations >= settings.maxIterations) return result("max-iterations");
    if (path.evaluations() >= settings.maxEvaluations) return result("max-evaluations");
    const advanced =
      boundedStep(x, g, options, model, space) &&
      path.advance(space.direction, model, settings.maxEvaluations);
    if (advanced) {
      iterations++;
      const reached = path.current().value;
      const scale = Math.max(Math.abs(value), Math.abs(reached), 1);
      if (value - reached <= settings.functionTolerance * scale) return result("converged");
    } else {
      if (path.evaluations() >= settings.maxEvaluations) return result("max-evaluations");
      if (!model.learned) return result("line-search-failed");
      model.reset(); // once more, along the projected gradient
    }
  }
}

/** A point that was evaluated. */
interface Evaluated {
  readonly x: Float64Array;
  readonly g: Float64Array;
  value: number;
  step: number;
}

/** The points of one minimisation: where it stands, and how it moves along a direction. */
interface Path {
  current(): Evaluated;
  evaluations(): number;
  /** Searches along the direction; moves there and teaches the model, or returns false if nothing was better. */
  advance(direction: Float64Array, model: QuadraticModel, maxEvaluations: number): boolean;
}

function createPath(objective: Objective, start: Float64Array, bounds: Bounds): Path {
  const n = start.length;
  const point = (): Evaluated => ({
    x: new Float64Array(n),
    g: new Float64Array(n),
    value: Infinity,
    step: 0,
  });
  let current = point();
  let trial = point();
  let best = point(); // lowest trial of this line search
  const s = new Float64Array(n);
  const y = new Float64Array(n);
  let evaluations = 0;
  const evaluate = (at: Evaluated): void => {
    evaluations++;
    at.value = finiteOr(objective(at.x, at.g), at.g);
  };
  current.x.set(start);
  evaluate(current);

  const attempt = (direction: Float64Array, step: number): LinePoint => {
    moveWithin(current.x, direction, step, bounds, trial.x);
    trial.step = step;
    evaluate(trial);
    if (trial.value < best.value) copy(trial, best);
    const slope = trial.value < Infinity ? dot(trial.g, direction) : Infinity;
    return { step, value: trial.value, slope };
  };
  return {
    current: () => current,
    evaluations: () => evaluations,
    advance(direction, model, maxEvaluations) {
      best.value = Infinity;
      const longest = longestStep(current.x, direction, bounds);
      // Without curvature the direction has no scale: the first step is at most one unit long.
      const first = model.learned ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
      const found = lineSearch(
        (step) => (evaluations < maxEvaluations ? attempt(direction, step) : null),
        { step: 0, value: current.value, slope: dot(current.g, direction) },
        { first, longest, trials: TRIALS },
      );
      if (found === null) return false;
      if (found.step !== trial.step) [trial, best] = [best, trial];
      for (let i = 0; i < n; i++) {
        s[i] = trial.x[i]! - current.x[i]!;
        y[i] = trial.g[i]! - current.g[i]!;
      }
      model.update(s, y);
      [current, trial] = [trial, current];
      return true;
    },
  };
}

function copy(from: Evaluated, to: Evaluated): void {
  to.x.set(from.x);
  to.g.set(from.g);
  to.value = from.value;
  to.step = from.step;
}

/** out = x + step · direction, put back on a bound that rounding overstepped. */
function moveWithin(
  x: Float64Array,
  direction: Float64Array,
  step: number,
  bounds: Bounds,
  out: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    const moved = x[i]! + step * direction[i]!;
    out[i] = Math.min(Math.max(moved, bounds.lower[i]!), bounds.upper[i]!);
  }
}

/** The value, or +∞ if it or a component of the gradient is not finite. */
function finiteOr(value: number, gradient: Float64Array): number {
  let sum = value;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * 0;
  return Math.abs(sum) < Infinity ? value : Infinity;
}

/** Largest component of P(x − g) − x: zero at a stationary point of the bounded problem. */
function projectedGradient(x: Float64Array, g: Float64Array, bounds: Bounds): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const target = Math.min(Math.max(x[i]! - g[i]!, bounds.lower[i]!), bounds.upper[i]!);
    largest = Math.max(largest, Math.abs(target - x[i]!));
  }
  return largest;
}

/** The longest step along the direction that stays in the box; at least 1, which the direction itself allows. */
function longestStep(x: Float64Array, direction: Float64Array, bounds: Bounds): number {
  let longest = 1e10;
  for (let i = 0; i < x.length; i++) {
    const d = direction[i]!;
    if (d > 0) longest = Math.min(longest, (bounds.upper[i]! - x[i]!) / d);
    if (d < 0) longest = Math.min(longest, (bounds.lower[i]! - x[i]!) / d);
  }
  return Math.max(longest, 1);
}

function requireFeasible(start: Float64Array, { lower, upper }: Bounds): void {
  const n = start.length;
  if (lower.length !== n || upper.length !== n) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `The start has ${n} values, the bounds ${lower.length} and ${upper.length}; expected the same number.`,
    );
  }
  const problems: Problem[] = [];
  for (let i = 0; i < n; i++) {
    if (lower[i]! <= start[i]! && start[i]! <= upper[i]! && Math.abs(start[i]!) < Infinity) continue;
    problems.push({
      where: `start[${i}]`,
      found: `${start[i]!}`,
      expected: `a finite number from ${lower[i]!} to ${upper[i]!}`,
    });
  }
  if (problems.length > 0) {
    throw new CellwrightError("INVALID_OPTION", "A minimisation must start inside its bounds.", { problems });
  }
}
