import { CellwrightError } from "../errors.js";
import { createDualAveraging } from "./dual-averaging.js";
import { exp } from "./elementary.js";
import { adaptationWindows, createVarianceEstimate } from "./mass-adaptation.js";
import { createMatrix, type Matrix } from "./matrix.js";
import {
  energy,
  type Hamiltonian,
  leapfrog,
  type LogDensity,
  nutsTransition,
  type PhasePoint,
  withFreshMomentum,
} from "./nuts-transition.js";
import type { Rng } from "./rng.js";

export interface NutsOptions {
  /** Where the chain begins, [d]; must have a density. */
  readonly start: Float64Array;
  /** Iterations that learn step size and mass matrix, and are thrown away. */
  readonly warmup: number;
  /** Iterations that are kept. */
  readonly samples: number;
  readonly rng: Rng;
  /** Mean acceptance probability to tune the step size for, in (0, 1); default 0.8 (Stan's). */
  readonly targetAcceptance?: number;
  /** Most doublings of a trajectory; default 10. */
  readonly maxTreeDepth?: number;
  /** Called before every iteration; may throw to stop the chain. */
  readonly onIteration?: () => void;
}

export interface NutsChain {
  /** [samples × d] */
  readonly samples: Matrix;
  /** [samples] */
  readonly logDensity: Float64Array;
  /** Trajectories after warm-up whose energy error exploded: the density has a region that the steps are too long for. */
  readonly divergences: number;
  /** Trajectories after warm-up that were cut off at `maxTreeDepth`. */
  readonly saturated: number;
  /** Mean acceptance probability after warm-up. */
  readonly acceptance: number;
  readonly stepSize: number;
  /** Diagonal of the inverse mass matrix: estimated variances, [d]. */
  readonly inverseMass: Float64Array;
  /** Evaluations of the density, warm-up included. */
  readonly evaluations: number;
}

/**
 * Draws one Markov chain by the no-U-turn sampler: multinomial trajectories, step size by dual averaging, diagonal mass
 * matrix learned in windows of doubling length.
 *
 * The chain depends on start, density and stream only: the same bits everywhere.
 *
 * @throws CellwrightError INVALID_OPTION; NON_FINITE if the start has no density
 * @see Hoffman & Gelman (2014), JMLR 15; Betancourt (2017), arXiv:1701.02434
 */
export function sampleNuts(logDensity: LogDensity, options: NutsOptions): NutsChain {
  checkOptions(options);
  const { start, samples, maxTreeDepth = 10 } = options;
  const d = start.length;
  let evaluations = 0;
  const counted: LogDensity = (x, gradient) => {
    evaluations += 1;
    return logDensity(x, gradient);
  };
  const tuned = warmUp(counted, options);
  let { point } = tuned;
  const chain = { samples: createMatrix(samples, d), logDensity: new Float64Array(samples) };
  let divergences = 0;
  let saturated = 0;
  let acceptance = 0;
  for (let i = 0; i < samples; i++) {
    options.onIteration?.();
    const step = nutsTransition(tuned.system, point, tuned.stepSize, maxTreeDepth, options.rng);
    point = step.point;
    chain.samples.data.set(point.position, i * d);
    chain.logDensity[i] = point.logDensity;
    divergences += step.divergent ? 1 : 0;
    saturated += step.depth === maxTreeDepth ? 1 : 0;
    acceptance += step.acceptance / samples;
  }
  return {
    ...chain,
    divergences,
    saturated,
    acceptance,
    stepSize: tuned.stepSize,
    inverseMass: tuned.system.inverseMass,
    evaluations,
  };
}

interface Tuned {
  readonly point: PhasePoint;
  readonly system: Hamiltonian;
  readonly stepSize: number;
}

function warmUp(logDensity: LogDensity, options: NutsOptions): Tuned {
  const { warmup, rng, targetAcceptance = 0.8, maxTreeDepth = 10 } = options;
  const d = options.start.length;
  const windows = adaptationWindows(warmup);
  let system: Hamiltonian = { logDensity, inverseMass: new Float64Array(d).fill(1) };
  let point = startingPoint(logDensity, options.start);
  let stepSize = createDualAveraging(reasonableStep(system, point, 1, rng), targetAcceptance);
  let variances = createVarianceEstimate(d);
  for (let i = 1; i <= warmup; i++) {
    options.onIteration?.();
    const step = nutsTransition(system, point, stepSize.current, maxTreeDepth, rng);
    point = step.point;
    stepSize.update(step.acceptance);
    if (i > windows.start) variances.add(point.position);
    if (windows.ends.includes(i)) {
      const inverseMass = new Float64Array(d);
      variances.shrunk(inverseMass);
      system = { logDensity, inverseMass };
      variances = createVarianceEstimate(d);
      stepSize = createDualAveraging(reasonableStep(system, point, stepSize.averaged, rng), targetAcceptance);
    }
  }
  return { point, system, stepSize: stepSize.averaged };
}

function startingPoint(logDensity: LogDensity, start: Float64Array): PhasePoint {
  const gradient = new Float64Array(start.length);
  const value = logDensity(start, gradient);
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) {
    throw new CellwrightError("NON_FINITE", "The sampler's start has no finite log density and gradient.");
  }
  const zero = new Float64Array(start.length);
  return { position: start.slice(), momentum: zero, velocity: zero, gradient, logDensity: value };
}

/** Halvings or doublings of the first step before it is taken as it is. */
const MOST_DOUBLINGS = 60;

/** Doubles or halves a step until the acceptance of one leapfrog step crosses 0.8 (Hoffman & Gelman 2014, algorithm 4; Stan's 0.8 for their ½). */
function reasonableStep(system: Hamiltonian, point: PhasePoint, first: number, rng: Rng): number {
  const accepts = (step: number): boolean => {
    const start = withFreshMomentum(system, point, rng);
    return exp(energy(start) - energy(leapfrog(system, start, step))) > 0.8;
  };
  const growing = accepts(first);
  let step = first;
  for (let k = 0; k < MOST_DOUBLINGS; k++) {
    const next = growing ? 2 * step : 0.5 * step;
    const accepted = accepts(next);
    if (growing && !accepted) return step;
    step = next;
    if (!growing && accepted) return step;
  }
  return step;
}

function checkOptions({
  start,
  warmup,
  samples,
  targetAcceptance = 0.8,
  maxTreeDepth = 10,
}: NutsOptions): void {
  const wrong = [
    [start.length > 0, `start: found no coordinates, expected at least one.`],
    [
      Number.isInteger(warmup) && warmup >= 0,
      `warmup: found ${warmup}, expected a whole number of 0 or more.`,
    ],
    [
      Number.isInteger(samples) && samples >= 1,
      `samples: found ${samples}, expected a whole number above 0.`,
    ],
    [
      targetAcceptance > 0 && targetAcceptance < 1,
      `targetAcceptance: found ${targetAcceptance}, expected a probability.`,
    ],
    [
      Number.isInteger(maxTreeDepth) && maxTreeDepth >= 1,
      `maxTreeDepth: found ${maxTreeDepth}, expected a whole number above 0.`,
    ],
  ].flatMap(([fine, problem]) => (fine === true ? [] : [problem]));
  if (wrong.length > 0) throw new CellwrightError("INVALID_OPTION", wrong.join(" "));
}
