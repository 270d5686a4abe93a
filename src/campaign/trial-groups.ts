import { readSetting } from "../space/encode.js";
import type { SearchSpace } from "../space/search-space.js";
import type { Campaign } from "./campaign.js";
import { settingsKey, sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";

/** Settings and context of a trial as one text: equal for replicates. */
export function replicateKey(trial: Pick<Trial, "parameters" | "context">): string {
  return settingsKey({ ...trial.context, ...trial.parameters });
}

/**
 * Whether a trial has every setting of the campaign as it is now, and none, context included, that it cannot read any
 * more: a choice that was removed, or zero on a scale that became logarithmic.
 */
export function isReadable(
  { columns }: Pick<SearchSpace, "columns">,
  { parameters, context }: Pick<Trial, "parameters" | "context">,
): boolean {
  return columns.every((column) => {
    const setting = (column.role === "parameter" ? parameters : context)[column.name];
    if (setting === undefined) return column.role === "context";
    return readSetting(column, setting) !== null;
  });
}

/** Whether a trial has a value that can be read for every parameter and every context variable. */
export function isComplete({ space }: Pick<Campaign, "space">, trial: Trial): boolean {
  return isReadable(space, trial) && space.context.every(({ name }) => trial.context[name] !== undefined);
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
