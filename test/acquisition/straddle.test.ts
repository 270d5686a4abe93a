import { describe, expect, it } from "vitest";
import { createStraddle } from "../../src/acquisition/straddle.js";
import { anywhere, fixedProblem } from "./fixed-outcomes.js";

const outcome = (mean: number, stdDev: number, lower: number, upper: number) => ({
  ...{ utility: null, limits: { lower, upper }, values: [[0]], means: [mean], stdDev },
});

describe("the straddle", () => {
  it("is 1.96 standard deviations less the distance to the nearer limit", () => {
    expect(createStraddle(fixedProblem([outcome(1, 0.5, 0.8, 9)])).value(anywhere)).toBeCloseTo(0.78, 12);
    expect(createStraddle(fixedProblem([outcome(8, 0.5, 0.8, 9)])).value(anywhere)).toBeCloseTo(-0.02, 12);
    expect(createStraddle(fixedProblem([outcome(3, 1, -Infinity, 2)])).value(anywhere)).toBeCloseTo(0.96, 12);
  });

  it("counts the outcome whose limit is in most doubt", () => {
    const sure = outcome(5, 0.1, -Infinity, 0);
    const doubtful = outcome(0.1, 1, -Infinity, 0);
    expect(createStraddle(fixedProblem([sure, doubtful])).value(anywhere)).toBeCloseTo(1.86, 12);
  });
});
