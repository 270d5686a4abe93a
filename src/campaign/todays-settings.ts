import { CellwrightError } from "../errors.js";
import type { Settings } from "../space/parameter.js";
import type { Campaign } from "./campaign.js";
import { latestTrial } from "./requested-context.js";
import { settingsProblems } from "./settings-problems.js";

/** What the machine is set to now: as the caller states, else as the latest run left it. */
export interface TodaysSettings {
  readonly parameters: Settings;
  /** The run that they are taken from, where not all are stated. */
  readonly trial?: string;
}

/**
 * Today's settings, or null where nothing tells: no run has been made, and nothing is stated. They may lie outside the
 * bounds: the machine stands where it stands.
 *
 * @throws CellwrightError INVALID_OPTION with every unknown name and impossible value that is stated.
 */
export function todaysSettings(campaign: Campaign, stated: Settings = {}): TodaysSettings | null {
  const problems = settingsProblems(campaign, stated, {}, "from");
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "Today's setting cannot be used.", { problems });
  const { parameters } = campaign.space;
  const made = campaign.trials.filter(({ status }) => status === "completed" || status === "running");
  const latest = latestTrial(made);
  if (latest === undefined) return Object.keys(stated).length === 0 ? null : { parameters: stated };
  const untold = parameters.filter(
    ({ name }) => stated[name] === undefined && latest.parameters[name] !== undefined,
  );
  const settings = { ...latest.parameters, ...stated };
  return untold.length === 0 ? { parameters: settings } : { parameters: settings, trial: latest.id };
}
