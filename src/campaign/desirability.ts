import { exp, log } from "../math/elementary.js";
import type { FormulaExpression } from "./outcome-formula.js";

/** How desirable values of one outcome are, in its unit: 0 at and beyond `lower` or `upper`, 1 at (or beyond) `target`. */
export interface DesirabilityGoal {
  readonly outcome: string;
  readonly target: number;
  readonly lower?: number;
  readonly upper?: number;
  /** Exponent: above 1 the target matters more, below 1 anything inside the limits is nearly as good. */
  readonly weight: number;
  /** Its share in the overall desirability, beside the others'. */
  readonly importance: number;
}

/**
 * Desirability of one value, 0 … 1: larger, smaller, or nearer the target is better, by which limits are stated.
 *
 * @returns The value and its slope; at the limits and at the target the slope from inside.
 * @see Derringer & Suich (1980), J. Quality Technology 12(4), eqs. 1–2
 */
export function desirabilityOf(
  { target, lower, upper, weight }: DesirabilityGoal,
  y: number,
): { readonly value: number; readonly slope: number } {
  const limit = y <= target ? lower : upper;
  if (limit === undefined) return { value: 1, slope: 0 };
  const share = (y - limit) / (target - limit);
  if (!(share > 0)) return { value: 0, slope: 0 };
  const value = exp(weight * log(share));
  return { value, slope: (weight * value) / (share * (target - limit)) };
}

/**
 * Overall desirability Π d_i^{w_i / Σ w} as the formula of an outcome, with its gradient.
 *
 * @see Derringer & Suich (1980), eq. 3; with importances Derringer (1994), Quality Progress 27(6)
 */
export function overallDesirability(goals: readonly DesirabilityGoal[]): FormulaExpression {
  const names = goals.map(({ outcome }) => outcome);
  const total = goals.reduce((sum, { importance }) => sum + importance, 0);
  const evaluate = (values: Readonly<Record<string, number>>): number => {
    let sum = 0;
    for (const goal of goals) {
      const y = values[goal.outcome] ?? Number.NaN;
      if (Number.isNaN(y)) return Number.NaN;
      const { value } = desirabilityOf(goal, y);
      if (value === 0) return 0;
      sum += (goal.importance / total) * log(value);
    }
    return exp(sum);
  };
  return {
    names,
    evaluate,
    gradient(values, order) {
      const overall = evaluate(values);
      return Float64Array.from(order, (name) => {
        const goal = goals.find(({ outcome }) => outcome === name);
        if (goal === undefined || !(overall > 0)) return 0;
        const { value, slope } = desirabilityOf(goal, values[name]!);
        return (overall * (goal.importance / total) * slope) / value;
      });
    },
  };
}
