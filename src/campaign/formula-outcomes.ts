import type { Settings } from "../space/parameter.js";
import type { Campaign, Outcome } from "./campaign.js";
import type { FormulaExpression } from "./outcome-formula.js";
import { compareCodeUnits } from "./settings-key.js";
import type { Observation, Trial, TrialUpdate } from "./trial.js";

/** Expressions by outcome, compiled for the columns of one data set. */
export type CompiledFormulas = ReadonlyMap<string, FormulaExpression>;

/** The expressions that are ready, for outcomes that the filter takes; `columnUnits` completes the others. */
export function compileFormulas(
  campaign: Campaign,
  columnUnits: ReadonlyMap<string, string>,
  take: (outcome: Outcome) => boolean,
): CompiledFormulas {
  const compiled = new Map<string, FormulaExpression>();
  for (const outcome of campaign.outcomes) {
    const { formula } = outcome;
    if (formula === undefined || !take(outcome)) continue;
    const ready = formula.columns.every((name) => columnUnits.has(name));
    const expression = ready ? formula.compile(columnUnits) : formula.expression;
    if (expression !== null) compiled.set(outcome.name, expression);
  }
  return compiled;
}

/** Data columns from which formulas compute outcomes: they may be told like outcomes. */
export function formulaColumns(campaign: Pick<Campaign, "outcomes">): string[] {
  return [...new Set(campaign.outcomes.flatMap((o) => o.formula?.columns ?? []))].sort(compareCodeUnits);
}

/** Numbers among settings, by name. */
export function numbersOf(settings: Settings): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(settings)) if (typeof value === "number") numbers[name] = value;
  return numbers;
}

/**
 * Adds to `values` every computed outcome whose names are all there, in the order in which they depend on each other.
 *
 * @returns Names of outcomes that could be named but not computed (a division by 0, a logarithm of nothing).
 */
export function computeFormulas(formulas: CompiledFormulas, values: Record<string, number>): string[] {
  const failed: string[] = [];
  const open = new Map([...formulas].filter(([name]) => values[name] === undefined));
  for (let found = true; found; ) {
    found = false;
    for (const [name, expression] of open) {
      if (!expression.names.every((input) => values[input] !== undefined)) continue;
      const value = expression.evaluate(values);
      open.delete(name);
      found = true;
      if (Number.isFinite(value)) values[name] = value;
      else failed.push(name);
    }
  }
  return failed;
}

/**
 * The trial with its computed outcomes that are learned, from the measured columns told so far. One that was told itself
 * stays; one whose inputs the update changes is computed anew.
 */
export function completeFormulas(campaign: Campaign, trial: Trial, update: TrialUpdate): Trial {
  const formulas = compileFormulas(campaign, new Map(), (outcome) => outcome.formula?.known === false);
  if (formulas.size === 0) return trial;
  const told = new Set(Object.keys(update.observations ?? {}));
  const values = { ...numbersOf(trial.context), ...numbersOf(trial.parameters) };
  for (const [name, observation] of Object.entries(trial.observations)) {
    const inputs = formulas.get(name)?.names ?? [];
    if (told.has(name) || !inputs.some((input) => told.has(input))) values[name] = observation.value;
  }
  computeFormulas(formulas, values);
  const computed: Record<string, Observation> = {};
  for (const name of formulas.keys()) {
    const value = values[name];
    if (value !== undefined && trial.observations[name]?.value !== value) computed[name] = { value };
  }
  return { ...trial, observations: { ...trial.observations, ...computed } };
}
