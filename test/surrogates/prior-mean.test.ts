import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { compactionMean, resolveCompactionMean } from "../../src/process/calendering/compaction-mean.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { maximizePosterior } from "../../src/surrogates/maximum-a-posteriori.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import type { MeanParameter, PriorMean } from "../../src/surrogates/prior-mean.js";
import { fitGaussianProcessWithMean } from "../../src/surrogates/prior-mean-gaussian-process.js";
import { createJointObjective } from "../../src/surrogates/prior-mean-objective.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateData, SurrogateRecord } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform, fitTransform } from "../../src/surrogates/transform.js";
import { codeOf } from "../error-code.js";

const inputs: readonly InputDimension[] = [
  { name: "line_load", kind: "continuous" },
  { name: "density_before", kind: "continuous" },
];

/** Line loads from 0 to 1,000 N/mm on coatings of 2.4 to 2.6 g/cm3. */
const law = compactionMean({
  pressing: { constant: 0, weights: [1000, 0], unit: "N/mm" },
  densityBefore: { constant: 2.4, weights: [0, 0.2] },
  maximumDensity: { median: 4, logStdDev: 0.5 },
  resistance: { median: 300, logStdDev: 1 },
});
const TRUTH = Float64Array.of(3.6, 250);

/** SYNTHETIC: the law, a small deviation that it does not know, and noise; every fourth row repeats the one before. */
function sample(n: number, seed: number, options: { noise?: number; reach?: number } = {}): SurrogateData {
  const { noise = 0.01, reach = 1 } = options;
  const rng = createRng(seed);
  const rows: number[][] = [];
  for (let i = 0; i < n; i++) rows.push(i % 4 === 3 ? rows[i - 1]! : [reach * rng.uniform(), rng.uniform()]);
  const y = rows.map(
    (row) =>
      law.evaluate(Float64Array.from(row), TRUTH).value + 0.01 * Math.sin(5 * row[1]!) + noise * rng.normal(),
  );
  return { inputs, X: matrixFromRows(rows, 2), y: Float64Array.from(y) };
}

function fixedAt(theta: Float64Array): PriorMean {
  return {
    ...law,
    parameters: law.parameters.map((parameter, k) => ({
      ...parameter,
      start: theta[k]!,
      lower: theta[k]!,
      upper: theta[k]!,
    })),
  };
}

const matern = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);

describe.each(["identity", "log"] as const)("the joint objective on scale %s", (scale) => {
  it.each(["default", "hvarfner-2024"] as const)("has the gradient of central differences (%s)", (preset) => {
    const rows = arrangeRows(sample(14, 3));
    const transform = fitTransform(rows.y, rows.groupStart, scale);
    const statistics = settingStatistics(rows, transform);
    const objective = createJointObjective(statistics, matern, presets[preset], law, transform);
    const hyperparameters = preset === "default" ? [-0.5, 0.2, -3, 0.4] : [-0.5, 0.2, -3];
    const x = Float64Array.of(...hyperparameters, 0.3, -0.6);
    const gradient = new Float64Array(x.length);
    objective.evaluate(x, gradient);
    const unused = new Float64Array(x.length);
    x.forEach((_, k) => {
      const at = (step: number): number =>
        objective.evaluate(
          x.map((value, i) => (i === k ? value + step : value)),
          unused,
        );
      const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[k]! - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
    });
  });

  it("rejects a mean without image under the scale instead of failing", () => {
    const rows = arrangeRows(sample(6, 3));
    const transform = fitTransform(rows.y, rows.groupStart, "log");
    const negative: PriorMean = {
      ...law,
      evaluate: (x, theta) => ({ ...law.evaluate(x, theta), value: -1 }),
    };
    const objective = createJointObjective(
      settingStatistics(rows, transform),
      matern,
      presets.default,
      negative,
      transform,
    );
    expect(objective.evaluate(new Float64Array(6), new Float64Array(6))).toBeNaN();
  });
});

describe("a Gaussian process with a mean whose parameters are held fixed", () => {
  it.each(["identity", "log"] as const)(
    "is the zero-mean process of the residuals, exactly (%s)",
    (scale) => {
      const data = sample(17, 5);
      const model = fitGaussianProcessWithMean(data, { mean: fixedAt(TRUTH), scale, seed: 4 });
      const rows = arrangeRows(data);
      const transform = fitTransform(rows.y, rows.groupStart, scale);
      const statistics = settingStatistics(rows, transform);
      const trend = (X: Matrix): Float64Array =>
        Float64Array.from({ length: X.rows }, (_, i) =>
          transform.toModel(law.evaluate(matrixRow(X, i), TRUTH).value),
        );
      const atSettings = trend(statistics.X);
      const residuals = { ...statistics, mean: statistics.mean.map((z, g) => z - atSettings[g]!) };
      const { hyperparameters } = maximizePosterior(residuals, matern, presets.default, {
        randomStarts: 2,
        rng: createRng(4),
      });
      expect(model.hyperparameters).toEqual(hyperparameters);
      const zeroMean = conditionGaussianProcess(residuals, matern, hyperparameters, "zero");
      const points = matrixFromRows([
        [0.1, 0.2],
        [0.5, 0.9],
        [1.2, -0.1],
      ]);
      const expected = zeroMean.joint(points);
      const atPoints = trend(points);
      const found = model.joint(points);
      expect([...found.covariance.data]).toEqual([...expected.covariance.data]);
      expect([...found.mean]).toEqual(Array.from(expected.mean, (value, i) => value + atPoints[i]!));
      expect(model.describe()["compaction resistance, 95 % interval"]).toBe("held fixed");
    },
  );
});

describe("the posterior around a fitted mean", () => {
  const model = fitGaussianProcessWithMean(sample(15, 7), { mean: law, scale: "log" });

  it("has the gradients of central differences", () => {
    const x = Float64Array.of(0.31, 0.72);
    const point = model.latentAt(x);
    for (const k of [0, 1]) {
      const at = (step: number) => model.latentAt(x.map((value, i) => (i === k ? value + step : value)));
      expect(point.meanGradient[k]).toBeCloseTo((at(1e-5).mean - at(-1e-5).mean) / 2e-5, 5);
    }
  });

  it("agrees between one point, joint and predict", () => {
    const points = matrixFromRows([
      [0.2, 0.4],
      [0.9, 0.1],
    ]);
    const joint = model.joint(points);
    const medians = model.predict(points).quantile(0.5, "latent");
    for (const i of [0, 1]) {
      const { mean, variance } = model.latentAt(matrixRow(points, i));
      expect(joint.mean[i]).toBeCloseTo(mean, 12);
      expect(joint.covariance.data[3 * i]).toBeCloseTo(variance, 12);
      expect(medians[i]).toBeCloseTo(model.modelScale.toRaw(mean), 10);
    }
  });

  it("has draws through their values, with the posterior's mean and the gradients of differences", () => {
    const base = matrixFromRows([
      ...Array.from({ length: model.trainingInputs.rows }, (_, i) => matrixRow(model.trainingInputs, i)),
      [0.5, 0.5],
    ]);
    const normals = createMatrix(4000, base.rows);
    const rng = createRng(1);
    for (let k = 0; k < normals.data.length; k++) normals.data[k] = rng.normal();
    const draws = model.draw(base, normals);
    const last = base.rows - 1;
    const there = draws.at(matrixRow(base, last), false).means;
    there.forEach((value, s) =>
      expect(Math.abs(value - draws.values.data[s * base.rows + last]!)).toBeLessThan(1e-3),
    );
    const latent = model.latentAt(matrixRow(base, last));
    const average = there.reduce((sum, value) => sum + value, 0) / there.length;
    expect(Math.abs(average - latent.mean)).toBeLessThan(5 * Math.sqrt(latent.variance / there.length));
    const x = Float64Array.of(0.41, 0.63);
    const { meanGradients } = draws.at(x, true);
    for (const k of [0, 1]) {
      const at = (step: number) =>
        draws.at(
          x.map((value, i) => (i === k ? value + step : value)),
          false,
        ).means[0]!;
      expect(meanGradients!.data[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    }
  });

  it("leaves a setting out exactly as a posterior without that setting says", () => {
    const { mean, stdDev } = model.leaveOneOut();
    const { statistics, kernel, hyperparameters } = model.residuals;
    const kept = Array.from(statistics.mean, (_, g) => g).filter((g) => g !== 2);
    const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (g) => values[g]!);
    const without = conditionGaussianProcess(
      {
        X: matrixFromRows(kept.map((g) => matrixRow(statistics.X, g))),
        mean: pick(statistics.mean),
        count: pick(statistics.count),
        scatter: pick(statistics.scatter),
        knownVariance: pick(statistics.knownVariance),
        noiseLevel: new Int32Array(kept.length),
        levels: 1,
      },
      kernel,
      hyperparameters,
      "zero",
    );
    const x = matrixRow(statistics.X, 2);
    const residual = without.momentsAt(x);
    const theta = Float64Array.from(model.parameters, ({ value }) => value);
    const z = residual.mean + model.modelScale.toModel(law.evaluate(x, theta).value);
    const record = model.toJSON() as SurrogateRecord & {
      transform: Parameters<typeof createTransform>[0];
    };
    const expected = createTransform(record.transform).rawMoments(z, Math.sqrt(residual.variance));
    expect(mean[2]).toBeCloseTo(expected.mean, 9);
    expect(stdDev[2]).toBeCloseTo(expected.stdDev, 9);
    expect(model.leaveSettingsOut([2])[0]).toBeCloseTo(model.modelScale.toRaw(z), 9);
  });
});

describe("fitted parameters of a mean", () => {
  it("come back from rows that show the whole curve, in intervals that hold the truth about as often as they say", () => {
    const covered = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const { parameters } = fitGaussianProcessWithMean(sample(24, 100 + seed), {
        mean: law,
        scale: "identity",
      });
      parameters.forEach(({ interval, identifiable }, k) => {
        covered[k]! += interval![0] <= TRUTH[k]! && TRUTH[k]! <= interval![1] ? 1 : 0;
        expect(identifiable).toBe(true);
      });
    }
    covered.forEach((count) => expect(count / 40).toBeGreaterThanOrEqual(0.85));
  });

  it("are called not identifiable, in words, from rows that show only the start of the curve", () => {
    const model = fitGaussianProcessWithMean(sample(8, 11, { reach: 0.08, noise: 0.02 }), {
      mean: law,
      scale: "identity",
    });
    const gamma = model.parameters[1]!;
    expect(gamma.identifiable).toBe(false);
    expect(gamma.interval![1] / gamma.interval![0]).toBeGreaterThan(3);
    const description = model.describe();
    expect(description["compaction resistance, 95 % interval"]).toMatch(
      /^[\d.]+ to [\d.]+: not identifiable from these rows$/,
    );
    expect(description["compaction resistance (N/mm)"]).toBeTypeOf("number");
  });

  it("are not called identifiable because of a narrow prior", () => {
    const narrow: MeanParameter[] = law.parameters.map((parameter) => ({
      ...parameter,
      prior: { ...parameter.prior, logStdDev: 0.05 },
    }));
    const model = fitGaussianProcessWithMean(sample(8, 11, { reach: 0.08, noise: 0.02 }), {
      mean: { ...law, parameters: narrow },
      scale: "identity",
    });
    const gamma = model.parameters[1]!;
    expect(gamma.interval![1] / gamma.interval![0]).toBeLessThan(1.5);
    expect(gamma.identifiable).toBe(false);
  });

  it("have the exact normal posterior where the mean is linear and the hyperparameters are held", () => {
    // One row: hyperparameters stay at signal variance 1 and noise variance 0.01, the spread is a tenth of the outcome.
    const level: PriorMean = {
      name: "test.level@1",
      arguments: null,
      parameters: [
        {
          name: "level",
          unit: "g/cm3",
          start: 0,
          lower: -100,
          upper: 100,
          prior: { kind: "normal", mean: 3, stdDev: 2 },
        },
      ],
      evaluate: (_, theta) => ({
        value: theta[0]!,
        parameterGradient: Float64Array.of(1),
        inputGradient: new Float64Array(2),
      }),
    };
    const row = { inputs, X: matrixFromRows([[0.5, 0.5]]), y: Float64Array.of(5) };
    const { parameters } = fitGaussianProcessWithMean(row, { mean: level, scale: "identity" });
    const varianceOfRow = 1.01 * 0.5 * 0.5;
    const precision = 1 / 4 + 1 / varianceOfRow;
    const mean = (3 / 4 + 5 / varianceOfRow) / precision;
    const { value, interval, identifiable } = parameters[0]!;
    expect(value).toBeCloseTo(mean, 6);
    expect(interval![0]).toBeCloseTo(mean - 1.959963984540054 / Math.sqrt(precision), 6);
    expect(interval![1]).toBeCloseTo(mean + 1.959963984540054 / Math.sqrt(precision), 6);
    expect(identifiable).toBe(true);
  });

  it("let the process predict beyond the rows better than without the mean", () => {
    const train = sample(10, 21, { reach: 0.6 });
    const far = Array.from({ length: 20 }, (_, i) => [0.7 + 0.015 * i, i / 20]);
    const { mean } = fitGaussianProcessWithMean(train, { mean: law, scale: "identity" }).predict(
      matrixFromRows(far),
    );
    far.forEach((x, i) => {
      const truth = law.evaluate(Float64Array.from(x), TRUTH).value;
      expect(Math.abs(mean[i]! - truth)).toBeLessThan(0.1);
    });
  });
});

describe("a saved model with a mean", () => {
  const model = fitGaussianProcessWithMean(sample(9, 2), { mean: law, scale: "identity" });
  const saved = (): SurrogateRecord => JSON.parse(JSON.stringify(model.toJSON())) as SurrogateRecord;

  it("comes back bit for bit through the name of its mean", () => {
    const loaded = loadSurrogate(saved(), resolveCompactionMean);
    const points = matrixFromRows([[0.3, 0.3]]);
    expect([...loaded.predict(points).quantile(0.9, "observed")]).toEqual([
      ...model.predict(points).quantile(0.9, "observed"),
    ]);
    expect(loaded.describe()).toEqual(model.describe());
    expect(JSON.stringify(loaded.toJSON())).toBe(JSON.stringify(model.toJSON()));
  });

  it("is refused without a resolver, with other parameters, and where a number of it is missing", () => {
    expect(() => loadSurrogate(saved())).toThrow(CellwrightError);
    const priorMean = saved()["priorMean"] as Record<string, unknown>;
    for (const field of Object.keys(priorMean)) {
      const damaged = Object.fromEntries(Object.entries(priorMean).filter(([key]) => key !== field));
      expect(() => loadSurrogate({ ...saved(), priorMean: damaged }, resolveCompactionMean)).toThrow(
        /damaged/,
      );
    }
    const renamed = { ...priorMean, parameters: ["maximum density", "q_c"] };
    expect(() => loadSurrogate({ ...saved(), priorMean: renamed }, resolveCompactionMean)).toThrow(/damaged/);
  });
});

describe("a fit that is cancelled or asked for the impossible", () => {
  it("says so by its code", () => {
    const data = sample(5, 1);
    const options = { mean: law, scale: "identity" } as const;
    expect(codeOf(() => fitGaussianProcessWithMean(data, { ...options, signal: AbortSignal.abort() }))).toBe(
      "CANCELLED",
    );
    expect(codeOf(() => fitGaussianProcessWithMean(data, { ...options, starts: 0.5 }))).toBe(
      "INVALID_OPTION",
    );
    const nowhere: PriorMean = { ...law, evaluate: (x, theta) => ({ ...law.evaluate(x, theta), value: -1 }) };
    expect(codeOf(() => fitGaussianProcessWithMean(data, { mean: nowhere, scale: "log" }))).toBe(
      "NOT_POSITIVE_DEFINITE",
    );
  });
});

describe("parameters that make no sense", () => {
  it("are refused with every problem", () => {
    const [first, second] = law.parameters as [MeanParameter, MeanParameter];
    const broken: PriorMean = {
      ...law,
      parameters: [
        { ...first, lower: 5, upper: 3 },
        { ...second, name: first.name, prior: { kind: "log-normal", median: Number.NaN, logStdDev: 0 } },
      ],
    };
    try {
      fitGaussianProcessWithMean(sample(5, 1), { mean: broken, scale: "identity" });
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "maximum density, bounds",
        "maximum density, start",
        "maximum density, prior median",
        "maximum density, prior log standard deviation",
        "maximum density",
      ]);
    }
  });

  it("are refused where the mean reads other inputs than the data have", () => {
    const data = { ...sample(4, 1), inputs: inputs.slice(1), X: createMatrix(4, 1) };
    expect(() => fitGaussianProcessWithMean(data, { mean: law, scale: "identity" })).toThrow(/gradients/);
  });
});
