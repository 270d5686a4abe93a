import { CellwrightError } from "../errors.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { log } from "../math/elementary.js";
import type { AcquisitionFunction } from "./acquisition.js";

/** What one run costs at encoded settings, above 0. */
export interface CostOfRun {
  evaluate(x: Float64Array): number;
  /** ∂cost/∂x, [d]. */
  gradient(x: Float64Array): Float64Array;
}

/**
 * What a run is worth per unit of what it costs: log α(x) − c · log cost(x). An exponent c of 1 is gain per cost, 0 is
 * gain alone; cooling from 1 to 0 as a budget is spent lets dear runs in towards its end.
 *
 * @param exponent - c, 0 to 1.
 * @throws CellwrightError INVALID_OPTION (from its functions) where a run costs nothing or less
 * @see Lee, Perrone, Archambeau & Seeger (2020), "Cost-aware Bayesian optimization", arXiv 2003.10870, sections 3 and 4
 */
export function gainPerCost(
  acquisition: AcquisitionFunction,
  cost: CostOfRun,
  exponent: number,
): AcquisitionFunction {
  const { screen } = acquisition;
  return {
    ...perCost(acquisition, cost, exponent),
    name: `${acquisition.name} per cost`,
    ...(screen === undefined ? {} : { screen: perCost(screen, cost, exponent) }),
  };
}

function perCost(
  acquisition: Omit<AcquisitionFunction, "screen">,
  cost: CostOfRun,
  exponent: number,
): Omit<AcquisitionFunction, "screen"> {
  const costAt = (x: Float64Array): number => {
    const value = cost.evaluate(x);
    if (value > 0 && value < Infinity) return value;
    throw new CellwrightError(
      "INVALID_OPTION",
      `Gain per cost: expected a run that costs more than 0, got ${value}. Add what every run costs, or correct the formula.`,
    );
  };
  const { values } = acquisition;
  return {
    name: acquisition.name,
    value: (x) => acquisition.value(x) - exponent * log(costAt(x)),
    ...(values === undefined
      ? {}
      : {
          values: (points: Matrix) =>
            values(points).map((value, i) => value - exponent * log(costAt(matrixRow(points, i)))),
        }),
    valueAndGradient(x, gradient) {
      const value = acquisition.valueAndGradient(x, gradient);
      const amount = costAt(x);
      const slope = cost.gradient(x);
      for (let k = 0; k < x.length; k++) gradient[k] = gradient[k]! - (exponent * slope[k]!) / amount;
      return value - exponent * log(amount);
    },
  };
}
