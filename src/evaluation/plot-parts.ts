import { joinGroups } from "../campaign/condition-skill.js";

/**
 * The part that each row belongs to where neither groups nor set-ups of what is hard to change may be split: what a fit
 * knows of the error of a set-up would otherwise help to predict its other runs. Where that leaves one part (settings come
 * back in every set-up) the parts are the set-ups alone.
 *
 * @param plots - Set-up of each row, [n].
 */
export function plotParts(groups: readonly string[], plots: Int32Array): readonly string[] {
  const joined = joinGroups(groups, plots);
  if (joined.length < 2) return Array.from(plots, (plot) => `set-up ${plot}`);
  const parts = [...groups];
  for (const rows of joined) for (const row of rows) parts[row] = groups[rows[0]!]!;
  return parts;
}
