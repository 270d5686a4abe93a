import { CellwrightError } from "../errors.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { AcquisitionFunction } from "./acquisition.js";

/**
 * μ + √β σ of the utility (−μ + √β σ where the outcome is minimised), on the model scale: not a logarithm.
 *
 * @throws CellwrightError INVALID_OPTION if `beta` is not a finite number ≥ 0.
 * @see Srinivas, Krause, Kakade & Seeger (2010), ICML 27, eq. 6
 */
export function createUpperConfidenceBound(options: {
  readonly model: GaussianLatent;
  readonly goal: "maximize" | "minimize";
  readonly beta: number;
}): AcquisitionFunction {
  const { model, goal, beta } = options;
  if (!(beta >= 0 && beta < Infinity)) {
    throw new CellwrightError("INVALID_OPTION", `Confidence bound: expected a finite beta ≥ 0, got ${beta}.`);
  }
  const sign = goal === "maximize" ? 1 : -1;
  const width = Math.sqrt(beta);
  function valueAndGradient(x: Float64Array, gradient: Float64Array): number {
    const { mean, variance, meanGradient, varianceGradient } = model.latentAt(x);
    const stdDev = Math.sqrt(Math.max(variance, 0));
    // At an exactly known point σ has a kink; its slope is taken as 0 there.
    const spread = stdDev > 0 ? width / (2 * stdDev) : 0;
    for (let j = 0; j < x.length; j++) gradient[j] = sign * meanGradient[j]! + spread * varianceGradient[j]!;
    return sign * mean + width * stdDev;
  }
  return {
    name: "upper-confidence-bound",
    value: (x) => valueAndGradient(x, new Float64Array(x.length)),
    valueAndGradient,
  };
}
