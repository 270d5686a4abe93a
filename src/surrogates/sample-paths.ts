import { CellwrightError } from "../errors.js";
import type { SmoothFunction } from "../kernels/prior-function.js";
import { matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { ProcessPosterior } from "./posterior.js";
import type { PriorFunctions } from "./prior-functions.js";
import { plotErrors } from "./setting-statistics.js";
import type { InputDimension } from "./surrogate.js";

/** More functions than memory should hold (assumption: 8 KB each and 8 bytes a setting). */
const MOST_PATHS = 65536;

/**
 * Draws functions from a Gaussian posterior by Matheron's rule, on the model scale:
 * f(x) = μ + f₀(x) + k(x, X) A⁻¹ (z̄ − μ − f₀(X) − ε), with f₀ from the prior and ε from the noise.
 *
 * Mean and covariance over functions are those of the posterior, exactly (kernels/prior-function.ts).
 *
 * @param functions - With the covariance of the posterior's prior.
 * @throws CellwrightError INVALID_OPTION if `count` is not a whole number from 1 to 65,536
 * @see Wilson, Borovitskiy, Terenin, Mostowsky & Deisenroth (2020), ICML, eq. 13; (2021), JMLR 22(105), section 4
 */
export function drawSamplePaths(
  posterior: ProcessPosterior,
  functions: PriorFunctions,
  inputs: readonly InputDimension[],
  count: number,
  rng: Rng,
): readonly SmoothFunction[] {
  checkPathCount(count);
  const { statistics, constant, noise, conditioned } = posterior;
  return Array.from({ length: count }, (_, s) => {
    const own = rng.fork(`path ${s}`);
    const prior = functions.draw(inputs, own.fork("prior"));
    const errors = own.fork("noise");
    const plotError = drawnPlotErrors(posterior, own);
    const missed = statistics.mean.map((z, g) => {
      const expected = constant + prior.value(matrixRow(statistics.X, g));
      return z - expected - Math.sqrt(noise[g]!) * errors.normal() - plotError(g);
    });
    const update = functions.weighted(statistics.X, conditioned.solve(missed));
    return sumOf([prior, update], constant);
  });
}

/** The error of each setting's whole plot, one draw for all settings of a plot; 0 without plots. */
function drawnPlotErrors({ statistics, hyperparameters }: ProcessPosterior, rng: Rng): (g: number) => number {
  const plots = plotErrors(statistics, hyperparameters);
  if (plots === undefined) return () => 0;
  const own = rng.fork("whole plots");
  const drawn = new Map<number, number>();
  for (const plot of plots.of)
    if (!drawn.has(plot)) drawn.set(plot, Math.sqrt(plots.variance) * own.normal());
  return (g) => drawn.get(plots.of[g]!)!;
}

/** @throws CellwrightError INVALID_OPTION */
export function checkPathCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PATHS) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `The number of sample functions must be a whole number from 1 to ${MOST_PATHS}, found ${count}.`,
  );
}

/** constant + Σ f_i. */
export function sumOf(parts: readonly SmoothFunction[], constant: number): SmoothFunction {
  return {
    value: (x) => parts.reduce((sum, part) => sum + part.value(x), constant),
    valueAndGradient(x, gradient) {
      const own = new Float64Array(gradient.length);
      gradient.fill(0);
      let sum = constant;
      for (const part of parts) {
        sum += part.valueAndGradient(x, own);
        for (let k = 0; k < own.length; k++) gradient[k] = gradient[k]! + own[k]!;
      }
      return sum;
    },
  };
}
