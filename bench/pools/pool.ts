import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { type Campaign, createCampaign } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { tell } from "../../src/campaign/tell.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { permutation, type Rng } from "../../src/math/rng.js";
import type { Settings } from "../../src/space/parameter.js";

/** Experiments that were made: an optimiser may ask only for those. */
export interface Pool {
  readonly name: string;
  readonly goal: "minimize" | "maximize";
  readonly outcomeScale?: "log";
  readonly parameters: Readonly<Record<string, { readonly scale?: "log" }>>;
  readonly settings: readonly Settings[];
  /** Measured results of each setting, in the order of `settings`. */
  readonly results: readonly (readonly number[])[];
  /** One measured specimen is drawn a pull and a setting may be pulled again; else a pull gives the mean, once. */
  readonly specimens: boolean;
}

export interface PoolRun {
  /** Setting of each pull. */
  readonly pulls: readonly number[];
  /** After each pull the setting of the best posterior mean among those pulled; −1 while nothing is fitted. */
  readonly incumbents: readonly number[];
}

/** Joint draws of the outcomes, as `ask` takes. */
const DRAWS = 64;

export const poolMean = (pool: Pool, i: number): number =>
  pool.results[i]!.reduce((sum, value) => sum + value, 0) / pool.results[i]!.length;

/** Plays one campaign against a pool: random first pulls, then by noisy expected improvement or at random. */
export async function playPool(
  pool: Pool,
  options: {
    readonly strategy: "engine" | "random";
    readonly first: number;
    readonly pulls: number;
    readonly rng: Rng;
    /** Whether incumbents are wanted of random pulls too: each costs a fit. */
    readonly judge: boolean;
  },
): Promise<PoolRun> {
  const { strategy, rng } = options;
  let campaign = poolCampaign(pool);
  const left = pool.results.map((results) =>
    pool.specimens ? [...permutation(rng, results.length)].map((k) => results[k]!) : [meanOf(results)],
  );
  const order = [...permutation(rng, pool.settings.length)];
  const pulls: number[] = [];
  const incumbents: number[] = [];
  while (pulls.length < options.pulls) {
    const open = order.filter((i) => left[i]!.length > 0);
    if (open.length === 0) break;
    const k = pulls.length;
    const fresh = k < options.first || strategy === "random";
    const chosen = fresh
      ? randomPull(open, pulls, pool, rng)
      : await bestPull(pool, campaign, open, rng.fork(`${k}`));
    campaign = tell(campaign, [
      {
        id: `p${String(k).padStart(4, "0")}`,
        parameters: pool.settings[chosen]!,
        observations: { y: { value: left[chosen]!.pop()! } },
        origin: "measured",
      },
    ]);
    pulls.push(chosen);
    incumbents.push(
      options.judge && pulls.length >= options.first ? await incumbent(pool, campaign, pulls) : -1,
    );
  }
  return { pulls, incumbents };
}

/** First pulls are of different settings; later random ones of whatever is left. */
function randomPull(open: readonly number[], pulls: readonly number[], pool: Pool, rng: Rng): number {
  const unseen = pool.specimens ? open : open.filter((i) => !pulls.includes(i));
  return unseen[rng.integer(unseen.length)]!;
}

function poolCampaign(pool: Pool): Campaign {
  const parameters = Object.fromEntries(
    Object.entries(pool.parameters).map(([name, entry]) => {
      const values = pool.settings.map((settings) => Number(settings[name]));
      return [name, { unit: "1", min: Math.min(...values), max: Math.max(...values), ...entry }];
    }),
  );
  const y = { unit: "1", goal: pool.goal, ...(pool.outcomeScale && { scale: pool.outcomeScale }) };
  return createCampaign({ campaign: pool.name, parameters, outcomes: { y } });
}

async function bestPull(pool: Pool, campaign: Campaign, open: readonly number[], rng: Rng): Promise<number> {
  const problem = createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
  const acquisition = createAcquisition({
    objectives: problem.objectives,
    specifications: [],
    data: problem.base,
    pending: createMatrix(0, problem.base.cols),
    noisy: problem.noisy,
    draws: DRAWS,
    rng,
  });
  let best = open[0]!;
  let most = Number.NEGATIVE_INFINITY;
  for (const i of open) {
    const value = acquisition.value(campaign.space.encode(pool.settings[i]!, {}));
    if (value > most) [best, most] = [i, value];
  }
  return best;
}

async function incumbent(pool: Pool, campaign: Campaign, pulls: readonly number[]): Promise<number> {
  const { fitted } = await fitOutcomes(campaign);
  const model = fitted.get("y")?.model;
  const seen = [...new Set(pulls)].sort((a, b) => a - b);
  if (model === undefined) return seen[0]!;
  const { mean } = model.predict(
    matrixFromRows(seen.map((i) => campaign.space.encode(pool.settings[i]!, {}))),
  );
  const sign = pool.goal === "maximize" ? 1 : -1;
  return seen.reduce(
    (best, i, k) => (sign * mean[k]! > sign * mean[seen.indexOf(best)]! ? i : best),
    seen[0]!,
  );
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
