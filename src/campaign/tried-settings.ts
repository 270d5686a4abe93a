import type { Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";
import { isSameContext } from "./same-context.js";
import { sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

/** Settings that are not suggested again: run, running, failed or suggested in the asked context. */
export interface TriedSettings {
  /** The trial that has these settings already, a completed one before others; undefined where they are new. */
  trialAt(x: Float64Array): Trial | undefined;
}

/** Encoded settings closer than this in every parameter are the same run: a hundredth of a percent of the range. */
const SAME_SETTING = 1e-4;

/**
 * Collects the trials whose settings count as tried: all but abandoned ones, in the same state as asked
 * (`isSameContext`); a trial that lacks a context value counts in every state.
 */
export function triedSettings(
  space: SearchSpace,
  trials: readonly Trial[],
  context: Settings,
): TriedSettings {
  const width = space.parameters.length;
  const tried = sortById(trials)
    .sort((a, b) => Number(b.status === "completed") - Number(a.status === "completed"))
    .filter((trial) => trial.status !== "abandoned")
    .filter((trial) => isSameContext(space, { ...context, ...trial.context }, context))
    .filter((trial) => isReadable(space, trial))
    .map((trial) => ({ trial, x: space.encode(trial.parameters, context) }));
  const same = (a: Float64Array, b: Float64Array): boolean => {
    for (let k = 0; k < width; k++) if (!(Math.abs(a[k]! - b[k]!) <= SAME_SETTING)) return false;
    return true;
  };
  return { trialAt: (x) => tried.find((t) => same(t.x, x))?.trial };
}
