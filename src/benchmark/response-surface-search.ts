import type { Campaign, Outcome } from "../campaign/campaign.js";
import { knownOutcome } from "../campaign/known-outcome.js";
import { outcomeData } from "../campaign/outcome-data.js";
import { triedSettings } from "../campaign/tried-settings.js";
import { requestedContext } from "../campaign/requested-context.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { fitResponseSurface } from "../surrogates/response-surface.js";
import type { Strategy } from "./closed-loop.js";
import { allowedSettings, latinHypercube, spreadSettings } from "./strategies.js";

/** Share of the budget that a study spends on its design before it follows the surface (assumption). */
const DESIGN_SHARE = 0.6;
/** Settings among which the surface's best is sought (assumption). */
const CANDIDATES = 2000;
/** Fewest rows of an outcome from which a surface is fitted; before that it says nothing (assumption). */
const FEWEST_ROWS = 4;

/**
 * What an engineer does without an optimiser: a Latin hypercube, then quadratic response surfaces, then again and again
 * the setting that they predict to be best among those that they predict to hold the specifications.
 */
export const responseSurfaceSearch: Strategy = {
  name: "Latin hypercube, then response surface",
  firstRuns: (problem, rng) =>
    latinHypercube(problem.campaign(), Math.round(DESIGN_SHARE * problem.budget), rng),
  next(campaign, rng) {
    const set = allowedSettings(campaign, rng);
    const points = set.sample(CANDIDATES, rng.fork("candidates"));
    const { context } = requestedContext(campaign, {});
    const tried = triedSettings(campaign.space, campaign.trials, context);
    const predicted = campaign.outcomes.map((outcome) => predict(campaign, outcome, points));
    let best = -1;
    let rank: readonly [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < points.rows; i++) {
      if (tried.trialAt(matrixRow(points, i)) !== undefined) continue;
      const [violation, loss] = judge(
        campaign.outcomes,
        predicted.map((values) => values?.[i]),
      );
      if (violation < rank[0] || (violation === rank[0] && loss < rank[1]))
        [best, rank] = [i, [violation, loss]];
    }
    const [spread] = best === -1 ? spreadSettings(campaign, 1, rng) : [];
    return Promise.resolve(spread ?? campaign.space.decode(matrixRow(points, best)).parameters);
  },
};

/** Predicted outcomes at points; null where there are too few rows. */
function predict(campaign: Campaign, outcome: Outcome, points: Matrix): Float64Array | null {
  if (outcome.formula?.known === true) {
    const known = knownOutcome(campaign, outcome);
    return Float64Array.from({ length: points.rows }, (_, i) => known.evaluate(matrixRow(points, i)));
  }
  const { data } = outcomeData(campaign, outcome);
  if (data.y.length < FEWEST_ROWS) return null;
  return fitResponseSurface(data, { scale: outcome.scale }).predict(points).mean;
}

/** How far specifications are missed in all, in shares of their own size, and the objective as a loss. */
function judge(
  outcomes: readonly Outcome[],
  values: readonly (number | undefined)[],
): readonly [number, number] {
  let violation = 0;
  let loss = 0;
  outcomes.forEach(({ spec, goal }, k) => {
    const value = values[k];
    if (value === undefined) return;
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec ?? {};
    const missed = Math.max(min - value, value - max, 0);
    violation += missed / Math.max(Math.abs(value), 1e-9);
    if (goal === "maximize") loss -= value;
    if (goal === "minimize") loss += value;
  });
  return [violation, loss];
}
