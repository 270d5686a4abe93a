import { ask } from "../campaign/ask.js";
import type { Campaign } from "../campaign/campaign.js";
import { definedFields } from "../campaign/defined-fields.js";
import { requestedContext } from "../campaign/requested-context.js";
import { CellwrightError } from "../errors.js";
import { matrixRow } from "../math/matrix.js";
import { permutation, type Rng } from "../math/rng.js";
import { createFeasibleSet, type FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import type { Strategy } from "./closed-loop.js";

/** This engine with its defaults, one run at a time. */
export const engine: Strategy = {
  name: "Cellwright",
  async next(campaign, rng, signal) {
    const seed = rng.integer(1_000_000);
    const { suggestions } = await ask(campaign, { count: 1, seed, ...definedFields({ signal }) });
    const [suggestion] = suggestions;
    if (suggestion === undefined)
      throw new CellwrightError("INTERNAL", `${campaign.name}: nothing was suggested.`);
    return suggestion.parameters;
  },
};

/** Settings drawn evenly from what is allowed. */
export const randomSearch: Strategy = {
  name: "random search",
  firstRuns: () => [],
  next: (campaign, rng) => Promise.resolve(spreadSettings(campaign, 1, rng)[0]!),
};

/** The feasible set of a campaign in the state that it asks for. */
export function allowedSettings(campaign: Campaign, rng: Rng): FeasibleSet {
  const { context } = requestedContext(campaign, {});
  return createFeasibleSet(campaign.space, { fixed: {}, context }, rng.fork("set"));
}

/** Low-discrepancy settings inside bounds and constraints, on steps. */
export function spreadSettings(campaign: Campaign, count: number, rng: Rng): Settings[] {
  const set = allowedSettings(campaign, rng);
  const points = set.sample(count, rng.fork("points"));
  return Array.from({ length: count }, (_, i) => {
    const x = matrixRow(points, i);
    const rounded = set.round(x)[0] ?? x;
    return campaign.space.decode(rounded).parameters;
  });
}

/**
 * A Latin hypercube of the allowed settings: `count` strata in every column, drawn once each, moved to the nearest
 * allowed settings.
 *
 * @see McKay, Beckman & Conover (1979), Technometrics 21(2)
 */
export function latinHypercube(campaign: Campaign, count: number, rng: Rng): Settings[] {
  const set = allowedSettings(campaign, rng);
  const anchor = matrixRow(set.sample(1, rng.fork("anchor")), 0);
  const orders = set.free.map(() => permutation(rng, count));
  return Array.from({ length: count }, (_, i) => {
    const x = Float64Array.from(anchor);
    set.free.forEach((column, j) => {
      const { lower, upper, kind, levels } = campaign.space.columns[column]!;
      const share = (orders[j]![i]! + rng.uniform()) / count;
      x[column] =
        kind === "categorical" ? Math.floor(share * levels!.count) : lower + share * (upper - lower);
    });
    return campaign.space.decode(set.round(x)[0] ?? anchor).parameters;
  });
}
