import type { Parameter, SettingValue } from "../space/parameter.js";
import type { CampaignSpec } from "./campaign-spec.js";
import type { EntryReport } from "./read-parameters.js";
import { settingProblem } from "./settings-problems.js";
import type { Trial } from "./trial.js";

/** Checks the setting that rows had before something became a parameter; it may lie outside the bounds. */
export function withEarlier(
  parameter: Parameter | null,
  was: SettingValue | undefined,
  report: EntryReport,
): Parameter | null {
  if (parameter === null || was === undefined) return parameter;
  const problem = settingProblem(parameter, was);
  if (problem !== null) report.problem("was", problem.found, problem.expected, problem.remedy);
  return parameter;
}

/**
 * Trials with the stated earlier setting of every parameter that they lack: rows that were recorded before something
 * became a parameter teach then. The same array where no parameter states one.
 */
export function withEarlierSettings(spec: CampaignSpec, trials: readonly Trial[]): readonly Trial[] {
  const earlier = Object.entries(spec.parameters).flatMap(([name, { was }]): [string, SettingValue][] =>
    was === undefined ? [] : [[name, was]],
  );
  if (earlier.length === 0) return trials;
  return trials.map((trial) => {
    const missing = earlier.filter(([name]) => trial.parameters[name] === undefined);
    if (missing.length === 0) return trial;
    return { ...trial, parameters: { ...trial.parameters, ...Object.fromEntries(missing) } };
  });
}
