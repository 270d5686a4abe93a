import type { Campaign } from "../campaign/campaign.js";
import { tell } from "../campaign/tell.js";
import type { TrialUpdate } from "../campaign/trial.js";
import { CellwrightError } from "../errors.js";
import type { Rng } from "../math/rng.js";
import type { Settings } from "../space/parameter.js";

/** What became of a run: everything that a person would record of it. */
export type RunResult = Pick<TrialUpdate, "status" | "reason" | "observations" | "context" | "group">;

/** Something to optimise whose truth is known, so that the distance to the optimum can be told. */
export interface BenchmarkProblem {
  readonly name: string;
  /** For tables. */
  readonly title: string;
  /** What `gap` is, for tables: regret, hypervolume gap, … */
  readonly measure: string;
  /** Unit of the gap where it has one. */
  readonly unit?: string;
  /** The largest gap that counts, and a hundredth of it as solved. */
  readonly range: number;
  /** Runs that spread before anything is chosen. */
  readonly firstRuns: number;
  /** Runs in all. */
  readonly budget: number;
  /** A campaign without trials, as a user would write it. */
  campaign(): Campaign;
  /** Runs settings as the run of this index; its noise comes from `scatter`, whoever chose the settings. */
  run(settings: Settings, index: number, scatter: Rng): RunResult;
  /** What is still missing to the optimum with these settings run, by the truth and not by what was measured. */
  gap(settings: readonly Settings[]): number;
  /** What running these settings in this order took, in `costUnit`; absent where runs cost nothing. */
  cost?(settings: readonly Settings[]): number;
  readonly costUnit?: string;
}

/** Chooses the next run of a campaign. */
export interface Strategy {
  readonly name: string;
  /** Settings to start from; default: those of the problem. */
  firstRuns?(problem: BenchmarkProblem, rng: Rng): readonly Settings[];
  next(campaign: Campaign, rng: Rng, signal: AbortSignal | undefined): Promise<Settings>;
}

export interface LoopOptions {
  readonly first: readonly Settings[];
  readonly evaluations: number;
  readonly rng: Rng;
  /** Seconds of processor time so far; absent where nobody asks for times. */
  readonly cpuSeconds?: () => number;
  readonly signal?: AbortSignal;
  readonly onRun?: (done: number) => void;
}

/** What one campaign left behind. */
export interface LoopResult {
  /** Gap after each run, [evaluations]; never larger than the problem's range. */
  readonly gap: readonly number[];
  /** Seconds of each choice. */
  readonly seconds: readonly number[];
  /** Settings in the order of the runs. */
  readonly settings: readonly Settings[];
  readonly failed: number;
}

/**
 * Runs one campaign from ask to tell until the budget is spent.
 *
 * @throws CellwrightError CANCELLED once `signal` is aborted, and what the strategy throws.
 */
export async function closedLoop(
  problem: BenchmarkProblem,
  strategy: Strategy,
  options: LoopOptions,
): Promise<LoopResult> {
  const { rng, cpuSeconds = () => 0, signal } = options;
  let campaign = problem.campaign();
  const settings: Settings[] = [];
  const gap: number[] = [];
  const seconds: number[] = [];
  let failed = 0;
  const first = strategy.firstRuns?.(problem, rng.fork("first runs")) ?? options.first;
  while (settings.length < options.evaluations) {
    if (signal?.aborted === true) throw new CellwrightError("CANCELLED", "The benchmark was cancelled.");
    const k = settings.length;
    const before = cpuSeconds();
    const chosen = first[k] ?? (await strategy.next(campaign, rng.fork(`choice ${k}`), signal));
    if (k >= first.length) seconds.push(cpuSeconds() - before);
    const result = problem.run(chosen, k, rng.fork(`scatter ${k}`));
    if (result.status === "failed") failed++;
    campaign = tell(campaign, [
      { id: `t${String(k + 1).padStart(4, "0")}`, parameters: chosen, origin: "SYNTHETIC", ...result },
    ]);
    settings.push(chosen);
    gap.push(Math.min(problem.gap(settings), problem.range));
    options.onRun?.(k + 1);
  }
  return { gap, seconds, settings, failed };
}
