import { describe, expect, it } from "vitest";
import {
  pairedDifference,
  quartiles,
  solvedShare,
  unpairedDifference,
  verdict,
} from "../../src/benchmark/comparison.js";
import { createRng } from "../../src/math/rng.js";

const from = (count: number, scale: number): number[] => {
  const rng = createRng(5);
  return Array.from({ length: count }, () => scale * (0.5 + rng.uniform()));
};

describe("comparison", () => {
  it("takes quartiles between order statistics", () => {
    expect(quartiles([4, 1, 3, 2])).toEqual([1.75, 2.5, 3.25]);
    expect(quartiles([7])).toEqual([7, 7, 7]);
  });

  it("counts as solved what is below a hundredth of the range", () => {
    expect(solvedShare([0.09, 0.1, 0.2, 0], 10)).toBe(0.5);
  });

  it("calls a tenth of the gap better, ten times worse, and the same even", () => {
    const theirs = from(10, 1);
    const rng = createRng(1);
    const tenth = theirs.map((gap) => gap / 10);
    expect(pairedDifference(tenth, theirs, rng).mean).toBeCloseTo(-1, 12);
    expect(verdict(pairedDifference(tenth, theirs, rng))).toBe("better");
    expect(verdict(pairedDifference(theirs, tenth, rng))).toBe("worse");
    expect(verdict(pairedDifference(theirs, theirs, rng))).toBe("even");
    expect(verdict(unpairedDifference(from(40, 0.1), theirs, rng))).toBe("better");
    expect(verdict(unpairedDifference(from(40, 1), theirs, rng))).toBe("even");
  });

  it("holds the true mean in about 95 % of its intervals", () => {
    const draws = createRng(11);
    const rng = createRng(12);
    let held = 0;
    for (let k = 0; k < 200; k++) {
      const ours = Array.from({ length: 20 }, () => 10 ** draws.normal());
      const { low, high } = pairedDifference(
        ours,
        ours.map(() => 1),
        rng,
      );
      if (low <= 0 && high >= 0) held++;
    }
    expect(held).toBeGreaterThanOrEqual(178); // 190 expected, short intervals of 20 draws, four standard errors
    expect(held).toBeLessThan(200);
  });
});
