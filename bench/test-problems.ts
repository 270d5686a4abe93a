import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A published test problem: objectives are minimised, constraints hold where `c >= 0`. */
export interface TestProblem {
  readonly name: string;
  readonly bounds: readonly (readonly [number, number])[];
  readonly objectives: number;
  readonly constraints: number;
  readonly optimum: number | null;
  readonly referenceMinimise: readonly number[] | null;
  readonly maxHypervolume: number | null;
  readonly noiseStdDev: number;
  readonly budget: number;
  readonly checkPoints: readonly { x: number[]; y: number[]; c: number[] }[];
  /** First settings by seed, raw units. */
  readonly initial: Readonly<Record<string, readonly number[][]>>;
  /** Noise of evaluation k by seed, in standard deviations. */
  readonly standardNormals?: Readonly<Record<string, readonly number[]>>;
  evaluate(x: readonly number[]): { readonly y: readonly number[]; readonly c: readonly number[] };
}

export interface PeerResult {
  readonly problem: string;
  readonly system: string;
  readonly seeds: number;
  readonly quartilesAtEvaluations: Readonly<Record<string, readonly [number, number, number]>>;
  readonly cpuSecondsPerSuggestion: readonly [number, number, number] | null;
  readonly finalPerSeed: readonly number[] | null;
}

/** Dixon & Szegő (1978). */
function branin(x: readonly number[]): number {
  const [u, v] = [x[0]!, x[1]!];
  const bowl = v - (5.1 / (4 * Math.PI ** 2)) * u * u + (5 / Math.PI) * u - 6;
  return bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(u) + 10;
}

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
] as const;
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
] as const;
const HARTMANN_ALPHA = [1, 1.2, 3, 3.2] as const;

/** Dixon & Szegő (1978). */
function hartmann6(x: readonly number[]): number {
  let sum = 0;
  HARTMANN_ALPHA.forEach((alpha, i) => {
    let inner = 0;
    for (let j = 0; j < 6; j++) inner += HARTMANN_A[i]![j]! * (x[j]! - HARTMANN_P[i]![j]!) ** 2;
    sum -= alpha * Math.exp(-inner);
  });
  return sum;
}

/** Ackley (1987). */
function ackley(x: readonly number[]): number {
  const square = x.reduce((sum, value) => sum + value * value, 0) / x.length;
  const cosine = x.reduce((sum, value) => sum + Math.cos(2 * Math.PI * value), 0) / x.length;
  return -20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(cosine) + 20 + Math.E;
}

/** Gramacy et al. (2016), Technometrics 58(1). */
function gramacy(x: readonly number[]): { y: number[]; c: number[] } {
  const [u, v] = [x[0]!, x[1]!];
  const first = 0.5 * Math.sin(2 * Math.PI * (u * u - 2 * v)) + u + 2 * v - 1.5;
  return { y: [u + v], c: [first, 1.5 - u * u - v * v] };
}

/** Currin et al. (1988). */
function currin(x: readonly number[]): number {
  const [u, v] = [x[0]!, x[1]!];
  const factor = v === 0 ? 1 : 1 - Math.exp(-1 / (2 * v));
  return (
    (factor * (2300 * u ** 3 + 1900 * u * u + 2092 * u + 60)) / (100 * u ** 3 + 500 * u * u + 4 * u + 20)
  );
}

/** Deb, Thiele, Laumanns & Zitzler (2005), two objectives. */
function dtlz2(x: readonly number[]): number[] {
  const g = x.slice(1).reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
  return [(1 + g) * Math.cos((x[0]! * Math.PI) / 2), (1 + g) * Math.sin((x[0]! * Math.PI) / 2)];
}

/** Jain & Deb (2014), C2-DTLZ2 with r = 0.2; r² is taken off once per objective in the middle, as the peers ran it. */
function c2dtlz2(x: readonly number[]): { y: number[]; c: number[] } {
  const y = dtlz2(x);
  const r = 0.2 * 0.2;
  const corners = y.map((value, i) => (value - 1) ** 2 + (y[1 - i]! ** 2 - r));
  const middle = y.reduce((sum, value) => sum + (value - Math.SQRT1_2) ** 2 - r, 0);
  return { y, c: [-Math.min(...corners, middle)] };
}

const FUNCTIONS: Record<string, (x: readonly number[]) => { y: number[]; c: number[] }> = {
  branin: (x) => ({ y: [branin(x)], c: [] }),
  hartmann6: (x) => ({ y: [hartmann6(x)], c: [] }),
  hartmann6_noisy: (x) => ({ y: [hartmann6(x)], c: [] }),
  ackley5: (x) => ({ y: [ackley(x)], c: [] }),
  gramacy,
  branincurrin: (x) => ({ y: [branin([15 * x[0]! - 5, 15 * x[1]!]), currin(x)], c: [] }),
  dtlz2: (x) => ({ y: dtlz2(x), c: [] }),
  c2dtlz2,
};

function read(name: string): unknown {
  const root = process.env["CELLWRIGHT_ROOT"] ?? process.cwd();
  return JSON.parse(readFileSync(join(root, "bench", "data", name), "utf8"));
}

/** Every problem, its formula checked against its check points. */
export function testProblems(): readonly TestProblem[] {
  const stored = read("optimiser-problems.json") as Record<string, Omit<TestProblem, "name" | "evaluate">>;
  return Object.entries(stored).map(([name, problem]) => {
    const evaluate = FUNCTIONS[name]!;
    for (const { x, y, c } of problem.checkPoints) {
      const found = evaluate(x);
      const off = [...y, ...c].some(
        (value, i) => Math.abs(value - [...found.y, ...found.c][i]!) > 1e-9 * Math.max(1, Math.abs(value)),
      );
      if (off)
        throw new Error(
          `${name} at ${x.join(", ")}: found ${[...found.y, ...found.c].join(", ")}, expected ${[...y, ...c].join(", ")}`,
        );
    }
    return { ...problem, name, evaluate };
  });
}

export function peerResults(): readonly PeerResult[] {
  return (read("optimiser-peers.json") as { results: PeerResult[] }).results;
}
