import { closedLoop, type LoopResult, type Strategy } from "../../src/benchmark/closed-loop.js";
import { engine, randomSearch, spreadSettings } from "../../src/benchmark/strategies.js";
import type { TestProblem } from "../../src/benchmark/test-problems.js";
import { createRng } from "../../src/math/rng.js";
import type { Settings } from "../../src/space/parameter.js";
import { freshStart, peersStart, type storedProblems } from "./peers.js";

/** All runs of a problem. */
export interface ProblemRuns {
  readonly problem: TestProblem;
  /** By seed of the peers. */
  readonly paired: ReadonlyMap<number, LoopResult>;
  /** From designs that no peer ran, with random search from the same seeds. */
  readonly fresh: readonly LoopResult[];
  readonly random: readonly LoopResult[];
}

/** First seed of our own designs: none of the peers' ten. */
const FRESH_SEED = 1000;

export async function runProblem(
  problem: TestProblem,
  stored: ReturnType<typeof storedProblems>,
  options: { readonly seeds: readonly number[]; readonly fresh: number; readonly evaluations: number },
): Promise<ProblemRuns> {
  const { evaluations } = options;
  const loop = (of: TestProblem, strategy: Strategy, first: readonly Settings[], seed: number) =>
    closedLoop(of, strategy, { first, evaluations, rng: createRng(seed), cpuSeconds });
  const paired = new Map<number, LoopResult>();
  for (const seed of options.seeds) {
    const start = peersStart(problem, seed, stored);
    if (start !== null) paired.set(seed, await loop(start.problem, engine, start.first, seed));
  }
  const fresh: LoopResult[] = [];
  const random: LoopResult[] = [];
  for (let seed = FRESH_SEED; seed < FRESH_SEED + options.fresh; seed++) {
    const rng = createRng(seed);
    const first = freshStart(problem, seed, stored, () =>
      spreadSettings(problem.campaign(), problem.firstRuns, rng.fork("initial design")),
    );
    fresh.push(await loop(problem, engine, first, seed));
    random.push(await loop(problem, randomSearch, [], seed));
  }
  return { problem, paired, fresh, random };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
