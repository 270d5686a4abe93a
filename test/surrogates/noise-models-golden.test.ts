import { expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { factorNoiseCorrelation } from "../../src/surrogates/input-noise-model.js";
import { inputNoiseObjective } from "../../src/surrogates/input-noise-search.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import { withExtraVariance } from "../../src/surrogates/outlier-likelihood.js";
import { searchCoordinates } from "../../src/surrogates/maximum-a-posteriori.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { fitRobustGaussianProcess } from "../../src/surrogates/robust-gaussian-process.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";
import { unmergeRows } from "../../src/surrogates/unmerged-rows.js";
import { readGolden } from "./read-golden.js";

interface RobustGolden {
  readonly X: readonly number[][];
  readonly y: readonly number[];
  readonly lengthscales: readonly number[];
  readonly signalVariance: number;
  readonly noiseVariance: number;
  readonly extraVariance: readonly number[];
  readonly logMarginalLikelihood: number;
  readonly support: readonly number[];
}

interface InputNoiseGolden {
  readonly X: readonly number[][];
  readonly y: readonly number[];
  readonly knownNoiseVariance: readonly number[];
  readonly noiseLengthscale: number;
  readonly noiseStdDev: number;
  readonly x: readonly number[];
  readonly objective: number;
  readonly gradient: readonly number[];
}

const inputs = ["a", "b"].map((name) => ({ name, kind: "continuous" as const }));
const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);
const identity = createTransform({ kind: "identity", center: 0, spread: 1 });

it("has BoTorch's marginal likelihood of a robust process, and takes the same rows for outliers", () => {
  const golden = readGolden("robust-gp.botorch-0.18.1.json") as RobustGolden;
  const data = { inputs, X: matrixFromRows(golden.X), y: Float64Array.from(golden.y) };
  const rows = arrangeRows(data);
  const positions = Array.from(rows.order.keys()).filter((k) => golden.extraVariance[rows.order[k]!]! > 0);
  const split = unmergeRows(rows, positions);
  const extra = Float64Array.from(positions, (k) => golden.extraVariance[rows.order[k]!]!);
  const statistics = withExtraVariance(settingStatistics(split.rows, identity), split.settings, extra);
  const hyperparameters = {
    lengthscales: Float64Array.from(golden.lengthscales),
    signalVariance: golden.signalVariance,
    noiseVariance: Float64Array.of(golden.noiseVariance),
  };
  const value = createMarginalLikelihood(statistics, kernel, "zero").evaluate(
    hyperparameters,
    new Float64Array(4),
  );
  expect(Math.abs(value - golden.logMarginalLikelihood)).toBeLessThan(1e-7);
  const found = fitRobustGaussianProcess(data, { scale: "identity" }).outliers.map(({ row }) => row);
  expect(found).toEqual(golden.support);
});

it("has the likelihood and gradient of input-dependent noise that differentiation of single rows gives", () => {
  const golden = readGolden("input-noise-gp.torch-2.15.0.json") as InputNoiseGolden;
  const rows = arrangeRows({
    inputs,
    X: matrixFromRows(golden.X),
    y: Float64Array.from(golden.y),
    knownNoiseVariance: Float64Array.from(golden.knownNoiseVariance),
  });
  const statistics = settingStatistics(rows, identity);
  const L = factorNoiseCorrelation(kernel, statistics.X, golden.noiseLengthscale);
  const preset = presets.default;
  const objective = inputNoiseObjective({ statistics, kernel, preset }, L, golden.noiseStdDev);
  const x = Float64Array.from(golden.x);
  const gradient = new Float64Array(x.length);
  let value = -objective(x, gradient);
  // The file has no priors of hyperparameters.
  searchCoordinates(preset, 2, 1).forEach(({ prior }, k) => {
    value -= prior.logDensity(x[k]!);
    gradient[k] = gradient[k]! + prior.gradient(x[k]!);
  });
  expect(Math.abs(value - golden.objective)).toBeLessThan(1e-8);
  golden.gradient.forEach((expected, k) => expect(Math.abs(-gradient[k]! - expected)).toBeLessThan(1e-8));
});
