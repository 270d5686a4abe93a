import type { KnownFormula } from "../space/knowledge.js";
import { converter } from "../units.js";
import { definedFields } from "./defined-fields.js";
import type { FormulaExpression } from "./outcome-formula.js";
import type { FormulaError } from "./read-outcomes.js";

/** Wraps a process formula: units in and out are converted, inputs that the campaign lacks take their defaults. */
export function knowledgeExpression(
  known: KnownFormula,
  unit: string,
  settings: ReadonlyMap<string, string>,
): FormulaExpression {
  const inputs = known.inputs.map((input) => {
    const own = settings.get(input.name);
    return { ...input, own, convert: converter(own ?? input.unit, input.unit) };
  });
  const result = converter(known.unit, unit);
  const evaluate = (values: Readonly<Record<string, number>>): number => {
    const converted = inputs.map(({ name, own, convert, default: fallback }) => {
      return [name, own === undefined ? fallback! : convert.scale * values[name]! + convert.offset] as const;
    });
    return result.scale * known.evaluate(Object.fromEntries(converted)) + result.offset;
  };
  return {
    names: inputs.filter((input) => input.own !== undefined).map((input) => input.name),
    evaluate,
    gradient: (values, names) => Float64Array.from(names, (name) => slope(evaluate, values, name)),
  };
}

/** The formula's own standard deviation in the outcome's unit; null where it is exact. */
export function knowledgeError({ error, unit }: KnownFormula, outcomeUnit: string): FormulaError | null {
  if (error === undefined) return null;
  const { relative, absolute } = error;
  return definedFields({
    relative,
    absolute: absolute === undefined ? undefined : Math.abs(converter(unit, outcomeUnit).scale) * absolute,
  });
}

/** Cube root of rounding: the step at which a central difference errs least. */
const STEP = 6e-6;

function slope(
  evaluate: (values: Readonly<Record<string, number>>) => number,
  values: Readonly<Record<string, number>>,
  name: string,
): number {
  const at = values[name]!;
  const step = STEP * Math.max(Math.abs(at), 1e-3);
  return (
    (evaluate({ ...values, [name]: at + step }) - evaluate({ ...values, [name]: at - step })) / (2 * step)
  );
}
