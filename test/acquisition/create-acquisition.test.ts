import { describe, expect, it } from "vitest";
import { createAcquisition, type AcquisitionOptions } from "../../src/acquisition/create-acquisition.js";
import type { ObjectiveTerm } from "../../src/acquisition/outcome-terms.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { knownSlope, modelOf, squarePoints } from "./example-models.js";
import { logExpectedImprovement } from "../../src/acquisition/log-ei.js";

const X = squarePoints(10, 5);
const model = modelOf(X, (a, b) => a + b, { noise: 0.1 });
const objective: ObjectiveTerm = { outcome: "y", goal: "maximize", model };
const options: AcquisitionOptions = {
  objectives: [objective],
  specifications: [],
  data: X,
  pending: createMatrix(0, 2),
  noisy: false,
  draws: 16,
  rng: createRng(1),
};
const x = Float64Array.of(0.9, 0.8);

describe("createAcquisition", () => {
  it("takes LogEI for one objective without noise and noisy EI with noise or pending points", () => {
    const pending = matrixFromRows([[0.1, 0.2]]);
    expect(createAcquisition(options).name).toBe("log-expected-improvement");
    expect(createAcquisition({ ...options, noisy: true }).name).toBe("log-noisy-expected-improvement");
    expect(createAcquisition({ ...options, pending }).name).toBe("log-noisy-expected-improvement");
  });

  it("measures LogEI from the best posterior mean at the data, not from the best observation", () => {
    const best = Math.max(
      ...Array.from({ length: 10 }, (_, i) => model.latentAt(X.data.subarray(2 * i, 2 * i + 2)).mean),
    );
    const { mean, variance } = model.latentAt(x);
    expect(createAcquisition(options).value(x)).toBeCloseTo(
      logExpectedImprovement(mean, Math.sqrt(variance), best),
      12,
    );
  });

  it("screens many points at once as it does one by one", () => {
    const points = squarePoints(40, 9);
    const limits = { outcome: "y", min: 0.2, max: 1.4, model };
    for (const noisy of [false, true]) {
      const acquisition = createAcquisition({ ...options, noisy, specifications: [limits] });
      const screen = acquisition.screen ?? acquisition;
      screen.values!(points).forEach((value, i) =>
        expect(value).toBeCloseTo(screen.value(points.data.slice(2 * i, 2 * i + 2)), 9),
      );
    }
    expect("values" in createAcquisition({ ...options, noisy: true })).toBe(false);
  });

  it("gives the same value again from the same generator, whatever was drawn in between", () => {
    const rng = createRng(4);
    const first = createAcquisition({ ...options, noisy: true, rng }).value(x);
    rng.uniform();
    expect(createAcquisition({ ...options, noisy: true, rng }).value(x)).toBe(first);
  });

  it("values a point less next to a pending one", () => {
    const pending = matrixFromRows([[0.9, 0.79]]);
    expect(createAcquisition({ ...options, pending, draws: 128 }).value(x)).toBeLessThan(
      createAcquisition(options).value(x),
    );
  });

  it("counts repeated and pending rows at the same settings once", () => {
    const twice = { rows: 20, cols: 2, data: Float64Array.of(...X.data, ...X.data) };
    const a = createAcquisition({ ...options, noisy: true }).value(x);
    expect(createAcquisition({ ...options, noisy: true, data: twice }).value(x)).toBe(a);
    expect(
      createAcquisition({
        ...options,
        noisy: true,
        pending: { rows: 1, cols: 2, data: X.data.slice(0, 2) },
      }).value(x),
    ).toBe(a);
  });

  it("works where all objectives are formulas", () => {
    const known: ObjectiveTerm = { outcome: "known", goal: "minimize", model: knownSlope };
    const acquisition = createAcquisition({ ...options, objectives: [known], noisy: true });
    expect(acquisition.value(Float64Array.of(0, 0))).toBeGreaterThan(
      acquisition.value(Float64Array.of(1, 1)),
    );
  });

  it("keeps the order of a log scale: a target, a threshold and limits are given in raw units", () => {
    const positive = modelOf(X, (a, b) => Math.exp(2 * a + b), { scale: "log" });
    const acquisition = createAcquisition({
      ...options,
      objectives: [{ outcome: "y", goal: "target", target: 5, model: positive }],
      specifications: [{ outcome: "y", min: -1, max: 12, model: positive }],
    });
    // 2a + b = log 5 is the target.
    expect(acquisition.value(Float64Array.of(0.4, 0.8094))).toBeGreaterThan(
      acquisition.value(Float64Array.of(0.9, 0.9)),
    );
  });

  it.each<[string, Partial<AcquisitionOptions>, RegExp]>([
    ["nothing to judge by", { objectives: [] }, /expected an objective/],
    ["no trial at all", { data: createMatrix(0, 2) }, /at least one completed or pending trial/],
    ["a model with two objectives", { objectives: [objective, objective] }, /objective twice/],
    [
      "a target that is missing",
      { objectives: [{ ...objective, goal: "target" }] },
      /finite target.*got none/,
    ],
    [
      "a specification upside down",
      { specifications: [{ outcome: "y", min: 2, max: 1, model }] },
      /min ≤ max, got from 2 to 1/,
    ],
    [
      "a bound that is not a number",
      { specifications: [{ outcome: "y", min: Number.NaN, max: 1, model }] },
      /got from NaN to 1/,
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => createAcquisition({ ...options, ...change })).toThrow(message);
  });
});
