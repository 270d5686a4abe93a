import { log } from "../math/elementary.js";
import type { AcquisitionFunction } from "./acquisition.js";
import type { DrawnOutcomes } from "./drawn-outcomes.js";
import { logH } from "../math/normal.js";
import { createLogNoisyEi } from "./noisy-ei.js";

/**
 * log E[(g − best)₊], g ~ N(mean, stdDev²), stdDev > 0.
 *
 * Finite wherever ((mean − best)/stdDev)² is.
 *
 * @see Ament, Daulton, Eriksson, Balandat & Bakshy (2023), NeurIPS 36, eq. 8–9
 */
export function logExpectedImprovement(mean: number, stdDev: number, best: number): number {
  return log(stdDev) + logH((mean - best) / stdDev);
}

/**
 * Analytic LogEI of the marginal posterior, with limits as probabilities: the noisy form with the posterior itself as
 * its only draw, so that the reference is the best feasible posterior mean at the data and never an observed value.
 */
export function createLogEi(problem: DrawnOutcomes): AcquisitionFunction {
  return createLogNoisyEi("log-expected-improvement", problem);
}
