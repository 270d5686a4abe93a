import type { FeasibleSet } from "../space/feasible-set.js";
import type { SettingValue } from "../space/parameter.js";

/** Significant digits of a suggested setting without a step (assumption: nobody sets a machine finer). */
const DIGITS = 4;
/** Smallest share of a parameter's range that a digit must resolve, as a power of ten (assumption). */
const RANGE_DIGITS = 4;

/**
 * Rounds settings that have no step to what a person would type: 1.24998 C becomes 1.25 C, 883.4912 N/mm 883.5 N/mm.
 * A value is left as it is where the rounded one would break a bound or a constraint, or is taken.
 *
 * @param x - A feasible encoded point.
 * @returns An encoded point that is feasible and not taken, if `x` is.
 */
export function tidySettings(
  set: FeasibleSet,
  x: Float64Array,
  isTaken: (x: Float64Array) => boolean,
): Float64Array {
  const { space } = set;
  const { context, parameters: found } = space.decode(x);
  let parameters = found;
  let tidy = x;
  for (const parameter of space.parameters) {
    if (parameter.kind !== "continuous" || parameter.step !== undefined) continue;
    if (Object.hasOwn(set.request.fixed, parameter.name)) continue;
    const value = parameters[parameter.name] as number;
    const rounded = roundFor(value, parameter.max - parameter.min);
    if (rounded === value) continue;
    const changed: Record<string, SettingValue> = { ...parameters, [parameter.name]: rounded };
    if (!space.isFeasible(changed, context)) continue;
    const point = space.encode(changed, context);
    if (isTaken(point)) continue;
    parameters = changed;
    tidy = point;
  }
  return tidy;
}

/** The value with four significant digits, and with more where the range is narrow beside the value. */
function roundFor(value: number, range: number): number {
  const decimals = Math.max(DIGITS - 1 - exponentOf(value), RANGE_DIGITS - 1 - exponentOf(range));
  if (decimals > 15) return value;
  return decimals < 0 ? Number(value.toPrecision(DIGITS)) : Number(value.toFixed(decimals));
}

/** Decimal exponent of a number: 2 for 883.5, −1 for 0.1039. */
function exponentOf(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}
