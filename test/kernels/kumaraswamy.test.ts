import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kumaraswamy } from "../../src/kernels/kumaraswamy.js";

const concentration = fc.double({ min: 0.15, max: 8, noNaN: true });
const anywhere = fc.double({ min: -0.5, max: 1.5, noNaN: true });

describe("the Kumaraswamy warp", () => {
  it("is the identity at a = b = 1, also outside the unit interval", () => {
    for (const x of [-0.4, 0, 0.3, 0.995, 1, 1.7]) expect(kumaraswamy(x, 1, 1).value).toBeCloseTo(x, 14);
  });

  it("is 1 − (1 − x^a)^b inside the margins", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        concentration,
        concentration,
        (x, a, b) => {
          expect(kumaraswamy(x, a, b).value).toBeCloseTo(1 - (1 - x ** a) ** b, 12);
        },
      ),
    );
  });

  it("never decreases anywhere on the line", () => {
    fc.assert(
      fc.property(anywhere, anywhere, concentration, concentration, (x, y, a, b) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        expect(kumaraswamy(low, a, b).value).toBeLessThanOrEqual(kumaraswamy(high, a, b).value);
        expect(kumaraswamy(x, a, b).slope).toBeGreaterThan(0);
      }),
    );
  });

  it("has a continuous value and slope at the margins", () => {
    for (const edge of [0.01, 0.99]) {
      const below = kumaraswamy(edge - 1e-9, 0.4, 2.5);
      const above = kumaraswamy(edge + 1e-9, 0.4, 2.5);
      expect(Math.abs(above.value - below.value)).toBeLessThan(1e-7);
      expect(Math.abs(above.slope - below.slope)).toBeLessThan(1e-5 * above.slope);
    }
  });

  it("has derivatives by x, log a and log b that agree with differences", () => {
    const h = 1e-5;
    for (const x of [-0.2, 0.003, 0.2, 0.6, 0.97, 1.1]) {
      for (const [a, b] of [
        [0.5, 2],
        [3, 0.7],
        [1, 1],
      ] as const) {
        const { slope, byLogA, byLogB } = kumaraswamy(x, a, b);
        const difference = (at: (step: number) => number): number => (at(h) - at(-h)) / (2 * h);
        expect(slope).toBeCloseTo(
          difference((s) => kumaraswamy(x + s, a, b).value),
          6,
        );
        expect(byLogA).toBeCloseTo(
          difference((s) => kumaraswamy(x, a * Math.exp(s), b).value),
          7,
        );
        expect(byLogB).toBeCloseTo(
          difference((s) => kumaraswamy(x, a, b * Math.exp(s)).value),
          7,
        );
      }
    }
  });
});
