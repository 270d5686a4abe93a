import { describe, expect, it } from "vitest";
import { createLogKnowledgeGradient } from "../../src/acquisition/knowledge-gradient.js";
import { concatRows, createMatrix, type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import { normalQuantile } from "../../src/math/normal.js";
import { modelOf, squarePoints } from "./example-models.js";
import { expectGradient } from "./numeric-gradient.js";

const X = squarePoints(10, 5);
const model = modelOf(X, (a, b) => Math.sin(4 * a) - b * b, { noise: 0.2 });
const points = squarePoints(7, 8);
const none = createMatrix(0, 2);
const x = Float64Array.of(0.42, 0.13);

/** Conditions the surrogate itself on imagined results, one after the other. */
function imagined(goal: 1 | -1, x: Float64Array): number {
  const everywhere = concatRows(points, matrixFromRows([x]));
  const largest = (process: Pick<typeof model, "joint">): number =>
    Math.max(...process.joint(everywhere).mean.map((z) => goal * z));
  const { mean, variance } = model.latentAt(x);
  const spread = Math.sqrt(variance + model.noiseVariance[0]!);
  const count = 400;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const y = model.modelScale.toRaw(mean + spread * normalQuantile((k + 0.5) / count));
    sum += largest(model.withObservations({ X: matrixFromRows([x]), y: Float64Array.of(y) }));
  }
  return sum / count - largest(model);
}

describe("the knowledge gradient", () => {
  it.each([
    ["maximize", 1, x],
    ["minimize", -1, Float64Array.of(0.05, 0.9)],
  ] as const)("is what refitting to imagined results gives (%s)", (goal, sign, at) => {
    const value = createLogKnowledgeGradient({ model, goal, points, pending: none }).value(at);
    expect(Math.abs(Math.exp(value) / imagined(sign, at) - 1)).toBeLessThan(0.02);
  });

  it("has the gradient that differences give, with and without pending runs", () => {
    for (const pending of [none, matrixFromRows([[0.3, 0.8]])])
      for (const goal of ["maximize", "minimize"] as const)
        expectGradient(createLogKnowledgeGradient({ model, goal, points, pending }), x, 1e-4);
  });

  it("has less to learn beside a pending run", () => {
    const pending = matrixFromRows([[0.43, 0.12]]);
    const value = (runs: Matrix) =>
      createLogKnowledgeGradient({ model, goal: "maximize", points, pending: runs }).value(x);
    expect(value(pending)).toBeLessThan(value(none));
  });
});
