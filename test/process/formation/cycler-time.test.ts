import { describe, expect, it } from "vitest";
import { cyclerTimeH } from "../../../src/process/formation/cycler-time.js";

describe("cyclerTimeH", () => {
  // Measured hours of cells of the shipped set (c1, v1, c2, verification cycles).
  it.each([
    [1.48, 4.0, 1.6, 0, 8.0],
    [0.43, 3.67, 1.97, 0, 8.4],
    [0.83, 3.79, 0.27, 0, 10.4],
    [0.07, 3.99, 2.21, 0, 20.7],
    [0.02, 4.06, 0.09, 0, 60.3],
    [0.02, 3.88, 0.02, 0, 71.5],
    [0.02, 3.94, 0.02, 5, 126.3],
  ])("is within 4 %% of the measured time at (%f C, %f V, %f C, n = %d)", (c1, v1, c2, n, hours) => {
    const estimate = cyclerTimeH({
      firstRateC: c1,
      firstCutoffV: v1,
      secondRateC: c2,
      verificationCycles: n,
    });
    expect(Math.abs(estimate / hours - 1)).toBeLessThan(0.04);
  });
});
