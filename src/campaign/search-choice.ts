import type { AcquisitionFamily } from "../acquisition/family-names.js";
import { CellwrightError } from "../errors.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { AskProblem } from "./ask-problem.js";
import { type TrustRegion, trustRegion } from "./trust-region.js";

/** Where the next runs are looked for: everywhere, in a box about the best run, or as the engine decides. */
export type SearchChoice = (typeof SEARCH_CHOICES)[number];

export const SEARCH_CHOICES = ["auto", "global", "trust-region"] as const;

/** More free parameters than this are searched in a trust region by `auto` (assumption). */
const MOST_GLOBAL = 15;

/** Where a request looks for runs, and a sentence on it where that is not everywhere or was asked for. */
export interface SearchPlace {
  readonly set: FeasibleSet;
  readonly message?: string;
}

/** @throws CellwrightError INVALID_OPTION for a name that is none of SEARCH_CHOICES. */
export function requireSearchChoice(choice: SearchChoice): void {
  if ((SEARCH_CHOICES as readonly string[]).includes(choice)) return;
  throw new CellwrightError("INVALID_OPTION", "The request cannot be used.", {
    problems: [{ where: "search", found: choice, expected: SEARCH_CHOICES.join(", ") }],
  });
}

/**
 * Where to look for the next runs: a trust region where it is asked for, or by `auto` beyond 15 free parameters and one
 * learned objective; families that learn everywhere, and safe mode, look everywhere.
 */
export function searchPlace(
  problem: AskProblem,
  set: FeasibleSet,
  choice: SearchChoice,
  { family, safe }: { readonly family: AcquisitionFamily | "auto"; readonly safe: boolean },
): SearchPlace {
  const learnsEverywhere = family === "variance" || family === "straddle";
  if (choice === "global" || (choice === "auto" && set.free.length <= MOST_GLOBAL)) return { set };
  const region = safe || learnsEverywhere ? null : trustRegion(problem, set);
  if (region !== null) return { set: region.set, message: regionMessage(region, set, choice) };
  if (choice === "auto") return { set };
  return {
    set,
    message:
      "There is no trust region: it needs one learned objective, a tried setting, more settings than can be listed, no safe mode, and an acquisition that improves.",
  };
}

function regionMessage({ side }: TrustRegion, set: FeasibleSet, choice: SearchChoice): string {
  const why =
    choice === "auto"
      ? `because ${set.free.length} parameters are chosen, more than ${MOST_GLOBAL}`
      : "as the request says";
  const width = Number((100 * Math.min(side, 1)).toPrecision(2));
  return `Runs are looked for in a trust region about the best tried setting, ${width} % of the ranges wide on average, ${why}.`;
}
