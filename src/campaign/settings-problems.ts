import type { Problem } from "../errors.js";
import type { ContextVariable, Parameter, Settings, SettingValue } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { describeValue } from "./spec-problems.js";
import { spellingRemedy } from "./spelling.js";

/** Unknown names and values that no row may have; bounds are not checked: rows outside them teach. */
export function settingsProblems(
  campaign: Pick<Campaign, "space">,
  parameters: Settings,
  context: Settings,
  where: string,
): Problem[] {
  return [
    ...recordProblems(parameters, campaign.space.parameters, "parameter", where),
    ...recordProblems(context, campaign.space.context, "context", where),
  ];
}

function recordProblems(
  values: Settings,
  variables: readonly (Parameter | ContextVariable)[],
  kind: "parameter" | "context",
  where: string,
): Problem[] {
  const known = variables.map((v) => v.name);
  return Object.entries(values).flatMap(([name, value]) => {
    const variable = variables.find((v) => v.name === name);
    const at = `${where}, ${name}`;
    if (variable === undefined) {
      return [
        {
          where: at,
          found: `the unknown ${kind} ${name}`,
          expected: `a ${kind} of the campaign`,
          remedy: spellingRemedy(name, known),
        },
      ];
    }
    const problem = settingProblem(variable, value);
    return problem === null ? [] : [{ where: at, ...problem }];
  });
}

/** Why a value cannot be a setting of this variable at all, or null. */
export function settingProblem(
  variable: Parameter | ContextVariable,
  value: SettingValue,
): { found: string; expected: string; remedy?: string } | null {
  const found = describeValue(value);
  if (variable.kind === "categorical") {
    const { choices } = variable;
    if (choices.includes(String(value))) return null;
    return {
      found,
      expected: `one of ${choices.join(", ")}`,
      remedy: spellingRemedy(String(value), choices),
    };
  }
  if (typeof value !== "number" || !Number.isFinite(value))
    return { found, expected: `a finite number in ${variable.unit}` };
  if (variable.scale === "log" && !(value > 0)) return { found, expected: "a number above 0 for scale: log" };
  return null;
}
