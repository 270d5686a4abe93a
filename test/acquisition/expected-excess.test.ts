import { describe, expect, it } from "vitest";
import { logExpectedExcess, subtractLog } from "../../src/acquisition/expected-excess.js";
import { logExpectedImprovement } from "../../src/acquisition/log-ei.js";

const empty = () => ({ log: 0, byMean: 0, byStdDev: 0 });

describe("logExpectedExcess", () => {
  it("is LogEI over the level, on both sides of where its form changes", () => {
    for (const c of [-4, 0.2, 1.49, 1.51, 9, 60]) {
      const out = empty();
      logExpectedExcess(1, 0.5, c, out);
      expect(out.log).toBeCloseTo(logExpectedImprovement(1, 0.5, c), 12);
    }
  });
});

describe("subtractLog", () => {
  it("is log(e^a − e^b) with its derivatives, near equality and far from it", () => {
    for (const c of [0.3, 0.3001, 0.8, 3]) {
      const difference = (mean: number, stdDev: number) => {
        const [a, b, out] = [empty(), empty(), empty()];
        logExpectedExcess(mean, stdDev, 0.2, a);
        logExpectedExcess(mean, stdDev, c, b);
        subtractLog(a, b, out);
        return out;
      };
      const { log, byMean, byStdDev } = difference(0.1, 0.6);
      const a = logExpectedImprovement(0.1, 0.6, 0.2);
      const b = logExpectedImprovement(0.1, 0.6, c);
      expect(log).toBeCloseTo(Math.log(Math.exp(a) - Math.exp(b)), 9);
      expect(byMean).toBeCloseTo(
        (difference(0.1 + 1e-6, 0.6).log - difference(0.1 - 1e-6, 0.6).log) / 2e-6,
        5,
      );
      expect(byStdDev).toBeCloseTo(
        (difference(0.1, 0.6 + 1e-6).log - difference(0.1, 0.6 - 1e-6).log) / 2e-6,
        5,
      );
    }
  });

  it("is −Infinity where nothing is left, and a itself where nothing is taken", () => {
    const a = { log: -1, byMean: 2, byStdDev: 3 };
    const out = empty();
    subtractLog(a, a, out);
    expect(out).toEqual({ log: -Infinity, byMean: 0, byStdDev: 0 });
    subtractLog(a, null, out);
    expect(out).toEqual(a);
  });
});
