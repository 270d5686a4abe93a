import type { Campaign } from "../campaign/campaign.js";
import { isSameContext } from "../campaign/same-context.js";
import { groupsOf } from "../campaign/trial-groups.js";
import type { Trial } from "../campaign/trial.js";
import type { Settings } from "../space/parameter.js";

/** A trial with what a report needs to place it. */
export interface ReportTrial {
  readonly trial: Trial;
  readonly group: string;
  /** In the state for which suggestions are asked. */
  readonly inContext: boolean;
}

/** The trials in the order of the data. */
export function reportTrials(campaign: Campaign, context: Settings): ReportTrial[] {
  const groups = groupsOf(campaign.trials);
  return campaign.trials.map((trial) => ({
    trial,
    group: groups.get(trial.id) ?? trial.id,
    inContext: isSameContext(campaign.space, trial.context, context),
  }));
}

/** Fewer groups than this in the asked state say too little alone: plots then show those of other states, too (assumption). */
const FEWEST_HERE = 5;

/** What a plot of this outcome shows: trials of the asked state, or all where there are few of them. */
export function comparableTrials(trials: readonly ReportTrial[], outcome: string): readonly ReportTrial[] {
  const measured = trials.filter(({ trial }) => trial.observations[outcome] !== undefined);
  const here = measured.filter(({ inContext }) => inContext);
  return new Set(here.map(({ group }) => group)).size >= FEWEST_HERE ? here : measured;
}

/** The mean of one outcome over the trials of a group. */
export interface GroupMean {
  readonly label: string;
  readonly value: number;
  readonly rows: number;
  readonly inContext: boolean;
}

/** Group means of an outcome, in order of first appearance. */
export function groupMeans(trials: readonly ReportTrial[], outcome: string): GroupMean[] {
  const members = new Map<string, ReportTrial[]>();
  for (const one of trials) {
    if (one.trial.observations[outcome] === undefined) continue;
    members.set(one.group, [...(members.get(one.group) ?? []), one]);
  }
  return [...members].map(([group, rows]) => ({
    // A group without a name of its own is known by its settings, which nobody wants to read: its first trial then.
    label: rows[0]!.trial.group ?? (rows.length === 1 ? rows[0]!.trial.id : group),
    value: rows.reduce((sum, { trial }) => sum + trial.observations[outcome]!.value, 0) / rows.length,
    rows: rows.length,
    inContext: rows[0]!.inContext,
  }));
}
