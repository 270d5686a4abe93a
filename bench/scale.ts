/**
 * Gaussian processes of many rows by nearest neighbours (Vecchia): time, memory, error and coverage as rows grow, beside
 * the exact process on 2,000 of them. Budget (CPU time of one core): 100,000 rows of 8 parameters in 5 minutes and 2 GB.
 *
 * usage: npm run bench -- scale [--sizes 5000,10000,20000,50000,100000] [--noise 1] [--neighbours 30]
 *        [--prediction 400] [--no-exact]
 *
 * Data: Friedman's first function of five inputs, which three more do not change, with normal noise; every size has its
 * own process, so that its peak memory is its own.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { createMatrix, type Matrix } from "../src/math/matrix.js";
import { coverage, rmse } from "../src/math/metrics.js";
import { createRng } from "../src/math/rng.js";
import { fitGaussianProcess } from "../src/surrogates/gaussian-process.js";
import type { Surrogate, SurrogateData } from "../src/surrogates/surrogate.js";
import { fitVecchiaGaussianProcess } from "../src/surrogates/vecchia-gaussian-process.js";

const INPUTS = 8;
const EXACT_ROWS = 2000;
const TEST_ROWS = 2000;
const BUDGET = { rows: 100_000, seconds: 300, megabytes: 2000 };
const inputs = Array.from({ length: INPUTS }, (_, k) => ({ name: `x${k + 1}`, kind: "continuous" as const }));

interface Rows extends SurrogateData {
  readonly truth: Float64Array;
}

interface Measured {
  readonly method: string;
  readonly rows: number;
  readonly fitSeconds: number;
  readonly fitCpuSeconds: number;
  readonly predictMilliseconds: number;
  readonly peakMegabytes: number;
  readonly rmse: number;
  readonly nlpd: number;
  readonly coverage95: number;
}

/** @see Friedman (1991), Annals of Statistics 19(1), section 4.3 */
function friedman(x: ArrayLike<number>): number {
  const centred = x[2]! - 0.5;
  return 10 * Math.sin(Math.PI * x[0]! * x[1]!) + 20 * centred * centred + 10 * x[3]! + 5 * x[4]!;
}

function generatedRows(count: number, seed: number, noise: number): Rows {
  const rng = createRng(seed);
  const X: Matrix = createMatrix(count, INPUTS);
  const truth = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const x = X.data.subarray(i * INPUTS, (i + 1) * INPUTS);
    for (let k = 0; k < INPUTS; k++) x[k] = rng.uniform();
    truth[i] = friedman(x);
    y[i] = truth[i]! + noise * rng.normal();
  }
  return { inputs, X, y, truth };
}

/** Fits, predicts 2,000 new points, and compares with the truth (error) and with new runs (density, coverage). */
function measure(method: string, rows: number, noise: number, fit: (data: Rows) => Surrogate): Measured {
  const data = generatedRows(rows, 1, noise);
  const test = generatedRows(TEST_ROWS, 2, noise);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const model = fit(data);
  const fitSeconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const predictStart = performance.now();
  const posterior = model.predict(test.X);
  const predictMilliseconds = (performance.now() - predictStart) / TEST_ROWS;
  const density = posterior.logDensity(test.y);
  if (process.env["SCALE_DESCRIBE"] !== undefined) console.error(model.describe());
  return {
    method,
    rows,
    fitSeconds,
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

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "5000,10000,20000,50000,100000" },
    noise: { type: "string", default: "1" },
    neighbours: { type: "string" },
    prediction: { type: "string" },
    "no-exact": { type: "boolean", default: false },
    /** One measurement as JSON, for the process that prints the table. */
    one: { type: "string" },
  },
});
const noise = Number(values.noise);

function measureOne(name: string): Measured {
  const [method, rows] = name.split(":") as [string, string];
  const options = {
    ...(values.neighbours === undefined ? {} : { neighbours: Number(values.neighbours) }),
    ...(values.prediction === undefined ? {} : { predictionNeighbours: Number(values.prediction) }),
  };
  return measure(method, Number(rows), noise, (data) =>
    method === "exact" ? fitGaussianProcess(data) : fitVecchiaGaussianProcess(data, options),
  );
}

function inOwnProcess(name: string): Measured {
  const args = [...process.execArgv, ...process.argv.slice(1), "--one", name];
  const result = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (result.status !== 0) throw new Error(`${name} failed with status ${result.status}`);
  return JSON.parse(result.stdout) as Measured;
}

function printRow(m: Measured): void {
  console.log(
    [
      m.method.padEnd(20),
      String(m.rows).padStart(7),
      m.fitSeconds.toFixed(1).padStart(8),
      m.fitCpuSeconds.toFixed(1).padStart(8),
      ((1e6 * m.fitCpuSeconds) / m.rows).toFixed(0).padStart(8),
      m.predictMilliseconds.toFixed(2).padStart(11),
      m.peakMegabytes.toFixed(0).padStart(9),
      m.rmse.toFixed(4).padStart(8),
      m.nlpd.toFixed(4).padStart(8),
      `${(100 * m.coverage95).toFixed(1)} %`.padStart(9),
    ].join(" "),
  );
}

if (values.one !== undefined) {
  process.stdout.write(JSON.stringify(measureOne(values.one)));
} else {
  console.log(
    `Friedman's function of 8 inputs, noise of standard deviation ${noise}; ${TEST_ROWS} new points: error against the truth,\n` +
      "density and 95 % interval of new runs. Wall and CPU seconds of the fit (cold), microseconds of CPU a row.",
  );
  console.log(
    "method                  rows    fit s    CPU s  µs/row  predict ms   peak MB     RMSE     NLPD  coverage",
  );
  const sizes = values.sizes.split(",").map(Number);
  if (!values["no-exact"]) printRow(inOwnProcess(`exact:${EXACT_ROWS}`));
  printRow(inOwnProcess(`nearest neighbours:${EXACT_ROWS}`));
  for (const size of sizes) {
    const measured = inOwnProcess(`nearest neighbours:${size}`);
    printRow(measured);
    if (size !== BUDGET.rows) continue;
    const met = measured.fitCpuSeconds <= BUDGET.seconds && measured.peakMegabytes <= BUDGET.megabytes;
    console.log(`budget at 100,000 rows, 300 s of CPU and 2,000 MB: ${met ? "met" : "MISSED"}`);
  }
}
