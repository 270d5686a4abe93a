import type { DrawnOutcomes } from "../../src/acquisition/drawn-outcomes.js";
import type { Interval, Utility } from "../../src/acquisition/objective-gain.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { unusedModel } from "./example-models.js";

/** One outcome of a problem whose beliefs do not depend on x. */
export interface FixedOutcome {
  readonly utility: Utility | null;
  readonly limits?: Interval;
  /** Values at the base points per draw, [S][b]. */
  readonly values: readonly number[][];
  /** Conditional mean at x per draw, [S]. */
  readonly means: readonly number[];
  readonly stdDev: number;
}

/** A problem in which everything the acquisition sees is written down. */
export function fixedProblem(outcomes: readonly FixedOutcome[]): DrawnOutcomes {
  let index = 0;
  return {
    roles: outcomes.map(({ utility, limits }) => ({
      source: { kind: "learned", model: unusedModel },
      objective: utility === null ? null : { index: index++, utility, threshold: undefined },
      limits: limits ?? null,
    })),
    outcomes: outcomes.map(({ values, means, stdDev }) => ({
      values: matrixFromRows(values),
      at: (x) => ({
        means: Float64Array.from(means),
        variance: stdDev * stdDev,
        meanGradients: createMatrix(means.length, x.length),
        varianceGradient: new Float64Array(x.length),
      }),
    })),
    draws: Math.max(...outcomes.map(({ values }) => values.length)),
    base: createMatrix(outcomes[0]!.values[0]!.length, 1),
  };
}

/** Any point: fixed problems do not look at it. */
export const anywhere = Float64Array.of(0);
