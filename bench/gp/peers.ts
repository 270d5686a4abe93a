import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Matrix } from "../../src/math/matrix.js";
import { matrixRow } from "../../src/math/matrix.js";

/** One fit and its predictions, for a peer. */
export interface PeerTask {
  readonly name: string;
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly points: Matrix;
  /** Fits, of which the fastest counts; default 1. */
  readonly repeats?: number;
}

export const PEERS = ["scikit-learn", "BoTorch"] as const;
export type PeerName = (typeof PEERS)[number] | "BoTorch Matérn";

/** What bench/peers/gaussian_processes.py answers to one task. */
export interface PeerAnswer {
  readonly peer: PeerName;
  readonly name: string;
  readonly mean?: readonly number[];
  readonly stdDev?: readonly number[];
  readonly cpuSeconds?: number;
  /** Why there is no answer. */
  readonly failure?: string;
}

interface PeerReply {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly PeerAnswer[];
  readonly cholesky: readonly { readonly n: number; readonly gigaflops: number }[];
}

/** Figures of one part of the bench, as they were computed from the peers' answers. */
interface RecordedPart {
  /** Hash of the request: figures of other data are not shown. */
  readonly request: string;
  readonly date: string;
  readonly machine: PeerReply["machine"];
  readonly versions: PeerReply["versions"];
  readonly figures: unknown;
}

interface PeerRequest {
  readonly peers?: readonly PeerName[];
  readonly tasks?: readonly PeerTask[];
  readonly cholesky?: readonly number[];
}

/** The peers: run now where a Python with them is given, or their figures of an earlier run. */
export interface Peers {
  /**
   * The figures that `reduce` makes of the peers' answers (plain JSON), or null where they were neither run nor recorded
   * for the very same request.
   */
  figures<T>(part: string, request: PeerRequest, reduce: (reply: PeerReply) => T): T | null;
  /** Where the figures came from, in a sentence, after they were asked for. */
  source(): string;
}

export interface PeerOptions {
  /** Python with bench/peers/requirements.txt. */
  readonly python?: string;
  /** Writes what was computed to the file of recorded figures. */
  readonly record: boolean;
}

const COMMAND = "npm run bench -- gp --python PATH --record";

/** Opens the peers. */
export function openPeers({ python, record }: PeerOptions): Peers {
  const root = process.env["CELLWRIGHT_ROOT"] ?? ".";
  const file = join(root, "bench", "data", "gp-peers.json");
  const recorded: Record<string, RecordedPart> = existsSync(file)
    ? ((JSON.parse(readFileSync(file, "utf8")) as { parts: Record<string, RecordedPart> }).parts ?? {})
    : {};
  const used = new Set<string>();
  return {
    figures<T>(part: string, request: PeerRequest, reduce: (reply: PeerReply) => T): T | null {
      const text = requestText(request);
      const hash = createHash("sha256").update(text).digest("hex");
      if (python === undefined) {
        const known = recorded[part];
        const same = known?.request === hash;
        used.add(
          same ? `recorded ${known.date} on ${describe(known)}` : "neither run nor recorded for these data",
        );
        return same ? (known.figures as T) : null;
      }
      const reply = ask(python, join(root, "bench", "peers", "gaussian_processes.py"), text);
      const figures = reduce(reply);
      const { machine, versions } = reply;
      const date = new Date(Date.now()).toISOString().slice(0, 10);
      used.add(`run just now on ${describe({ machine, versions })}`);
      recorded[part] = { request: hash, date, machine, versions, figures };
      if (record) {
        const parts = Object.fromEntries(Object.entries(recorded).sort(([a], [b]) => (a < b ? -1 : 1)));
        writeFileSync(file, `${JSON.stringify({ command: COMMAND, parts }, null, 2)}\n`);
      }
      return figures;
    },
    source: () => `Peers: ${[...used].join("; ")}.`,
  };
}

function describe({ machine, versions }: Pick<RecordedPart, "machine" | "versions">): string {
  const names = Object.entries(versions).filter(([name]) => ["botorch", "sklearn", "scipy"].includes(name));
  const shown = names.map(([name, version]) => `${name} ${version}`).join(", ");
  return `${machine["processor"]}, ${machine["cores"]} cores (${shown})`;
}

function requestText({ peers = PEERS, tasks = [], cholesky = [] }: PeerRequest): string {
  const rows = (X: Matrix): number[][] => Array.from({ length: X.rows }, (_, i) => [...matrixRow(X, i)]);
  return JSON.stringify({
    peers,
    cholesky,
    tasks: tasks.map((task) => ({ ...task, X: rows(task.X), y: [...task.y], points: rows(task.points) })),
  });
}

function ask(python: string, script: string, text: string): PeerReply {
  const run = spawnSync(python, [script], {
    input: text,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (run.error !== undefined || run.status !== 0) {
    throw new Error(
      `${python} did not run bench/peers/gaussian_processes.py (${run.error?.message ?? `status ${run.status}`}): install bench/peers/requirements.txt there, or leave --python out.`,
    );
  }
  return JSON.parse(run.stdout) as PeerReply;
}
