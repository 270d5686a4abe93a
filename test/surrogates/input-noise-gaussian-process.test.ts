import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcessOfAnySize } from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { fitInputNoiseGaussianProcess } from "../../src/surrogates/input-noise-gaussian-process.js";
import { factorNoiseCorrelation } from "../../src/surrogates/input-noise-model.js";
import { inputNoiseObjective } from "../../src/surrogates/input-noise-search.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData, SurrogateRecord } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { testSurrogate } from "./surrogate-contract.js";

testSurrogate("gaussian-process (input-dependent noise)", (data, options) =>
  fitSurrogateKind("gaussian-process", data, { ...options, noise: "input-dependent" }),
);

const inputs: readonly InputDimension[] = [
  { name: "a", kind: "continuous" },
  { name: "b", kind: "continuous" },
];

const noiseAt = (a: number, varies: boolean): number => (varies ? 0.1 * Math.exp(2.3 * a) : 0.3);

/** Rows at random settings, each twice, whose noise grows tenfold along the first input, or not at all. */
function noisyData(settings: number, seed: number, varies: boolean): SurrogateData {
  const rng = createRng(seed);
  const distinct = Array.from({ length: settings }, () => [rng.uniform(), rng.uniform()]);
  const rows = [...distinct, ...distinct];
  return {
    inputs,
    X: matrixFromRows(rows),
    y: Float64Array.from(
      rows,
      ([a, b]) => 10 + 3 * Math.sin(5 * a!) + 2 * b! * b! + noiseAt(a!, varies) * rng.normal(),
    ),
  };
}

describe("input-dependent noise", () => {
  const data = noisyData(60, 4, true);
  const model = fitInputNoiseGaussianProcess(data, { scale: "identity" });

  it("recovers the noise curve within a factor of 1.6 at the ends and in the middle", () => {
    expect(model.noiseVerdict.noise).toBe("input-dependent");
    expect(model.noiseVerdict.gain).toBeGreaterThan(5);
    const ends = matrixFromRows([
      [0.1, 0.5],
      [0.5, 0.5],
      [0.9, 0.5],
    ]);
    const spread = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
    [0.1, 0.5, 0.9].forEach((a, i) => {
      const ratio = (spread * Math.sqrt(model.noiseVarianceAt(ends)[i]!)) / noiseAt(a, true);
      expect(ratio).toBeGreaterThan(1 / 1.6);
      expect(ratio).toBeLessThan(1.6);
    });
  });

  it("covers new runs about as often as it says at both ends, where constant noise does not", () => {
    const coverage = (noise: "constant" | "input-dependent", quiet: boolean): number => {
      let inside = 0;
      let count = 0;
      for (let seed = 0; seed < 6; seed++) {
        const fitted = fitGaussianProcessOfAnySize(noisyData(60, 20 + seed, true), {
          noise,
          scale: "identity",
        });
        const test = noisyData(200, 50 + seed, true);
        const posterior = fitted.predict(test.X);
        const lower = posterior.quantile(0.025, "observed");
        const upper = posterior.quantile(0.975, "observed");
        test.y.forEach((y, i) => {
          const a = test.X.data[2 * i]!;
          if (quiet ? a > 0.2 : a < 0.8) return;
          count++;
          inside += lower[i]! <= y && y <= upper[i]! ? 1 : 0;
        });
      }
      return inside / count;
    };
    for (const quiet of [true, false]) {
      expect(coverage("input-dependent", quiet)).toBeGreaterThan(0.89);
      expect(coverage("input-dependent", quiet)).toBeLessThan(0.985);
    }
    expect(coverage("constant", true)).toBeGreaterThan(0.99);
    expect(coverage("constant", false)).toBeLessThan(0.89);
  });

  it("gives new runs a higher density than constant noise", () => {
    const test = noisyData(200, 99, true);
    const density = (fitted: typeof model): number =>
      fitted
        .predict(test.X)
        .logDensity(test.y)
        .reduce((sum, value) => sum + value, 0) / test.y.length;
    const constant = fitGaussianProcessOfAnySize(data, { scale: "identity" }) as typeof model;
    expect(density(model)).toBeGreaterThan(density(constant) + 0.2);
  });

  it("is the plain process to the bit, and says why, where the noise is constant", () => {
    let constant = 0;
    for (let seed = 0; seed < 10; seed++) {
      const level = noisyData(30, seed, false);
      const fitted = fitInputNoiseGaussianProcess(level, { scale: "identity" });
      if (fitted.noiseVerdict.noise === "input-dependent") continue;
      constant++;
      const plain = fitGaussianProcessOfAnySize(level, { scale: "identity" });
      expect(fitted.predict(level.X).quantile(0.9, "observed")).toEqual(
        plain.predict(level.X).quantile(0.9, "observed"),
      );
      expect(fitted.messages).toEqual([fitted.noiseVerdict.reason]);
      expect(fitted.noiseVerdict.reason).toMatch(/constant: .* gains .* nats/);
    }
    expect(constant).toBeGreaterThanOrEqual(9);
  });

  it("is what acquisition functions need: mean noise, draws, and leave-one-out with each setting's noise", () => {
    const latent = model.latentAt(Float64Array.of(0.9, 0.5));
    const joint = model.joint(matrixFromRows([[0.9, 0.5]]));
    expect(joint.mean[0]).toBeCloseTo(latent.mean, 10);
    const posterior = model.predict(matrixFromRows([[0.9, 0.5]]));
    const width = (of: "latent" | "observed"): number =>
      posterior.quantile(0.975, of)[0]! - posterior.quantile(0.5, of)[0]!;
    const unit = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
    const [noise] = model.noiseVarianceAt(matrixFromRows([[0.9, 0.5]]));
    expect((width("observed") / width("latent")) ** 2).toBeCloseTo(1 + noise! / latent.variance, 6);
    expect(width("latent")).toBeCloseTo(1.959964 * unit * Math.sqrt(latent.variance), 5);
    const everywhere = model.noiseVarianceAt(model.trainingInputs);
    const average = everywhere.reduce((sum, value) => sum + value, 0) / everywhere.length;
    expect(model.noiseVariance[0]! / average).toBeCloseTo(1, 2);
    const draws = model.draw(model.trainingInputs, createMatrix(2, model.trainingInputs.rows));
    expect(draws.at(Float64Array.of(0.5, 0.5), false).means.every(Number.isFinite)).toBe(true);
    expect(model.leaveOneOut().logDensity.every(Number.isFinite)).toBe(true);
  });

  it("learns less from a further row where the noise is large, and keeps the noise curve", () => {
    const remaining = (a: number): number => {
      const X = matrixFromRows([[a, 0.5]]);
      const after = model.withObservations({ X, y: model.predict(X).mean });
      const noise = model.noiseVarianceAt(X)[0]!;
      const before = model.latentAt(X.data).variance;
      expect(after.latentAt(X.data).variance).toBeCloseTo((before * noise) / (before + noise), 8);
      expect(after.noiseVariance).toEqual(model.noiseVariance);
      const width = after.predict(X).quantile(0.975, "observed")[0]! - after.predict(X).mean[0]!;
      const unit = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
      expect(width / (1.959964 * unit)).toBeGreaterThan(Math.sqrt(noise));
      return after.latentAt(X.data).variance / before;
    };
    expect(remaining(0.9)).toBeGreaterThan(remaining(0.1));
  });

  it("comes back from its record bit for bit when the noise varies", () => {
    const loaded = loadSurrogate(JSON.parse(JSON.stringify(model.toJSON())) as SurrogateRecord);
    const points = noisyData(10, 7, true).X;
    expect(loaded.predict(points).quantile(0.9, "observed")).toEqual(
      model.predict(points).quantile(0.9, "observed"),
    );
    expect(loaded.describe()).toEqual(model.describe());
    expect(JSON.stringify(loaded.toJSON())).toBe(JSON.stringify(model.toJSON()));
    expect(model.describe()["noise"]).toMatch(/depends on the settings/);
  });

  it("has the gradient of its objective", () => {
    const rows = arrangeRows({
      ...noisyData(8, 3, true),
      noiseLevel: Int32Array.from({ length: 16 }, (_, i) => i % 2),
    });
    const statistics = settingStatistics(rows, fitTransform(rows.y, rows.groupStart, "identity"));
    const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);
    const L = factorNoiseCorrelation(kernel, statistics.X, 0.5);
    const objective = inputNoiseObjective({ statistics, kernel, preset: presets.default }, L, 1.3);
    const rng = createRng(5);
    const x = Float64Array.from({ length: 5 + statistics.mean.length }, (_, k) =>
      k < 5 ? [-0.4, 0.2, -2.5, -3, 0.5][k]! : 0.7 * rng.normal(),
    );
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
});
