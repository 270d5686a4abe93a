import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { rmse } from "../../src/math/metrics.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { MarginalPosterior, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { fitVecchiaGaussianProcess } from "../../src/surrogates/vecchia-gaussian-process.js";
import { orderSettings, scaledNeighbours } from "../../src/surrogates/vecchia-neighbours.js";
import { createVecchiaPosterior, leaveOutFromNeighbours } from "../../src/surrogates/vecchia-posterior.js";
import { contractData, testSurrogate } from "./surrogate-contract.js";

testSurrogate("nearest-neighbour gaussian-process, more neighbours than settings", (data, options) =>
  fitVecchiaGaussianProcess(data, options),
);
testSurrogate("nearest-neighbour gaussian-process, eight neighbours", (data, options) =>
  fitVecchiaGaussianProcess(data, { ...options, neighbours: 8, predictionNeighbours: 8 }),
);
testSurrogate("nearest-neighbour gaussian-process (hvarfner-2024)", (data, options) =>
  fitVecchiaGaussianProcess(data, {
    ...options,
    preset: "hvarfner-2024",
    neighbours: 10,
    predictionNeighbours: 15,
  }),
);

const kinds = ["continuous", "continuous", "categorical"] as const;
const kernel = createProductKernel(radialKernels["matern-5/2"], kinds);
const hyperparameters = {
  lengthscales: Float64Array.of(0.5, 0.8, 1.5),
  signalVariance: 1.4,
  noiseVariance: Float64Array.of(0.03, 0.1),
};

/** The same data behind the exact posterior and behind the approximate one with `count` neighbours. */
function posteriors(n: number, seed: number, count: number) {
  const plain = contractData(n, seed);
  const data: SurrogateData = {
    ...plain,
    noiseLevel: Int32Array.from({ length: n }, (_, i) => i % 2),
    knownNoiseVariance: Float64Array.from({ length: n }, (_, i) => 0.02 * (i % 3)),
  };
  const rows = arrangeRows(data);
  const statistics = settingStatistics(rows, fitTransform(rows.y, rows.groupStart, "identity"));
  const exact = conditionGaussianProcess(statistics, kernel, hyperparameters, "estimated");
  const { ordered, order } = orderSettings(statistics);
  const search = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
  const approximate = createVecchiaPosterior(ordered, kernel, hyperparameters, exact.constant, search, count);
  return { exact, approximate, order, settings: statistics.X.rows };
}

const points = matrixFromRows([
  [0.1, 0.9, 0],
  [0.5, 0.5, 1],
  [0.95, 0.05, 2],
  [0.5, 0.52, 1],
  [1.3, -0.2, 0],
]);

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(found.length).toBe(expected.length);
  Array.from(found).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits));
}

describe("nearest-neighbour posterior", () => {
  it("with all settings as neighbours is the exact one: moments, gradients, joint", () => {
    const { exact, approximate, settings } = posteriors(60, 1, 60);
    expect(settings).toBeGreaterThan(30);
    for (let i = 0; i < points.rows; i++) {
      const [a, b] = [approximate.latentAt(matrixRow(points, i)), exact.latentAt(matrixRow(points, i))];
      expect(a.mean).toBeCloseTo(b.mean, 9);
      expect(a.variance).toBeCloseTo(b.variance, 9);
      expectClose(a.meanGradient, b.meanGradient, 8);
      expectClose(a.varianceGradient, b.varianceGradient, 8);
    }
    const [joint, exactJoint] = [approximate.joint(points), exact.joint(points)];
    expectClose(joint.mean, exactJoint.mean, 7);
    expectClose(joint.covariance.data, exactJoint.covariance.data, 7);
  });

  it("with all settings as neighbours is the exact one, whatever the data", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 2, max: 40 }), (seed, n) => {
        const { exact, approximate } = posteriors(n, seed, n);
        const [joint, exactJoint] = [approximate.joint(points), exact.joint(points)];
        expectClose(joint.mean, exactJoint.mean, 6);
        expectClose(joint.covariance.data, exactJoint.covariance.data, 6);
      }),
      { numRuns: 30 },
    );
  });

  it("has the gradient of differences with few neighbours", () => {
    const { approximate } = posteriors(200, 2, 12);
    const x = Float64Array.of(0.41, 0.63, 1);
    const { meanGradient, varianceGradient } = approximate.latentAt(x);
    for (const k of [0, 1]) {
      const at = (step: number) => approximate.momentsAt(x.map((value, j) => value + (j === k ? step : 0)));
      const [above, below] = [at(1e-6), at(-1e-6)];
      expect(meanGradient[k]).toBeCloseTo((above.mean - below.mean) / 2e-6, 5);
      expect(varianceGradient[k]).toBeCloseTo((above.variance - below.variance) / 2e-6, 5);
    }
    expect(meanGradient[2]).toBe(0);
  });

  it("knows no more than the exact one: variance between the exact and the prior one", () => {
    const { exact, approximate } = posteriors(200, 3, 10);
    for (let i = 0; i < points.rows; i++) {
      const x = matrixRow(points, i);
      const { variance } = approximate.momentsAt(x);
      expect(variance).toBeGreaterThanOrEqual(exact.momentsAt(x).variance - 1e-12);
      expect(variance).toBeLessThanOrEqual(hyperparameters.signalVariance);
    }
  });

  it("of one point is the same alone and jointly, and a joint covariance is positive definite", () => {
    const { approximate } = posteriors(200, 4, 10);
    const first = approximate.momentsAt(matrixRow(points, 0));
    const { mean, covariance } = approximate.joint(points);
    expect(mean[0]).toBeCloseTo(first.mean, 12);
    expect(covariance.data[0]).toBeCloseTo(first.variance, 12);
    expect(covariance.data[0]! * covariance.data[6]!).toBeGreaterThan(covariance.data[1]! ** 2);
  });

  it("leaves a setting out as the exact one does", () => {
    const data = contractData(40, 5);
    const model = fitVecchiaGaussianProcess(data, { scale: "identity" });
    const { posterior } = model;
    const left = leaveOutFromNeighbours(posterior);
    const without = posterior.momentsWithout(3, new Set([3, 7]));
    const rows = posterior.statistics;
    const kept = Array.from({ length: rows.X.rows }, (_, i) => i);
    const exactWithout = (dropped: readonly number[]) => {
      const keep = kept.filter((i) => !dropped.includes(i));
      const pick = (from: Float64Array): Float64Array => Float64Array.from(keep, (i) => from[i]!);
      const part = {
        X: matrixFromRows(keep.map((i) => matrixRow(rows.X, i))),
        mean: pick(rows.mean),
        count: pick(rows.count),
        scatter: pick(rows.scatter),
        knownVariance: pick(rows.knownVariance),
        noiseLevel: new Int32Array(keep.length),
        levels: 1,
      };
      return conditionGaussianProcess(part, kernel, model.hyperparameters, "zero");
    };
    const one = exactWithout([3]).momentsAt(matrixRow(rows.X, 3));
    expect(left.mean[3]).toBeCloseTo(one.mean, 8);
    expect(left.latentVariance[3]).toBeCloseTo(one.variance, 8);
    expect(without.mean).toBeCloseTo(exactWithout([3, 7]).momentsAt(matrixRow(rows.X, 3)).mean, 8);
  });
});

describe("draws from nearest neighbours", () => {
  const data = contractData(60, 6);
  const exact = fitGaussianProcess(data, { scale: "identity", starts: 0 });
  const approximate = fitVecchiaGaussianProcess(data, {
    scale: "identity",
    neighbours: 60,
    predictionNeighbours: 60,
  });
  const base = matrixFromRows([matrixRow(data.X, 0), matrixRow(data.X, 1), [0.3, 0.3, 1]]);
  const normals = createMatrix(4, 3);
  const rng = createRng(3);
  normals.data.forEach((_, i) => (normals.data[i] = rng.normal()));

  it("are those of the exact process where all settings are neighbours", () => {
    const [a, b] = [approximate.draw(base, normals), exact.draw(base, normals)];
    expectClose(a.values.data, b.values.data, 3);
    const x = Float64Array.of(0.35, 0.4, 1);
    const [p, q] = [a.at(x, true), b.at(x, true)];
    expectClose(p.means, q.means, 3);
    expect(p.variance).toBeCloseTo(q.variance, 4);
    expectClose(p.meanGradients!.data, q.meanGradients!.data, 2);
    expectClose(p.varianceGradient!, q.varianceGradient!, 3);
  });

  it("average to the posterior: mean of means, and variance within plus between", () => {
    const many = createMatrix(4000, 3);
    many.data.forEach((_, i) => (many.data[i] = rng.normal()));
    const x = Float64Array.of(0.35, 0.4, 1);
    const { means, variance } = approximate.draw(base, many).at(x, false);
    const mean = means.reduce((sum, value) => sum + value, 0) / 4000;
    const between = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4000;
    const alone = approximate.latentAt(x);
    const stdDev = Math.sqrt(alone.variance);
    // 4,000 draws: standard errors of 1.6 % of the standard deviation and 2.2 % of the variance.
    expect(Math.abs(mean - alone.mean)).toBeLessThan(0.06 * stdDev);
    expect((variance + between) / alone.variance).toBeGreaterThan(0.91);
    expect((variance + between) / alone.variance).toBeLessThan(1.09);
  });

  it("refuse normals that do not fit the base points", () => {
    expect(() => approximate.draw(base, createMatrix(2, 2))).toThrow("base point");
  });
});

/** A curved outcome of three inputs with noise of standard deviation 0.3. */
function manyRows(n: number, seed: number): SurrogateData & { readonly truth: Float64Array } {
  const rng = createRng(seed);
  const X: Matrix = createMatrix(n, 3);
  const truth = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [rng.uniform(), rng.uniform(), rng.uniform()];
    X.data.set([a, b, c], 3 * i);
    truth[i] = 4 * Math.sin(4 * a) + 3 * b * b - 2 * b * c;
  }
  const inputs = ["a", "b", "c"].map((name) => ({ name, kind: "continuous" as const }));
  return { inputs, X, y: truth.map((value) => value + 0.3 * rng.normal()), truth };
}

describe("a nearest-neighbour fit", () => {
  it("with all earlier settings finds the optimum of the exact fit", () => {
    const data = contractData(60, 11);
    const exact = fitGaussianProcess(data, { scale: "identity", starts: 0 });
    const approximate = fitVecchiaGaussianProcess(data, {
      scale: "identity",
      neighbours: 59,
      predictionNeighbours: 60,
    });
    const exactLikelihood = Number(exact.describe()["log marginal likelihood"]);
    expect(Math.abs(approximate.logLikelihood - exactLikelihood)).toBeLessThan(
      0.01 * Math.abs(exactLikelihood),
    );
    expectClose(approximate.predict(data.X).mean, exact.predict(data.X).mean, 2);
  });

  it("predicts about as well as the exact fit of the same 800 rows, with honest intervals", () => {
    const data = manyRows(800, 1);
    const test = manyRows(400, 2);
    const judge = (posterior: MarginalPosterior) => {
      const [lower, upper] = [posterior.quantile(0.025, "observed"), posterior.quantile(0.975, "observed")];
      const density = posterior.logDensity(test.y);
      return {
        rmse: rmse(test.truth, posterior.mean),
        nlpd: -density.reduce((sum, value) => sum + value, 0) / 400,
        coverage: test.y.filter((y, i) => y >= lower[i]! && y <= upper[i]!).length / 400,
      };
    };
    const exact = judge(fitGaussianProcess(data, { starts: 0 }).predict(test.X));
    const approximate = judge(fitVecchiaGaussianProcess(data).predict(test.X));
    expect(approximate.rmse).toBeLessThan(1.2 * exact.rmse);
    expect(Math.abs(approximate.nlpd - exact.nlpd)).toBeLessThan(0.03);
    expect(approximate.coverage).toBeGreaterThan(0.92);
    expect(approximate.coverage).toBeLessThan(0.98);
  });

  it("predicts from the nearest settings, and for a quarter from settings spread over the inputs", () => {
    const X = createMatrix(200, 3);
    const rng = createRng(4);
    for (let i = 0; i < 200; i++) X.data.set([rng.uniform(), rng.uniform(), 0], 3 * i);
    const search = scaledNeighbours(X, kernel, Float64Array.of(1, 1, 1));
    const x = Float64Array.of(0.5, 0.5, 0);
    const both = new Int32Array(40);
    expect(search.nearAndSpread(x, both)).toBe(40);
    expect(new Set(both).size).toBe(40);
    const nearest = new Int32Array(30);
    search.near(x, nearest);
    expect([...both.subarray(0, 30)]).toEqual([...nearest]);
    const first = [...Array(200).keys()].filter((i) => !nearest.includes(i)).slice(0, 10);
    expect([...both.subarray(30)]).toEqual(first);
  });

  it("finds the noise and says what it is", () => {
    const model = fitVecchiaGaussianProcess(manyRows(800, 3), { scale: "identity" });
    const description = model.describe();
    expect(Number(description["noise standard deviation"])).toBeGreaterThan(0.27);
    expect(Number(description["noise standard deviation"])).toBeLessThan(0.33);
    expect(description["method"]).toContain(
      "nearest neighbours (Vecchia): 800 settings, each conditioned on 30 others, a prediction on 400",
    );
  });

  it("refuses counts that make no sense, and stops when cancelled", () => {
    const code = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        return (error as CellwrightError).code;
      }
      return "none";
    };
    const data = contractData(10, 1);
    for (const options of [{ neighbours: 0 }, { predictionNeighbours: 1.5 }, { starts: -1 }]) {
      expect(code(() => fitVecchiaGaussianProcess(data, options))).toBe("INVALID_OPTION");
    }
    expect(code(() => fitVecchiaGaussianProcess(data, { signal: AbortSignal.abort() }))).toBe("CANCELLED");
  });
});
