import { describe, expect, it } from "vitest";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import type { InputDimension, SurrogateData } from "../../src/surrogates/surrogate.js";

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
