import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess, MOST_SETTINGS } from "../../src/surrogates/gaussian-process.js";
import { createMarginalLikelihood } from "../../src/surrogates/marginal-likelihood.js";
import { leaveOneSettingOut } from "../../src/surrogates/leave-one-out.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { furtherStatistics } from "../../src/surrogates/further-rows.js";
import { type SettingStatistics, stackStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";
import type { OutcomeTransform } from "../../src/surrogates/transform.js";
import { contractData } from "./surrogate-contract.js";

const inputs: readonly InputDimension[] = [
  { name: "load", kind: "continuous" },
  { name: "temperature", kind: "continuous" },
  { name: "web", kind: "categorical", levels: 2 },
];

function sample(n: number, seed: number): SurrogateData {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, () => [rng.uniform(), rng.uniform(), rng.integer(2)]);
  const y = Float64Array.from(
    rows,
    ([a, b, c]) => 40 + 5 * a! - 3 * b! * b! + 2 * c! * a! + 0.1 * rng.normal(),
  );
  return { inputs, X: matrixFromRows(rows), y };
}

describe("the latent posterior", () => {
  const model = fitGaussianProcess(sample(25, 3));

  it("has the gradients of central differences, and none along categories", () => {
    const x = Float64Array.of(0.31, 0.72, 1);
    const point = model.latentAt(x);
    const step = 1e-5;
    for (const k of [0, 1]) {
      const at = (delta: number) => model.latentAt(x.map((value, i) => (i === k ? value + delta : value)));
      expect(point.meanGradient[k]).toBeCloseTo((at(step).mean - at(-step).mean) / (2 * step), 6);
      expect(point.varianceGradient[k]).toBeCloseTo((at(step).variance - at(-step).variance) / (2 * step), 6);
    }
    expect(point.meanGradient[2]).toBe(0);
    expect(point.varianceGradient[2]).toBe(0);
  });

  it("agrees between one point, joint and predict", () => {
    const points = matrixFromRows([
      [0.2, 0.4, 0],
      [0.9, 0.1, 1],
    ]);
    const joint = model.joint(points);
    const predicted = model.predict(points);
    for (let i = 0; i < 2; i++) {
      const { mean, variance } = model.latentAt(points.data.slice(3 * i, 3 * i + 3));
      expect(model.latentMeans!(points)[i]).toBeCloseTo(mean, 12);
      expect(joint.mean[i]).toBeCloseTo(mean, 12);
      expect(joint.covariance.data[3 * i]).toBeCloseTo(variance, 12);
      expect(predicted.quantile(0.5, "latent")[i]).toBeCloseTo(model.modelScale.toRaw(mean), 10);
    }
  });
});

describe("conditional draws", () => {
  const model = fitGaussianProcess(sample(12, 5));
  const normals = createMatrix(400, 14);
  const rng = createRng(1);
  for (let k = 0; k < normals.data.length; k++) normals.data[k] = rng.normal();
  const base = matrixFromRows([
    ...Array.from({ length: 12 }, (_, i) => [...model.trainingInputs.data.slice(3 * i, 3 * i + 3)]),
    [0.5, 0.5, 0],
    [0.5, 0.5 + 1e-12, 0],
  ]);
  const draws = model.draw(base, normals);

  it("pass through the drawn values, also at base points that nearly coincide", () => {
    for (let k = 0; k < base.rows; k++) {
      const { means, variance } = draws.at(base.data.slice(3 * k, 3 * k + 3), false);
      expect(variance).toBeLessThan(1e-6);
      means.forEach((mean, s) =>
        expect(Math.abs(mean - draws.values.data[s * base.rows + k]!)).toBeLessThan(1e-3),
      );
    }
  });

  it("average to the posterior: law of total mean and variance", () => {
    const x = Float64Array.of(0.15, 0.85, 1);
    const { means, variance } = draws.at(x, false);
    const { mean, variance: marginal } = model.latentAt(x);
    const average = means.reduce((sum, value) => sum + value, 0) / means.length;
    const between = means.reduce((sum, value) => sum + (value - average) ** 2, 0) / (means.length - 1);
    const standardError = Math.sqrt(marginal / means.length);
    expect(Math.abs(average - mean)).toBeLessThan(4 * standardError);
    expect(between + variance).toBeGreaterThan(0.75 * marginal);
    expect(between + variance).toBeLessThan(1.25 * marginal);
  });

  it("have the gradients of central differences", () => {
    const x = Float64Array.of(0.31, 0.72, 1);
    const { meanGradients, varianceGradient } = draws.at(x, true);
    const step = 1e-5;
    for (const k of [0, 1]) {
      const at = (delta: number) =>
        draws.at(
          x.map((value, i) => (i === k ? value + delta : value)),
          false,
        );
      const [up, down] = [at(step), at(-step)];
      expect(varianceGradient![k]).toBeCloseTo((up.variance - down.variance) / (2 * step), 5);
      for (const s of [0, 7, 399]) {
        expect(meanGradients!.data[3 * s + k]).toBeCloseTo((up.means[s]! - down.means[s]!) / (2 * step), 4);
      }
    }
  });

  it("keep the data of settings that are not base points", () => {
    const elsewhere = model.draw(matrixFromRows([[0.5, 0.5, 0]]), {
      rows: 400,
      cols: 1,
      data: normals.data.slice(0, 400),
    });
    const x = model.trainingInputs.data.slice(0, 3);
    const { means, variance } = elsewhere.at(x, false);
    const marginal = model.latentAt(x);
    expect(variance).toBeLessThanOrEqual(marginal.variance * 1.000001);
    means.forEach((mean) =>
      expect(Math.abs(mean - marginal.mean)).toBeLessThan(6 * Math.sqrt(marginal.variance)),
    );
  });
});

const kernel = createProductKernel(
  radialKernels["matern-5/2"],
  inputs.map(({ kind }) => kind),
);

/** Settings with z-scores as outcomes, one row each. */
function settings(n: number, seed: number): SettingStatistics {
  const data = sample(n, seed);
  const rng = createRng(seed + 1);
  return {
    X: data.X,
    mean: Float64Array.from({ length: n }, () => rng.normal()),
    count: new Float64Array(n).fill(1),
    scatter: new Float64Array(n),
    knownVariance: new Float64Array(n),
    noiseLevel: new Int32Array(n),
    levels: 1,
  };
}

const hyperparameters = (noise: number) => ({
  lengthscales: Float64Array.of(0.5, 0.8, 1.2),
  signalVariance: 2.5,
  noiseVariance: Float64Array.of(noise),
});

describe("the posterior at fixed hyperparameters", () => {
  const seeds = fc.integer({ min: 0, max: 10_000 });
  const unit = fc.double({ min: -0.5, max: 1.5, noNaN: true });

  it("has a variance between 0 and the prior's, which more data never raise", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 20 }), unit, unit, (seed, n, a, b) => {
        const all = settings(n, seed);
        const some = withoutSetting(all, 0);
        const x = Float64Array.of(a, b, 1);
        const variance = (data: SettingStatistics): number =>
          conditionGaussianProcess(data, kernel, hyperparameters(0.01), "zero").momentsAt(x).variance;
        const [more, fewer] = [variance(all), variance(some)];
        return more > 0 && more <= fewer * (1 + 1e-9) && fewer <= 2.5;
      }),
    );
  });

  it("interpolates as the noise goes to zero", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 14 }), (seed, n) => {
        const data = settings(n, seed);
        const error = (noise: number): number => {
          const posterior = conditionGaussianProcess(data, kernel, hyperparameters(noise), "zero");
          return Math.max(
            ...Array.from(data.mean, (z, g) => Math.abs(posterior.momentsAt(matrixRow(data.X, g)).mean - z)),
          );
        };
        const errors = [1e-1, 1e-4, 1e-7, 1e-10].map(error);
        for (let k = 1; k < errors.length; k++) expect(errors[k]).toBeLessThan(errors[k - 1]!);
        expect(errors.at(-1)).toBeLessThan(1e-4);
      }),
    );
  });

  it("returns to the prior far from all data", () => {
    const posterior = conditionGaussianProcess(settings(12, 4), kernel, hyperparameters(0.01), "zero");
    const far = posterior.latentAt(Float64Array.of(60, 60, 0));
    expect(far.mean).toBeCloseTo(0, 12);
    expect(far.variance).toBeCloseTo(2.5, 12);
  });

  it("leaves out a setting as refitting without it does, also with replicates and an estimated mean kept fixed", () => {
    const plain = settings(10, 8);
    const data = {
      ...plain,
      count: plain.count.map((_, g) => 1 + (g % 3)),
      scatter: plain.scatter.map((_, g) => (g % 3) * 0.02),
    };
    const found = leaveOneSettingOut(conditionGaussianProcess(data, kernel, hyperparameters(0.05), "zero"));
    for (let g = 0; g < 10; g++) {
      const rest = conditionGaussianProcess(withoutSetting(data, g), kernel, hyperparameters(0.05), "zero");
      const { mean, variance } = rest.momentsAt(matrixRow(data.X, g));
      expect(found.mean[g]).toBeCloseTo(mean, 9);
      expect(found.latentVariance[g]).toBeCloseTo(variance, 9);
      const spread = Math.sqrt(variance + 0.05 / data.count[g]!);
      const z = (data.mean[g]! - mean) / spread;
      expect(found.logDensity[g]).toBeCloseTo(
        -0.5 * z * z - Math.log(spread) - 0.5 * Math.log(2 * Math.PI),
        9,
      );
    }
  });

  it("says which pivot failed where nothing can be factorised", () => {
    const twice = settings(2, 3);
    twice.X.data.set(twice.X.data.slice(0, 3), 3);
    const condition = () => conditionGaussianProcess(twice, kernel, hyperparameters(-1e-6), "zero");
    expect(condition).toThrow(CellwrightError);
    expect(condition).toThrow(/pivot 1/);
  });
});

describe("fitting", () => {
  it("finds the noise of the data, and with two levels both", () => {
    const rng = createRng(12);
    const n = 120;
    const rows = Array.from({ length: n }, () => [rng.uniform(), rng.uniform(), 0]);
    const noiseLevel = Int32Array.from({ length: n }, (_, i) => i % 2);
    const y = Float64Array.from(
      rows,
      ([a, b], i) => 10 * a! + 4 * b! * b! + (noiseLevel[i] === 1 ? 1 : 0.2) * rng.normal(),
    );
    const model = fitGaussianProcess(
      { inputs, X: matrixFromRows(rows), y, noiseLevel },
      { scale: "identity" },
    );
    const description = model.describe();
    expect(description["noise standard deviation, level 0"]).toBeGreaterThan(0.1);
    expect(description["noise standard deviation, level 0"]).toBeLessThan(0.35);
    expect(description["noise standard deviation, level 1"]).toBeGreaterThan(0.7);
    expect(description["noise standard deviation, level 1"]).toBeLessThan(1.4);
    const points = matrixFromRows([rows[0]!, rows[0]!]);
    const posterior = model.predict(points, { noiseLevel: Int32Array.of(0, 1) });
    const [quiet, loud] = posterior.quantile(0.975, "observed");
    expect(loud! - posterior.mean[1]!).toBeGreaterThan(2 * (quiet! - posterior.mean[0]!));
  });

  it("takes known measurement variance from the noise that it infers", () => {
    const data = { ...contractData(60, 3, 1), noiseLevel: new Int32Array(60) };
    const inferred = fitGaussianProcess(data, { scale: "identity" });
    const known = fitGaussianProcess(
      { ...data, knownNoiseVariance: new Float64Array(60).fill(1) },
      { scale: "identity" },
    );
    expect(known.noiseVariance[0]!).toBeLessThan(0.5 * inferred.noiseVariance[0]!);
  });

  it("collapses replicates: the same fit as from all rows, from fewer settings", () => {
    const data = contractData(40, 6);
    const model = fitGaussianProcess(data);
    expect(model.trainingRows).toBe(40);
    expect(model.trainingInputs.rows).toBeLessThan(40);
    expect(model.leaveOneOut().mean.length).toBe(model.trainingInputs.rows);
  });

  it("predicts left-out settings in raw units, with the density of the raw value", () => {
    const data = contractData(30, 21);
    const model = fitGaussianProcess(data, { scale: "log" });
    const { mean, stdDev, logDensity } = model.leaveOneOut();
    expect(mean.every((value) => value > 15 && value < 50)).toBe(true);
    expect(stdDev.every((value) => value > 0 && value < 10)).toBe(true);
    expect(logDensity.every((value) => value > -12 && value < 3)).toBe(true);
  });

  it("states the log marginal likelihood that the search maximised", () => {
    // Replicates, a known variance and a second noise level: every term of it counts.
    const data = contractData(40, 4);
    const known = { ...data, knownNoiseVariance: data.y.map((_, i) => (i % 3 === 0 ? 0.09 : 0)) };
    for (const mean of [undefined, "constant"] as const) {
      const options = { scale: "identity", ...(mean && { mean }) } as const;
      const model = fitGaussianProcess(known, options);
      const { posterior, hyperparameters } = model;
      const likelihood = createMarginalLikelihood(
        posterior.statistics,
        posterior.kernel,
        mean === undefined ? "zero" : "estimated",
      );
      const gradient = new Float64Array(hyperparameters.lengthscales.length + 2);
      const stated = Number(model.describe()["log marginal likelihood"]);
      expect(stated).toBeCloseTo(likelihood.evaluate(hyperparameters, gradient), 2);
    }
  });

  it("starts from a warm optimum and finds it again", () => {
    const data = sample(40, 2);
    const cold = fitGaussianProcess(data);
    const warm = fitGaussianProcess(data, { warmStart: cold.hyperparameters });
    cold.hyperparameters.lengthscales.forEach((value, k) => {
      expect(warm.hyperparameters.lengthscales[k]! / value).toBeCloseTo(1, 2);
    });
  });

  it("gives the same bits for the same seed, and takes other kernels and presets", () => {
    const data = sample(18, 2);
    const json = (options: Parameters<typeof fitGaussianProcess>[1]): string =>
      JSON.stringify(fitGaussianProcess(data, options));
    expect(json({ seed: 5 })).toBe(json({ seed: 5 }));
    const all = (["matern-1/2", "matern-3/2", "matern-5/2", "rbf"] as const).map((name) =>
      json({ kernel: name }),
    );
    expect(new Set(all).size).toBe(4);
    const vanilla = fitGaussianProcess(data, { preset: "hvarfner-2024" });
    expect(vanilla.hyperparameters.signalVariance).toBe(1);
    expect(vanilla.describe()["preset"]).toBe("hvarfner-2024");
  });

  it("describes itself in the outcome's unit, and in logarithms on a log scale", () => {
    const data = sample(30, 2);
    const names = Object.keys(fitGaussianProcess(data, { scale: "identity" }).describe());
    expect(names).toEqual([
      "preset",
      "kernel",
      "outcome scale",
      "rows",
      "settings",
      "lengthscale of load",
      "lengthscale of temperature",
      "correlation between levels of web",
      "signal standard deviation",
      "noise standard deviation",
      "log marginal likelihood",
    ]);
    const log = fitGaussianProcess(data, { scale: "log" }).describe();
    // noise .1 on an outcome of about 40
    expect(log["noise standard deviation (of the logarithm)"]).toBeGreaterThan(0.0005);
    expect(log["noise standard deviation (of the logarithm)"]).toBeLessThan(0.01);
  });

  it("refuses more settings than an exact fit can take, bad starts, and a cancelled call", () => {
    const many = MOST_SETTINGS + 1;
    const X = matrixFromRows(Array.from({ length: many }, (_, i) => [i / many, 0, 0]));
    const code = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        return (error as CellwrightError).code;
      }
      return "none";
    };
    expect(code(() => fitGaussianProcess({ inputs, X, y: new Float64Array(many) }))).toBe("TOO_MANY_ROWS");
    expect(code(() => fitGaussianProcess(sample(5, 1), { starts: -1 }))).toBe("INVALID_OPTION");
    expect(code(() => fitGaussianProcess(sample(5, 1), { starts: Number.NaN }))).toBe("INVALID_OPTION");
    expect(code(() => fitGaussianProcess(sample(5, 1), { signal: AbortSignal.abort() }))).toBe("CANCELLED");
    expect(code(() => fitGaussianProcess(sample(5, 1)).draw(createMatrix(2, 3), createMatrix(4, 1)))).toBe(
      "SHAPE_MISMATCH",
    );
  });

  it("survives settings that differ by rounding only, at the noise floor", () => {
    const base = sample(8, 3);
    const rows = Array.from({ length: 24 }, (_, i) => {
      const row = [...matrixRow(base.X, i % 8)];
      row[0] = row[0]! + 1e-15 * i;
      return row;
    });
    const y = Float64Array.from(rows, ([a, b]) => Math.sin(3 * a!) + b!);
    const model = fitGaussianProcess({ inputs, X: matrixFromRows(rows), y });
    const { mean } = model.predict(matrixFromRows(rows));
    mean.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 2));
  });
});

/** The statistics without setting `leftOut`. */
function withoutSetting(statistics: SettingStatistics, leftOut: number): SettingStatistics {
  const keep = (values: Float64Array): Float64Array => values.filter((_, g) => g !== leftOut);
  const rows = Array.from({ length: statistics.X.rows }, (_, g) => matrixRow(statistics.X, g)).filter(
    (_, g) => g !== leftOut,
  );
  return {
    X: matrixFromRows(rows, statistics.X.cols),
    mean: keep(statistics.mean),
    count: keep(statistics.count),
    scatter: keep(statistics.scatter),
    knownVariance: keep(statistics.knownVariance),
    noiseLevel: statistics.noiseLevel.filter((_, g) => g !== leftOut),
    levels: statistics.levels,
  };
}

describe("further observations", () => {
  it("give within 1e-10 what factorising all settings anew gives, in plain code, across the switch and in WebAssembly", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("default", "hvarfner-2024"),
        (seed, n, added, preset) => {
          const all = sample(n + added, seed);
          const part = (from: number, to: number) => ({
            X: matrixFromRows(Array.from({ length: to - from }, (_, i) => matrixRow(all.X, from + i))),
            y: all.y.slice(from, to),
          });
          const model = fitGaussianProcess({ inputs, ...part(0, n) }, { preset, seed });
          const extended = model.withObservations(part(n, n + added));
          const { statistics, kernel, hyperparameters } = model.posterior;
          const anew = conditionGaussianProcess(
            stackStatistics(
              statistics,
              furtherStatistics(part(n, n + added), inputs, model.modelScale as OutcomeTransform, 1),
            ),
            kernel,
            hyperparameters,
            presets[preset].mean,
          );
          const points = sample(6, seed + 1).X;
          const [a, b] = [extended.joint(points), anew.joint(points)];
          for (let i = 0; i < 6; i++) expect(Math.abs(a.mean[i]! - b.mean[i]!)).toBeLessThan(1e-10);
          for (let i = 0; i < 36; i++)
            expect(Math.abs(a.covariance.data[i]! - b.covariance.data[i]!)).toBeLessThan(1e-10);
          const [p, q] = [extended.latentAt(matrixRow(points, 0)), anew.latentAt(matrixRow(points, 0))];
          p.varianceGradient.forEach((slope, k) =>
            expect(Math.abs(slope - q.varianceGradient[k]!)).toBeLessThan(1e-8),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("hostile data", () => {
  const outcomes: Readonly<Record<string, (noise: number, i: number) => number>> = {
    huge: (noise) => 1e149 * noise,
    tiny: (noise) => 1e-300 * noise,
    denormal: () => 5e-324,
    constant: () => 1e149,
    outlier: (noise, i) => (i === 3 ? 1e100 : noise),
    alternating: (_, i) => (i % 2 === 0 ? 1e150 : -1e150),
    "nearly constant": (noise) => 1e6 + 1e-9 * noise,
  };

  it("gives finite latent numbers, whatever was measured wherever", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(outcomes)),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 10_000 }),
        (kind, n, seed) => {
          const rng = createRng(seed);
          const rows = Array.from({ length: n }, (_, i) =>
            i % 4 === 3 ? [0.5, 0.5, 0] : [rng.uniform(), 1e-12 * rng.uniform(), rng.integer(2)],
          );
          const y = Float64Array.from(rows, (_, i) => outcomes[kind]!(rng.normal(), i));
          const model = fitGaussianProcess({ inputs, X: matrixFromRows(rows), y }, { starts: 0 });
          const far = Float64Array.of(1e6, -1e9, 1);
          for (const x of [Float64Array.of(0.1, 0.9, 0), matrixRow(model.trainingInputs, 0), far]) {
            const { mean, variance, meanGradient, varianceGradient } = model.latentAt(x);
            expect([mean, variance, ...meanGradient, ...varianceGradient].every(Number.isFinite)).toBe(true);
            expect(variance).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is refused where distances are no numbers any more", () => {
    const model = fitGaussianProcess(sample(20, 3));
    const beyond = Float64Array.of(1e300, -1e300, 0);
    expect(() => model.latentAt(beyond)).toThrow(expect.objectContaining({ code: "NON_FINITE" }));
    expect(() => model.predict(matrixFromRows([beyond]))).toThrow(
      expect.objectContaining({ code: "NON_FINITE" }),
    );
  });
});
