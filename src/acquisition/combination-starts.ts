import { byValue, type Scored } from "./choose-starts.js";
import { freeColumns, isThin } from "./columns.js";
import { climb, type LocalSearchOptions } from "./local-search.js";
import type { WorkMeter } from "./work-meter.js";

/** Combinations of names that are climbed in, those of the best raw points first: assumption, bounds the work. */
const MOST_COMBINATIONS = 96;
/** Iterations of each climb, enough to tell which combinations are good: assumption. */
const ITERATIONS = 12;
/** Combinations that are searched on: assumption. */
const KEPT = 4;

/**
 * Starts in the most promising combinations of names: each combination that raw points met is climbed in for a while from
 * its best one. Exchanging one name at a time from a few optima stays where every other name alone is worse.
 *
 * @param raw - Scored raw points of the search.
 * @returns The best places reached, at most four; none where there are no names to choose.
 */
export function combinationStarts(
  meter: WorkMeter,
  raw: readonly Scored[],
  local: Omit<LocalSearchOptions, "maxIterations">,
): Float64Array[] {
  const { categorical } = freeColumns(local.set);
  if (categorical.length === 0 || isThin(local.set)) return [];
  const best = new Map<string, Scored>();
  for (const point of byValue(raw)) {
    const names = categorical.map((j) => point.x[j]).join(" ");
    if (!best.has(names) && point.value > -Infinity) best.set(names, point);
  }
  const by = meter.screening ?? meter;
  const climbed = [...best.values()]
    .slice(0, MOST_COMBINATIONS)
    .map(({ x }) => climb(by, x, { ...local, maxIterations: ITERATIONS }));
  return byValue(climbed)
    .slice(0, KEPT)
    .map(({ x }) => x);
}
