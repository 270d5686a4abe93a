import { describe, expect, it } from "vitest";
import { createLogEi, logExpectedImprovement } from "../../src/acquisition/log-ei.js";
import { anywhere, fixedProblem } from "./fixed-outcomes.js";
import { botorch } from "./golden-files.js";

describe("LogEI", () => {
  it("agrees with BoTorch to 1e-10, from certain improvement to 20,000 standard deviations below", () => {
    for (const { mean, stdDev, best, value } of botorch.logEi) {
      const ours = logExpectedImprovement(mean, stdDev, best);
      expect(Math.abs(ours - value), `${mean} ${stdDev} ${best}`).toBeLessThan(
        1e-10 * Math.max(1, Math.abs(value)),
      );
    }
  });

  it("agrees with BoTorch's constrained LogEI to 1e-10", () => {
    for (const c of botorch.constrained) {
      const problem = fixedProblem([
        { utility: { goal: "maximize" }, values: [[c.best]], means: [c.mean[0]!], stdDev: c.stdDev[0]! },
        {
          utility: null,
          limits: { lower: c.lower, upper: c.upper },
          values: [[c.lower]],
          means: [c.mean[1]!],
          stdDev: c.stdDev[1]!,
        },
        {
          utility: null,
          limits: { lower: -Infinity, upper: c.upper },
          values: [[c.upper]],
          means: [c.mean[2]!],
          stdDev: c.stdDev[2]!,
        },
      ]);
      expect(createLogEi(problem).value(anywhere)).toBeCloseTo(c.logConstrainedEi, 10);
    }
  });

  it("counts from the best feasible belief, not from a better infeasible one", () => {
    const problem = fixedProblem([
      { utility: { goal: "minimize" }, values: [[-5, 1, 2]], means: [0.5], stdDev: 0.3 },
      {
        utility: null,
        limits: { lower: 0, upper: Infinity },
        values: [[-1, 0.2, 3]],
        means: [40],
        stdDev: 0.1,
      },
    ]);
    expect(createLogEi(problem).value(anywhere)).toBeCloseTo(logExpectedImprovement(-0.5, 0.3, -1), 12);
  });

  it("counts limits of the objective's own outcome once: an improvement beyond them is none", () => {
    const problem = fixedProblem([
      {
        utility: { goal: "maximize" },
        limits: { lower: -Infinity, upper: 1 },
        values: [[0]],
        means: [6],
        stdDev: 0.5,
      },
    ]);
    // E[g 1{0 < g < 1}] for g ~ N(6, 0.5²), by the midpoint rule.
    let sum = 0;
    for (let i = 0; i < 20000; i++) {
      const g = (i + 0.5) / 20000;
      sum += (g * Math.exp(-0.5 * ((g - 6) / 0.5) ** 2)) / (0.5 * Math.sqrt(2 * Math.PI) * 20000);
    }
    expect(createLogEi(problem).value(anywhere)).toBeCloseTo(Math.log(sum), 6);
  });
});
