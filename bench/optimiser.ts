/**
 * The suggestions on published problems, from ask to tell: regret or hypervolume gap from the designs that peers
 * started from, compared pair by pair, and from fresh designs of our own.
 *
 * npm run bench -- optimiser [--problem branin,dtlz2] [--seeds 0,1,2] [--fresh 40] [--evaluations 50] [--plots docs/regret]
 *
 * Prints Markdown. --seeds none or --fresh 0 leaves one half out. --plots DIR also draws the regret curves there.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderPng, renderSvg } from "../src/adapters/render-plot.js";
import { quartiles } from "../src/benchmark/comparison.js";
import type { LoopResult } from "../src/benchmark/closed-loop.js";
import { testProblems } from "../src/benchmark/test-problems.js";
import { figureSize } from "../src/plots/frame.js";
import { regretCurves } from "../src/plots/regret-curves.js";
import { peerResults, storedProblems } from "./optimiser/peers.js";
import { type ProblemRuns, runProblem } from "./optimiser/run-problem.js";
import { comparisonTable, markdown, progressTable, summaryTable } from "./optimiser/tables.js";

const { values } = parseArgs({
  options: {
    problem: { type: "string" },
    seeds: { type: "string", default: "0,1,2,3,4,5,6,7,8,9" },
    fresh: { type: "string", default: "40" },
    evaluations: { type: "string", default: "50" },
    plots: { type: "string" },
  },
});
const evaluations = Number(values.evaluations);
const seeds = values.seeds === "none" ? [] : values.seeds.split(",").map(Number);
const chosen = values.problem?.split(",");
const [stored, peers] = [storedProblems(), peerResults()];
const unknown = (chosen ?? []).filter((name) => !testProblems.some((problem) => problem.name === name));
if (unknown.length > 0)
  throw new Error(`No problem ${unknown.join(", ")}: ${testProblems.map((p) => p.name).join(", ")}`);

const all: ProblemRuns[] = [];
for (const problem of testProblems) {
  if (chosen !== undefined && !chosen.includes(problem.name)) continue;
  const runs = await runProblem(problem, stored, { seeds, fresh: Number(values.fresh), evaluations });
  all.push(runs);
  const mine = peers.filter((peer) => peer.problem === problem.name);
  console.log(markdown(progressTable(runs, mine, evaluations)));
  if (values.plots !== undefined) await draw(runs, values.plots);
}
console.log(markdown(comparisonTable(all, peers, evaluations)));
if (all.every(({ fresh }) => fresh.length > 0)) console.log(markdown(summaryTable(all, peers, evaluations)));

async function draw({ problem, fresh, random }: ProblemRuns, folder: string): Promise<void> {
  if (fresh.length === 0) return;
  const recorded = peers
    .filter((peer) => peer.problem === problem.name && !peer.system.includes("Sobol"))
    .map(({ system, seeds: count, quartilesAtEvaluations }) => ({
      name: `${system.replace(/ GPSampler|, sample_around_best/u, "")}, ${count} designs`,
      points: Object.entries(quartilesAtEvaluations).map(([n, [, median]]) => [Number(n), median] as const),
    }));
  const option = regretCurves({
    measure: problem.measure,
    campaigns: fresh.length,
    ours: after(fresh),
    random: after(random).map(([, median]) => median),
    peers: recorded,
    from: problem.firstRuns,
  });
  const svg = await renderSvg(option, figureSize(option), `regret-${problem.name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `regret-${problem.name}.svg`), svg);
  writeFileSync(join(folder, `regret-${problem.name}.png`), (await renderPng(svg)).png);
}

/** Quartiles over campaigns after each run. */
function after(runs: readonly LoopResult[]): (readonly [number, number, number])[] {
  return (runs[0]?.gap ?? []).map((_, k) => quartiles(runs.map(({ gap }) => gap[k]!)));
}
