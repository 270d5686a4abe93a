/**
 * Repeating settings on purpose: whole noisy campaigns, chosen run by run, with and without it, from the same first runs
 * and the same scatter. Prints Markdown: the true regret of the setting that would be chosen (best prediction among those
 * run), median and quartiles over seeds, and the paired difference of log10 with its bootstrap interval.
 *
 * npm run bench -- replication [--problem branin,hartmann6] [--seeds 40] [--runs 50] [--batch 1]
 */
import { parseArgs } from "node:util";
import { pairedDifference, quartiles, verdict } from "../src/benchmark/comparison.js";
import { spreadSettings } from "../src/benchmark/strategies.js";
import { branin, hartmann6 } from "../src/benchmark/test-functions.js";
import { ask, type AskOptions } from "../src/campaign/ask.js";
import { createAskProblem } from "../src/campaign/ask-problem.js";
import { type Campaign, createCampaign } from "../src/campaign/campaign.js";
import { fitOutcomes } from "../src/campaign/fit-outcomes.js";
import { standingOf } from "../src/campaign/improvement.js";
import { tell } from "../src/campaign/tell.js";
import { matrixRow } from "../src/math/matrix.js";
import { createRng } from "../src/math/rng.js";
import type { Settings } from "../src/space/parameter.js";

const { values } = parseArgs({
  options: {
    problem: { type: "string" },
    seeds: { type: "string", default: "40" },
    runs: { type: "string", default: "50" },
    batch: { type: "string", default: "1" },
  },
});
const runs = Number(values.runs);
const batch = Number(values.batch);
const seeds = Array.from({ length: Number(values.seeds) }, (_, k) => k + 1);

interface NoisyProblem {
  readonly title: string;
  readonly bounds: readonly (readonly [number, number])[];
  readonly step?: number;
  readonly optimum: number;
  readonly truth: (x: readonly number[]) => number;
  /** Standard deviations of a run. */
  readonly noise: readonly number[];
}

const BRANIN = {
  bounds: [
    [-5, 10],
    [0, 15],
  ],
  truth: (x: readonly number[]) => branin([x[0]!, x[1]!]),
} as const;
/** The least value on the steps. */
const onSteps = (step: number): number => {
  let least = Infinity;
  for (let u = -5; u <= 10; u += step)
    for (let v = 0; v <= 15; v += step) least = Math.min(least, branin([u, v]));
  return least;
};

// Standard deviations over the domain: Branin 51, Hartmann-6 0.38.
const PROBLEMS: Readonly<Record<string, NoisyProblem>> = {
  branin: { title: "Branin", ...BRANIN, optimum: 0.397887357729738, noise: [0.5, 5, 20, 50] },
  "branin-steps": {
    ...{ title: "Branin in steps of 1.5 (121 settings)", ...BRANIN, step: 1.5, optimum: onSteps(1.5) },
    noise: [5, 20, 50],
  },
  hartmann6: {
    title: "Hartmann-6",
    bounds: Array.from({ length: 6 }, () => [0, 1] as const),
    truth: hartmann6,
    optimum: -3.32236801141551,
    noise: [0.03, 0.1, 0.3, 1],
  },
};

const STRATEGIES: Readonly<Record<string, AskOptions>> = {
  never: { replicate: false },
  auto: {},
};

const nameOf = (j: number): string => `x${j}`;
const vectorOf = (settings: Settings): number[] =>
  Object.keys(settings)
    .sort()
    .map((name) => Number(settings[name]));

function campaignOf({ bounds, step }: NoisyProblem): Campaign {
  const parameters = bounds.map(
    ([min, max], j) => [nameOf(j), { unit: "1", min, max, ...(step !== undefined && { step }) }] as const,
  );
  return createCampaign({
    campaign: "replication",
    parameters: Object.fromEntries(parameters),
    outcomes: { y: { unit: "1", goal: "minimize" } },
    batch,
  });
}

/** The true value of the setting that would be chosen: the best prediction among the settings that were run. */
async function recommended({ truth, optimum }: NoisyProblem, campaign: Campaign): Promise<number> {
  const problem = createAskProblem(campaign, {}, await fitOutcomes(campaign, { seed: 1 }), []);
  const { feasible, best } = standingOf(problem.objectives, problem.specifications, problem.base);
  return truth(vectorOf(campaign.space.decode(matrixRow(feasible, best)).parameters)) - optimum;
}

interface Outcome {
  readonly half: number;
  readonly regret: number;
  readonly repeated: number;
}

async function runCampaign(
  problem: NoisyProblem,
  noise: number,
  options: AskOptions,
  seed: number,
): Promise<Outcome> {
  const scatter = createRng(seed).fork("scatter");
  let campaign = campaignOf(problem);
  let [done, repeated, half] = [0, 0, Number.NaN];
  const record = (parameters: Settings): void => {
    const y = problem.truth(vectorOf(parameters)) + noise * scatter.normal();
    const observations = { y: { value: y } };
    const id = `t${String(++done).padStart(4, "0")}`;
    campaign = tell(campaign, [{ id, parameters, origin: "SYNTHETIC", status: "completed", observations }]);
  };
  const first = 2 * (problem.bounds.length + 1);
  for (const settings of spreadSettings(campaign, first, createRng(seed).fork("first runs")))
    record(settings);
  while (done < runs) {
    const count = Math.min(batch, runs - done);
    const { suggestions } = await ask(campaign, { ...options, seed: 1000 * seed + done, count });
    for (const { parameters, replication } of suggestions) {
      if (replication !== undefined) repeated++;
      record(parameters);
      if (done === Math.floor(runs / 2)) half = await recommended(problem, campaign);
    }
  }
  return { half, regret: await recommended(problem, campaign), repeated };
}

const shown = (sample: readonly number[]): string => {
  const [low, median, high] = quartiles(sample).map((value) => value.toPrecision(2));
  return `${median} (${low} … ${high})`;
};

console.log(
  `| problem | noise | repeats | regret after ${Math.floor(runs / 2)} runs | after ${runs} runs | difference of log10 | repeated runs | CPU s a campaign |`,
);
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, problem] of Object.entries(PROBLEMS)) {
  if (values.problem !== undefined && !values.problem.split(",").includes(name)) continue;
  for (const noise of problem.noise) {
    let without: readonly Outcome[] = [];
    for (const [label, options] of Object.entries(STRATEGIES)) {
      const before = process.cpuUsage();
      const found: Outcome[] = [];
      for (const seed of seeds) found.push(await runCampaign(problem, noise, options, seed));
      const { user, system } = process.cpuUsage(before);
      const difference = (of: (outcome: Outcome) => number): string => {
        const d = pairedDifference(found.map(of), without.map(of), createRng(1));
        return `${d.mean.toFixed(2)} [${d.low.toFixed(2)}, ${d.high.toFixed(2)}] ${verdict(d)}`;
      };
      const compared =
        without.length === 0
          ? "–"
          : `${difference(({ half }) => half)}; ${difference(({ regret }) => regret)}`;
      if (without.length === 0) without = found;
      const repeats = found.reduce((sum, { repeated }) => sum + repeated, 0) / found.length;
      console.log(
        `| ${problem.title} | ${noise} | ${label} | ${shown(found.map(({ half }) => half))} | ${shown(found.map(({ regret }) => regret))} | ${compared} | ${repeats.toFixed(1)} | ${((user + system) / 1e6 / seeds.length).toFixed(1)} |`,
      );
    }
  }
}
