import type { Campaign } from "../campaign/campaign.js";
import { isSameContext } from "../campaign/same-context.js";
import type { Settings } from "../space/parameter.js";

/** Rows that share one state of the context. */
export interface ContextLevel {
  /** Only the context that differs between levels, as the level's first row has it. */
  readonly context: Settings;
  readonly rows: readonly number[];
}

/** Fewer groups than this say nothing about skill inside a level (assumption). */
const LEAST_GROUPS = 4;

/**
 * Levels of the context that the rows fall into, in order of first appearance: a row belongs to the first level whose
 * first row has the same context (within a gauge's repeatability). Levels with fewer than four groups are left out, as is
 * everything if there is one level only: it would repeat the pooled figures. A context that drifts freely has no levels: it
 * shows by more of them than half the groups (assumption).
 */
export function contextLevels(
  campaign: Campaign,
  trialIds: readonly string[],
  groups: readonly string[],
): readonly ContextLevel[] {
  const trials = new Map(campaign.trials.map((trial) => [trial.id, trial]));
  const levels: { context: Settings; rows: number[] }[] = [];
  trialIds.forEach((id, row) => {
    const context = trials.get(id)?.context ?? {};
    const level = levels.find((other) => isSameContext(campaign.space, other.context, context));
    if (level === undefined) levels.push({ context, rows: [row] });
    else level.rows.push(row);
  });
  if (levels.length < 2 || 2 * levels.length > new Set(groups).size) return [];
  const differing = campaign.space.context
    .map(({ name }) => name)
    .filter((name) => new Set(levels.map(({ context }) => context[name])).size > 1);
  return levels
    .filter(({ rows }) => new Set(rows.map((row) => groups[row])).size >= LEAST_GROUPS)
    .map(({ context, rows }) => ({
      context: Object.fromEntries(Object.entries(context).filter(([name]) => differing.includes(name))),
      rows,
    }));
}
