import type { z } from "zod";
import type { Problem } from "../errors.js";
import type { Outcome } from "./campaign.js";
import type { desirabilitySpec } from "./campaign-spec.js";
import { definedFields } from "./defined-fields.js";
import { type DesirabilityGoal, overallDesirability } from "./desirability.js";
import { spellingRemedy } from "./spelling.js";

/** The outcome that a campaign with desirabilities has besides its own. */
export const DESIRABILITY = "desirability";

type DesirabilitySpec = z.infer<typeof desirabilitySpec>;

/** The goals of the file's desirability section; what is wrong with one is added to `problems`. */
export function readDesirability(
  entries: readonly (readonly [string, DesirabilitySpec])[],
  outcomes: readonly Outcome[],
  problems: Problem[],
): DesirabilityGoal[] {
  const own = outcomes.find(({ name }) => name === DESIRABILITY);
  if (own !== undefined) {
    problems.push({
      where: `outcomes.${DESIRABILITY}`,
      found: "an outcome of that name beside the desirability section",
      expected: "another name: the overall desirability is called so",
      remedy: "Rename the outcome.",
    });
  }
  for (const { name } of outcomes.filter(({ goal }) => goal !== undefined)) {
    problems.push({
      where: `outcomes.${name}.goal`,
      found: "a goal beside the desirability section",
      expected: "one objective: the overall desirability",
      remedy: "Remove goal, or the desirability section.",
    });
  }
  return entries.map(([outcome, spec]) => {
    problems.push(...goalProblems(outcome, spec, outcomes));
    const { target, lower, upper, weight = 1, importance = 1 } = spec;
    return { outcome, target, weight, importance, ...definedFields({ lower, upper }) };
  });
}

function goalProblems(name: string, spec: DesirabilitySpec, outcomes: readonly Outcome[]): Problem[] {
  const where = `desirability.${name}`;
  const { target, lower, upper } = spec;
  const problems: Problem[] = [];
  if (!outcomes.some((outcome) => outcome.name === name)) {
    const names = outcomes.map((outcome) => outcome.name);
    const remedy = spellingRemedy(name, names);
    problems.push({
      where,
      found: `the unknown outcome ${name}`,
      expected: "an outcome of the campaign",
      remedy,
    });
  }
  if (lower === undefined && upper === undefined) {
    problems.push({
      where,
      found: "a target alone",
      expected: "lower, upper or both: where nothing is left of the desirability",
      remedy: "Add lower where more is better, upper where less is, both around a target.",
    });
  }
  if (lower !== undefined && !(lower < target))
    problems.push({
      where: `${where}.lower`,
      found: String(lower),
      expected: `a value below the target, ${target}`,
    });
  if (upper !== undefined && !(upper > target))
    problems.push({
      where: `${where}.upper`,
      found: String(upper),
      expected: `a value above the target, ${target}`,
    });
  return problems;
}

/** The overall desirability as one more outcome, which is the objective: a composite of the outcomes that it weighs. */
export function desirabilityOutcome(
  goals: readonly DesirabilityGoal[],
  outcomes: readonly Outcome[],
): Outcome {
  const expression = overallDesirability(goals);
  const names = goals.map(({ outcome }) => outcome);
  const read = outcomes.filter(({ name }) => names.includes(name));
  return {
    ...{ name: DESIRABILITY, unit: "1", goal: "maximize", scale: "identity", per: "trial", composite: true },
    formula: {
      source: `the desirability of ${names.join(", ")}`,
      known: read.every(({ formula }) => formula?.known === true),
      names,
      columns: [],
      expression,
      compile: () => expression,
    },
  };
}
