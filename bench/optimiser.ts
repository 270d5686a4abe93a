/**
 * Regret and hypervolume gap of the engine on published problems, beside peers that started from the same settings.
 *
 * npm run bench -- optimiser [--problem branin,dtlz2] [--seeds 0,1,2] [--evaluations 50] [--fresh 40]
 *
 * --fresh N starts from N scrambled Sobol designs of our own instead: no peer ran those.
 */
import { parseArgs } from "node:util";
import { createRng } from "../src/math/rng.js";
import { createSobol } from "../src/math/sobol.js";
import { optimise, type Run } from "./optimise-problem.js";
import { type PeerResult, peerResults, type TestProblem, testProblems } from "./test-problems.js";

const { values } = parseArgs({
  options: {
    problem: { type: "string" },
    seeds: { type: "string", default: "0,1,2" },
    evaluations: { type: "string", default: "50" },
    fresh: { type: "string" },
  },
});
const evaluations = Number(values.evaluations);
const seeds =
  values.fresh === undefined
    ? values.seeds.split(",")
    : Array.from({ length: Number(values.fresh) }, (_, k) => String(1000 + k));
const chosen = values.problem?.split(",");
const peers = peerResults();

for (const problem of testProblems()) {
  if (chosen !== undefined && !chosen.includes(problem.name)) continue;
  const runs = seeds.map((seed) => {
    const normals = problem.standardNormals?.[seed];
    return optimise(problem, startOf(problem, seed), {
      evaluations,
      rng: createRng(Number(seed)),
      ...(normals !== undefined && values.fresh === undefined && { standardNormals: normals }),
    });
  });
  report(problem, runs);
}

function startOf(problem: TestProblem, seed: string): readonly (readonly number[])[] {
  if (values.fresh === undefined) {
    const first = problem.initial[seed];
    if (first === undefined)
      throw new Error(
        `No initial design for seed ${seed}: expected one of ${Object.keys(problem.initial).join(", ")}`,
      );
    return first;
  }
  const sobol = createSobol(problem.bounds.length, createRng(Number(seed)).fork("initial design"));
  return Array.from({ length: 2 * (problem.bounds.length + 1) }, () =>
    [...sobol.next()].map(
      (u, j) => problem.bounds[j]![0] + u * (problem.bounds[j]![1] - problem.bounds[j]![0]),
    ),
  );
}

function report(problem: TestProblem, runs: readonly Run[]): void {
  const checkpoints = [20, 30, 40, 50].filter((n) => n <= evaluations);
  const what = problem.optimum === null ? "hypervolume gap" : "regret";
  console.log(`\n${problem.name}: ${what}, quartiles after ${checkpoints.join(" / ")} evaluations`);
  const rows = checkpoints.map((n) => quartiles(runs.map(({ gap }) => gap[n - 1]!)));
  const seconds = quartiles(runs.flatMap(({ cpuSeconds }) => cpuSeconds));
  line(`Cellwright (${runs.length} seeds)`, rows, seconds);
  for (const peer of peers.filter(({ problem: name }) => name === problem.name)) {
    const theirs = checkpoints.map((n) => peer.quartilesAtEvaluations[String(n)]);
    line(`${peer.system} (${peer.seeds})`, theirs, peer.cpuSecondsPerSuggestion);
  }
  console.log(
    `  final by seed: ${runs.map(({ gap }, k) => `${seeds[k]!}: ${short(gap.at(-1)!)}`).join("  ")}`,
  );
  if (values.fresh === undefined)
    peers.filter(({ problem: name }) => name === problem.name).forEach((peer) => paired(peer, runs));
}

/** How often we were lower than a peer from the same settings, at the last evaluation that it ran, and the median ratio. */
function paired(peer: PeerResult, runs: readonly Run[]): void {
  const last = Math.max(...Object.keys(peer.quartilesAtEvaluations).map(Number));
  if (peer.finalPerSeed === null || last > evaluations) return;
  const ratios = seeds.flatMap((seed, k) => {
    const theirs = peer.finalPerSeed![Number(seed)];
    return theirs === undefined ? [] : [runs[k]!.gap[last - 1]! / theirs];
  });
  if (ratios.length === 0) return;
  const lower = ratios.filter((ratio) => ratio < 1).length;
  console.log(
    `  against ${peer.system} after ${last}: lower in ${lower} of ${ratios.length}, median ratio ${short(quartiles(ratios)[1])}`,
  );
}

function line(
  name: string,
  rows: readonly (readonly [number, number, number] | undefined)[],
  seconds: readonly [number, number, number] | null,
): void {
  const cells = rows.map((row) => (row === undefined ? "–" : row.map(short).join(" ")).padEnd(27));
  console.log(
    `  ${name.padEnd(58)} ${cells.join("| ")}| ${seconds === null ? "–" : `${seconds[1].toFixed(3)} s`}`,
  );
}

function quartiles(sample: readonly number[]): [number, number, number] {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const low = Math.floor(position);
    return sorted[low]! + (position - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
  };
  return [at(0.25), at(0.5), at(0.75)];
}

function short(value: number): string {
  return Math.abs(value) >= 0.01 && Math.abs(value) < 1000 ? value.toPrecision(2) : value.toExponential(1);
}
