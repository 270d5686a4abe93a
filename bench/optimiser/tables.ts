import {
  type Difference,
  pairedDifference,
  quartiles,
  solvedShare,
  unpairedDifference,
  verdict,
} from "../../src/benchmark/comparison.js";
import type { LoopResult } from "../../src/benchmark/closed-loop.js";
import { createRng } from "../../src/math/rng.js";
import { lastCheckpoint, type PeerResult } from "./peers.js";
import type { ProblemRuns } from "./run-problem.js";

/** A table as cells; printed as Markdown or in columns. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Evaluations at which tables look, as the peers were recorded. */
const CHECKPOINTS = [20, 30, 40, 50] as const;

/** Quartiles after each checkpoint, of ours and of every peer. */
export function progressTable(
  { problem, paired, fresh, random }: ProblemRuns,
  peers: readonly PeerResult[],
  evaluations: number,
): Table {
  const shown = CHECKPOINTS.filter((n) => n <= evaluations);
  const row = (name: string, runs: readonly LoopResult[]): string[] => [
    name,
    ...shown.map((n) =>
      quartiles(runs.map(({ gap }) => gap[n - 1]!))
        .map(short)
        .join(" / "),
    ),
    `${(
      100 *
        solvedShare(
          runs.map(({ gap }) => gap.at(-1)!),
          problem.range,
        )
    ).toFixed(0)} %`,
    runs.some(({ seconds }) => seconds.length > 0)
      ? `${(1000 * quartiles(runs.flatMap(({ seconds }) => seconds))[1]).toFixed(0)} ms`
      : "–",
  ];
  const rows: string[][] = [];
  if (fresh.length > 0) rows.push(row(`Cellwright, ${fresh.length} fresh designs`, fresh));
  if (paired.size > 0)
    rows.push(row(`Cellwright, ${paired.size} of the peers' designs`, [...paired.values()]));
  if (random.length > 0) rows.push(row(`random search, ${random.length}`, random));
  for (const peer of peers) {
    const solved = solvedShare(peer.finalPerSeed ?? [], problem.range);
    rows.push([
      `${peer.system}, ${peer.seeds}`,
      ...shown.map((n) => peer.quartilesAtEvaluations[String(n)]?.map(short).join(" / ") ?? "–"),
      Number.isNaN(solved) ? "–" : `${(100 * solved).toFixed(0)} %`,
      peer.cpuSecondsPerSuggestion === null
        ? "–"
        : `${(1000 * peer.cpuSecondsPerSuggestion[1]).toFixed(0)} ms`,
    ]);
  }
  return {
    title: `${problem.title}: ${problem.measure}, quartiles`,
    head: ["", ...shown.map((n) => `after ${n}`), "solved", "a suggestion"],
    rows,
  };
}

/** One peer against us: from its designs seed by seed, and its seeds against our fresh designs. */
interface Comparison {
  readonly peer: PeerResult;
  readonly paired: Difference | null;
  readonly pairs: number;
  readonly fresh: Difference | null;
}

function compare(peer: PeerResult, { paired, fresh }: ProblemRuns, evaluations: number): Comparison {
  const last = lastCheckpoint(peer);
  const none = { peer, paired: null, pairs: 0, fresh: null };
  if (peer.finalPerSeed === null || last > evaluations) return none;
  const theirs = peer.finalPerSeed;
  const seeds = [...paired.keys()].filter((seed) => theirs[seed] !== undefined);
  const rng = createRng(1).fork(`${peer.problem} ${peer.system}`);
  const at = (run: LoopResult): number => run.gap[last - 1]!;
  return {
    peer,
    pairs: seeds.length,
    paired:
      seeds.length < 2
        ? null
        : pairedDifference(
            seeds.map((seed) => at(paired.get(seed)!)),
            seeds.map((seed) => theirs[seed]!),
            rng,
          ),
    fresh: fresh.length < 2 ? null : unpairedDifference(fresh.map(at), theirs, rng),
  };
}

/** Every problem against every peer. */
export function comparisonTable(
  all: readonly ProblemRuns[],
  peers: readonly PeerResult[],
  evaluations: number,
): Table {
  const rows = all.flatMap((runs) =>
    peers
      .filter(({ problem, system }) => problem === runs.problem.name && !system.includes("Sobol"))
      .map((peer) => compare(peer, runs, evaluations))
      .map(({ peer, paired, pairs, fresh }) => [
        runs.problem.title,
        `${peer.system}, after ${lastCheckpoint(peer)}`,
        paired === null ? "–" : `${words(paired)} (${pairs} pairs)`,
        fresh === null ? "–" : words(fresh),
      ]),
  );
  return {
    title:
      "Mean difference of log10 gap, ours less the peer's (negative: ours is smaller), 95 % bootstrap interval",
    head: ["problem", "peer", "from the peer's designs", "our fresh designs against its seeds"],
    rows,
  };
}

function words(difference: Difference): string {
  const { mean, low, high } = difference;
  return `${signed(mean)} [${signed(low)}, ${signed(high)}] ${verdict(difference)}`;
}

const signed = (value: number): string => value.toFixed(2).replace("-", "−");

/** The short table of the README: ours beside random search and the best recorded peer after 40 evaluations. */
export function summaryTable(
  all: readonly ProblemRuns[],
  peers: readonly PeerResult[],
  evaluations: number,
): Table {
  const n = Math.min(40, evaluations);
  return {
    title: `Median after ${n} evaluations, quartiles beside it`,
    head: [
      "problem",
      "Cellwright",
      "solved after 50",
      "random search",
      "best recorded peer",
      "against it, paired",
    ],
    rows: all.map((runs) => {
      const { problem, fresh, random } = runs;
      const mine = peers.filter((peer) => peer.problem === problem.name && !peer.system.includes("Sobol"));
      const median = (peer: PeerResult): number =>
        peer.quartilesAtEvaluations[String(n)]?.[1] ?? Number.POSITIVE_INFINITY;
      const [best] = [...mine].sort((a, b) => median(a) - median(b));
      const [low, middle, high] = quartiles(fresh.map(({ gap }) => gap[n - 1]!));
      const paired = best === undefined ? null : compare(best, runs, evaluations);
      return [
        `${problem.title}${problem.measure === "regret" ? "" : " (hypervolume gap)"}`,
        `${short(middle)} (${short(low)} … ${short(high)})`,
        `${(
          100 *
            solvedShare(
              fresh.map(({ gap }) => gap.at(-1)!),
              problem.range,
            )
        ).toFixed(0)} %`,
        short(quartiles(random.map(({ gap }) => gap[n - 1]!))[1]),
        best === undefined
          ? "not recorded"
          : `${short(median(best))} (${best.system}, ${best.seeds} designs)`,
        paired === null || paired.paired === null ? "–" : `${words(paired.paired)}, ${paired.pairs} pairs`,
      ];
    }),
  };
}

/** Two digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 0.01 && Math.abs(value) < 1000) return String(Number(value.toPrecision(2)));
  return value.toExponential(1);
}

/** GitHub's tables. */
export function markdown({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `**${title}**\n\n${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
