import { describe, expect, it } from "vitest";
import type { AcquisitionOptions } from "../../src/acquisition/create-acquisition.js";
import { createFamily } from "../../src/acquisition/families.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { modelOf, squarePoints, unusedModel } from "./example-models.js";

const X = squarePoints(7, 2);
const model = modelOf(X, (a, b) => Math.sin(4 * a) - b, { noise: 0.05 });
const objective = { outcome: "y", goal: "maximize", model } as const;
const options: AcquisitionOptions = {
  ...{ objectives: [objective], specifications: [], data: X, pending: createMatrix(0, 2) },
  ...{ noisy: true, draws: 16, rng: createRng(1) },
};
const x = Float64Array.of(0.31, 0.62);
const run = createRng(2);

describe("acquisition families", () => {
  it("leave auto as it is", () => {
    expect(createFamily("auto", options, run).name).toBe("log-noisy-expected-improvement");
    expect(createFamily("log-ei", options, run).name).toBe("log-expected-improvement");
    expect(createFamily("log-nei", { ...options, noisy: false }, run).name).toBe(
      "log-noisy-expected-improvement",
    );
  });

  it("scalarise more than four objectives, with other weights for every run", () => {
    const objectives = Array.from({ length: 5 }, (_, m) => ({
      ...objective,
      outcome: `y${m}`,
      model: modelOf(X, (a, b) => Math.sin(m * a) + b / (m + 1), { seed: m }),
    }));
    const values = [0, 1].map((k) => createFamily("auto", { ...options, objectives }, createRng(k)).value(x));
    expect(createFamily("auto", { ...options, objectives }, run).name).toContain("scalarized");
    expect(values[0]).not.toBe(values[1]);
    expect(createFamily("auto", { ...options, objectives }, createRng(0)).value(x)).toBe(values[0]);
  });

  it("know less to learn where a run is pending", () => {
    const pending = matrixFromRows([x]);
    for (const family of ["ucb", "variance"] as const)
      expect(createFamily(family, { ...options, pending }, run).value(x)).toBeLessThan(
        createFamily(family, options, run).value(x),
      );
  });

  it("explore the standard deviations of all learned outcomes, whatever limits say", () => {
    const other = modelOf(X, (a, b) => a + b, { seed: 4 });
    const specifications = [{ outcome: "w", min: -1e3, max: -1e2, model: other }];
    const value = createFamily("variance", { ...options, specifications }, run).value(x);
    const expected = [model, other].map((one) => Math.log(one.latentAt(x).variance) / 4);
    expect(value).toBeCloseTo(expected[0]! + expected[1]!, 10);
  });

  it("draw functions whose best points scatter as the posterior does", () => {
    const values = Array.from({ length: 400 }, (_, k) =>
      createFamily("thompson", options, createRng(k)).value(x),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const { mean: expected, variance } = model.latentAt(x);
    const scatter = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / 400));
    expect(scatter / variance).toBeGreaterThan(0.75);
    expect(scatter / variance).toBeLessThan(1.3);
  });

  it("penalise drawn limits that are broken", () => {
    const other = modelOf(X, (a, b) => a + b, { seed: 4 });
    const specifications = [{ outcome: "w", min: 50, max: 60, model: other }];
    const free = createFamily("thompson", options, run).value(x);
    expect(createFamily("thompson", { ...options, specifications }, run).value(x)).toBeLessThan(free - 10);
  });

  it("refuse to draw functions from a model that has none", () => {
    const objectives = [{ ...objective, model: unusedModel }];
    expect(() => createFamily("thompson", { ...options, objectives }, run)).toThrow(/functions drawn/);
  });
});
