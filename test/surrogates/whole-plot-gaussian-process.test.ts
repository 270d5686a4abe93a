import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcessOfAnySize } from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { leaveOneSettingOut, leaveSettingsOut } from "../../src/surrogates/leave-one-out.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { type SettingStatistics, settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";
import {
  fitWholePlotGaussianProcess,
  withoutPlots,
} from "../../src/surrogates/whole-plot-gaussian-process.js";
import { readGolden } from "./read-golden.js";
import { testSurrogate } from "./surrogate-contract.js";
import { codeOf } from "../error-code.js";

/** Rows of one band of roll temperature are one plot, so that plots follow rows into any order. */
function byBand(data: SurrogateData): SurrogateData {
  const plots = Array.from({ length: data.X.rows }, (_, i) => Math.floor(6 * data.X.data[3 * i + 1]!) + 9);
  return { ...data, wholePlot: Int32Array.from(plots) };
}

testSurrogate("gaussian-process (whole plots)", (data, options) =>
  fitSurrogateKind("gaussian-process", data.X.rows === 0 ? data : byBand(data), options),
);

const inputs: readonly InputDimension[] = [
  { name: "roll_temperature", kind: "continuous" },
  { name: "line_load", kind: "continuous" },
];
const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);
const identity = createTransform({ kind: "identity", center: 0, spread: 1 });

interface Golden {
  readonly X: number[][];
  readonly y: number[];
  readonly plots: number[];
  readonly points: number[][];
  readonly cases: readonly {
    readonly lengthscales: number[];
    readonly signalVariance: number;
    readonly noiseVariance: number;
    readonly plotVariance: number;
    readonly logLikelihood: number;
    readonly mean: number[];
    readonly covariance: number[][];
    readonly leftOut: readonly { rows: number[]; mean: number[]; latentVariance: number[] }[];
  }[];
}

const golden = readGolden("whole-plot.sklearn-1.9.1.json") as Golden;
const goldenRows: SurrogateData = {
  inputs,
  X: matrixFromRows(golden.X),
  y: Float64Array.from(golden.y),
  wholePlot: Int32Array.from(golden.plots),
};

function statisticsOf(data: SurrogateData): SettingStatistics {
  return settingStatistics(arrangeRows(data), identity);
}

function hyperparametersOf(one: Golden["cases"][number]): Hyperparameters {
  return {
    lengthscales: Float64Array.from(one.lengthscales),
    signalVariance: one.signalVariance,
    noiseVariance: Float64Array.of(one.noiseVariance),
    plotVariance: one.plotVariance,
  };
}

describe.each(golden.cases)("a process with errors of whole plots of variance $plotVariance", (one) => {
  const hyperparameters = hyperparametersOf(one);
  const statistics = statisticsOf(goldenRows);
  const posterior = conditionGaussianProcess(statistics, kernel, hyperparameters, "zero");

  it("merges replicates inside plots only", () => {
    expect(statistics.X.rows).toBe(13);
    expect([...statistics.count].sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]);
  });

  it("has the likelihood of all single rows under one multivariate normal", () => {
    const value = createMarginalLikelihood(statistics, kernel, "zero").evaluate(
      hyperparameters,
      new Float64Array(5),
    );
    expect(value).toBeCloseTo(one.logLikelihood, 9);
  });

  it("has the posterior of the full covariance, without the error of a new plot", () => {
    const { mean, covariance } = posterior.joint(matrixFromRows(golden.points));
    mean.forEach((value, i) => expect(value).toBeCloseTo(one.mean[i]!, 9));
    one.covariance.flat().forEach((value, i) => expect(covariance.data[i]).toBeCloseTo(value, 9));
  });

  it("predicts every plot as the rows of the others alone do", () => {
    const { mean, latentVariance } = leaveOneSettingOut(posterior);
    const settingOf = (row: number): number =>
      Array.from(statistics.plot!.keys()).find(
        (g) =>
          statistics.plot![g] === golden.plots[row] &&
          golden.X[row]!.every((value, k) => value === statistics.X.data[2 * g + k]),
      )!;
    for (const { rows, mean: expected, latentVariance: variances } of one.leftOut) {
      rows.forEach((row, i) => {
        expect(mean[settingOf(row)]).toBeCloseTo(expected[i]!, 8);
        expect(latentVariance[settingOf(row)]).toBeCloseTo(variances[i]!, 8);
        expect(leaveSettingsOut(posterior, [settingOf(row)])[0]).toBeCloseTo(expected[i]!, 8);
      });
    }
  });

  it.each(["zero", "estimated"] as const)("has the gradient that differences show (mean %s)", (mean) => {
    const likelihood = createMarginalLikelihood(statistics, kernel, mean);
    const gradient = new Float64Array(5);
    likelihood.evaluate(hyperparameters, gradient);
    const step = 1e-5;
    const moved = (k: number, by: number): number => {
      const factor = (i: number): number => (i === k ? Math.exp(by) : 1);
      return likelihood.evaluate(
        {
          lengthscales: hyperparameters.lengthscales.map((value, i) => value * factor(i)),
          signalVariance: hyperparameters.signalVariance * factor(2),
          noiseVariance: hyperparameters.noiseVariance.map((value) => value * factor(3)),
          plotVariance: hyperparameters.plotVariance! * factor(4),
        },
        new Float64Array(5),
      );
    };
    gradient.forEach((value, k) =>
      expect(value).toBeCloseTo((moved(k, step) - moved(k, -step)) / (2 * step), 5),
    );
  });
});

it("is most likely at the classical estimates of a balanced one-way layout, where no input matters", () => {
  const [plots, rows] = [8, 3];
  const rng = createRng(4);
  const y: number[] = [];
  for (let p = 0; p < plots; p++) {
    const error = rng.normal();
    for (let r = 0; r < rows; r++) y.push(error + 0.5 * rng.normal());
  }
  const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const plotMeans = Array.from({ length: plots }, (_, p) => meanOf(y.slice(rows * p, rows * (p + 1))));
  const grand = meanOf(y);
  const within = y.reduce((sum, value, i) => sum + (value - plotMeans[Math.floor(i / rows)]!) ** 2, 0);
  const between = plotMeans.reduce((sum, value) => sum + rows * (value - grand) ** 2, 0);
  // Maximum likelihood (Searle, Casella & McCulloch 1992, Variance Components, section 3.7): MSW, and SSB/P − MSW over m.
  const noise = within / (plots * (rows - 1));
  const shared = (between / plots - noise) / rows;
  const data: SurrogateData = {
    inputs,
    X: matrixFromRows(y.map((_, i) => [0.5, i / y.length])),
    y: Float64Array.from(y),
    wholePlot: Int32Array.from(y, (_, i) => Math.floor(i / rows)),
  };
  const gradient = new Float64Array(5);
  createMarginalLikelihood(statisticsOf(data), kernel, "estimated").evaluate(
    {
      lengthscales: Float64Array.of(1, 1),
      signalVariance: 1e-12,
      noiseVariance: Float64Array.of(noise),
      plotVariance: shared,
    },
    gradient,
  );
  expect(gradient[3]).toBeCloseTo(0, 6);
  expect(gradient[4]).toBeCloseTo(0, 6);
});

const surface = (x: ArrayLike<number>): number => 10 + 2 * x[0]! + 3 * x[1]! - 2.5 * x[1]! * x[1]!;

/** SYNTHETIC runs of a split-plot plan: temperatures that are changed rarely, loads that are not. */
function splitPlot(plots: number, runs: number, shared: number, own: number, seed: number): SurrogateData {
  const rng = createRng(seed);
  const rows: number[][] = [];
  const y: number[] = [];
  for (let p = 0; p < plots; p++) {
    const error = shared * rng.normal();
    for (let r = 0; r < runs; r++) {
      const x = [(p % 4) / 3, rng.uniform()];
      rows.push(x);
      y.push(surface(x) + error + own * rng.normal());
    }
  }
  const wholePlot = Int32Array.from(rows, (_, i) => Math.floor(i / runs));
  return { inputs, X: matrixFromRows(rows), y: Float64Array.from(y), wholePlot };
}

describe("errors of whole plots, SYNTHETIC", () => {
  it("are found where they are, and small where they are not", () => {
    const found = fitWholePlotGaussianProcess(splitPlot(12, 4, 0.3, 0.1, 1)).sharedError;
    expect(found.plots).toBe(12);
    expect(found.repeated).toBe(12);
    expect(found.interval95[0]).toBeLessThan(0.3);
    expect(found.interval95[1]).toBeGreaterThan(0.3);
    expect(found.gain).toBeGreaterThan(5);
    const absent = fitWholePlotGaussianProcess(splitPlot(12, 4, 0, 0.1, 1)).sharedError;
    expect(absent.stdDev).toBeLessThan(0.06);
    expect(absent.interval95[0]).toBe(0);
    expect(absent.gain).toBeLessThan(1);
  });

  it("keep 95 % intervals of new runs and of the outcome itself honest, where a plain process promises too much", () => {
    const inside = { plain: [0, 0], plots: [0, 0] };
    let points = 0;
    for (let seed = 0; seed < 25; seed++) {
      const data = splitPlot(8, 4, 0.3, 0.1, seed);
      const rng = createRng(900 + seed);
      const tests = matrixFromRows(Array.from({ length: 8 }, () => [rng.integer(4) / 3, rng.uniform()]));
      points += tests.rows;
      const models = {
        plain: fitGaussianProcess(withoutPlots(data)),
        plots: fitWholePlotGaussianProcess(data),
      };
      const runs = Array.from({ length: tests.rows }, (_, i) => {
        const latent = surface(matrixRow(tests, i));
        return [latent + 0.3 * rng.normal() + 0.1 * rng.normal(), latent] as const;
      });
      for (const name of ["plain", "plots"] as const) {
        const posterior = models[name].predict(tests);
        (["observed", "latent"] as const).forEach((of, k) => {
          const [low, high] = [posterior.quantile(0.025, of), posterior.quantile(0.975, of)];
          runs.forEach((run, i) => (inside[name][k]! += low[i]! <= run[k]! && run[k]! <= high[i]! ? 1 : 0));
        });
      }
    }
    const shares = (name: "plain" | "plots"): number[] => inside[name].map((count) => count / points);
    expect(shares("plots").every((share) => share > 0.9)).toBe(true);
    expect(shares("plain").every((share) => share < 0.87)).toBe(true);
  });

  it("are of a new plot for a new run, and absent from the latent outcome", () => {
    const model = fitWholePlotGaussianProcess(splitPlot(12, 4, 0.3, 0.1, 2), { scale: "identity" });
    const point = matrixFromRows([[0.4, 0.4]]);
    const { variance } = model.latentAt(matrixRow(point, 0));
    const { noiseVariance, plotVariance } = model.hyperparameters;
    const half =
      model.predict(point).quantile(0.975, "observed")[0]! -
      model.predict(point).quantile(0.5, "observed")[0]!;
    const expected = Math.sqrt(variance + noiseVariance[0]! + plotVariance!);
    const unit = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
    expect(half).toBeCloseTo(1.959964 * unit * expected, 4);
    expect(model.noiseVariance[0]).toBeCloseTo(noiseVariance[0]! + plotVariance!, 12);
  });
});

describe("a process with errors of whole plots", () => {
  const data = splitPlot(6, 3, 0.3, 0.1, 3);
  const model = fitWholePlotGaussianProcess(data);
  const points = matrixFromRows([
    [0.1, 0.2],
    [0.6, 0.9],
  ]);

  it("learns the same from further rows as from all at once, in known plots and in new ones", () => {
    const added = {
      X: matrixFromRows([
        [1 / 3, 0.5],
        [0.9, 0.4],
      ]),
      y: Float64Array.of(12, 13.5),
    }; // prettier-ignore
    const all = statisticsOf(data);
    const { hyperparameters, posterior } = model;
    const scale = (y: number): number => model.modelScale.toModel(y);
    for (const plots of [Int32Array.of(5, 6), undefined]) {
      const extended = model.withObservations({ ...added, ...(plots && { wholePlot: plots }) });
      const joined = conditionGaussianProcess(
        {
          ...all,
          X: stacked(posterior.statistics.X, added.X),
          mean: Float64Array.of(...posterior.statistics.mean, ...added.y.map(scale)),
          count: Float64Array.of(...posterior.statistics.count, 1, 1),
          scatter: Float64Array.of(...posterior.statistics.scatter, 0, 0),
          knownVariance: new Float64Array(all.mean.length + 2),
          noiseLevel: new Int32Array(all.mean.length + 2),
          plot: Int32Array.of(...posterior.statistics.plot!, ...(plots ?? [6, 7])),
        },
        kernel,
        hyperparameters,
        "zero",
      );
      const expected = joined.joint(points);
      const found = extended.joint(points);
      found.mean.forEach((value, i) => expect(value).toBeCloseTo(expected.mean[i]!, 9));
      found.covariance.data.forEach((value, i) => expect(value).toBeCloseTo(expected.covariance.data[i]!, 9));
    }
  });

  it("keeps what the rows of covered settings tell of their plot when it is conditioned on draws", () => {
    const base = matrixFromRows([
      ...Array.from({ length: 7 }, (_, g) => matrixRow(model.trainingInputs, g)),
      [0.5, 0.5],
    ]);
    const draws = model.draw(base, createMatrix(1, base.rows));
    const { mean, variance } = model.latentAt(matrixRow(points, 1));
    const joint = model.joint(stacked(base, { rows: 1, cols: 2, data: matrixRow(points, 1) }));
    // Normals of zero draw the posterior mean, given which every other mean stays; the variance falls to the conditional one.
    const point = draws.at(matrixRow(points, 1), false);
    expect(point.means[0]).toBeCloseTo(mean, 5);
    expect(point.variance).toBeCloseTo(conditionalVariance(joint.covariance), 5);
    expect(point.variance).toBeLessThan(variance);
  });

  it.each([
    ["a shape", { inputWarp: true }],
    ["robust fits", { robust: true }],
    ["input-dependent noise", { noise: "input-dependent" }],
    ["directions", { monotone: [{ input: "line_load", direction: "increasing" }] }],
    ["drawn hyperparameters", { inference: "nuts" }],
  ] as const)("is refused together with %s", (_, options) => {
    expect(codeOf(() => fitSurrogateKind("gaussian-process", data, options))).toBe("INVALID_OPTION");
  });

  it("is for exact Gaussian processes only", () => {
    for (const kind of ["response-surface", "random-forest", "bayesian-gaussian-process"] as const)
      expect(codeOf(() => fitSurrogateKind(kind, data))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitGaussianProcess(data))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitWholePlotGaussianProcess(withoutPlots(data)))).toBe("INVALID_OPTION");
  });

  it("refuses plots that do not fit the rows", () => {
    expect(codeOf(() => fitGaussianProcessOfAnySize({ ...data, wholePlot: Int32Array.of(1) }))).toBe(
      "SHAPE_MISMATCH",
    );
    const negative = data.wholePlot!.map((plot) => plot - 1);
    expect(codeOf(() => fitGaussianProcessOfAnySize({ ...data, wholePlot: negative }))).toBe("DATA_INVALID");
  });
});

function stacked(first: Matrix, second: Matrix): Matrix {
  return {
    rows: first.rows + second.rows,
    cols: first.cols,
    data: Float64Array.of(...first.data, ...second.data),
  };
}

/** Variance of the last of jointly normal values given all others. */
function conditionalVariance(covariance: Matrix): number {
  const n = covariance.rows;
  const C = { ...covariance, data: covariance.data.slice() };
  for (let k = 0; k < n - 1; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = C.data[i * n + k]! / C.data[k * n + k]!;
      for (let j = k; j < n; j++) C.data[i * n + j]! -= factor * C.data[k * n + j]!;
    }
  }
  return C.data[n * n - 1]!;
}
