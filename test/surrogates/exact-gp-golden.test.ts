import { describe, expect, it } from "vitest";
import type { RadialKernelName } from "../../src/kernels/kernel.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { leaveOneSettingOut } from "../../src/surrogates/leave-one-out.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import { conditionGaussianProcess, type GaussianPosterior } from "../../src/surrogates/posterior.js";
import type { MeanFunction } from "../../src/surrogates/presets/preset.js";
import { type SettingStatistics, settingStatistics } from "../../src/surrogates/setting-statistics.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";
import { readGolden } from "./read-golden.js";

/** Double precision keeps about 12 digits through a 14 × 14 factorisation; the peers' distances keep about 9. */
const TOLERANCE = 1e-8;

interface GoldenCase {
  readonly name: string;
  readonly kernel: RadialKernelName;
  readonly categorical?: readonly number[];
  readonly mean?: MeanFunction;
  readonly X: readonly number[][];
  readonly y: readonly number[];
  readonly lengthscales: readonly number[];
  readonly signalVariance: number;
  readonly noiseVariance?: readonly number[];
  readonly noiseLevel?: readonly number[];
  readonly knownNoiseVariance?: readonly number[];
  readonly logMarginalLikelihood: number;
  readonly gradient?: readonly number[];
  readonly test: readonly number[][];
  readonly posteriorMean: readonly number[];
  readonly posteriorCovariance: readonly number[][];
  readonly constant?: number;
  readonly leaveOneOut?: {
    readonly mean: readonly number[];
    readonly latentVariance: readonly number[];
    readonly logDensity: readonly number[];
  };
  readonly leaveOneOutLogDensity?: number;
}

interface Model {
  readonly statistics: SettingStatistics;
  readonly posterior: GaussianPosterior;
  readonly value: number;
  readonly gradient: Float64Array;
}

function evaluate(golden: GoldenCase): Model {
  const kinds = golden.lengthscales.map((_, k) =>
    golden.categorical?.includes(k) === true ? ("categorical" as const) : ("continuous" as const),
  );
  const rows = arrangeRows({
    inputs: kinds.map((kind, k) =>
      kind === "continuous" ? { name: `x${k}`, kind } : { name: `x${k}`, kind, levels: 9 },
    ),
    X: matrixFromRows(golden.X),
    y: Float64Array.from(golden.y),
    ...(golden.knownNoiseVariance && { knownNoiseVariance: Float64Array.from(golden.knownNoiseVariance) }),
    ...(golden.noiseLevel && { noiseLevel: Int32Array.from(golden.noiseLevel) }),
  });
  const raw = createTransform({ kind: "identity", center: 0, spread: 1 });
  const statistics = settingStatistics(rows, raw);
  const kernel = createProductKernel(radialKernels[golden.kernel], kinds);
  const hyperparameters: Hyperparameters = {
    lengthscales: Float64Array.from(golden.lengthscales),
    signalVariance: golden.signalVariance,
    noiseVariance: Float64Array.from(golden.noiseVariance ?? [0]),
  };
  const mean = golden.mean ?? "zero";
  const gradient = new Float64Array(kinds.length + 1 + statistics.levels);
  const value = createMarginalLikelihood(statistics, kernel, mean).evaluate(hyperparameters, gradient);
  return {
    statistics,
    posterior: conditionGaussianProcess(statistics, kernel, hyperparameters, mean),
    value,
    gradient,
  };
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs(found[i]! - value)).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(value))),
  );
}

function expectPosterior(golden: GoldenCase, posterior: GaussianPosterior): void {
  const { mean, covariance } = posterior.joint(matrixFromRows(golden.test));
  expectClose(mean, golden.posteriorMean);
  expectClose(covariance.data, golden.posteriorCovariance.flat());
  golden.test.forEach((x, i) => {
    const point = posterior.latentAt(Float64Array.from(x));
    expectClose([point.mean, point.variance], [golden.posteriorMean[i]!, golden.posteriorCovariance[i]![i]!]);
  });
}

/** Position of each golden row among the settings. */
function positions(golden: GoldenCase, X: Matrix): number[] {
  return golden.X.map((row) => {
    for (let g = 0; g < X.rows; g++) if (row.every((value, k) => value === X.data[g * X.cols + k])) return g;
    throw new Error("row not found");
  });
}

const gpytorch = readGolden("gp.gpytorch-1.15.2.json") as { cases: GoldenCase[]; exactModels: GoldenCase[] };
const sklearn = readGolden("gp.sklearn-1.9.1.json") as { cases: GoldenCase[] };

describe("exact Gaussian process at fixed hyperparameters, against GPyTorch 1.15.2", () => {
  it.each(gpytorch.cases.map((golden) => [golden.name, golden] as const))(
    "%s: likelihood and gradient",
    (_, golden) => {
      const { value, gradient } = evaluate(golden);
      expectClose([value], [golden.logMarginalLikelihood]);
      expectClose(gradient, golden.gradient!);
    },
  );

  it.each(gpytorch.cases.map((golden) => [golden.name, golden] as const))("%s: posterior", (_, golden) => {
    const { posterior } = evaluate(golden);
    expectClose([posterior.constant], [golden.constant!]);
    expectPosterior(golden, posterior);
  });

  // With an estimated mean the peer and this code both keep μ̂ of all data.
  const unreplicated = gpytorch.cases.filter(({ name }) => !name.startsWith("replicates"));
  it.each(unreplicated.map((golden) => [golden.name, golden] as const))("%s: leave-one-out", (_, golden) => {
    const { posterior, statistics } = evaluate(golden);
    const found = leaveOneSettingOut(posterior);
    const order = positions(golden, statistics.X);
    expectClose(
      order.map((g) => found.mean[g]!),
      golden.leaveOneOut!.mean,
    );
    expectClose(
      order.map((g) => found.latentVariance[g]!),
      golden.leaveOneOut!.latentVariance,
    );
    expectClose(
      order.map((g) => found.logDensity[g]!),
      golden.leaveOneOut!.logDensity,
    );
  });

  it.each(gpytorch.exactModels.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => {
    const { value, posterior } = evaluate(golden);
    expectClose([value], [golden.logMarginalLikelihood]);
    expectPosterior(golden, posterior);
    const total = leaveOneSettingOut(posterior).logDensity.reduce((sum, density) => sum + density, 0);
    expectClose([total], [golden.leaveOneOutLogDensity!]);
  });

  it("collapses 14 replicated rows to 6 settings without changing the likelihood", () => {
    const golden = gpytorch.cases.find(({ name }) => name.startsWith("replicates"))!;
    const { statistics } = evaluate(golden);
    expect(golden.y.length).toBe(14);
    expect(statistics.X.rows).toBe(6);
  });
});

describe("exact Gaussian process at fixed hyperparameters, against scikit-learn 1.9.1", () => {
  it.each(sklearn.cases.map((golden) => [golden.name, golden] as const))(
    "%s: likelihood, gradient, posterior",
    (_, golden) => {
      const { value, gradient, posterior } = evaluate(golden);
      expectClose([value], [golden.logMarginalLikelihood]);
      expectClose(gradient, golden.gradient!);
      expectPosterior(golden, posterior);
    },
  );
});
