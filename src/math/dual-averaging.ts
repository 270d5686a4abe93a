import { exp, log, pow } from "./elementary.js";

/** Learns a sampler's step size during warm-up. */
export interface StepSizeAdaptation {
  /** Step size to explore with next. */
  readonly current: number;
  /** Averaged step size: what to sample with after warm-up. */
  readonly averaged: number;
  /** Takes the mean acceptance probability, in [0, 1], of the transition made with `current`. */
  update(acceptance: number): void;
}

/** γ, t₀ and κ of Hoffman & Gelman (2014), section 3.2.1. */
const GAMMA = 0.05;
const T0 = 10;
const KAPPA = 0.75;

/**
 * Nesterov's dual averaging of log ε towards a mean acceptance probability δ, shrunk towards ten times the first step.
 *
 * @param initial - First step size, above 0.
 * @param target - δ, in (0, 1).
 * @see Hoffman & Gelman (2014), Journal of Machine Learning Research 15, eq. 6 and algorithm 5
 */
export function createDualAveraging(initial: number, target: number): StepSizeAdaptation {
  const mu = log(10 * initial);
  let iteration = 0;
  let shortfall = 0; // H̄: running mean of δ − acceptance
  let logCurrent = log(initial);
  let logAveraged = 0;
  return {
    get current() {
      return exp(logCurrent);
    },
    get averaged() {
      return iteration === 0 ? initial : exp(logAveraged);
    },
    update(acceptance) {
      iteration += 1;
      const weight = 1 / (iteration + T0);
      shortfall = (1 - weight) * shortfall + weight * (target - acceptance);
      logCurrent = mu - (Math.sqrt(iteration) / GAMMA) * shortfall;
      const decay = pow(iteration, -KAPPA);
      logAveraged = decay * logCurrent + (1 - decay) * logAveraged;
    },
  };
}
