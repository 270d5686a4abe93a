import { describe, expect, it } from "vitest";
import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import {
  drawsWithoutFeasible,
  feasibilityUtility,
  uncertaintyUtility,
} from "../../src/acquisition/feasibility.js";
import { expectedUtility } from "../../src/acquisition/expected-utility.js";
import { createMatrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { knownSlope, modelOf, squarePoints } from "./example-models.js";
import { anywhere, fixedProblem } from "./fixed-outcomes.js";
import { botorch } from "./golden-files.js";
import { expectGradient } from "./numeric-gradient.js";

const common = { pending: createMatrix(0, 2), noisy: false, draws: 16, rng: createRng(1) };

describe("log probability of feasibility", () => {
  it("agrees with BoTorch to 1e-10", () => {
    for (const c of botorch.constrained) {
      const problem = fixedProblem([
        {
          utility: null,
          limits: { lower: c.lower, upper: c.upper },
          values: [[9]],
          means: [c.mean[1]!],
          stdDev: c.stdDev[1]!,
        },
        {
          utility: null,
          limits: { lower: -Infinity, upper: c.upper },
          values: [[9]],
          means: [c.mean[2]!],
          stdDev: c.stdDev[2]!,
        },
      ]);
      const acquisition = expectedUtility("p", problem, feasibilityUtility(problem, Uint8Array.of(1)));
      expect(Math.abs(acquisition.value(anywhere) - c.logFeasible)).toBeLessThan(
        1e-10 * Math.max(1, -c.logFeasible),
      );
    }
  });

  it("is what counts while no trial is feasible, and has the gradient that differences give", () => {
    const X = squarePoints(7, 3);
    const model = modelOf(X, (a, b) => a + b, { noise: 0.05 });
    for (const noisy of [false, true]) {
      const acquisition = createAcquisition({
        ...common,
        noisy,
        objectives: [{ outcome: "y", goal: "minimize", model }],
        specifications: [
          { outcome: "y", min: 2.4, max: 3, model },
          { outcome: "known", min: 2, max: 2.5, model: knownSlope },
        ],
        data: X,
      });
      expect(acquisition.name).toBe("log-probability-feasible");
      for (const x of [
        [0.4, 0.6],
        [0.9, 0.9],
      ])
        expectGradient(acquisition, Float64Array.from(x));
    }
  });

  it("gives way to the objective once a trial is feasible", () => {
    const X = squarePoints(7, 3);
    const model = modelOf(X, (a, b) => a + b);
    const acquisition = createAcquisition({
      ...common,
      objectives: [{ outcome: "y", goal: "minimize", model }],
      specifications: [{ outcome: "y", min: 0.5, max: 3, model }],
      data: X,
    });
    expect(acquisition.name).toBe("log-expected-improvement");
  });

  it("looks elsewhere for the second point of a batch", () => {
    // Feasible is y > 1.9 on two separate ridges; the first pending point sits on one of them.
    const X = matrixFromRows([
      [0.5, 0.5],
      [0.4, 0.2],
      [0.6, 0.8],
      [0.2, 0.5],
      [0.8, 0.5],
    ]);
    const model = modelOf(X, (a) => 1 + 3.2 * (a - 0.5) * (a - 0.5));
    const probe = (pending: readonly number[][], x: number[]): number =>
      createAcquisition({
        ...common,
        draws: 256,
        pending: matrixFromRows(pending, 2),
        objectives: [],
        specifications: [{ outcome: "y", min: 1.75, max: Infinity, model }],
        data: X,
      }).value(Float64Array.from(x));
    const near = probe([[0.02, 0.5]], [0.02, 0.52]) - probe([], [0.02, 0.52]);
    const far = probe([[0.02, 0.5]], [0.98, 0.5]) - probe([], [0.98, 0.5]);
    expect(near).toBeLessThan(far);
  });

  it("treats a draw without feasible base points as one to find a point for", () => {
    const problem = fixedProblem([
      {
        utility: null,
        limits: { lower: 0, upper: 1 },
        values: [
          [2, 3],
          [2, 0.5],
          [1, 9],
        ],
        means: [0, 0, 0],
        stdDev: 1,
      },
    ]);
    expect([...drawsWithoutFeasible(problem)]).toEqual([1, 0, 0]);
  });
});

describe("without an objective", () => {
  it("values where an outcome is uncertain and feasible, pending points counted as known", () => {
    const X = squarePoints(8, 13);
    const model = modelOf(X, (a, b) => a - b, { noise: 0.01 });
    const specifications = [{ outcome: "y", min: -2, max: 2, model }];
    const acquisition = createAcquisition({ ...common, objectives: [], specifications, data: X });
    expect(acquisition.name).toBe("log-feasible-uncertainty");
    expectGradient(acquisition, Float64Array.of(0.3, 0.9));
    const x = Float64Array.of(0.99, 0.01);
    const pending = matrixFromRows([[0.99, 0.02]]);
    const after = createAcquisition({ ...common, objectives: [], specifications, data: X, pending });
    expect(after.value(x)).toBeLessThan(acquisition.value(x));
  });

  it("explores outcomes that carry no specification", () => {
    const X = squarePoints(8, 13);
    const explore = [modelOf(X, (a, b) => a - b, { noise: 0.01 })];
    const acquisition = createAcquisition({
      ...common,
      objectives: [],
      specifications: [],
      explore,
      data: X,
    });
    const problem = fixedProblem([{ utility: null, values: [[0]], means: [0], stdDev: 0.25 }]);
    expect(expectedUtility("u", problem, uncertaintyUtility(problem)).value(anywhere)).toBeCloseTo(
      Math.log(0.25),
      12,
    );
    expect(acquisition.value(Float64Array.of(0.99, 0.01))).toBeGreaterThan(
      acquisition.value(Float64Array.from(X.data.subarray(0, 2))),
    );
  });
});

describe("a formula's limits", () => {
  it("are kept from the inside: worth nearly all just within, next to nothing just outside", () => {
    const X = squarePoints(8, 13);
    const specifications = [{ outcome: "known", min: -Infinity, max: 1, model: knownSlope }];
    const objective = modelOf(X, (a, b) => a + b);
    const acquisition = (withLimits: boolean) =>
      createAcquisition({
        ...common,
        objectives: [{ outcome: "y", goal: "maximize", model: objective }],
        specifications: withLimits ? specifications : [],
        data: X,
      });
    // Both problems count from the same incumbent only if the best trial is feasible; compare at one point instead.
    const cost = (x: number[]) => acquisition(true).value(Float64Array.from(x));
    expect(cost([0.49, 0.5])).toBeGreaterThan(cost([0.51, 0.5]) + 20);
  });

  it("take a stated error as the standard deviation of the outcome, with its gradient", () => {
    const X = squarePoints(8, 13);
    const stated = { ...knownSlope, error: (value: number) => 0.2 * Math.abs(value) + 0.05 };
    const acquisition = createAcquisition({
      ...common,
      objectives: [],
      specifications: [{ outcome: "known", min: 5, max: 9, model: stated }],
      data: X,
    });
    expect(acquisition.name).toBe("log-probability-feasible");
    expectGradient(acquisition, Float64Array.of(0.6, 0.7));
  });
});
