/**
 * Gaussian processes of many rows by nearest neighbours (Vecchia): time, memory, error and coverage as rows grow, beside
 * the exact process on 2,000 of them. Budget (CPU time of one core): 100,000 rows of 8 parameters in 5 minutes and 2 GB.
 *
 * Data: functions of eight inputs with normal noise; every measurement has its own process, so that its peak memory is
 * its own.
 */
import { spawnSync } from "node:child_process";
import { createMatrix, type Matrix } from "../../src/math/matrix.js";
import { coverage, rmse } from "../../src/math/metrics.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { SurrogateData } from "../../src/surrogates/surrogate.js";
import { fitVecchiaGaussianProcess } from "../../src/surrogates/vecchia-gaussian-process.js";
import { printTable, short } from "./print-table.js";
import { continuousInputs } from "./synthetic-data.js";

const INPUTS = 8;
const EXACT_ROWS = 2000;
const TEST_ROWS = 2000;
const BUDGETED_ROWS = 100_000;
const inputs = continuousInputs(INPUTS);

interface Rows extends SurrogateData {
  readonly truth: Float64Array;
}

interface Measured {
  readonly method: string;
  readonly function: FunctionName;
  readonly rows: number;
  readonly fitCpuSeconds: number;
  readonly predictMilliseconds: number;
  readonly peakMegabytes: number;
  readonly rmse: number;
  readonly nlpd: number;
  readonly coverage95: number;
}

/** Outcomes of eight inputs; the first two leave some of them idle, the third needs all. */
const FUNCTIONS = {
  /** @see Friedman (1991), Annals of Statistics 19(1), section 4.3 */
  friedman: (x: ArrayLike<number>): number => {
    const centred = x[2]! - 0.5;
    return 10 * Math.sin(Math.PI * x[0]! * x[1]!) + 20 * centred * centred + 10 * x[3]! + 5 * x[4]!;
  },
  waves: (x: ArrayLike<number>): number =>
    Math.sin(9 * x[0]!) * Math.cos(7 * x[1]!) + Math.sin(5 * x[2]! * x[3]!),
  bowl: (x: ArrayLike<number>): number =>
    Array.from(x, (value, k) => (k + 1) * (value - 0.4) ** 2).reduce((sum, term) => sum + term, 0),
} as const;

export type FunctionName = keyof typeof FUNCTIONS;
/** The functions that the exact process is compared on, with a standard deviation of noise about a tenth of theirs. */
const COMPARED: readonly (readonly [FunctionName, number])[] = [
  ["friedman", 1],
  ["waves", 0.1],
  ["bowl", 0.15],
];

/** One measurement. */
interface Request {
  readonly method: "exact" | "nearest neighbours";
  readonly rows: number;
  readonly noiseStdDev: number;
  readonly function: FunctionName;
  readonly neighbours?: number;
  readonly predictionNeighbours?: number;
}

function generatedRows(count: number, seed: number, request: Request): Rows {
  const rng = createRng(seed);
  const X: Matrix = createMatrix(count, INPUTS);
  const truth = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const x = X.data.subarray(i * INPUTS, (i + 1) * INPUTS);
    for (let k = 0; k < INPUTS; k++) x[k] = rng.uniform();
    truth[i] = FUNCTIONS[request.function](x);
    y[i] = truth[i]! + request.noiseStdDev * rng.normal();
  }
  return { inputs, X, y, truth };
}

/** Fits, predicts 2,000 new points, and compares with the truth (error) and with new runs (density, coverage). */
function measure(request: Request): Measured {
  const { method, rows } = request;
  const data = generatedRows(rows, 1, request);
  const test = generatedRows(TEST_ROWS, 2, request);
  const cpu = process.cpuUsage();
  const model = method === "exact" ? fitGaussianProcess(data) : fitVecchiaGaussianProcess(data, request);
  const used = process.cpuUsage(cpu);
  const predictStart = performance.now();
  const posterior = model.predict(test.X);
  const predictMilliseconds = (performance.now() - predictStart) / TEST_ROWS;
  const density = posterior.logDensity(test.y);
  return {
    method,
    function: request.function,
    rows,
    fitCpuSeconds: (used.user + used.system) / 1e6,
    predictMilliseconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    rmse: rmse(test.truth, posterior.mean),
    nlpd: -density.reduce((sum, value) => sum + value, 0) / TEST_ROWS,
    coverage95: coverage(
      test.y,
      posterior.quantile(0.025, "observed"),
      posterior.quantile(0.975, "observed"),
    ),
  };
}

/** Answers a measurement that a process of this bench was started for; false if it was started by a person. */
export function answeredMeasurement(args: readonly string[]): boolean {
  if (args[0] !== "--one") return false;
  process.stdout.write(JSON.stringify(measure(JSON.parse(args[1]!) as Request)));
  return true;
}

function inOwnProcess(request: Request): Measured {
  const args = [...process.execArgv, process.argv[1]!, "--one", JSON.stringify(request)];
  const result = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (result.status !== 0) throw new Error(`${JSON.stringify(request)} failed with status ${result.status}`);
  return JSON.parse(result.stdout) as Measured;
}

const HEADINGS = [
  "function",
  "method",
  "rows",
  "CPU s",
  "µs a row",
  "predict ms",
  "peak MB",
  "RMSE",
  "NLPD",
  "coverage",
];

function cells(m: Measured): readonly string[] {
  return [
    m.function,
    m.method,
    String(m.rows),
    m.fitCpuSeconds.toFixed(1),
    ((1e6 * m.fitCpuSeconds) / m.rows).toFixed(0),
    m.predictMilliseconds.toFixed(2),
    m.peakMegabytes.toFixed(0),
    short(m.rmse),
    m.nlpd.toFixed(3),
    `${(100 * m.coverage95).toFixed(1)} %`,
  ];
}

export interface ManyRowsOptions {
  readonly sizes: readonly number[];
  /** Functions on which the exact process of 2,000 rows stands beside; all, or Friedman's alone, or none. */
  readonly compared: number;
  readonly markdown: boolean;
  readonly neighbours?: number;
  readonly predictionNeighbours?: number;
}

/** Cost at 100,000 rows, if measured. */
export interface ManyRowsCost {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Prints time, memory and skill against rows, and the exact process beside; returns the cost of the budgeted size. */
export function printManyRows(options: ManyRowsOptions): ManyRowsCost | null {
  const { sizes, markdown, compared, ...neighbours } = options;
  console.log(
    `Many rows, 8 inputs: error against the truth at ${TEST_ROWS} new points, density and 95 % interval of new runs`,
  );
  const exact = COMPARED.slice(0, compared).flatMap(([name, noiseStdDev]) =>
    (["exact", "nearest neighbours"] as const).map((method) =>
      inOwnProcess({ method, rows: EXACT_ROWS, noiseStdDev, function: name, ...neighbours }),
    ),
  );
  const grown = sizes.map((rows) =>
    inOwnProcess({ method: "nearest neighbours", rows, noiseStdDev: 1, function: "friedman", ...neighbours }),
  );
  printTable(HEADINGS, [...exact, ...grown].map(cells), markdown);
  const [first, last] = [grown[0], grown.at(-1)];
  if (first !== undefined && last !== undefined && last.rows > first.rows) {
    const exponent = Math.log(last.fitCpuSeconds / first.fitCpuSeconds) / Math.log(last.rows / first.rows);
    console.log(
      `Time grows as rows to the power ${exponent.toFixed(2)} from ${first.rows} to ${last.rows} rows.`,
    );
  }
  const budgeted = grown.find(({ rows }) => rows === BUDGETED_ROWS);
  return budgeted === undefined
    ? null
    : { seconds: budgeted.fitCpuSeconds, megabytes: budgeted.peakMegabytes };
}
