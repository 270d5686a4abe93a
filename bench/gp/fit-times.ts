/**
 * Cold fits of the exact Gaussian process (Matérn-5/2, six inputs, default preset and starts) beside recorded peers.
 * Budgets: DESIGN section 10.
 *
 * Data: ../shared/bench/gp/{train,test}.csv where present (Hartmann-6 with noise of standard deviation 0.1), otherwise
 * generated alike; peers' figures were measured on those files (CPU time of one core, pinned), ours here and now.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createMatrix, type Matrix } from "../../src/math/matrix.js";
import { coverage, rmse } from "../../src/math/metrics.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess, type GaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { Peers } from "./peers.js";
import { continuousInputs } from "./synthetic-data.js";
import { hartmann6 } from "../../src/benchmark/test-functions.js";

interface Rows {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly truth: Float64Array;
}

/** CPU seconds of a fit: scikit-learn 1.2.1, BoTorch 0.15.1, and our budget. */
const RECORDED: ReadonlyMap<number, readonly [number, number, number]> = new Map([
  [50, [0.026, 0.046, 0.005]],
  [100, [0.059, 0.084, 0.015]],
  [200, [0.182, 0.235, 0.06]],
  [500, [1.23, 1.64, 0.5]],
  [1000, [5.2, 8.8, 2.5]],
  [2000, [15.5, 29.9, 12]],
]);
const INPUTS = 6;
const inputs = continuousInputs(INPUTS);

function readRows(name: string): Rows | undefined {
  const file = join(process.env["CELLWRIGHT_ROOT"] ?? ".", "..", "shared", "bench", "gp", `${name}.csv`);
  if (!existsSync(file)) return undefined;
  const records = readFileSync(file, "utf8").trim().split("\n").slice(1);
  return rowsOf(records.map((record) => record.split(",").map(Number)));
}

function generatedRows(count: number, seed: number): Rows {
  const rng = createRng(seed);
  return rowsOf(
    Array.from({ length: count }, () => {
      const x = Array.from({ length: INPUTS }, () => rng.uniform());
      const value = hartmann6(x);
      return [...x, value + 0.1 * rng.normal(), value];
    }),
  );
}

function rowsOf(records: readonly (readonly number[])[]): Rows {
  const X = createMatrix(records.length, INPUTS);
  records.forEach((record, i) => X.data.set(record.slice(0, INPUTS), i * INPUTS));
  const column = (k: number): Float64Array => Float64Array.from(records, (record) => record[k]!);
  return { X, y: column(INPUTS), truth: column(INPUTS + 1) };
}

function firstRows({ X, y, truth }: Rows, n: number): Rows {
  const data = X.data.slice(0, n * INPUTS);
  return { X: { rows: n, cols: INPUTS, data }, y: y.slice(0, n), truth: truth.slice(0, n) };
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

/** Runs until three seconds have passed, at least thrice: sorted CPU seconds. */
function repeat(work: () => void): number[] {
  work();
  const times: number[] = [];
  for (let total = 0; times.length < 3 || (total < 3 && times.length < 200); total += times.at(-1)!) {
    times.push(cpuSeconds(work));
  }
  return times.sort((a, b) => a - b);
}

/** Cold fits of the first n rows. */
export interface FitTime {
  readonly n: number;
  /** CPU seconds. */
  readonly budget: number;
  readonly best: number;
  readonly median: number;
  readonly predict: number;
  /** Error against the truth and coverage of the 95 % interval of new runs. */
  readonly rmse: number;
  readonly coverage95: number;
  /** CPU seconds of the peers, run on the same rows or recorded for them; else as the table of this file has them. */
  readonly peers: Readonly<Record<string, number>>;
}

function fitTime(n: number, train: Rows, test: Rows, peers: Peers): FitTime {
  const { X, y } = firstRows(train, n);
  const [sklearn, botorch, budget] = RECORDED.get(n)!;
  let model: GaussianProcess | undefined;
  const fits = repeat(() => (model = fitGaussianProcess({ inputs, X, y })));
  const predictions = repeat(() => void model!.predict(test.X));
  const posterior = model!.predict(test.X);
  const [lower, upper] = [posterior.quantile(0.025, "observed"), posterior.quantile(0.975, "observed")];
  const points = firstRows(test, 1).X;
  const tasks = [{ name: String(n), X, y, points, repeats: n <= 200 ? 5 : 1 }];
  const run = peers.figures(
    `fit ${n}`,
    { tasks, peers: ["scikit-learn", "BoTorch", "BoTorch Matérn"] },
    (reply) =>
      Object.fromEntries(reply.results.map(({ peer, cpuSeconds }) => [peer, cpuSeconds ?? Number.NaN])),
  );
  return {
    n,
    budget,
    best: fits[0]!,
    median: fits[fits.length >> 1]!,
    predict: predictions[predictions.length >> 1]!,
    rmse: rmse(posterior.mean, test.truth),
    coverage95: coverage(test.y, lower, upper),
    peers: run ?? { "scikit-learn 1.2.1": sklearn, "BoTorch 0.15.1": botorch },
  };
}

/** Measures cold fits up to `largest` rows. */
export function fitTimes(largest: number, peers: Peers): readonly FitTime[] {
  const train = readRows("train") ?? generatedRows(2000, 1);
  const test = readRows("test") ?? generatedRows(1000, 2);
  return [...RECORDED.keys()].filter((n) => n <= largest).map((n) => fitTime(n, train, test, peers));
}
