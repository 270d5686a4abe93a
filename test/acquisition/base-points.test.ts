import { describe, expect, it } from "vitest";
import { distinctRows, influentialPoints } from "../../src/acquisition/base-points.js";
import { baseSamples } from "../../src/acquisition/base-samples.js";
import { drawOutcomes } from "../../src/acquisition/drawn-outcomes.js";
import { createLogNoisyEi } from "../../src/acquisition/noisy-ei.js";
import { outcomeRoles } from "../../src/acquisition/outcome-roles.js";
import { matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { modelOf, squarePoints } from "./example-models.js";
import { fixedProblem } from "./fixed-outcomes.js";

describe("distinctRows", () => {
  it("keeps data first and every row once", () => {
    const { points, fromData } = distinctRows(
      matrixFromRows([
        [1, 2],
        [3, 4],
        [1, 2],
      ]),
      matrixFromRows([
        [3, 4],
        [5, 6],
      ]),
    );
    expect([...points.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(fromData).toBe(2);
  });
});

describe("influentialPoints", () => {
  it("keeps what is best and feasible in some draw, and everything pending", () => {
    const problem = fixedProblem([
      {
        utility: { goal: "maximize" },
        values: [
          [3, 2, 1, 0, -9],
          [0, 2, 9, 1, -9],
        ],
        means: [0, 0],
        stdDev: 1,
      },
      {
        utility: null,
        limits: { lower: 0, upper: 1 },
        values: [
          [1, 1, 1, 1, 1],
          [1, 1, 5, 1, 1],
        ],
        means: [0, 0],
        stdDev: 1,
      },
    ]);
    expect(influentialPoints(problem, 4)).toEqual([0, 1, 4]);
  });

  it("keeps all where none is feasible in any draw", () => {
    const problem = fixedProblem([
      {
        utility: { goal: "maximize" },
        limits: { lower: 5, upper: 6 },
        values: [[3, 2]],
        means: [0],
        stdDev: 1,
      },
    ]);
    expect(influentialPoints(problem, 2)).toEqual([0, 1]);
  });

  it("changes noisy EI by less than sampling does", () => {
    const X = squarePoints(60, 8);
    const model = modelOf(X, (a, b) => Math.sin(3 * a) + b - a * b, { noise: 0.2 });
    const roles = outcomeRoles([{ outcome: "y", goal: "maximize", model }], [], X);
    const problem = drawOutcomes(roles, X, baseSamples(512, 60, 1, createRng(1)));
    const kept = influentialPoints(problem, 60);
    expect(kept.length).toBeLessThan(40);
    const base = matrixFromRows(kept.map((i) => matrixRow(X, i)));
    const pruned = drawOutcomes(roles, base, baseSamples(512, kept.length, 1, createRng(2)));
    // In units of the improvement itself: hopeless points differ by orders of magnitude and nobody cares.
    const probes = squarePoints(60, 12);
    const values = Array.from({ length: 60 }, (_, i) => {
      const x = matrixRow(probes, i);
      const full = createLogNoisyEi("full", problem).value(x);
      return [Math.exp(full), Math.exp(createLogNoisyEi("pruned", pruned).value(x))] as const;
    });
    const largest = Math.max(...values.map(([full]) => full));
    for (const [full, short] of values) expect(Math.abs(full - short)).toBeLessThan(0.1 * largest);
  });
});

describe("baseSamples", () => {
  it("gives each outcome its own standard normals, from one sequence, several or none", () => {
    for (const points of [3, 600, 1100]) {
      const samples = baseSamples(256, points, 2, createRng(3));
      expect(samples.map(({ rows, cols }) => [rows, cols])).toEqual([
        [256, points],
        [256, points],
      ]);
      for (const { data } of samples) {
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
        expect(Math.abs(mean)).toBeLessThan(0.05);
        expect(Math.abs(variance - 1)).toBeLessThan(0.1);
      }
      const product = samples[0]!.data.reduce((sum, value, i) => sum + value * samples[1]!.data[i]!, 0);
      expect(Math.abs(product / samples[0]!.data.length)).toBeLessThan(0.1);
    }
  });
});
