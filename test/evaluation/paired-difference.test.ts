import { describe, expect, it } from "vitest";
import { pairedDifference } from "../../src/evaluation/paired-difference.js";

const densities = (values: Record<string, number>) =>
  Object.entries(values).map(([group, logDensity]) => ({ group, logDensity }));

describe("pairedDifference", () => {
  it("pairs by group, whatever the order, and leaves out groups that only one predicts", () => {
    const result = pairedDifference(
      densities({ A: -1, B: -2, C: -9, D: 5 }),
      densities({ C: -10, A: -3, B: -2 }),
    );
    expect(result.groups).toBe(3);
    expect(result.mean).toBeCloseTo(1, 12); // 2, 0, 1
    expect(result.standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(result.worst).toEqual({ group: "B", difference: 0 });
  });

  it("says zero of nothing in common", () => {
    expect(pairedDifference(densities({ A: 1 }), densities({ B: 1 }))).toEqual({
      groups: 0,
      mean: 0,
      standardError: 0,
      worst: null,
    });
  });
});
