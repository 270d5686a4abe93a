import { describe, expect, it } from "vitest";
import { incompleteBeta, jeffreysInterval } from "../../src/campaign/incomplete-beta.js";
import golden from "../golden/campaign-statistics.scipy-1.17.1.json" with { type: "json" };

describe("incompleteBeta", () => {
  it("agrees with SciPy to 1e-12", () => {
    for (const { x, a, b, value } of golden.incompleteBeta) {
      expect(Math.abs(incompleteBeta(x, a, b) / value - 1), `I_${x}(${a}, ${b})`).toBeLessThan(1e-12);
    }
  });

  it("is 0 and 1 at the ends", () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });
});

describe("jeffreysInterval", () => {
  it("agrees with SciPy's beta quantiles to 1e-9", () => {
    for (const { passed, of, interval } of golden.jeffreys) {
      const [low, high] = jeffreysInterval(passed, of);
      expect(Math.abs(low - interval[0]!), `${passed} of ${of}`).toBeLessThan(1e-9);
      expect(Math.abs(high - interval[1]!), `${passed} of ${of}`).toBeLessThan(1e-9);
    }
  });

  it("says nothing without a trial", () => {
    expect(jeffreysInterval(0, 0)).toEqual([0, 1]);
  });
});
