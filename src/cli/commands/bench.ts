import { calenderingPlant } from "../../benchmark/calendering-plant.js";
import {
  type BenchmarkProblem,
  closedLoop,
  type LoopResult,
  type Strategy,
} from "../../benchmark/closed-loop.js";
import { quartiles, solvedShare } from "../../benchmark/comparison.js";
import { formationPlant } from "../../benchmark/formation-plant.js";
import { responseSurfaceSearch } from "../../benchmark/response-surface-search.js";
import { engine, randomSearch, spreadSettings } from "../../benchmark/strategies.js";
import { testProblems } from "../../benchmark/test-problems.js";
import { CellwrightError } from "../../errors.js";
import { createRng } from "../../math/rng.js";
import type { CliEffects } from "../effects.js";
import { fittedTable } from "../fitted-table.js";
import { createProgress } from "../progress.js";
import { wrapText } from "../wrap-text.js";

export interface BenchCommandOptions {
  /** Names, separated by commas. */
  readonly problem?: string;
  readonly seeds: number;
  /** The SYNTHETIC plants instead of the published problems. */
  readonly plants?: boolean;
  readonly format: "table" | "json";
}

interface Line {
  readonly problem: string;
  readonly measure: string;
  readonly strategy: string;
  readonly campaigns: number;
  readonly runs: number;
  /** Gap after the last run: 25, 50 and 75 %. */
  readonly quartiles: readonly [number, number, number];
  readonly solved: number;
  readonly secondsPerSuggestion: number | null;
  readonly failedRuns: number;
  readonly cost: { readonly median: number; readonly unit: string } | null;
}

/** `cellwright bench`: the optimiser against random search on known problems or SYNTHETIC plants, on this machine. */
export async function bench(options: BenchCommandOptions, effects: CliEffects): Promise<void> {
  const plants = options.plants === true;
  const strategies = plants ? [engine, randomSearch, responseSurfaceSearch] : [engine, randomSearch];
  const names = namesOf(options.problem, plants);
  const progress = createProgress(effects);
  const lines: Line[] = [];
  try {
    for (const name of names) {
      for (const strategy of strategies) {
        lines.push(
          await compete(name, strategy, options, effects, (problem, done, total) =>
            progress.update(`${problem.title}, ${strategy.name}`, done, total),
          ),
        );
      }
    }
  } finally {
    progress.done();
  }
  if (options.format === "json")
    effects.out(`${JSON.stringify({ seeds: options.seeds, results: lines }, null, 2)}\n`);
  else effects.out(tables(lines, effects));
}

/** The plants of one seed; each is a line or a chamber of its own. */
const PLANTS: Readonly<Record<string, (seed: number) => BenchmarkProblem>> = {
  calendering: calenderingPlant,
  formation: () => formationPlant(),
};

function problemOf(name: string, seed: number): BenchmarkProblem {
  return PLANTS[name]?.(seed) ?? testProblems.find((problem) => problem.name === name)!;
}

function namesOf(asked: string | undefined, plants: boolean): readonly string[] {
  const known = plants ? Object.keys(PLANTS) : testProblems.map(({ name }) => name);
  const names = asked?.split(",") ?? known;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  throw new CellwrightError(
    "USAGE",
    `--problem: found ${unknown.map((name) => `"${name}"`).join(", ")}, expected some of ${known.join(", ")}.`,
  );
}

async function compete(
  name: string,
  strategy: Strategy,
  { seeds }: BenchCommandOptions,
  effects: CliEffects,
  onRun: (problem: BenchmarkProblem, done: number, total: number) => void,
): Promise<Line> {
  const results: LoopResult[] = [];
  const costs: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const problem = problemOf(name, seed);
    const rng = createRng(seed);
    const result = await closedLoop(problem, strategy, {
      first: spreadSettings(problem.campaign(), problem.firstRuns, rng.fork("initial design")),
      evaluations: problem.budget,
      rng,
      cpuSeconds: () => effects.now().getTime() / 1000,
      signal: effects.signal,
      onRun: (done) => onRun(problem, seed * problem.budget + done, seeds * problem.budget),
    });
    results.push(result);
    if (problem.cost !== undefined) costs.push(problem.cost(result.settings));
  }
  const problem = problemOf(name, 0);
  const last = results.map(({ gap }) => gap.at(-1)!);
  const seconds = results.flatMap((result) => result.seconds);
  return {
    problem: problem.title,
    measure: problem.unit === undefined ? problem.measure : `${problem.measure}, ${problem.unit}`,
    strategy: strategy.name,
    campaigns: seeds,
    runs: problem.budget,
    quartiles: quartiles(last),
    solved: solvedShare(last, problem.range),
    secondsPerSuggestion: seconds.length === 0 ? null : quartiles(seconds)[1],
    failedRuns: results.reduce((sum, { failed }) => sum + failed, 0) / seeds,
    cost: costs.length === 0 ? null : { median: quartiles(costs)[1], unit: problem.costUnit ?? "" },
  };
}

/** A table a problem, under its title. */
function tables(lines: readonly Line[], effects: CliEffects): string {
  const problems = [...new Set(lines.map(({ problem }) => problem))];
  const parts = problems.map((problem) => {
    const own = lines.filter((line) => line.problem === problem);
    const { measure, runs } = own[0]!;
    return `${wrapText(`${problem}: ${measure}, after ${runs} runs`, effects.columns, "  ")}\n${table(own, effects)}\n`;
  });
  const campaigns = lines[0]?.campaigns ?? 0;
  const each = `${campaigns} campaign${campaigns === 1 ? "" : "s"} each.`;
  const solved = `Solved: a gap below a hundredth of the problem's range. ${each}`;
  return `${parts.join("\n")}\n${wrapText(solved, effects.columns, "  ")}\n`;
}

function table(lines: readonly Line[], effects: CliEffects): string {
  const withCost = lines.some(({ cost }) => cost !== null);
  const head = [
    "by",
    "median gap",
    "quartiles",
    "solved",
    "per suggestion",
    ...(withCost ? ["failed", "cost"] : []),
  ];
  const rows = lines.map((line) => {
    const [low, middle, high] = line.quartiles.map(short);
    return [
      line.strategy,
      middle!,
      `${low!} to ${high!}`,
      `${Math.round(100 * line.solved)} %`,
      line.secondsPerSuggestion === null ? "–" : `${Math.round(1000 * line.secondsPerSuggestion)} ms`,
      ...(withCost
        ? [
            line.failedRuns.toFixed(1),
            line.cost === null ? "–" : `${Math.round(line.cost.median)} ${line.cost.unit}`,
          ]
        : []),
    ];
  });
  const align = head.map((_, k) => (k < 1 ? ("left" as const) : ("right" as const)));
  return fittedTable({ head, rows, align }, effects);
}

/** Two digits. */
function short(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 0.01 && Math.abs(value) < 1000) return String(Number(value.toPrecision(2)));
  return value.toExponential(1);
}
