import { createWorkBudget, type WorkBudget } from "../acquisition/work-budget.js";
import type { Problem } from "../errors.js";
import { exp } from "../math/elementary.js";
import type { ChosenRuns } from "./choose-runs.js";
import type { Provenance } from "./suggestion.js";

/** How much a request may search; the fits before it are always whole. */
export interface SearchEffort {
  /** Seconds from the start of the request; needs `clock`. The count at which they ended is kept as `workLimit`. */
  readonly timeLimit?: number;
  /** Evaluations of acquisition functions: a replay of a count gives the same bytes. */
  readonly workLimit?: number;
  /** Time of the answer; without a clock it is 1970-01-01. */
  readonly clock?: () => Date;
}

export function effortProblems({ timeLimit, workLimit, clock }: SearchEffort): Problem[] {
  const problems: Problem[] = [];
  if (timeLimit !== undefined && !(timeLimit > 0 && timeLimit < Infinity)) {
    problems.push({ where: "timeLimit", found: String(timeLimit), expected: "seconds, above 0" });
  }
  if (timeLimit !== undefined && clock === undefined) {
    problems.push({
      where: "timeLimit",
      found: "no clock",
      expected: "a clock that measures it",
      remedy: "Pass `clock`, a function that returns the time.",
    });
  }
  if (workLimit !== undefined && !(Number.isSafeInteger(workLimit) && workLimit >= 1)) {
    problems.push({ where: "workLimit", found: String(workLimit), expected: "a whole number from 1" });
  }
  return problems;
}

/** The budget of a request that starts now. */
export function budgetOf({ timeLimit, workLimit: limit, clock }: SearchEffort): WorkBudget {
  const limited = limit === undefined ? {} : { limit };
  if (timeLimit === undefined || clock === undefined) return createWorkBudget(limited);
  const end = clock().getTime() + 1000 * timeLimit;
  return createWorkBudget({ ...limited, isOver: () => clock().getTime() >= end });
}

/** What was spent, and where it was cut short. */
export function effortSpent({ units, cutAt }: WorkBudget): Pick<Provenance, "workUnits" | "workLimit"> {
  return { workUnits: units, ...(cutAt === null ? {} : { workLimit: cutAt }) };
}

export function effortWarnings({ cutAt }: WorkBudget): string[] {
  if (cutAt === null) return [];
  return [
    `The search was cut short after ${cutAt} units of work: these are the best runs found so far. The same limit of work units gives the same answer again.`,
  ];
}

/** By how much the batch became better when its runs were moved together, in a sentence. */
export function polishedMessages({ polished, runs }: ChosenRuns): string[] {
  if (polished === undefined) return [];
  const gain = 100 * (exp(polished.after - polished.before) - 1);
  return [
    `The ${runs.length} runs were improved together: what they are expected to gain rose by ${Number(gain.toPrecision(2))} %.`,
  ];
}
