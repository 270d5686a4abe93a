import { describe, expect, it } from "vitest";
import { logRamp } from "../../src/acquisition/truncated-ramp.js";

/** ∫_a^b (t − a) φ(t) dt over φ(a), by the midpoint rule in a form that does not underflow. */
function midpoint(a: number, b: number, steps = 200_000): number {
  const width = (b - a) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const t = (i + 0.5) * width;
    sum += t * Math.exp(-a * t - 0.5 * t * t);
  }
  return sum * width;
}

describe("logRamp", () => {
  it("agrees with the midpoint rule on both sides, across zero and for narrow intervals", () => {
    for (const [a, b] of [
      [0, 1],
      [0.5, 0.6],
      [2, 2.4],
      [3, 9],
      [-1, 1],
      [-3, -1],
      [-0.2, 3],
      [-2, -1.99],
      [8, 8.5],
    ] as const) {
      const expected = Math.log(midpoint(a, b)) - 0.5 * a * a - 0.9189385332046727;
      expect(Math.abs(logRamp(a, b) - expected), `[${a}, ${b}]`).toBeLessThan(1e-9);
    }
  });

  it("is continuous where quadrature hands over to the closed form", () => {
    for (const a of [0, 0.3, 2, 7, 30]) {
      const b = a + (-a + Math.sqrt(a * a + 4)); // a w + w²/2 = 2
      const width = b - a;
      const jump = logRamp(a, b + 1e-9 * width) - logRamp(a, b - 1e-9 * width);
      expect(jump).toBeGreaterThan(0);
      expect(jump).toBeLessThan(1e-8);
    }
  });

  it("is -Infinity for an empty interval and finite 40 standard deviations out", () => {
    expect(logRamp(1, 1)).toBe(-Infinity);
    expect(logRamp(2, 1)).toBe(-Infinity);
    expect(Number.isFinite(logRamp(40, 41))).toBe(true);
    expect(Number.isFinite(logRamp(-41, -40))).toBe(true);
  });
});
