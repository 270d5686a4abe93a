import type { Campaign } from "../campaign/campaign.js";
import { isRowId } from "../campaign/row-ids.js";
import type { Trial } from "../campaign/trial.js";
import { formatSetting } from "../plots/format.js";
import type { Parameter, Settings, SettingValue } from "../space/parameter.js";

/**
 * The open run that settings belong to: those of a suggestion as it was printed, since nobody sets 1421.509 N/mm.
 *
 * @returns undefined if a setting is missing or no open run has these.
 */
export function openTrialWith(campaign: Campaign, settings: Settings): Trial | undefined {
  return campaign.trials.find((trial) => isOpen(trial) && hasSettings(campaign, trial, settings));
}

/**
 * Gives rows without an id that of the run they tell of: an open one with their settings, each once, or the one that
 * has these very results already, so that telling a file again changes nothing.
 */
export function matchRows(campaign: Campaign, rows: readonly Trial[]): readonly Trial[] {
  const taken = new Set<string>();
  return rows.map((row) => {
    if (!isRowId(row.id)) return row;
    const candidates = campaign.trials.filter(
      (trial) => !taken.has(trial.id) && hasSettings(campaign, trial, row.parameters),
    );
    const match = candidates.find((trial) => tells(trial, row)) ?? candidates.find(isOpen);
    if (match === undefined) return row;
    taken.add(match.id);
    return { ...row, id: match.id, parameters: match.parameters };
  });
}

const isOpen = ({ status }: Trial): boolean => status === "suggested" || status === "running";

function hasSettings(campaign: Campaign, { parameters }: Trial, settings: Settings): boolean {
  return campaign.space.parameters.every((p) => sameAsPrinted(p, parameters[p.name], settings[p.name]));
}

/** Whether a trial has all results of a row, and is no longer open. */
function tells(trial: Trial, row: Trial): boolean {
  return (
    !isOpen(trial) &&
    Object.entries(row.observations).every(([name, { value }]) => trial.observations[name]?.value === value)
  );
}

function sameAsPrinted(
  parameter: Parameter,
  suggested: SettingValue | undefined,
  told: SettingValue | undefined,
): boolean {
  if (suggested === undefined || told === undefined) return false;
  if (parameter.kind !== "continuous") return suggested === told;
  return suggested === told || formatSetting(suggested, parameter) === formatSetting(told, parameter);
}
