import type { Campaign } from "./campaign.js";
import { settingsKey, sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";

/** Settings and context of a trial as one text: equal for replicates. */
export function replicateKey(trial: Pick<Trial, "parameters" | "context">): string {
  return settingsKey({ ...trial.context, ...trial.parameters });
}

/** Whether a trial has a value for every parameter and every context variable. */
export function isComplete(campaign: Campaign, trial: Trial): boolean {
  const { parameters, context } = campaign.space;
  return (
    parameters.every(({ name }) => trial.parameters[name] !== undefined) &&
    context.every(({ name }) => trial.context[name] !== undefined)
  );
}

/**
 * Which trials belong together, by trial id: the value of the group column; without one, the group of a trial with the
 * same settings, else the settings themselves. Replicates are therefore never split, declared or not.
 */
export function groupsOf(trials: readonly Trial[]): ReadonlyMap<string, string> {
  const bySettings = new Map<string, string>();
  const sorted = sortById(trials).map((trial) => ({ trial, key: replicateKey(trial) }));
  for (const { trial, key } of sorted) {
    if (trial.group !== undefined && !bySettings.has(key)) bySettings.set(key, trial.group);
  }
  return new Map(sorted.map(({ trial, key }) => [trial.id, trial.group ?? bySettings.get(key) ?? key]));
}
