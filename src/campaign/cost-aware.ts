import type { CostOfRun } from "../acquisition/per-cost.js";
import type { KnownOutcome } from "../acquisition/outcome-terms.js";
import { isKnown } from "../acquisition/outcome-terms.js";
import { CellwrightError } from "../errors.js";
import { compatible, convert } from "../units.js";
import type { AskProblem } from "./ask-problem.js";
import type { Campaign } from "./campaign.js";
import { formatNumber } from "./format-number.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

/** What gain is counted against. */
export interface PerCost {
  readonly of: "hour" | "money";
  /** All that may be spent, hours or money: the exponent cools as it is used up. Absent: 1 throughout. */
  readonly budget?: number;
}

/** What gain is counted against at this moment. */
export interface CostAware {
  readonly cost: CostOfRun;
  /** 1 counts cost in full, 0 not at all. */
  readonly exponent: number;
  /** What is counted, and how far it has cooled, in a sentence. */
  readonly message: string;
}

/**
 * The cost of runs from the campaign's formulas, and the exponent that the spent budget leaves: what remains of the
 * budget over all of it. Every run that ended or is under way counts as spent.
 *
 * @throws CellwrightError INVALID_OPTION where no formula tells the cost, or the budget is none.
 * @see Lee, Perrone, Archambeau & Seeger (2020), arXiv 2003.10870, section 4: cost-cooling
 */
export function costAware(problem: AskProblem, per: PerCost): CostAware {
  const { campaign } = problem;
  const { budget } = per;
  if (budget !== undefined && !(budget > 0 && budget < Infinity))
    throw invalid("budget", String(budget), "a number above 0");
  const { cost, unit } = per.of === "hour" ? hoursOf(problem) : moneyOf(problem);
  const name = per.of === "hour" ? "hour" : unit;
  if (budget === undefined)
    return { cost, exponent: 1, message: `Chosen by gain per ${name}: cheaper runs come first.` };
  const spent = spentOn(campaign, problem, cost);
  const exponent = Math.min(Math.max((budget - spent) / budget, 0), 1);
  const share = formatNumber(exponent);
  return {
    cost,
    exponent,
    message: `Chosen by gain per ${name} to the power ${share}: ${formatNumber(spent)} of ${formatNumber(budget)} ${unit} are spent, and cost counts less towards the end.`,
  };
}

function spentOn({ trials, space }: Campaign, { context }: AskProblem, cost: CostOfRun): number {
  const ran = (trial: Trial): boolean => trial.status !== "suggested" && trial.status !== "abandoned";
  return trials
    .filter(ran)
    .filter((trial) => isReadable(space, trial))
    .reduce((sum, t) => sum + cost.evaluate(space.encode(t.parameters, { ...context, ...t.context })), 0);
}

/** A known outcome in another unit of the same kind. */
function converted({ judged }: AskProblem, name: string, to: string): CostOfRun {
  const { outcome, model } = judged.find((one) => one.outcome.name === name)!;
  const known = model as KnownOutcome;
  const factor = convert(1, outcome.unit, to) - convert(0, outcome.unit, to);
  return {
    evaluate: (x) => convert(known.evaluate(x), outcome.unit, to),
    gradient: (x) => known.gradient(x).map((slope) => slope * factor),
  };
}

function hoursOf(problem: AskProblem): { readonly cost: CostOfRun; readonly unit: string } {
  const hours = problem.judged.find(({ outcome, model }) => isKnown(model) && compatible(outcome.unit, "h"));
  if (hours === undefined)
    throw invalid(
      "per",
      "hour",
      "an outcome that computes the hours of a run, such as run_time: { unit: h, formula: 0.5 h }",
    );
  return { cost: converted(problem, hours.outcome.name, "h"), unit: "h" };
}

function moneyOf(problem: AskProblem): { readonly cost: CostOfRun; readonly unit: string } {
  const { money } = problem.campaign;
  if (money?.cost === undefined) throw invalid("per", "money", "trial_cost in the campaign file");
  const { fixed, perHour, hours, outcome } = money.cost;
  const parts = [
    ...(hours === undefined ? [] : [{ weight: perHour, part: converted(problem, hours, "h") }]),
    ...(outcome === undefined ? [] : [{ weight: 1, part: converted(problem, outcome, money.currency) }]),
  ];
  return {
    unit: money.currency,
    cost: {
      evaluate: (x) => parts.reduce((sum, { weight, part }) => sum + weight * part.evaluate(x), fixed),
      gradient(x) {
        const total = new Float64Array(x.length);
        for (const { weight, part } of parts)
          part.gradient(x).forEach((slope, k) => (total[k] = total[k]! + weight * slope));
        return total;
      },
    },
  };
}

/** The error of a value that is no logarithm of a gain, and so has no gain per cost. */
export function notPerCost(family: string): CellwrightError {
  return invalid("per", `acquisition ${family}`, "an expected gain, such as acquisition auto");
}

function invalid(where: string, found: string, expected: string): CellwrightError {
  return new CellwrightError("INVALID_OPTION", "The cost of runs cannot be counted.", {
    problems: [{ where, found, expected }],
  });
}
