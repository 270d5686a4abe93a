import type { KnownOutcome } from "../acquisition/outcome-terms.js";
import { CellwrightError } from "../errors.js";
import type { SearchSpace } from "../space/search-space.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { OutcomeFormula } from "./outcome-formula.js";

/** A number with its slope along every encoded column (and whatever is taken as a variable beside them). */
export interface Dual {
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * An outcome that is known from settings and context, at encoded points: value and exact gradient, through other known
 * outcomes where its formula names them. Settings are not snapped here: rounding is the search's.
 *
 * @throws CellwrightError INVALID_OPTION if the outcome is not known; NON_FINITE (from its functions) where the formula
 *   has no value.
 */
export function knownOutcome(campaign: Pick<Campaign, "space" | "outcomes">, outcome: Outcome): KnownOutcome {
  const { formula } = outcome;
  if (formula?.known !== true) {
    throw new CellwrightError("INVALID_OPTION", `${outcome.name} is learned, not known from its formula.`);
  }
  const { space } = campaign;
  const at = (x: Float64Array, withGradient: boolean): Dual => {
    const result = evaluateFormula(formula, campaign, x, withGradient, new Map());
    if (Number.isFinite(result.value)) return result;
    const { parameters, context } = space.decode(x);
    throw new CellwrightError(
      "NON_FINITE",
      `${outcome.name} has no value at ${JSON.stringify({ ...parameters, ...context })}: its formula is ${formula.source}.`,
    );
  };
  const stdDev = errorOf(formula);
  return {
    kind: "known",
    evaluate: (x) => at(x, false).value,
    gradient: (x) => at(x, true).gradient,
    ...(stdDev === null ? {} : { error: stdDev }),
  };
}

/** Stated standard deviation at a value: relative, absolute, or none. */
function errorOf({ error }: OutcomeFormula): ((value: number) => number) | null {
  const { relative, absolute } = error ?? {};
  if (absolute !== undefined && absolute > 0) return () => absolute;
  if (relative !== undefined && relative > 0) return (value) => relative * Math.abs(value);
  return null;
}

/**
 * A formula at an encoded point.
 *
 * @param computed - Values by name that need no formula; receives those of the formulas on the way.
 * @param length - Of the gradients: d, and more where `computed` holds variables besides the settings.
 */
export function evaluateFormula(
  formula: OutcomeFormula,
  campaign: Pick<Campaign, "space" | "outcomes">,
  x: Float64Array,
  withGradient: boolean,
  computed: Map<string, Dual>,
  length = x.length,
): Dual {
  const expression = formula.expression!;
  const inputs = expression.names.map((name) => {
    const done = computed.get(name);
    if (done !== undefined) return done;
    const inner = campaign.outcomes.find((o) => o.name === name)?.formula;
    const dual =
      inner === undefined
        ? settingAt(campaign.space, x, name, length)
        : evaluateFormula(inner, campaign, x, withGradient, computed, length);
    computed.set(name, dual);
    return dual;
  });
  const values = Object.fromEntries(expression.names.map((name, i) => [name, inputs[i]!.value]));
  const gradient = new Float64Array(length);
  if (withGradient) {
    const slopes = expression.gradient(values, expression.names);
    inputs.forEach((input, i) => input.gradient.forEach((g, k) => (gradient[k]! += slopes[i]! * g)));
  }
  return { value: expression.evaluate(values), gradient };
}

function settingAt(space: SearchSpace, x: Float64Array, name: string, length: number): Dual {
  const k = space.columns.findIndex((column) => column.name === name);
  const column = space.columns[k]!;
  const value = column.toRaw(x[k]!);
  const gradient = new Float64Array(length);
  gradient[k] = column.slope(value);
  return { value, gradient };
}
