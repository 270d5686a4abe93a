import { describe, expect, it } from "vitest";
import { createUpperConfidenceBound } from "../../src/acquisition/upper-confidence-bound.js";
import { modelOf, squarePoints } from "./example-models.js";
import { expectGradient } from "./numeric-gradient.js";

const X = squarePoints(8, 1);
const model = modelOf(X, (a, b) => Math.sin(4 * a) - b, { noise: 0.05 });
const x = Float64Array.of(0.35, 0.85);

describe("the upper confidence bound", () => {
  it("is mean plus √β standard deviations of the utility", () => {
    const { mean, variance } = model.latentAt(x);
    expect(createUpperConfidenceBound({ model, goal: "maximize", beta: 4 }).value(x)).toBe(
      mean + 2 * Math.sqrt(variance),
    );
    expect(createUpperConfidenceBound({ model, goal: "minimize", beta: 4 }).value(x)).toBe(
      -mean + 2 * Math.sqrt(variance),
    );
  });

  it("has the gradient that differences give", () => {
    for (const goal of ["maximize", "minimize"] as const) {
      expectGradient(createUpperConfidenceBound({ model, goal, beta: 2 }), x);
    }
  });

  it("refuses a negative or missing β", () => {
    for (const beta of [-1, Number.NaN, Infinity]) {
      expect(() => createUpperConfidenceBound({ model, goal: "maximize", beta })).toThrow(/beta ≥ 0/);
    }
  });
});
