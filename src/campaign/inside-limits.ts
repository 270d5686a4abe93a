import type { Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";
import { numbersOf } from "./formula-outcomes.js";

/** Encoded values this far beyond the bounds are on them: rounding. */
const EDGE = 1e-9;

/**
 * Whether bounds and constraints hold for settings that were run. Steps and sets need not: a run between two steps was
 * run all the same.
 *
 * @throws CellwrightError DATA_INVALID if a setting or context value is missing.
 */
export function isInsideLimits(space: SearchSpace, parameters: Settings, context: Settings): boolean {
  const x = space.encode(parameters, context);
  const bounded = space.parameters.every((_, k) => {
    const { kind, upper } = space.columns[k]!;
    return kind === "categorical" || (x[k]! >= -EDGE && x[k]! <= upper + EDGE);
  });
  const values = numbersOf({ ...context, ...parameters });
  return bounded && space.constraints.every((constraint) => constraint.expression.evaluate(values) >= 0);
}
