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
import { branin, gramacy, hartmann6, type TestValues } from "../src/benchmark/test-functions.js";
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
  readonly truth: (x: readonly number[]) => TestValues;
  /** The regret of a setting that breaks a limit. */
  readonly worst?: number;
  /** Standard deviations of a run. */
  readonly noise: readonly number[];
}

const BRANIN = {
  bounds: [
    [-5, 10],
    [0, 15],
  ],
  truth: (x: readonly number[]) => ({ y: [branin([x[0]!, x[1]!])], c: [] }),
} as const;
/** The least value on the steps. */
const onSteps = (step: number): number => {
  let least = Infinity;
  for (let u = -5; u <= 10; u += step)
    for (let v = 0; v <= 15; v += step) least = Math.min(least, branin([u, v]));
  return least;
};

// Standard deviations over the domain: Branin 51, Hartmann-6 0.38, Gramacy 0.4 (its limits 0.9 and 0.4).
const PROBLEMS: Readonly<Record<string, NoisyProblem>> = {
  branin: { title: "Branin", ...BRANIN, optimum: 0.397887357729738, noise: [0.5, 5, 20, 50] },
  "branin-steps": {
    ...{ title: "Branin in steps of 1.5 (121 settings)", ...BRANIN, step: 1.5, optimum: onSteps(1.5) },
    noise: [5, 20, 50],
  },
  hartmann6: {
    title: "Hartmann-6",
    bounds: Array.from({ length: 6 }, () => [0, 1] as const),
    truth: (x) => ({ y: [hartmann6(x)], c: [] }),
    optimum: -3.32236801141551,
    noise: [0.03, 0.1, 0.3, 1],
  },
  "gramacy-steps": {
    title: "Gramacy in steps of 0.05, two limits",
    bounds: Array.from({ length: 2 }, () => [0, 1] as const),
    step: 0.05,
    truth: (x) => gramacy([x[0]!, x[1]!]),
    optimum: 0.6, // the least allowed sum on the steps
    worst: 1.4,
    noise: [0.03, 0.1, 0.3],
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

function campaignOf({ bounds, step, truth }: NoisyProblem): Campaign {
  const limits = truth(bounds.map(([min]) => min)).c.map(
    (_, k) => [`c${k}`, { unit: "1", spec: { min: 0 } }] as const,
  );
  const parameters = bounds.map(
    ([min, max], j) => [nameOf(j), { unit: "1", min, max, ...(step !== undefined && { step }) }] as const,
  );
  return createCampaign({
    campaign: "replication",
    parameters: Object.fromEntries(parameters),
    outcomes: { y0: { unit: "1", goal: "minimize" }, ...Object.fromEntries(limits) },
    batch,
  });
}

/** The true value of the setting that would be chosen: the best prediction among the settings that were run. */
async function recommended({ truth, optimum, worst = 0 }: NoisyProblem, campaign: Campaign): Promise<number> {
  const problem = createAskProblem(campaign, {}, await fitOutcomes(campaign, { seed: 1 }), []);
  const { feasible, best } = standingOf(problem.objectives, problem.specifications, problem.base);
  if (best < 0) return worst;
  const { y, c } = truth(vectorOf(campaign.space.decode(matrixRow(feasible, best)).parameters));
  return c.every((value) => value >= 0) ? y[0]! - optimum : worst;
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
    const { y, c } = problem.truth(vectorOf(parameters));
    const measured = [
      ...y.map((value, k) => [`y${k}`, value] as const),
      ...c.map((value, k) => [`c${k}`, value] as const),
    ];
    const observations = Object.fromEntries(
      measured.map(([name, value]) => [name, { value: value + noise * scatter.normal() }]),
    );
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
