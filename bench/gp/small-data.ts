import { type RowPrediction, predictHeldOut, scorePosterior } from "../../src/evaluation/held-out.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, type Matrix, matrixRow } from "../../src/math/matrix.js";
import { createRng, type Rng } from "../../src/math/rng.js";
import { fitBayesianGaussianProcess } from "../../src/surrogates/bayesian-gaussian-process.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import type { Surrogate, SurrogateData } from "../../src/surrogates/surrogate.js";
import { normalPosterior } from "./normal-posterior.js";
import { type PeerAnswer, PEERS, type Peers } from "./peers.js";
import { percent, printTable, short } from "./print-table.js";
import { continuousInputs, uniformPoints } from "./synthetic-data.js";

/** Rows and inputs of the simulated data sets, how many of each, and new runs that are predicted. */
const ROWS = [12, 20, 40] as const;
const INPUTS = [2, 4, 6] as const;
const REPLICATIONS = 40;
const NEW_RUNS = 50;

interface Simulated {
  readonly name: string;
  readonly n: number;
  readonly d: number;
  readonly data: SurrogateData;
  readonly test: SurrogateData;
  readonly truth: Hyperparameters;
}

/**
 * A data set of a Gaussian process that no model's prior was made for: Matérn-5/2, every lengthscale log-uniform on
 * 0.2 … 2, signal variance 1, noise variance log-uniform on 0.001 … 0.1.
 */
function simulate(n: number, d: number, replication: number): Simulated {
  const rng = createRng(replication).fork(`small data ${n} × ${d}`);
  const logUniform = (low: number, high: number): number => low * (high / low) ** rng.uniform();
  const truth = {
    lengthscales: Float64Array.from({ length: d }, () => logUniform(0.2, 2)),
    signalVariance: 1,
    noiseVariance: Float64Array.of(logUniform(1e-3, 1e-1)),
  };
  const X = uniformPoints(n + NEW_RUNS, d, rng);
  const y = drawOutcomes(X, truth, rng);
  const part = (from: number, to: number): SurrogateData => ({
    inputs: continuousInputs(d),
    X: { rows: to - from, cols: d, data: X.data.slice(from * d, to * d) },
    y: y.slice(from, to),
  });
  const name = `n = ${n}, d = ${d}, ${replication}`;
  return { name, n, d, truth, data: part(0, n), test: part(n, n + NEW_RUNS) };
}

function drawOutcomes(X: Matrix, { lengthscales, noiseVariance }: Hyperparameters, rng: Rng): Float64Array {
  const K = createMatrix(X.rows, X.rows);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < X.rows; j++) {
      const squared = lengthscales.reduce(
        (sum, length, k) => sum + ((X.data[i * X.cols + k]! - X.data[j * X.cols + k]!) / length) ** 2,
        0,
      );
      const r = Math.sqrt(5 * squared);
      K.data[i * X.rows + j] = (1 + r + (r * r) / 3) * Math.exp(-r) + (i === j ? noiseVariance[0]! : 0);
    }
  }
  const factor = cholesky(K);
  if (!factor.ok) throw new Error("the simulated covariance must be positive definite");
  const normals = Float64Array.from({ length: X.rows }, () => rng.normal());
  return normals.map((_, i) =>
    matrixRow(factor.L, i).reduce((sum, l, j) => sum + (j <= i ? l * normals[j]! : 0), 0),
  );
}

/** Predictions by the process that made the data: what nobody can beat. */
function knownProcess({ data, test, truth, d }: Simulated): readonly RowPrediction[] {
  const n = data.y.length;
  const statistics = {
    X: data.X,
    mean: data.y,
    count: new Float64Array(n).fill(1),
    scatter: new Float64Array(n),
    knownVariance: new Float64Array(n),
    noiseLevel: new Int32Array(n),
    levels: 1,
  };
  const kernel = createProductKernel(
    radialKernels["matern-5/2"],
    new Array<"continuous">(d).fill("continuous"),
  );
  const { mean, variance } = conditionGaussianProcess(statistics, kernel, truth, "zero").moments(test.X);
  const stdDev = variance.map((value) => Math.sqrt(value + truth.noiseVariance[0]!));
  return scorePosterior(normalPosterior([...mean], [...stdDev]), test.y);
}

/** Coverage per cell of the simulation, with its standard error over replications, and the mean scores. */
interface CellFigures {
  readonly coverage: number;
  readonly error: number;
  readonly nlpd: number;
  readonly crps: number;
}

type Predict = (simulated: Simulated) => readonly RowPrediction[];

function cellFigures(sets: readonly Simulated[], predict: Predict): CellFigures {
  const perSet = sets.map((simulated) => {
    const rows = predict(simulated);
    const mean = (of: (row: RowPrediction) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return {
      inside: mean(({ observed, lo, hi }) => (lo <= observed && observed <= hi ? 1 : 0)),
      nlpd: mean(({ logDensity }) => -logDensity),
      crps: mean(({ crps }) => crps),
    };
  });
  const average = (of: (set: (typeof perSet)[number]) => number): number =>
    perSet.reduce((sum, set) => sum + of(set), 0) / perSet.length;
  const coverage = average(({ inside }) => inside);
  const spread = average(({ inside }) => (inside - coverage) ** 2);
  return {
    coverage,
    error: Math.sqrt(spread / (perSet.length - 1)),
    nlpd: average(({ nlpd }) => nlpd),
    crps: average(({ crps }) => crps),
  };
}

const ours =
  (fit: (data: SurrogateData) => Surrogate): Predict =>
  ({ data, test }) =>
    predictHeldOut(fit(data), test);

function peerPredict(answers: readonly PeerAnswer[], peer: string): Predict {
  const byName = new Map(
    answers.filter((answer) => answer.peer === peer).map((answer) => [answer.name, answer]),
  );
  return ({ name, test }) => {
    const { mean, stdDev, failure } = byName.get(name)!;
    if (mean === undefined || stdDev === undefined) throw new Error(`${peer} failed on ${name}: ${failure}`);
    return scorePosterior(normalPosterior(mean, stdDev), test.y);
  };
}

/** Prints how often 95 % intervals of new runs hold at few rows: the known process, ours, and the peers. */
export function printSmallData(peers: Peers, options: { quick: boolean; markdown: boolean }): void {
  const cells = ROWS.flatMap((n) =>
    INPUTS.map((d) => Array.from({ length: REPLICATIONS }, (_, k) => simulate(n, d, k))),
  );
  const figuresOf = (predict: Predict): CellFigures[] => cells.map((sets) => cellFigures(sets, predict));
  const models: [string, readonly (CellFigures | undefined)[]][] = [
    ["known process", figuresOf(knownProcess)],
    ["default", figuresOf(ours((data) => fitGaussianProcess(data)))],
    ["hvarfner-2024", figuresOf(ours((data) => fitGaussianProcess(data, { preset: "hvarfner-2024" })))],
  ];
  if (!options.quick) models.push(["Bayesian", figuresOf(ours((data) => fitBayesianGaussianProcess(data)))]);
  const tasks = cells.flat().map(({ name, data, test }) => ({ name, X: data.X, y: data.y, points: test.X }));
  const theirs = peers.figures("small data", { tasks }, ({ results }) =>
    Object.fromEntries(PEERS.map((peer) => [peer, figuresOf(peerPredict(results, peer))])),
  );
  for (const peer of PEERS) models.push([peer, theirs?.[peer] ?? []]);
  print(cells, models, options.markdown);
}

function print(
  cells: readonly (readonly Simulated[])[],
  models: readonly (readonly [string, readonly (CellFigures | undefined)[]])[],
  markdown: boolean,
): void {
  console.log(
    `Few rows: ${REPLICATIONS} draws of a Matérn-5/2 process with noise, ${NEW_RUNS} new runs each: share inside the 95 % interval / NLPD`,
  );
  const shown = (figures: CellFigures | undefined): string =>
    figures === undefined ? "–" : `${percent(figures.coverage)} / ${short(figures.nlpd)}`;
  const rows = cells.map((sets, k) => [
    `${sets[0]!.n} rows, ${sets[0]!.d} inputs`,
    ...models.map(([, figures]) => shown(figures[k])),
  ]);
  const overall = models.map(([, figures]) => {
    const known = figures.filter((cell) => cell !== undefined);
    if (known.length === 0) return "–";
    const mean = (of: (cell: CellFigures) => number): number =>
      known.reduce((sum, cell) => sum + of(cell), 0) / known.length;
    const error = Math.sqrt(mean(({ error: e }) => e * e) / known.length);
    return `${(100 * mean(({ coverage }) => coverage)).toFixed(1)} ± ${(100 * error).toFixed(1)} % / ${short(mean(({ nlpd }) => nlpd))}`;
  });
  printTable(["", ...models.map(([name]) => name)], [...rows, ["all", ...overall]], markdown);
}
