import { describe, expect, it } from "vitest";
import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { createLogNoisyEi, drawIncumbents } from "../../src/acquisition/noisy-ei.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { modelOf, squarePoints } from "./example-models.js";
import { anywhere, fixedProblem } from "./fixed-outcomes.js";
import { botorch } from "./golden-files.js";
import { expectGradient } from "./numeric-gradient.js";

describe("log noisy EI", () => {
  it("agrees with BoTorch's average over fantasies to 1e-9", () => {
    for (const { maximize, best, points } of botorch.noisy) {
      for (const { means, stdDevs, log, noisyEi } of points) {
        const problem = fixedProblem([
          {
            utility: { goal: maximize ? "maximize" : "minimize" },
            values: best.map((value) => [value]),
            means,
            stdDev: stdDevs[0]!,
          },
        ]);
        const value = createLogNoisyEi("noisy", problem).value(anywhere);
        expect(Math.abs(value - log)).toBeLessThan(1e-9 * Math.max(1, Math.abs(log)));
        expect(Math.abs(Math.exp(value) - noisyEi)).toBeLessThan(1e-9);
      }
    }
  });

  it("agrees with plain Monte Carlo over the joint posterior within four standard errors", () => {
    const X = squarePoints(8, 11);
    const model = modelOf(X, (a, b) => Math.sin(4 * a) + b, { noise: 0.3 });
    const x = Float64Array.of(0.45, 0.8);
    const acquisition = createAcquisition({
      objectives: [{ outcome: "y", goal: "maximize", model }],
      specifications: [],
      data: X,
      pending: createMatrix(0, 2),
      noisy: true,
      draws: 1024,
      rng: createRng(1),
    });
    const { mean, covariance } = model.joint(
      matrixFromRows([...Array.from({ length: 8 }, (_, i) => matrixRow(X, i)), x]),
    );
    const factor = cholesky(covariance);
    if (!factor.ok) throw new Error("the covariance must have a factor");
    const rng = createRng(5);
    const samples = 40_000;
    let sum = 0;
    let squares = 0;
    for (let s = 0; s < samples; s++) {
      const normals = Float64Array.from({ length: 9 }, () => rng.normal());
      const f = mean.map(
        (m, i) => m + matrixRow(factor.L, i).reduce((total, l, j) => total + l * normals[j]!, 0),
      );
      const gain = Math.max(f[8]! - Math.max(...f.subarray(0, 8)), 0);
      sum += gain;
      squares += gain * gain;
    }
    const average = sum / samples;
    const standardError = Math.sqrt((squares / samples - average * average) / samples);
    expect(Math.abs(Math.exp(acquisition.value(x)) - average)).toBeLessThan(
      4 * standardError + 1e-3 * average,
    );
  });

  it("has the gradient that differences give, with limits, targets, formulas and pending points", () => {
    const X = squarePoints(10, 4);
    const pending = squarePoints(2, 9);
    const a = modelOf(X, (p, q) => Math.sin(5 * p) + q * q, { noise: 0.2 });
    const b = modelOf(X, (p, q) => p * q, { noise: 0.05, seed: 8 });
    const common = { data: X, pending, noisy: true, draws: 32, rng: createRng(2) };
    const acquisitions = [
      createAcquisition({
        ...common,
        objectives: [{ outcome: "a", goal: "maximize", model: a }],
        specifications: [],
      }),
      createAcquisition({
        ...common,
        objectives: [{ outcome: "a", goal: "minimize", model: a }],
        specifications: [{ outcome: "b", min: 0.1, max: 0.6, model: b }],
      }),
      createAcquisition({
        ...common,
        objectives: [{ outcome: "a", goal: "target", target: 0.7, model: a }],
        specifications: [
          { outcome: "a", min: 0.2, max: 1.5, model: a },
          { outcome: "b", min: -Infinity, max: 0.7, model: b },
        ],
      }),
    ];
    for (const acquisition of acquisitions) {
      for (const x of [
        [0.2, 0.3],
        [0.71, 0.44],
        [0.95, 0.05],
      ])
        expectGradient(acquisition, Float64Array.from(x));
    }
  });

  it("counts a draw without a feasible point from the worst utility of any draw", () => {
    const problem = fixedProblem([
      {
        utility: { goal: "maximize" },
        values: [
          [3, 1],
          [4, -2],
        ],
        means: [0, 0],
        stdDev: 1,
      },
      {
        utility: null,
        limits: { lower: 0, upper: 1 },
        values: [
          [0.5, 2],
          [5, 5],
        ],
        means: [0, 0],
        stdDev: 1,
      },
    ]);
    expect([...drawIncumbents(problem)]).toEqual([3, -2]);
  });
});
