import { CellwrightError, type Problem } from "../errors.js";
import type { ContextVariable, Settings, SettingValue } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { settingProblem } from "./settings-problems.js";
import { compareCodeUnits } from "./settings-key.js";
import { spellingRemedy } from "./spelling.js";
import type { Trial } from "./trial.js";

/**
 * The state for which suggestions are asked: what the caller states, else the campaign's `value`, else the latest
 * measured value, with a warning that names the trial it is taken from.
 *
 * @throws CellwrightError INVALID_OPTION, with every problem, for unknown names, impossible values and states that
 *   nothing tells.
 */
export function requestedContext(
  campaign: Campaign,
  stated: Settings,
): { readonly context: Settings; readonly warnings: readonly string[] } {
  const names = campaign.space.context.map((variable) => variable.name);
  const problems: Problem[] = Object.keys(stated)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      where: `context ${name}`,
      found: `the unknown context ${name}`,
      expected: "a context of the campaign",
      remedy: spellingRemedy(name, names),
    }));
  const warnings: string[] = [];
  const context: Record<string, SettingValue> = {};
  for (const variable of campaign.space.context) {
    const value = stated[variable.name] ?? variable.value ?? latestValue(campaign.trials, variable, warnings);
    if (value === undefined) problems.push(untold(variable));
    else {
      const problem = settingProblem(variable, value);
      if (problem === null) context[variable.name] = value;
      else problems.push({ where: `context ${variable.name}`, ...problem });
      warnings.push(...outsideWarning(variable, value));
    }
  }
  if (problems.length === 0) return { context, warnings };
  throw new CellwrightError("INVALID_OPTION", "The state for which suggestions are asked is not complete.", {
    problems,
  });
}

function untold(variable: ContextVariable): Problem {
  return {
    where: `context ${variable.name}`,
    found: "nothing",
    expected:
      variable.kind === "categorical"
        ? `one of ${variable.choices.join(", ")}`
        : `a value in ${variable.unit}`,
    remedy: `State it (--context ${variable.name}=…), or add value to the campaign's context.`,
  };
}

/** Latest by date; where no row has one, the highest trial id, numbers in it counted as numbers. */
export function latestTrial(trials: readonly Trial[]): Trial | undefined {
  if (trials.length === 0) return undefined;
  const dated = trials.filter((t) => t.measuredAt !== undefined);
  return dated.length > 0
    ? dated.reduce((a, b) => (compareDated(a, b) >= 0 ? a : b))
    : trials.reduce((a, b) => (compareNatural(a.id, b.id) >= 0 ? a : b));
}

function latestValue(
  trials: readonly Trial[],
  variable: ContextVariable,
  warnings: string[],
): SettingValue | undefined {
  const measured = trials.filter((t) => t.context[variable.name] !== undefined && t.status !== "suggested");
  const latest = latestTrial(measured);
  if (latest === undefined) return undefined;
  const value = latest.context[variable.name]!;
  warnings.push(
    `${variable.name} is taken from trial ${latest.id}, the latest: ${value} ${variable.unit}. State it with --context ${variable.name}=… if it has changed.`,
  );
  return value;
}

/** ISO 8601 dates compare as texts; equal dates by trial id. */
export function compareDated(a: Trial, b: Trial): number {
  return compareCodeUnits(a.measuredAt!, b.measuredAt!) || compareNatural(a.id, b.id);
}

/** Order of ids in which T9 comes before T10. */
export function compareNatural(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const byPart = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : compareCodeUnits(left[i]!, right[i]!);
    if (byPart !== 0) return byPart;
  }
  return left.length - right.length || compareCodeUnits(a, b);
}

function outsideWarning(variable: ContextVariable, value: SettingValue): string[] {
  if (variable.kind === "categorical" || typeof value !== "number") return [];
  const { min, max, name, unit } = variable;
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return [];
  return [
    `${name} = ${value} ${unit} is outside the campaign's range of ${min ?? "…"} to ${max ?? "…"}: predictions extrapolate.`,
  ];
}
