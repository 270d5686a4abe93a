import { describe, expect, it } from "vitest";
import { calibrate } from "../../src/evaluation/calibration.js";

const spread = (count: number, map: (u: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ pit: map((i + 0.5) / count) }));

describe("calibrate", () => {
  it("finds a uniform transform calibrated", () => {
    const { levels, histogram, meanPit, dispersion } = calibrate(spread(1000, (u) => u));
    expect(histogram).toEqual(new Array(10).fill(100));
    for (const { level, held, of } of levels) {
      expect(held).toBeCloseTo(level, 2);
      expect(of).toBe(1000);
    }
    expect(meanPit).toBeCloseTo(0.5, 10);
    expect(dispersion).toBeCloseTo(1, 5);
  });

  it("tells overconfident from too cautious, and a shift", () => {
    const overconfident = calibrate(spread(1000, (u) => (u < 0.5 ? u / 4 : 1 - (1 - u) / 4)));
    expect(overconfident.dispersion).toBeGreaterThan(1.5);
    expect(overconfident.levels.find(({ level }) => level === 0.8)!.held).toBeLessThan(0.7);
    const cautious = calibrate(spread(1000, (u) => 0.4 + 0.2 * u));
    expect(cautious.dispersion).toBeLessThan(0.1);
    expect(cautious.levels.find(({ level }) => level === 0.5)!.held).toBe(1);
    expect(calibrate(spread(1000, (u) => u / 2)).meanPit).toBeCloseTo(0.25, 10);
  });
});
