import { describe, expect, it } from "vitest";
import { objectiveGain, type Utility, utilityOf } from "../../src/acquisition/objective-gain.js";
import type { LogGain } from "../../src/acquisition/piecewise-gain.js";
import { mpmath } from "./golden-files.js";

type Case = (typeof mpmath.piecewise)[number];

function gainOf(c: Case): { (mean: number, stdDev: number): LogGain } {
  const utility: Utility = c.goal === "target" ? { goal: "target", target: c.target! } : { goal: c.goal };
  const limits = c.a === null && c.b === null ? null : { lower: c.a ?? -Infinity, upper: c.b ?? Infinity };
  const gain = objectiveGain(utility, limits);
  return (mean, stdDev) => {
    const out = { log: 0, byMean: 0, byStdDev: 0 };
    gain(mean, stdDev, c.lower, c.upper ?? Infinity, out);
    return out;
  };
}

describe("the expected gain of an objective", () => {
  it("agrees with quadrature in 40 digits to 1e-11, tails, caps, tents and limits included", () => {
    for (const c of mpmath.piecewise) {
      const { log } = gainOf(c)(c.mean, c.stdDev);
      expect(Math.abs(log - c.log), JSON.stringify(c)).toBeLessThan(1e-11 * Math.max(1, Math.abs(c.log)));
    }
  });

  it("has derivatives by mean and standard deviation that agree with differences", () => {
    for (const c of mpmath.piecewise) {
      const gain = gainOf(c);
      const { byMean, byStdDev } = gain(c.mean, c.stdDev);
      const step = 1e-5 * c.stdDev;
      const numericMean =
        (gain(c.mean + step, c.stdDev).log - gain(c.mean - step, c.stdDev).log) / (2 * step);
      const numericStdDev =
        (gain(c.mean, c.stdDev + step).log - gain(c.mean, c.stdDev - step).log) / (2 * step);
      // Differences lose digits in proportion to the value; the slopes here reach 1e3.
      const scale = Math.max(1, Math.abs(numericMean), Math.abs(numericStdDev), Math.abs(c.log));
      expect(Math.abs(byMean - numericMean), JSON.stringify(c)).toBeLessThan(2e-6 * scale);
      expect(Math.abs(byStdDev - numericStdDev), JSON.stringify(c)).toBeLessThan(2e-6 * scale);
    }
  });

  it("is worth nothing where the limits exclude every improvement", () => {
    const out = { log: 0, byMean: 1, byStdDev: 1 };
    objectiveGain({ goal: "maximize" }, { lower: -1, upper: 0 })(0, 1, 0.5, Infinity, out);
    expect(out).toEqual({ log: -Infinity, byMean: 0, byStdDev: 0 });
  });

  it("is worth nothing once the target is met exactly", () => {
    const out = { log: 0, byMean: 1, byStdDev: 1 };
    objectiveGain({ goal: "target", target: 2 }, null)(2.5, 1, 0, Infinity, out);
    expect(out.log).toBe(-Infinity);
  });

  it("is the same for closed form and pieces where limits do not bind", () => {
    const plain = { log: 0, byMean: 0, byStdDev: 0 };
    const pieces = { log: 0, byMean: 0, byStdDev: 0 };
    for (const upper of [0.4, Infinity]) {
      objectiveGain({ goal: "minimize" }, null)(0.3, 0.7, -0.2, upper, plain);
      objectiveGain({ goal: "minimize" }, { lower: -1e9, upper: 1e9 })(0.3, 0.7, -0.2, upper, pieces);
      expect(pieces.log).toBeCloseTo(plain.log, 12);
      expect(pieces.byMean).toBeCloseTo(plain.byMean, 11);
      expect(pieces.byStdDev).toBeCloseTo(plain.byStdDev, 11);
    }
  });
});

describe("utility", () => {
  it("orders outcomes by goal", () => {
    expect(utilityOf({ goal: "maximize" }, 2)).toBe(2);
    expect(utilityOf({ goal: "minimize" }, 2)).toBe(-2);
    expect(utilityOf({ goal: "target", target: 3 }, 2)).toBe(-1);
    expect(utilityOf({ goal: "target", target: 3 }, 4)).toBe(-1);
  });
});
