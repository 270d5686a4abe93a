import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProblem } from "../../src/benchmark/test-problems.js";
import { createRng } from "../../src/math/rng.js";
import { createSobol } from "../../src/math/sobol.js";
import type { Settings } from "../../src/space/parameter.js";

/** What a peer reached on a problem; recorded, never run here. */
export interface PeerResult {
  readonly problem: string;
  readonly system: string;
  readonly seeds: number;
  readonly quartilesAtEvaluations: Readonly<Record<string, readonly [number, number, number]>>;
  readonly cpuSecondsPerSuggestion: readonly [number, number, number] | null;
  readonly finalPerSeed: readonly number[] | null;
}

interface StoredProblem {
  readonly bounds: readonly (readonly [number, number])[];
  /** First settings by seed, raw units. */
  readonly initial: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** Noise of run k by seed, in standard deviations. */
  readonly standardNormals?: Readonly<Record<string, readonly number[]>>;
}

function read(name: string): unknown {
  const root = process.env["CELLWRIGHT_ROOT"] ?? process.cwd();
  return JSON.parse(readFileSync(join(root, "bench", "data", name), "utf8"));
}

/** Designs that the peers started from, by problem. */
export const storedProblems = (): Readonly<Record<string, StoredProblem>> =>
  read("optimiser-problems.json") as Record<string, StoredProblem>;

export const peerResults = (): readonly PeerResult[] =>
  (read("optimiser-peers.json") as { results: PeerResult[] }).results;

/** The evaluation after which a peer stopped: what `finalPerSeed` holds. */
export const lastCheckpoint = (peer: PeerResult): number =>
  Math.max(...Object.keys(peer.quartilesAtEvaluations).map(Number));

/** A problem with the peers' first settings and noise of a seed; null where there are none. */
export function peersStart(
  problem: TestProblem,
  seed: number,
  stored: Readonly<Record<string, StoredProblem>>,
): { readonly problem: TestProblem; readonly first: readonly Settings[] } | null {
  const { initial, standardNormals } = stored[problem.name] ?? {};
  const design = initial?.[String(seed)];
  if (design === undefined) return null;
  const normals = standardNormals?.[String(seed)];
  return {
    problem: normals === undefined ? problem : problem.withNormals(normals),
    first: design.map((raw) => named(problem, raw)),
  };
}

/** Scrambled Sobol settings of our own, of as many runs as the peers began with. */
export function freshStart(
  problem: TestProblem,
  seed: number,
  stored: Readonly<Record<string, StoredProblem>>,
  otherwise: () => readonly Settings[],
): readonly Settings[] {
  const bounds = stored[problem.name]?.bounds;
  if (bounds === undefined) return otherwise();
  const sobol = createSobol(bounds.length, createRng(seed).fork("initial design"));
  return Array.from({ length: problem.firstRuns }, () =>
    named(
      problem,
      [...sobol.next()].map((u, j) => bounds[j]![0] + u * (bounds[j]![1] - bounds[j]![0])),
    ),
  );
}

function named(problem: TestProblem, raw: readonly number[]): Settings {
  return Object.fromEntries(raw.map((value, j) => [problem.parameters[j]!, value]));
}
