import type { Rng } from "../math/rng.js";
import type { SearchSpace } from "../space/search-space.js";
import type { AskProblem } from "./ask-problem.js";
import type { DescribedRun } from "./describe-run.js";
import { formatNumber } from "./format-number.js";
import { pricedGainAt, type Standing } from "./improvement.js";
import { runCost } from "./money.js";
import type { Advice } from "./suggestion.js";

/** A run with what its expected gain is worth in a year, and what it costs. */
interface PricedRun {
  readonly worth: number;
  readonly cost: number;
}

/**
 * The advice in money, where the campaign states what objectives are worth and what runs cost: stop once no suggested
 * run is expected to be worth its cost within a year. Else the advice as it is.
 *
 * What a run teaches for later runs is not counted, so that the advice errs on the side of stopping; a year's worth
 * and no more is (assumption).
 */
export function adviceInMoney(
  advice: Advice,
  problem: AskProblem,
  standing: Standing,
  runs: readonly DescribedRun[],
  rng: Rng,
): Advice {
  const { money, space } = problem.campaign;
  const judged = runs.filter(
    ({ gain, suggestion }) => gain !== null && suggestion.acquisition.name !== "replication",
  );
  if (money?.cost === undefined || money.prices.size === 0 || judged.length === 0) return advice;
  const priced = judged.flatMap((run) => pricedRun(run, problem, space, standing, rng));
  if (priced.length === 0) return advice;
  const best = priced.reduce((a, b) => (b.worth - b.cost > a.worth - a.cost ? b : a));
  const { worth, cost } = best;
  const { currency } = money;
  const stop = !(worth >= cost);
  const amount = (value: number): string => `${formatNumber(value)} ${currency}`;
  const what = `The best next run is expected to be worth ${amount(worth)} in a year${left(problem)} and costs ${amount(cost)}`;
  return {
    stop,
    expectedImprovement: advice.expectedImprovement,
    why: stop ? `${what}: it does not pay. Stop, or repeat the best setting.` : `${what}. ${advice.why}`,
    money: { worth, cost, currency },
  };
}

function pricedRun(
  { suggestion, gain }: DescribedRun,
  { campaign, specifications, context }: AskProblem,
  space: SearchSpace,
  standing: Standing,
  rng: Rng,
): PricedRun[] {
  const { prices, cost, currency } = campaign.money!;
  const x = space.encode(suggestion.parameters, context);
  const worth = pricedGainAt(standing, specifications, prices, x, rng.fork("gain"));
  if (gain === null || worth === null) return [];
  const success = suggestion.success?.probability ?? 1;
  return [{ worth: worth.expected * success, cost: runCost(cost!, currency, suggestion.predictions) }];
}

/** Objectives without a price count as worth nothing, and that is said. */
function left({ campaign, objectives }: AskProblem): string {
  const free = objectives.filter(({ outcome }) => !campaign.money!.prices.has(outcome));
  return free.length === 0 ? "" : ` (${free.map(({ outcome }) => outcome).join(", ")} without a price)`;
}
