import { sha256Hex } from "../math/sha256.js";
import { settingsKey } from "./settings-key.js";
import type { Settings } from "../space/parameter.js";

/**
 * Ids of suggested trials, short enough to type: `s7-3fa2` is the seventh, and its last four digits belong to its
 * settings, so that two answers to the same question can be told apart on paper. None is taken already.
 */
export function suggestedTrialIds(
  suggestions: readonly { readonly parameters: Settings; readonly context: Settings }[],
  taken: ReadonlySet<string>,
): string[] {
  let number = 0;
  for (const id of taken) number = Math.max(number, Number(/^s(\d{1,9})-[0-9a-f]{4}$/.exec(id)?.[1] ?? 0));
  return suggestions.map(({ parameters, context }) => {
    number++;
    return `s${number}-${sha256Hex(settingsKey(parameters) + settingsKey(context)).slice(0, 4)}`;
  });
}
