import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcessOfAnySize } from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import { outlierObjective, withExtraVariance } from "../../src/surrogates/outlier-likelihood.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { logSupportPrior, outlierGains } from "../../src/surrogates/relevance-pursuit.js";
import { fitRobustGaussianProcess } from "../../src/surrogates/robust-gaussian-process.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { unmergeRows } from "../../src/surrogates/unmerged-rows.js";
import { testSurrogate } from "./surrogate-contract.js";

testSurrogate("gaussian-process (robust)", (data, options) =>
  fitSurrogateKind("gaussian-process", data, { ...options, robust: true }),
);

const inputs: readonly InputDimension[] = [
  { name: "a", kind: "continuous" },
  { name: "b", kind: "continuous" },
];

const truth = (x: readonly number[]): number => 5 * Math.sin(4 * x[0]!) + 6 * x[1]! * x[1]! + 20;

interface Spoilt {
  readonly data: SurrogateData;
  readonly spoilt: readonly number[];
}

/** Smooth rows with noise 0.2; `share` of them are moved by 5 to 30 standard deviations. */
function spoiltData(n: number, seed: number, share: number, replicates = 1): Spoilt {
  const rng = createRng(seed);
  const rows: number[][] = [];
  while (rows.length < n) {
    const x = [rng.uniform(), rng.uniform()];
    for (let r = 0; r < replicates && rows.length < n; r++) rows.push(x);
  }
  const spoilt: number[] = [];
  const y = Float64Array.from(rows, (row, i) => {
    const value = truth(row) + 0.2 * rng.normal();
    if (!(i % Math.round(1 / Math.max(share, 1e-9)) === 3 && share > 0)) return value;
    spoilt.push(i);
    return value + (rng.uniform() < 0.5 ? -1 : 1) * (4 + 8 * rng.uniform());
  });
  return { data: { inputs, X: matrixFromRows(rows), y }, spoilt };
}

function errorsOf(model: ReturnType<typeof fitGaussianProcessOfAnySize>): { rmse: number; nlpd: number } {
  const { data } = spoiltData(300, 999, 0);
  const posterior = model.predict(data.X);
  const square = data.y.reduce((sum, y, i) => sum + (y - posterior.mean[i]!) ** 2, 0);
  const density = posterior.logDensity(data.y).reduce((sum, value) => sum + value, 0);
  return { rmse: Math.sqrt(square / 300), nlpd: -density / 300 };
}

describe("a robust Gaussian process", () => {
  it("is the plain one to the bit when no row stands out", () => {
    for (const seed of [1, 2, 3]) {
      const { data } = spoiltData(40, seed, 0);
      const robust = fitGaussianProcessOfAnySize(data, { robust: true });
      const plain = fitGaussianProcessOfAnySize(data);
      expect(robust.outliers).toEqual([]);
      expect(robust.messages).toEqual([]);
      expect(robust.hyperparameters).toEqual(plain.hyperparameters);
      expect(robust.predict(data.X).mean).toEqual(plain.predict(data.X).mean);
    }
  });

  it("finds the gross outliers and hardly another row, and predicts far better than the plain one with a tenth of them", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { data, spoilt } = spoiltData(50, seed, 0.1);
      const robust = fitGaussianProcessOfAnySize(data, { robust: true });
      const found = robust.outliers!.map(({ row }) => row);
      expect(found).toEqual(expect.arrayContaining([...spoilt]));
      // After five outliers of 50 rows a sixth needs about 3.2 standard deviations of the others.
      expect(found.length).toBeLessThanOrEqual(spoilt.length + 1);
      const gross = robust.outliers!.filter(({ row }) => spoilt.includes(row));
      gross.forEach(({ weight }) => expect(weight).toBeLessThan(0.05));
      const ours = errorsOf(robust);
      const plain = errorsOf(fitGaussianProcessOfAnySize(data));
      expect(ours.rmse).toBeLessThan(0.5 * plain.rmse);
      expect(ours.nlpd).toBeLessThan(plain.nlpd - 0.5);
    }
  });

  it("finds single rows of a replicated setting, and keeps the other rows of it", () => {
    const { data, spoilt } = spoiltData(45, 7, 0.1, 3);
    const robust = fitRobustGaussianProcess(data);
    const found = robust.outliers.map(({ row }) => row);
    expect(found).toEqual(expect.arrayContaining([...spoilt]));
    expect(found.length).toBeLessThanOrEqual(spoilt.length + 1);
    const counts = robust.posterior.statistics.count;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(45);
    expect(robust.messages).toEqual([
      `${found.length} rows were treated as outliers and count less: ${found.join(", ")} (counted from 0).`,
    ]);
    expect(robust.describe()["rows treated as outliers"]).toBe(found.length);
  });

  it("names the rows as they were given, in whatever order", () => {
    const { data, spoilt } = spoiltData(40, 11, 0.1);
    const last = data.y.length - 1;
    const reversed = {
      ...data,
      X: matrixFromRows(
        Array.from(data.y, (_, i) => [...data.X.data.slice(2 * (last - i), 2 * (last - i) + 2)]),
      ),
      y: data.y.slice().reverse(),
    };
    const found = fitRobustGaussianProcess(reversed).outliers.map(({ row }) => last - row);
    expect(found.reverse()).toEqual(spoilt);
  });

  it("does not let outliers bend the scale of the outcome", () => {
    const { data } = spoiltData(50, 3, 0.1);
    const huge = { ...data, y: data.y.map((y, i) => (i === 7 ? 1e6 : y)) };
    const robust = fitRobustGaussianProcess(huge);
    expect(robust.outliers.map(({ row }) => row)).toContain(7);
    expect(errorsOf(robust).rmse).toBeLessThan(0.5);
  });

  it("lists what does not go together", () => {
    const { data } = spoiltData(10, 1, 0);
    const problemsOf = (action: () => unknown): readonly string[] => {
      try {
        action();
      } catch (error) {
        if (error instanceof CellwrightError && error.code === "INVALID_OPTION")
          return error.problems.map(({ where }) => where);
        throw error;
      }
      return [];
    };
    const all = { robust: true, noise: "input-dependent", inference: "nuts", preset: "saas-2021" } as const;
    expect(problemsOf(() => fitSurrogateKind("gaussian-process", data, all))).toEqual([
      "robust and noise",
      "inference",
      "preset",
    ]);
    const many = { inputs, X: { rows: 2001, cols: 2, data: new Float64Array(4002).map((_, i) => i) } };
    expect(
      problemsOf(() => fitGaussianProcessOfAnySize({ ...many, y: new Float64Array(2001) }, { robust: true })),
    ).toEqual(["distinct settings"]);
    expect(() => fitSurrogateKind("random-forest", data, { robust: true })).toThrow(/no robust fit/);
    expect(() => fitGaussianProcess(data, { robust: true })).toThrow(CellwrightError);
  });
});

describe("relevance pursuit", () => {
  const { data } = spoiltData(30, 5, 0.1, 2);
  const rows = arrangeRows(data);
  const transform = fitTransform(rows.y, rows.groupStart, "identity");
  const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);
  const preset = presets.default;
  const hyperparameters = {
    lengthscales: Float64Array.of(0.4, 0.7),
    signalVariance: 1.3,
    noiseVariance: Float64Array.of(0.02),
  };
  const likelihoodOf = (positions: readonly number[], extra: readonly number[]): number => {
    const split = unmergeRows(rows, positions);
    const statistics = settingStatistics(split.rows, transform);
    const own = withExtraVariance(statistics, split.settings, Float64Array.from(extra));
    return createMarginalLikelihood(own, kernel, "zero").evaluate(hyperparameters, new Float64Array(4));
  };

  it("gains in closed form what the likelihood says, at the best extra variance, also inside a setting", () => {
    const base = [4];
    const split = unmergeRows(rows, base);
    const statistics = settingStatistics(split.rows, transform);
    const extra = Float64Array.of(0.3);
    const support = {
      positions: base,
      settings: split.settings,
      extra,
      hyperparameters,
      statistics: withExtraVariance(statistics, split.settings, extra),
      score: 0,
    };
    const gains = outlierGains({ rows, transform, kernel, preset }, support);
    expect(gains.length).toBeGreaterThan(3);
    const before = likelihoodOf(base, [0.3]);
    for (const { position, gain, extra: rho } of gains) {
      const both = [4, position].sort((a, b) => a - b);
      const after = (own: number): number =>
        likelihoodOf(
          both,
          both.map((p) => (p === 4 ? 0.3 : own)),
        );
      expect(after(rho) - before).toBeCloseTo(gain, 8);
      expect(after(rho * 1.1)).toBeLessThan(after(rho));
      expect(after(rho * 0.9)).toBeLessThan(after(rho));
    }
  });

  it("has the gradient of its objective", () => {
    const split = unmergeRows(rows, [2, 9, 10]);
    const statistics = settingStatistics(split.rows, transform);
    const objective = outlierObjective(statistics, split.settings, kernel, preset);
    const x = Float64Array.of(-0.5, 0.2, -3, 0.4, -2, 0.5, 1.5);
    const gradient = new Float64Array(x.length);
    objective(x, gradient);
    x.forEach((value, k) => {
      const at = (moved: number): number =>
        objective(
          x.map((other, j) => (j === k ? moved : other)),
          new Float64Array(x.length),
        );
      expect(gradient[k]).toBeCloseTo((at(value + 1e-5) - at(value - 1e-5)) / 2e-5, 5);
    });
  });

  it("asks of the first outlier among many more than of one among few", () => {
    const price = (n: number): number => logSupportPrior(n, 0) - logSupportPrior(n, 1);
    expect(price(10)).toBeCloseTo(Math.log(10) + 0.5 + 0.9548, 4);
    expect(price(1000)).toBeGreaterThan(price(10));
  });
});
