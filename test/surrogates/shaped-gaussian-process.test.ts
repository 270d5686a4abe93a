import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { createMatrix, type Matrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcessOfAnySize } from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { FitSurrogateOptions } from "../../src/surrogates/fit-surrogate.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import {
  fitShapedGaussianProcess,
  MOST_SHAPED_SETTINGS,
} from "../../src/surrogates/shaped-gaussian-process.js";
import { createShapedModel, type ShapeOptions } from "../../src/surrogates/shaped-prior.js";
import { shapedCoordinates, shapedObjective } from "../../src/surrogates/shaped-search.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { fitTransform } from "../../src/surrogates/transform.js";
import { contractData } from "./surrogate-contract.js";
import { codeOf } from "../error-code.js";

const SHAPES: readonly ShapeOptions[] = [
  { inputWarp: true },
  { mean: "linear" },
  { structure: "sum" },
  { structure: "sum-and-product" },
  { inputWarp: true, mean: "linear", structure: "sum-and-product" },
  { inputWarp: true, mean: "constant", structure: "sum" },
];

const nameOf = (shape: ShapeOptions): string => JSON.stringify(shape);
const cases = SHAPES.map((shape) => [nameOf(shape), shape] as const);

const POINTS = matrixFromRows([
  [0.12, 0.83, 0],
  [0.5, 0.46, 1],
  [0.97, 0.04, 2],
  [1.2, -0.15, 1], // outside the bounds
]);

/** Rows with two noise levels, replicates, known noise, and one setting outside the bounds. */
function richData(): SurrogateData {
  const data = contractData(18, 4);
  data.X.data[0] = 1.15;
  return {
    ...data,
    noiseLevel: Int32Array.from(data.y, (_, i) => i % 2),
    knownNoiseVariance: Float64Array.from(data.y, (_, i) => (i % 3) * 0.02),
  };
}

function expectSlope(found: number, expected: number, tolerance = 2e-6): void {
  expect(Math.abs(found - expected)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected)));
}

describe.each(cases)("a Gaussian process of shape %s", (_, shape) => {
  const data = contractData(22, 5);
  const model = fitShapedGaussianProcess(data, { ...shape, scale: "identity", starts: 0 });

  it.each(["default", "hvarfner-2024"] as const)(
    "has a posterior density whose gradient agrees with differences (%s)",
    (preset) => {
      const rows = arrangeRows(richData());
      const statistics = settingStatistics(rows, fitTransform(rows.y, rows.groupStart, "identity"));
      const shaped = createShapedModel(data.inputs, {
        kernel: "matern-5/2",
        structure: shape.structure ?? "product",
        inputWarp: shape.inputWarp ?? false,
        mean: shape.mean === "linear" ? "linear" : presets[preset].mean,
      });
      const coordinates = shapedCoordinates(shaped, presets[preset], statistics.levels);
      const objective = shapedObjective(shaped, statistics, coordinates);
      const rng = createRng(7);
      const x = Float64Array.from(coordinates, ({ range }) => Math.log(range.start) + 0.4 * rng.normal());
      const gradient = new Float64Array(x.length);
      const ignored = new Float64Array(x.length);
      objective(x, gradient);
      for (let k = 0; k < x.length; k++) {
        const at = (step: number): number => objective(x.with(k, x[k]! + step), ignored);
        expectSlope(gradient[k]!, (at(1e-5) - at(-1e-5)) / 2e-5);
      }
    },
  );

  it("has gradients of the latent mean and variance that agree with differences, also outside the bounds", () => {
    for (let i = 0; i < POINTS.rows; i++) {
      const x = matrixRow(POINTS, i).slice();
      const { meanGradient, varianceGradient } = model.latentAt(x);
      expect([meanGradient[2], varianceGradient[2]]).toEqual([0, 0]);
      for (const k of [0, 1]) {
        const above = model.latentAt(x.with(k, x[k]! + 1e-5));
        const below = model.latentAt(x.with(k, x[k]! - 1e-5));
        expectSlope(meanGradient[k]!, (above.mean - below.mean) / 2e-5);
        expectSlope(varianceGradient[k]!, (above.variance - below.variance) / 2e-5);
      }
    }
  });

  it("says the same jointly, one by one and in raw units", () => {
    const { mean, covariance } = model.joint(POINTS);
    const predicted = model.predict(POINTS);
    for (let i = 0; i < POINTS.rows; i++) {
      const point = model.latentAt(matrixRow(POINTS, i).slice());
      expect(point.mean).toBeCloseTo(mean[i]!, 10);
      expect(point.variance).toBeCloseTo(covariance.data[i * POINTS.rows + i]!, 10);
      expect(predicted.mean[i]).toBeCloseTo(model.modelScale.toRaw(mean[i]!), 9);
    }
  });

  it("leaves one setting out exactly: as conditioned on the other settings", () => {
    const { statistics, condition, noise, constant } = model.posterior;
    const { mean, stdDev } = model.leaveOneOut();
    const all = Array.from(statistics.mean, (_, g) => g);
    for (const left of [0, 7]) {
      const kept = all.filter((g) => g !== left);
      const X = matrixFromRows(kept.map((g) => matrixRow(statistics.X, g)));
      const others = condition(
        X,
        Float64Array.from(kept, (g) => noise[g]!),
      );
      const weights = others.solve(Float64Array.from(kept, (g) => statistics.mean[g]! - constant));
      const x = matrixFromRows([matrixRow(statistics.X, left)]);
      const { means, variances } = others.moments(x, weights);
      expect(mean[left]).toBeCloseTo(model.modelScale.toRaw(constant + means[0]!), 8);
      const spread = model.modelScale.toRaw(1) - model.modelScale.toRaw(0);
      expect(stdDev[left]).toBeCloseTo(spread * Math.sqrt(variances[0]!), 6);
    }
  });

  it("draws values whose conditional mean is the posterior mean where the draw is the mean", () => {
    const base = model.trainingInputs;
    const draws = model.draw(base, createMatrix(1, base.rows)); // standard normals of 0: the mean itself
    const x = Float64Array.of(0.4, 0.6, 1);
    expect(draws.at(x, false).means[0]).toBeCloseTo(model.latentAt(x).mean, 3);
    const point = draws.at(x, true);
    const above = draws.at(x.with(0, 0.4 + 1e-5), false);
    const below = draws.at(x.with(0, 0.4 - 1e-5), false);
    expectSlope(point.meanGradients!.data[0]!, (above.means[0]! - below.means[0]!) / 2e-5, 1e-4);
  });

  it("draws functions of the posterior's mean and variance, with their slopes", () => {
    const count = 300;
    const x = Float64Array.of(0.35, 0.7, 1);
    const { mean, variance } = model.latentAt(x);
    const paths = model.samplePaths!(count, createRng(3));
    const values = paths.map((path) => path.value(x));
    const average = values.reduce((sum, value) => sum + value, 0) / count;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (count - 1);
    // Four standard errors of a seeded sample.
    expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(variance / count));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    const gradient = new Float64Array(3);
    expect(paths[0]!.valueAndGradient(x, gradient)).toBe(values[0]);
    expect(gradient[2]).toBe(0);
    for (const k of [0, 1]) {
      const at = (step: number): number => paths[0]!.value(x.with(k, x[k]! + step));
      expectSlope(gradient[k]!, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-5);
    }
  });

  it("takes further observations as if they had been there", () => {
    const rows = { X: matrixFromRows([[0.35, 0.7, 1]]), y: Float64Array.of(33) };
    const given = model.withObservations(rows).predict(POINTS);
    expect(given.stdDev.every((value, i) => value <= model.predict(POINTS).stdDev[i]! * (1 + 1e-9))).toBe(
      true,
    );
    expect(model.withObservations(rows).latentAt(matrixRow(rows.X, 0)).variance).toBeLessThan(
      model.latentAt(matrixRow(rows.X, 0).slice()).variance,
    );
  });

  it("comes back from its record with the same bits", () => {
    const text = JSON.stringify(model);
    const back = loadSurrogate(JSON.parse(text) as Parameters<typeof loadSurrogate>[0]);
    expect(JSON.stringify(back)).toBe(text);
    expect([...back.predict(POINTS).mean]).toEqual([...model.predict(POINTS).mean]);
    expect([...back.predict(POINTS).stdDev]).toEqual([...model.predict(POINTS).stdDev]);
    expect(back.describe()).toEqual(model.describe());
  });

  it("names a field of its record that is damaged", () => {
    const record = model.toJSON();
    const damaged = { ...record, hyperparameters: {} };
    expect(() => loadSurrogate(damaged)).toThrow(CellwrightError);
  });
});

function plainVersus(
  shape: ShapeOptions,
  inputs: readonly InputDimension[],
  truth: (x: Float64Array) => number,
  sample: (seed: number) => Matrix,
  test: Matrix,
): { plain: number; shaped: number } {
  const rmse = (mean: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < test.rows; i++) sum += (mean[i]! - truth(matrixRow(test, i))) ** 2;
    return Math.sqrt(sum / test.rows);
  };
  const total = { plain: 0, shaped: 0 };
  for (let seed = 0; seed < 6; seed++) {
    const X = sample(seed);
    const rng = createRng(100 + seed);
    const y = Float64Array.from({ length: X.rows }, (_, i) => truth(matrixRow(X, i)) + 0.02 * rng.normal());
    const data = { inputs, X, y };
    total.plain += rmse(fitGaussianProcess(data, { scale: "identity" }).predict(test).mean);
    total.shaped += rmse(
      fitGaussianProcessOfAnySize(data, { ...shape, scale: "identity" }).predict(test).mean,
    );
  }
  return total;
}

const line: readonly InputDimension[] = [{ name: "x", kind: "continuous" }];
const mixed: readonly InputDimension[] = [...line, { name: "web", kind: "categorical", levels: 4 }];

function randomRows(rows: number, seed: number, of: (uniform: () => number) => number[]): Matrix {
  const rng = createRng(seed);
  return matrixFromRows(Array.from({ length: rows }, () => of(() => rng.uniform())));
}

describe("a shape helps where the outcome has it", () => {
  it("a warp: oscillation that is fast at one end and slow at the other", () => {
    const { plain, shaped } = plainVersus(
      { inputWarp: true },
      line,
      (x) => Math.sin(9 * Math.log(x[0]! + 0.08)),
      (seed) => randomRows(18, seed, (u) => [u()]),
      matrixFromRows(Array.from({ length: 101 }, (_, i) => [i / 100])),
    );
    expect(shaped).toBeLessThan(0.8 * plain);
  });

  it("a linear mean: a trend goes on where no rows are", () => {
    const { plain, shaped } = plainVersus(
      { mean: "linear" },
      line,
      (x) => 3 * x[0]! + 0.3 * Math.sin(12 * x[0]!),
      (seed) => randomRows(14, seed, (u) => [0.6 * u()]),
      matrixFromRows(Array.from({ length: 21 }, (_, i) => [0.8 + i / 50])),
    );
    expect(shaped).toBeLessThan(0.6 * plain);
  });

  it.each(["sum", "sum-and-product"] as const)(
    "%s: levels that shift one curve, few rows each",
    (structure) => {
      const shifts = [0, 1.5, -1, 3];
      const { plain, shaped } = plainVersus(
        { structure },
        mixed,
        (x) => Math.sin(7 * x[0]!) + shifts[x[1]!]!,
        (seed) => randomRows(16, seed, (u) => [u(), Math.floor(4 * u())]),
        matrixFromRows(Array.from({ length: 84 }, (_, i) => [(i % 21) / 20, Math.floor(i / 21)])),
      );
      expect(shaped).toBeLessThan(0.8 * plain);
    },
  );
});

describe("options of a shape", () => {
  const onLine: SurrogateData = {
    inputs: line,
    X: matrixFromRows([[0.1], [0.5], [0.9]]),
    y: Float64Array.of(1, 2, 4),
  };
  it("without any give the bytes of the plain fit, and mean: constant those of a plain fit with that mean", () => {
    const data = contractData(20, 3);
    const plain = JSON.stringify(fitGaussianProcess(data));
    expect(
      JSON.stringify(fitGaussianProcessOfAnySize(data, { inputWarp: false, structure: "product" })),
    ).toBe(plain);
    expect(JSON.stringify(fitSurrogateKind("gaussian-process", data, { structure: "product" }))).toBe(plain);
    const constant = fitGaussianProcessOfAnySize(data, { mean: "constant" });
    expect(constant.toJSON()["mean"]).toBe("estimated");
    expect(JSON.stringify(constant)).toBe(JSON.stringify(fitGaussianProcess(data, { mean: "constant" })));
    expect(constant.toJSON()["structure"]).toBeUndefined();
  });

  it.each(["rbf", "matern-1/2", "matern-3/2", "matern-5/2"] as const)(
    "take the kernel %s in every shape",
    (kernel) => {
      const model = fitGaussianProcessOfAnySize(contractData(12, 3), {
        kernel,
        inputWarp: true,
        mean: "linear",
        structure: "sum",
        starts: 0,
      });
      expect(model.describe()["kernel"]).toBe(kernel);
      expect(
        fitGaussianProcessOfAnySize(contractData(12, 3), { kernel, starts: 0 }).describe()["kernel"],
      ).toBe(kernel);
    },
  );

  it("that the inputs cannot have are refused all at once", () => {
    expect(codeOf(() => fitGaussianProcessOfAnySize(onLine, { structure: "sum" }))).toBe("INVALID_OPTION");
    const levels: SurrogateData = {
      ...onLine,
      inputs: [{ name: "web", kind: "categorical", levels: 3 }],
      X: matrixFromRows([[0], [1], [2]]),
    };
    try {
      fitGaussianProcessOfAnySize(levels, { inputWarp: true, mean: "linear" });
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).problems?.map(({ where }) => where)).toEqual(["inputWarp", "mean"]);
    }
    const unknown = { structure: "tree", mean: "cubic" } as unknown as FitSurrogateOptions;
    expect(codeOf(() => fitGaussianProcessOfAnySize(contractData(5, 1), unknown as ShapeOptions))).toBe(
      "INVALID_OPTION",
    );
  });

  it("are refused with drawn hyperparameters, which the message says", () => {
    const data = contractData(12, 3);
    for (const options of [
      { inference: "nuts" },
      { inference: "auto" },
      { preset: "saas-2021", inference: "nuts" },
    ] as const) {
      expect(codeOf(() => fitSurrogateKind("gaussian-process", data, { ...options, inputWarp: true }))).toBe(
        "INVALID_OPTION",
      );
      expect(codeOf(() => fitSurrogateKind("gaussian-process", data, { ...options, mean: "constant" }))).toBe(
        "INVALID_OPTION",
      );
    }
    expect(codeOf(() => fitSurrogateKind("bayesian-gaussian-process", data, { mean: "linear" }))).toBe(
      "INVALID_OPTION",
    );
  });

  it("are refused beside a noise model", () => {
    const data = contractData(12, 3);
    for (const shape of [{ inputWarp: true }, { mean: "constant" }, { structure: "sum" }] as const) {
      const options = { ...shape, robust: true };
      expect(codeOf(() => fitGaussianProcessOfAnySize(data, options))).toBe("INVALID_OPTION");
      expect(codeOf(() => fitSurrogateKind("gaussian-process", data, options))).toBe("INVALID_OPTION");
    }
  });

  it("take so many settings and not more", () => {
    const n = MOST_SHAPED_SETTINGS + 1;
    const X = matrixFromRows(Array.from({ length: n }, (_, i) => [i / n]));
    expect(
      codeOf(() =>
        fitGaussianProcessOfAnySize({ inputs: line, X, y: new Float64Array(n) }, { mean: "linear" }),
      ),
    ).toBe("TOO_MANY_ROWS");
    expect(codeOf(() => fitGaussianProcessOfAnySize(onLine, { mean: "linear", starts: -1 }))).toBe(
      "INVALID_OPTION",
    );
    expect(
      codeOf(() => fitGaussianProcessOfAnySize(onLine, { mean: "linear", signal: AbortSignal.abort() })),
    ).toBe("CANCELLED");
  });

  it("take up a warm start, of the same shape or of a plain fit", () => {
    const data = contractData(25, 6);
    const shape = { structure: "sum-and-product", inputWarp: true, scale: "identity" } as const;
    const cold = fitShapedGaussianProcess(data, shape);
    const warm = fitShapedGaussianProcess(data, { ...shape, warmStart: cold.hyperparameters });
    expect(Number(warm.describe()["log marginal likelihood"])).toBeCloseTo(
      Number(cold.describe()["log marginal likelihood"]),
      1,
    );
    const plain = fitGaussianProcess(data, { scale: "identity" });
    expect(fitShapedGaussianProcess(data, { ...shape, warmStart: plain.hyperparameters }).trainingRows).toBe(
      25,
    );
  });
});

describe("what a shaped fit says of itself", () => {
  it("gives the trend over each range in the outcome's unit, close to the slope that made the data", () => {
    const X = randomRows(40, 9, (u) => [u(), u(), Math.floor(3 * u())]);
    const rng = createRng(5);
    const y = Float64Array.from(
      { length: 40 },
      (_, i) => 50 + 12 * X.data[3 * i]! - 5 * X.data[3 * i + 1]! + 0.1 * rng.normal(),
    );
    const model = fitGaussianProcessOfAnySize(
      { inputs: contractData(3, 1).inputs, X, y },
      { mean: "linear", scale: "identity" },
    );
    const description = model.describe();
    expect(description["mean"]).toBe("linear");
    expect(Math.abs(Number(description["trend over the range of line_load"]) - 12)).toBeLessThan(
      3 * Number(description["trend over the range of line_load, standard deviation"]),
    );
    expect(Number(description["trend over the range of roll_temperature"])).toBeCloseTo(-5, 0);
    expect(description["trend at the middle of all ranges"]).toBeGreaterThan(30);
  });

  it("names the terms and the warp", () => {
    const names = Object.keys(
      fitGaussianProcessOfAnySize(contractData(15, 2), {
        structure: "sum-and-product",
        inputWarp: true,
        scale: "identity",
        starts: 0,
      }).describe(),
    );
    expect(names).toContain("lengthscale of line_load, common curve");
    expect(names).toContain("correlation between levels of web, shifts between levels");
    expect(names).toContain("signal standard deviation, levels' own curves");
    expect(names).toContain("warp of line_load");
    expect(names).not.toContain("warp of web");
  });
});
