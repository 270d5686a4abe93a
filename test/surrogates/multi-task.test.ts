import { describe, expect, it } from "vitest";
import type { CellwrightError } from "../../src/errors.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { fitMultiTask, type MultiTaskGaussianProcess } from "../../src/surrogates/multi-task.js";
import { stackTasks, type TaskData } from "../../src/surrogates/multi-task-data.js";
import { leaveBlocksOut, runBlocks } from "../../src/surrogates/multi-task-leave-out.js";
import {
  type MultiTaskHyperparameters,
  multiTaskLogPosterior,
  type MultiTaskProblem,
} from "../../src/surrogates/multi-task-search.js";
import { conditionOnStatistics } from "../../src/surrogates/site-view.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";
import { contractData, testSurrogate } from "./surrogate-contract.js";
import { codeOf } from "../error-code.js";

/** A second outcome in another unit, measured in every other run. */
const companion: TaskData = {
  name: "resistance",
  data: { ...contractData(16, 99), y: contractData(16, 99).y.map((y) => 5 - 0.1 * y) },
};

testSurrogate("one outcome of a joint model", (data, { scale, seed }) =>
  fitMultiTask({ outcomes: [{ name: "density", data, scale }, companion] }, { seed }).task("density"),
);

const plane: readonly InputDimension[] = [
  { name: "line_load", kind: "continuous" },
  { name: "roll_temperature", kind: "continuous" },
];

function truth(x: ArrayLike<number>): number {
  return Math.sin(4 * x[0]!) + x[1]! * x[1]!;
}

function dataOf(
  n: number,
  seed: number,
  outcome: (x: ArrayLike<number>) => number,
  noise: number,
): SurrogateData {
  const rng = createRng(seed);
  const rows = Array.from({ length: n }, () => [rng.uniform(), rng.uniform()]);
  const y = Float64Array.from(rows, (row) => outcome(row) + noise * rng.normal());
  return { inputs: plane, X: matrixFromRows(rows), y };
}

function rmse(
  model: { predict(points: SurrogateData["X"]): { mean: Float64Array } },
  outcome: (x: ArrayLike<number>) => number,
): number {
  const test = dataOf(150, 9_999, outcome, 0);
  const { mean } = model.predict(test.X);
  return Math.sqrt(test.y.reduce((sum, y, i) => sum + (y - mean[i]!) ** 2, 0) / test.y.length);
}

describe("the log posterior of a joint model", () => {
  const tasks: TaskData[] = [
    { name: "a", data: dataOf(7, 1, truth, 0.1) },
    { name: "b", data: dataOf(6, 2, (x) => 10 - 2 * truth(x), 0.2) },
    { name: "c", data: dataOf(5, 3, (x) => x[0]! - x[1]!, 0.1) },
  ];

  it.each(["each", "pooled"] as const)(
    "has the gradient that differences show (%s transforms)",
    (transforms) => {
      const { statistics } = stackTasks(tasks, transforms);
      const offset = createMatrix(3, 3);
      if (transforms === "pooled") for (let t = 0; t < 3; t++) offset.data[t * 4] = 1;
      const problem: MultiTaskProblem = {
        statistics,
        tasks: 3,
        kernel: createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]),
        offset: transforms === "pooled" ? offset : null,
      };
      const rng = createRng(5);
      const x = Float64Array.from({ length: 2 + 6 + 3 + 3 }, () => 0.4 * rng.normal() - 0.3);
      const at = (v: Float64Array): MultiTaskHyperparameters => ({
        lengthscales: v.slice(0, 2).map(Math.exp),
        coregionalization: {
          loadings: { rows: 3, cols: 2, data: v.slice(2, 8) },
          specific: v.slice(8, 11).map(Math.exp),
        },
        noiseVariance: v.slice(11).map(Math.exp),
      });
      const gradient = new Float64Array(x.length);
      const ignored = new Float64Array(x.length);
      multiTaskLogPosterior(problem, at(x), gradient);
      x.forEach((value, k) => {
        const [up, down] = [1e-5, -1e-5].map((h) =>
          multiTaskLogPosterior(problem, at(x.with(k, value + h)), ignored),
        );
        expect(gradient[k]! / ((up! - down!) / 2e-5)).toBeCloseTo(1, 5);
      });
    },
  );

  it("lies at a maximum after the fit: no gradient is left inside the bounds", () => {
    const model = fitMultiTask({ outcomes: tasks }, { rank: 1 });
    const { statistics } = stackTasks(tasks, "each");
    const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous", "continuous"]);
    const gradient = new Float64Array(2 + 3 + 3 + 3);
    multiTaskLogPosterior({ statistics, tasks: 3, kernel, offset: null }, model.hyperparameters, gradient);
    const { specific } = model.hyperparameters.coregionalization;
    gradient.forEach((slope, k) => {
      const atFloor = (k >= 5 && k < 8 && specific[k - 5]! < 1.01e-6) || (k >= 8 && slope < 0);
      if (!atFloor) expect(Math.abs(slope)).toBeLessThan(0.05);
    });
  });
});

describe("learning across outcomes", () => {
  const dense = dataOf(30, 11, (x) => 100 - 20 * truth(x), 0.5);
  const sparse = dataOf(6, 12, truth, 0.03);
  const joint = fitMultiTask({
    outcomes: [
      { name: "density", data: sparse },
      { name: "porosity", data: dense },
    ],
  });

  it("predicts a sparsely measured outcome better from another in another unit", () => {
    const alone = rmse(fitGaussianProcess(sparse), truth);
    expect(rmse(joint.task("density"), truth)).toBeLessThan(0.5 * alone);
    expect(joint.rank).toBe(1);
    expect(joint.correlation.data[1]).toBeLessThan(-0.9);
    expect(joint.task("density").describe()["correlation with porosity"]).toBeLessThan(-0.9);
  });

  it("keeps independent outcomes apart by rank 0", () => {
    const unrelated = dataOf(30, 13, (x) => Math.cos(9 * x[1]!), 0.05);
    const other = dataOf(30, 14, (x) => Math.sin(7 * x[0]!), 0.05);
    const model = fitMultiTask({
      outcomes: [
        { name: "a", data: unrelated },
        { name: "b", data: other },
      ],
    });
    expect(model.rank).toBe(0);
    expect(model.correlation.data[1]).toBe(0);
  });

  it("agrees with the plain Gaussian process where there is one task", () => {
    const one = fitMultiTask({ outcomes: [{ name: "density", data: dense }] }).task("density");
    const plain = fitGaussianProcess(dense);
    const points = dataOf(20, 15, truth, 0).X;
    const [a, b] = [one.predict(points), plain.predict(points)];
    a.mean.forEach((mean, i) => expect(mean).toBeCloseTo(b.mean[i]!, 2));
    a.stdDev.forEach((stdDev, i) => expect(stdDev).toBeCloseTo(b.stdDev[i]!, 2));
  });

  it("leaves a run out with all its outcomes: as a model without the run predicts it", () => {
    const shared = dataOf(10, 16, truth, 0.1);
    const second = { ...shared, y: shared.y.map((y) => -3 * y) };
    const { statistics } = stackTasks(
      [
        { name: "a", data: shared, scale: "identity" },
        { name: "b", data: second, scale: "identity" },
      ],
      "each",
    );
    const model = fitMultiTask({
      outcomes: [
        { name: "a", data: shared },
        { name: "b", data: second },
      ],
    }).posterior.model;
    const left = leaveBlocksOut(
      conditionOnStatistics(model, statistics).conditioned,
      statistics.mean,
      runBlocks(statistics.X),
    );
    const kept = Array.from(statistics.site, (_, g) => g).filter((g) => g % 10 !== 4);
    const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (g) => values[g]!);
    const without = conditionOnStatistics(model, {
      ...statistics,
      X: matrixFromRows(kept.map((g) => matrixRow(statistics.X, g))),
      mean: pick(statistics.mean),
      count: pick(statistics.count),
      scatter: pick(statistics.scatter),
      knownVariance: pick(statistics.knownVariance),
      noiseLevel: Int32Array.from(kept, (g) => statistics.noiseLevel[g]!),
      site: Int32Array.from(kept, (g) => statistics.site[g]!),
    });
    without.conditioned.load(matrixRow(statistics.X, 14), 1);
    const whitened = new Float64Array(kept.length);
    without.conditioned.whiten(whitened);
    const mean = without.alpha.reduce((sum, a, j) => sum + a * without.conditioned.covariance[j]!, 0);
    expect(left.mean[14]).toBeCloseTo(mean, 9);
    expect(left.latentVariance[14]).toBeCloseTo(without.conditioned.variance(whitened), 9);
  });

  it("gives all tasks of a point jointly, in agreement with each task's own posterior", () => {
    const points = dataOf(3, 17, truth, 0).X;
    const { mean, covariance } = joint.jointTasks(points);
    const own = joint.task("porosity").joint(points);
    for (let i = 0; i < 3; i++) {
      expect(mean[2 * i + 1]).toBeCloseTo(own.mean[i]!, 12);
      expect(covariance.data[(2 * i + 1) * 6 + 2 * i + 1]).toBeCloseTo(own.covariance.data[i * 4]!, 12);
    }
    expect(covariance.data[1]).toBeLessThan(0); // the outcomes run against each other
  });

  it("has the gradients in the inputs that differences show", () => {
    const view = joint.task("density");
    const x = Float64Array.of(0.4, 0.7);
    const { meanGradient, varianceGradient } = view.latentAt(x);
    for (let k = 0; k < 2; k++) {
      const [up, down] = [1e-5, -1e-5].map((h) => view.latentAt(x.with(k, x[k]! + h)));
      expect(meanGradient[k]).toBeCloseTo((up!.mean - down!.mean) / 2e-5, 6);
      expect(varianceGradient[k]).toBeCloseTo((up!.variance - down!.variance) / 2e-5, 6);
    }
  });

  it("draws conditionally: averages of draws are the posterior, and the variance shrinks at base points", () => {
    const view = joint.task("density");
    const rng = createRng(3);
    const base = matrixFromRows([
      [0.2, 0.3],
      [0.8, 0.6],
    ]);
    const S = 400;
    const half = Array.from({ length: S / 2 }, () => [rng.normal(), rng.normal()]);
    const normals = matrixFromRows([...half, ...half.map((row) => row.map((value) => -value))]);
    const draws = view.draw(base, normals);
    const x = Float64Array.of(0.5, 0.5);
    const { means, variance } = draws.at(x, true);
    expect(means.reduce((sum, value) => sum + value, 0) / S).toBeCloseTo(view.latentAt(x).mean, 8);
    expect(variance).toBeLessThan(view.latentAt(x).variance);
    expect(draws.at(matrixRow(base, 0), false).means[0]).toBeCloseTo(draws.values.data[0]!, 4);
  });

  it("keeps a constant outcome apart and predicts its value", () => {
    const constant = { ...sparse, y: sparse.y.map(() => 4) };
    const model = fitMultiTask({
      outcomes: [
        { name: "density", data: dense },
        { name: "constant", data: constant },
      ],
    });
    expect(model.correlation.data[1]).toBe(0);
    model
      .task("constant")
      .predict(sparse.X)
      .mean.forEach((mean) => expect(mean).toBeCloseTo(4, 6));
  });

  it("merges replicates without changing the likelihood's optimum", () => {
    const twice = (data: SurrogateData): SurrogateData => ({
      inputs: data.inputs,
      X: matrixFromRows([0, 1].flatMap(() => Array.from(data.y, (_, i) => matrixRow(data.X, i)))),
      y: Float64Array.from([...data.y, ...data.y.map((y, i) => y + (i % 2 === 0 ? 0.02 : -0.02))]),
    });
    const model = fitMultiTask({
      outcomes: [
        { name: "a", data: twice(sparse) },
        { name: "b", data: dense },
      ],
    });
    expect(model.task("a").trainingInputs.rows).toBe(6);
    expect(model.task("a").trainingRows).toBe(12);
    expect(Math.sqrt(model.task("a").noiseVariance[0]!)).toBeLessThan(0.1);
  });

  it("refuses unknown tasks, impossible ranks, other inputs, names used twice and no tasks", () => {
    const a = { name: "a", data: sparse };
    expect(codeOf(() => joint.task("strength"))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitMultiTask({ outcomes: [a] }, { rank: 2 }))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitMultiTask({ outcomes: [a, a] }))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitMultiTask({ outcomes: [] }))).toBe("INVALID_OPTION");
    expect(codeOf(() => fitMultiTask({ outcomes: [a, { name: "b", data: contractData(5, 1) }] }))).toBe(
      "SHAPE_MISMATCH",
    );
  });

  it("lists the problems of every task at once, by task", () => {
    const bad = { ...sparse, y: sparse.y.with(1, Number.NaN) };
    try {
      fitMultiTask({
        outcomes: [
          { name: "a", data: bad },
          { name: "b", data: bad },
        ],
      });
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "a, row 1, outcome",
        "b, row 1, outcome",
      ]);
    }
  });
});

describe("learning across sources", () => {
  const source = { name: "line 1", data: dataOf(30, 21, truth, 0.05) };
  const target = { name: "line 2", data: dataOf(5, 22, (x) => truth(x) + 3, 0.05) };
  const shifted = (x: ArrayLike<number>): number => truth(x) + 3;

  it("moves what an earlier line taught to a line that runs at another level", () => {
    const model: MultiTaskGaussianProcess = fitMultiTask({ sources: [target, source] });
    const own = rmse(fitGaussianProcess(target.data), shifted);
    expect(rmse(model.task("line 2"), shifted)).toBeLessThan(0.4 * own);
    const level = (name: string): number =>
      model.task(name).describe()["level against the average of the sources"] as number;
    expect(level("line 2") - level("line 1")).toBeGreaterThan(2);
  });
});
