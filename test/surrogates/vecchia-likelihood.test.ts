import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";
import { createVecchiaLikelihood } from "../../src/surrogates/vecchia-likelihood.js";
import {
  conditioningSets,
  orderSettings,
  scaledNeighbours,
} from "../../src/surrogates/vecchia-neighbours.js";

/** Two continuous inputs and one of three levels, replicates, known variances, two noise levels. */
function sampleStatistics(n: number, seed: number): SettingStatistics {
  const rng = createRng(seed);
  const X = createMatrix(n, 3);
  for (let i = 0; i < n; i++) X.data.set([rng.uniform(), rng.uniform(), rng.integer(3)], 3 * i);
  const count = Float64Array.from({ length: n }, () => 1 + rng.integer(3));
  return {
    X,
    mean: Float64Array.from({ length: n }, () => rng.normal()),
    count,
    scatter: count.map((c) => (c > 1 ? 0.1 * rng.uniform() : 0)),
    knownVariance: Float64Array.from({ length: n }, () => 0.05 * rng.uniform()),
    noiseLevel: Int32Array.from({ length: n }, () => rng.integer(2)),
    levels: 2,
  };
}

const hyperparameters: Hyperparameters = {
  lengthscales: Float64Array.of(0.4, 0.9, 1.3),
  signalVariance: 1.7,
  noiseVariance: Float64Array.of(0.05, 0.2),
};

function approximate(
  statistics: SettingStatistics,
  neighbours: number,
  mean: "zero" | "estimated",
  radial: keyof typeof radialKernels = "matern-5/2",
) {
  const kernel = createProductKernel(radialKernels[radial], ["continuous", "continuous", "categorical"]);
  const { ordered } = orderSettings(statistics);
  const near = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
  const all = Int32Array.from({ length: ordered.X.rows }, (_, i) => i);
  const sets = conditioningSets(ordered.X, near, all, neighbours);
  return { kernel, ordered, sets, likelihood: createVecchiaLikelihood(ordered, sets, kernel, mean) };
}

describe("Vecchia's likelihood", () => {
  for (const mean of ["zero", "estimated"] as const) {
    for (const radial of ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"] as const) {
      it(`with all earlier settings is the exact one, value and gradient (${radial}, ${mean} mean)`, () => {
        const statistics = sampleStatistics(60, 3);
        const { kernel, likelihood } = approximate(statistics, 59, mean, radial);
        const exact = createMarginalLikelihood(statistics, kernel, mean);
        const gradient = new Float64Array(6);
        const exactGradient = new Float64Array(6);
        expect(likelihood.evaluate(hyperparameters, gradient)).toBeCloseTo(
          exact.evaluate(hyperparameters, exactGradient),
          8,
        );
        gradient.forEach((value, k) => expect(value).toBeCloseTo(exactGradient[k]!, 8));
      });
    }

    it(`has the gradient of central differences with few neighbours (${mean} mean)`, () => {
      const { likelihood } = approximate(sampleStatistics(200, 5), 7, mean);
      const gradient = new Float64Array(6);
      likelihood.evaluate(hyperparameters, gradient);
      const step = 1e-5;
      const moved = (k: number, by: number): number => {
        const factor = (at: number): number => (at === k ? Math.exp(by) : 1);
        return likelihood.evaluate(
          {
            lengthscales: hyperparameters.lengthscales.map((value, j) => value * factor(j)),
            signalVariance: hyperparameters.signalVariance * factor(3),
            noiseVariance: hyperparameters.noiseVariance.map((value, j) => value * factor(4 + j)),
          },
          new Float64Array(6),
        );
      };
      gradient.forEach((value, k) => {
        const difference = (moved(k, step) - moved(k, -step)) / (2 * step);
        expect(Math.abs(value - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      });
    });
  }

  it("comes closer to the exact one with more neighbours", () => {
    const statistics = sampleStatistics(300, 7);
    const { kernel } = approximate(statistics, 1, "zero");
    const gradient = new Float64Array(6);
    const exact = createMarginalLikelihood(statistics, kernel, "zero").evaluate(hyperparameters, gradient);
    const gap = (m: number): number =>
      Math.abs(approximate(statistics, m, "zero").likelihood.evaluate(hyperparameters, gradient) - exact);
    expect(gap(40)).toBeLessThan(gap(5));
    expect(gap(40)).toBeLessThan(0.02 * Math.abs(exact));
  });

  it("of a part of the settings, weighted, stands for all of them", () => {
    const { kernel, ordered, sets, likelihood } = approximate(sampleStatistics(400, 9), 10, "zero");
    const part = Int32Array.from({ length: 200 }, (_, k) => 2 * k);
    const near = scaledNeighbours(ordered.X, kernel, hyperparameters.lengthscales);
    const partSets = conditioningSets(ordered.X, near, part, 10);
    const half = createVecchiaLikelihood(ordered, partSets, kernel, "zero", 2);
    const gradient = new Float64Array(6);
    const whole = likelihood.evaluate(hyperparameters, gradient);
    expect(sets.settings.length).toBe(400);
    expect(Math.abs(half.evaluate(hyperparameters, gradient) / whole - 1)).toBeLessThan(0.1);
  });

  it("is −∞ where a covariance cannot be factorised", () => {
    const ones = new Float64Array(30).fill(1);
    const none = new Float64Array(30);
    const statistics = { ...sampleStatistics(30, 1), knownVariance: none, count: ones, scatter: none };
    const { likelihood } = approximate(statistics, 29, "zero", "rbf");
    const flat = {
      lengthscales: Float64Array.of(1e4, 1e4, 1e4),
      signalVariance: 1,
      noiseVariance: new Float64Array(2),
    };
    expect(likelihood.evaluate(flat, new Float64Array(6))).toBe(Number.NEGATIVE_INFINITY);
  });
});
