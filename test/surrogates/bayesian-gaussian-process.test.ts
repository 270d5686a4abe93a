import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { log } from "../../src/math/elementary.js";
import { matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { sampleNuts } from "../../src/math/nuts.js";
import { createRng } from "../../src/math/rng.js";
import { diagnoseChains } from "../../src/math/sampler-diagnostics.js";
import { BAYESIAN_PRESETS, samplingCoordinates } from "../../src/surrogates/bayesian-coordinates.js";
import {
  fitBayesianGaussianProcess,
  MOST_SAMPLED_SETTINGS,
} from "../../src/surrogates/bayesian-gaussian-process.js";
import { refittedLeaveOneOut, reweightedLeaveOneOut } from "../../src/surrogates/bayesian-comparison.js";
import { fitByInference } from "../../src/surrogates/bayesian-inference.js";
import { logPosterior, sampleHyperparameters } from "../../src/surrogates/bayesian-sampling.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { maximizePosterior } from "../../src/surrogates/maximum-a-posteriori.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData, SurrogateRecord } from "../../src/surrogates/surrogate.js";
import { contractData } from "./surrogate-contract.js";
import { codeOf } from "../error-code.js";

const QUICK = { chains: 2, warmup: 80, samples: 40, draws: 16 } as const;

function statisticsOf(X: readonly (readonly number[])[], z: readonly number[]): SettingStatistics {
  const n = z.length;
  return {
    X: matrixFromRows(X),
    mean: Float64Array.from(z),
    count: new Float64Array(n).fill(1),
    scatter: new Float64Array(n),
    knownVariance: new Float64Array(n),
    noiseLevel: new Int32Array(n),
    levels: 1,
  };
}

const matern = (dimension: number): ReturnType<typeof createProductKernel> =>
  createProductKernel(radialKernels["matern-5/2"], new Array<"continuous">(dimension).fill("continuous"));

interface GoldenPosterior {
  readonly name: "default" | "saas-2021";
  readonly X: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly moments: Readonly<
    Record<string, { mean: number; stdDev: number; meanError: number; stdDevError: number }>
  >;
}

const folder = new URL("../golden/", import.meta.url);
const file = readdirSync(folder).find((name) => name.startsWith("nuts-gp.numpyro-"))!;
const golden = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly GoldenPosterior[];

describe("the posterior of hyperparameters", () => {
  it.each(BAYESIAN_PRESETS)("has the gradient of central differences (%s)", (preset) => {
    const rng = createRng(4);
    const X = Array.from({ length: 12 }, () => [rng.uniform(), rng.uniform(), rng.uniform()]);
    const statistics = statisticsOf(
      X,
      X.map(([a, b]) => Math.sin(4 * a!) + b! + 0.1 * rng.normal()),
    );
    const coordinates = samplingCoordinates(preset, 3, 1);
    const density = logPosterior(statistics, matern(3), coordinates);
    const x = coordinates.start.map((value) => value + 0.4 * rng.normal());
    const unused = new Float64Array(x.length);
    const gradient = new Float64Array(x.length);
    density(x, gradient);
    const at = (k: number, step: number): number =>
      density(
        x.map((value, i) => (i === k ? value + step : value)),
        unused,
      );
    x.forEach((_, k) => {
      expect(gradient[k]).toBeCloseTo((at(k, 1e-5) - at(k, -1e-5)) / 2e-5, 5);
    });
  });

  it.each(golden)("has the moments that NumPyro finds ($name)", ({ name, X, y, moments }) => {
    const dimension = X[0]!.length;
    const coordinates = samplingCoordinates(name, dimension, 1);
    const density = logPosterior(statisticsOf(X, y), matern(dimension), coordinates);
    const chains = [0, 1, 2, 3].map(
      (c) =>
        sampleNuts(density, {
          start: coordinates.start,
          warmup: 500,
          samples: 1000,
          rng: createRng(c),
          targetAcceptance: 0.9,
        }).samples,
    );
    const rows = chains.map((chain) =>
      Array.from({ length: chain.rows }, (_, i) => coordinates.hyperparametersAt(matrixRow(chain, i))),
    );
    const compare = (key: string, pick: (h: (typeof rows)[0][0]) => number): void => {
      const values = rows.map((chain) => Float64Array.from(chain, (h) => log(pick(h))));
      const all = values.flatMap((chain) => [...chain]);
      const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
      const stdDev = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (all.length - 1));
      const { bulkEss, tailEss, rHat } = diagnoseChains(values);
      expect([key, rHat < 1.02]).toEqual([key, true]);
      const peer = moments[key]!;
      // Four combined Monte Carlo standard errors; that of a heavy-tailed spread by the tails' effective size.
      expect([
        key,
        Math.abs(mean - peer.mean) < 4 * Math.hypot(stdDev / Math.sqrt(bulkEss), peer.meanError),
      ]).toEqual([key, true]);
      const spreadError = Math.hypot(
        (1.5 * stdDev) / Math.sqrt(2 * Math.min(bulkEss, tailEss)),
        peer.stdDevError,
      );
      expect([key, Math.abs(stdDev - peer.stdDev) < 4 * spreadError]).toEqual([key, true]);
    };
    for (let k = 0; k < dimension; k++) compare(`log lengthscale ${k}`, (h) => h.lengthscales[k]!);
    compare("log signal variance", (h) => h.signalVariance);
    compare("log noise variance", (h) => h.noiseVariance[0]!);
  });
});

describe("a fully Bayesian Gaussian process", () => {
  const data = contractData(25, 5);
  const model = fitBayesianGaussianProcess(data, { sampler: QUICK });
  const points = matrixFromRows([
    [0.3, 0.6, 1],
    [0.8, 0.1, 2],
  ]);

  it("predicts the equally weighted mixture over its draws", () => {
    const record = model.toJSON();
    const single = model.draws.map((draw) => {
      const { lengthscales, signalVariance, noiseVariance } = draw;
      const one = {
        ...record,
        draws: {
          lengthscales: [...lengthscales],
          signalVariance: [signalVariance],
          noiseVariance: [...noiseVariance],
        },
      } as SurrogateRecord;
      return loadSurrogate(one).predict(points);
    });
    const average = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    const mixture = model.predict(points);
    for (let i = 0; i < 2; i++) {
      const means = single.map(({ mean }) => mean[i]!);
      expect(mixture.mean[i]).toBeCloseTo(average(means), 10);
      const variance =
        average(single.map(({ stdDev }) => stdDev[i]! ** 2)) +
        average(means.map((value) => (value - average(means)) ** 2));
      expect(mixture.stdDev[i]).toBeCloseTo(Math.sqrt(variance), 10);
      const between = average(single.map((one) => one.probabilityBetween(30, 34)[i]!));
      expect(mixture.probabilityBetween(30, 34)[i]).toBeCloseTo(between, 10);
      const density = average(single.map((one) => Math.exp(one.logDensity([31, 31])[i]!)));
      expect(mixture.logDensity([31, 31])[i]).toBeCloseTo(Math.log(density), 10);
    }
  });

  it("leaves one out as its draws do without the row", () => {
    const X = [[0.1], [0.35], [0.6], [0.9]];
    const z = [0.3, -0.4, 0.9, 0.1];
    const inputs: readonly InputDimension[] = [{ name: "a", kind: "continuous" }];
    const fitted = fitBayesianGaussianProcess(
      { inputs, X: matrixFromRows(X), y: Float64Array.from(z) },
      { sampler: QUICK, scale: "identity" },
    );
    const { center, spread } = fitted.toJSON()["transform"] as { center: number; spread: number };
    const standard = z.map((value) => (value - center) / spread);
    const without = statisticsOf([X[0]!, X[1]!, X[3]!], [standard[0]!, standard[1]!, standard[3]!]);
    const terms = fitted.draws.map((draw) => {
      const { mean, variance } = conditionGaussianProcess(without, matern(1), draw, "zero").momentsAt(
        Float64Array.of(0.6),
      );
      const total = variance + draw.noiseVariance[0]!;
      return Math.exp((-0.5 * (standard[2]! - mean) ** 2) / total) / Math.sqrt(2 * Math.PI * total);
    });
    const expected = Math.log(terms.reduce((sum, v) => sum + v, 0) / terms.length / spread);
    expect(fitted.leaveOneOut().logDensity[2]).toBeCloseTo(expected, 9);
  });

  it("describes lengthscales and noise by medians inside their 95 % intervals, and its chains", () => {
    const description = model.describe();
    for (const name of [
      "lengthscale of line_load",
      "correlation between levels of web",
      "signal standard deviation",
      "noise standard deviation",
    ]) {
      const [lower, upper] = String(description[`${name}, 95 % interval`]).split(" to ").map(Number);
      expect(description[name]).toBeGreaterThan(lower!);
      expect(description[name]).toBeLessThan(upper!);
    }
    expect(description["inference"]).toBe("NUTS, 2 chains of 40, 16 draws kept");
    expect(description["divergences"]).toBe(model.sampling.divergences);
    expect(description["smallest effective sample size"]).toBeGreaterThan(5);
  });

  it("reaches R-hat below 1.01 and 100 effective draws with its default sampler", () => {
    const { sampling } = fitBayesianGaussianProcess(contractData(40, 3));
    expect(sampling.rHat).toBeLessThan(1.01);
    expect(Math.min(sampling.bulkEss, sampling.tailEss)).toBeGreaterThan(100);
    expect(sampling.divergences).toBeLessThan(10);
  });

  it("keeps the interpolating limit: noise-free rows are predicted closely", () => {
    const rng = createRng(9);
    const X = matrixFromRows(Array.from({ length: 20 }, () => [rng.uniform()]));
    const y = X.data.map((x) => Math.sin(6 * x));
    const inputs: readonly InputDimension[] = [{ name: "a", kind: "continuous" }];
    const fitted = fitBayesianGaussianProcess({ inputs, X, y }, { sampler: QUICK });
    const { mean } = fitted.predict(X);
    mean.forEach((value, i) => expect(Math.abs(value - y[i]!)).toBeLessThan(0.02));
  });

  it("stops at a signal, and refuses samplers and sizes that make no sense", () => {
    const signal = AbortSignal.abort();
    expect(codeOf(() => fitBayesianGaussianProcess(data, { signal }))).toBe("CANCELLED");
    expect(codeOf(() => fitBayesianGaussianProcess(data, { sampler: { draws: 0 } }))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitBayesianGaussianProcess(data, { sampler: { samples: 2 } }))).toBe(
      "INVALID_OPTION",
    );
    expect(codeOf(() => fitByInference(data, { preset: "saas-2021" }))).toBe("INVALID_OPTION");
    const many = contractData(3 * MOST_SAMPLED_SETTINGS, 1);
    expect(codeOf(() => fitBayesianGaussianProcess(many))).toBe("TOO_MANY_ROWS");
  });

  it("counts as damaged without a single draw", () => {
    const draws = { lengthscales: [], signalVariance: [], noiseVariance: [] };
    expect(() => loadSurrogate({ ...model.toJSON(), draws })).toThrow(/damaged/);
  });
});

describe("sparse axes (SAAS)", () => {
  it("leave inputs flat that do not matter", () => {
    const rng = createRng(12);
    const d = 8;
    const X = matrixFromRows(
      Array.from({ length: 30 }, () => Array.from({ length: d }, () => rng.uniform())),
    );
    const y = Float64Array.from({ length: 30 }, (_, i) => Math.sin(5 * X.data[i * d]!) + 0.05 * rng.normal());
    const inputs = Array.from(
      { length: d },
      (_, k): InputDimension => ({ name: `x${k}`, kind: "continuous" }),
    );
    const data: SurrogateData = { inputs, X, y };
    const description = fitBayesianGaussianProcess(data, {
      preset: "saas-2021",
      sampler: { chains: 2, warmup: 150, samples: 100, draws: 16 },
    }).describe();
    const relevant = Number(description["lengthscale of x0"]);
    expect(relevant).toBeLessThan(2);
    for (let k = 1; k < d; k++) expect(description[`lengthscale of x${k}`]).toBeGreaterThan(3 * relevant);
  });
});

describe("inference of a Gaussian process", () => {
  const data = contractData(20, 8);

  it("is the maximum a posteriori unless asked, bit for bit", () => {
    expect(JSON.stringify(fitByInference(data).toJSON())).toBe(
      JSON.stringify(fitGaussianProcess(data).toJSON()),
    );
    expect(fitByInference(data, { inference: "nuts", sampler: QUICK }).kind).toBe(
      "bayesian-gaussian-process",
    );
  });

  it("takes draws only where leave-one-out gains two standard errors, and says so", () => {
    const kinds: string[] = [];
    for (let seed = 0; seed < 8; seed++) {
      const rng = createRng(seed);
      const X = matrixFromRows(Array.from({ length: 16 }, () => [rng.uniform()]));
      const y = X.data.map((x) => Math.sin(3 * x) + 0.3 * rng.normal());
      const inputs: readonly InputDimension[] = [{ name: "a", kind: "continuous" }];
      const options = { sampler: QUICK, scale: "identity" } as const;
      const rows = { inputs, X, y };
      const chosen = fitByInference(rows, { ...options, inference: "auto" });
      kinds.push(chosen.kind);
      if (chosen.kind === "gaussian-process") continue;
      const said = /gains (\S+) ± (\S+) nats over the maximum/.exec(String(chosen.describe()["inference"]));
      expect(Number(said![1])).toBeGreaterThan(2 * Number(said![2]));
      const asked = fitBayesianGaussianProcess(rows, options);
      expect(chosen.predict(X).mean).toEqual(asked.predict(X).mean);
    }
    expect(new Set(kinds).size).toBe(2);
  });

  it("compares sides that have not seen the setting that is left out", () => {
    const X = [[0.05], [0.3], [0.55], [0.7], [0.95]];
    const z = [0.4, -0.6, 1.2, 0.3, -1.1];
    const statistics = statisticsOf(X, z);
    const others = statisticsOf([X[0]!, X[1]!, X[2]!, X[4]!], [z[0]!, z[1]!, z[2]!, z[4]!]);
    const inputs: readonly InputDimension[] = [{ name: "a", kind: "continuous" }];
    const map = fitGaussianProcess(
      { inputs, X: matrixFromRows(X), y: Float64Array.from(z) },
      { scale: "identity" },
    );
    const refitted = refittedLeaveOneOut(statistics, matern(1), presets.default, map.hyperparameters)[3]!;
    const direct = maximizePosterior(others, matern(1), presets.default, {
      randomStarts: 3,
      rng: createRng(1),
    });
    const left = conditionGaussianProcess(others, matern(1), direct.hyperparameters, "zero");
    const { mean, variance } = left.momentsAt(Float64Array.of(0.7));
    const total = variance + direct.hyperparameters.noiseVariance[0]!;
    expect(refitted).toBeCloseTo(
      -0.5 * Math.log(2 * Math.PI * total) - (0.5 * (z[3]! - mean) ** 2) / total,
      4,
    );

    // Reweighted draws from all data against draws from the data without the setting.
    const sample = (some: SettingStatistics): readonly Hyperparameters[] =>
      sampleHyperparameters(some, matern(1), samplingCoordinates("default", 1, 1), createRng(2), {
        warmup: 200,
        samples: 1000,
      }).samples;
    const reweighted = reweightedLeaveOneOut(statistics, matern(1), "zero", sample(statistics))[3]!;
    const densities = sample(others).map((draw) => {
      const moments = conditionGaussianProcess(others, matern(1), draw, "zero").momentsAt(
        Float64Array.of(0.7),
      );
      const spread = moments.variance + draw.noiseVariance[0]!;
      return Math.exp((-0.5 * (z[3]! - moments.mean) ** 2) / spread) / Math.sqrt(2 * Math.PI * spread);
    });
    const truth = Math.log(densities.reduce((sum, v) => sum + v, 0) / densities.length);
    expect(Math.abs(reweighted - truth)).toBeLessThan(0.08); // Monte Carlo error of both sides
  });

  it("takes the maximum where leave-one-out has too few settings to judge by", () => {
    expect(fitByInference(contractData(6, 1), { inference: "auto" }).kind).toBe("gaussian-process");
  });
});
