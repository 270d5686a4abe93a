/**
 * Campaigns of many parameters: the plain search, the trust region that `auto` takes, and other priors, from
 * the same first runs and in batches of four. Prints Markdown: least value found, median and quartiles over seeds.
 *
 * npm run bench -- high-dimensions [--problem ackley20,hartmann6in25] [--seeds 3] [--evaluations 80]
 */
import { parseArgs } from "node:util";
import { quartiles } from "../src/benchmark/comparison.js";
import { spreadSettings } from "../src/benchmark/strategies.js";
import { ackley, hartmann6 } from "../src/benchmark/test-functions.js";
import { ask, type AskOptions } from "../src/campaign/ask.js";
import { createCampaign } from "../src/campaign/campaign.js";
import { tell } from "../src/campaign/tell.js";
import { createRng } from "../src/math/rng.js";
import type { Settings } from "../src/space/parameter.js";

const { values } = parseArgs({
  options: {
    problem: { type: "string", default: "ackley20,hartmann6in25" },
    strategy: { type: "string" },
    seeds: { type: "string", default: "3" },
    evaluations: { type: "string", default: "80" },
  },
});
const evaluations = Number(values.evaluations);
const BATCH = 4;

interface ManyParameters {
  readonly dimension: number;
  readonly bounds: readonly [number, number];
  readonly value: (x: readonly number[]) => number;
}

const PROBLEMS: Readonly<Record<string, ManyParameters>> = {
  ackley20: { dimension: 20, bounds: [-5, 10], value: ackley },
  // Every fourth parameter matters, the other nineteen do nothing.
  hartmann6in25: {
    dimension: 25,
    bounds: [0, 1],
    value: (x) => hartmann6(x.filter((_, j) => j % 4 === 0)),
  },
};

const STRATEGIES: Readonly<Record<string, AskOptions>> = {
  "plain search": { search: "global" },
  "trust region": { search: "trust-region" },
  "sparse axes": { search: "global", preset: "sparse-axes" },
  "longer lengthscales (hvarfner-2024)": { search: "global", preset: "hvarfner-2024" },
};

async function leastFound(problem: ManyParameters, options: AskOptions, seed: number): Promise<number> {
  const [min, max] = problem.bounds;
  const names = Array.from({ length: problem.dimension }, (_, j) => `x${String(j).padStart(2, "0")}`);
  let campaign = createCampaign({
    campaign: "many-parameters",
    parameters: Object.fromEntries(names.map((name) => [name, { unit: "1", min, max }])),
    outcomes: { y: { unit: "1", goal: "minimize" } },
    batch: BATCH,
  });
  let [runs, least] = [0, Infinity];
  const record = (settings: readonly Settings[]): void => {
    for (const parameters of settings) {
      const y = problem.value(names.map((name) => Number(parameters[name])));
      least = Math.min(least, y);
      const id = `t${String(++runs).padStart(4, "0")}`;
      campaign = tell(campaign, [
        { id, parameters, origin: "SYNTHETIC", status: "completed", observations: { y: { value: y } } },
      ]);
    }
  };
  record(spreadSettings(campaign, problem.dimension + BATCH, createRng(seed).fork("first runs")));
  while (runs < evaluations) {
    const { suggestions } = await ask(campaign, { ...options, seed: 1000 * seed + runs, count: BATCH });
    record(suggestions.map(({ parameters }) => parameters));
  }
  return least;
}

const seeds = Array.from({ length: Number(values.seeds) }, (_, k) => k + 1);
console.log(`| problem | strategy | least value after ${evaluations} runs (quartiles) | CPU s a campaign |`);
console.log("|---|---|---|---|");
for (const name of values.problem.split(",")) {
  const problem = PROBLEMS[name];
  if (problem === undefined) throw new Error(`No problem ${name}: ${Object.keys(PROBLEMS).join(", ")}`);
  for (const [label, options] of Object.entries(STRATEGIES)) {
    if (values.strategy !== undefined && !values.strategy.split(",").includes(label)) continue;
    const before = process.cpuUsage();
    const found: number[] = [];
    for (const seed of seeds) found.push(await leastFound(problem, options, seed));
    const { user, system } = process.cpuUsage(before);
    const [low, median, high] = quartiles(found);
    const shown = `${median.toFixed(3)} (${low.toFixed(3)} … ${high.toFixed(3)})`;
    console.log(`| ${name} | ${label} | ${shown} | ${((user + system) / 1e6 / seeds.length).toFixed(0)} |`);
  }
}
