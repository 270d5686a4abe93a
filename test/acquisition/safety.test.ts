import { describe, expect, it } from "vitest";
import { createSafety, leadToSafety } from "../../src/acquisition/safety.js";
import { exp, log } from "../../src/math/elementary.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";

const X = matrixFromRows([
  [0.1, 0.2],
  [0.4, 0.9],
  [0.7, 0.3],
  [0.9, 0.8],
]);
const model = fitGaussianProcess({
  inputs: [
    { name: "a", kind: "continuous" },
    { name: "b", kind: "continuous" },
  ],
  X,
  y: Float64Array.of(1, 2, 4, 7),
});
const term = { outcome: "y", min: -Infinity, max: 4, model };
const known = {
  kind: "known" as const,
  evaluate: (x: Float64Array) => x[0]!,
  gradient: () => Float64Array.of(1, 0),
};
const at = Float64Array.of(0.62, 0.5);

describe("createSafety", () => {
  it("is the surrogate's own probability, times the others'", () => {
    const own = model.predict(matrixFromRows([at])).probabilityBetween(-Infinity, 4)[0]!;
    expect(exp(createSafety([term], [], 0.5).logAt(at))).toBeCloseTo(own, 10);
    const chance = { logAt: () => log(0.5) };
    expect(exp(createSafety([term], [chance], 0.5).logAt(at))).toBeCloseTo(0.5 * own, 10);
  });

  it("takes formulas as they are, and with their stated error", () => {
    const within = createSafety([{ outcome: "k", min: 0, max: 0.6, model: known }], [], 0.9);
    expect(within.holds(Float64Array.of(0.6, 0))).toBe(true);
    expect(within.holds(Float64Array.of(0.61, 0))).toBe(false);
    const loose = { ...known, error: () => 0.1 };
    const half = createSafety([{ outcome: "k", min: -Infinity, max: 0.6, model: loose }], [], 0.5);
    expect(exp(half.logAt(Float64Array.of(0.6, 0)))).toBeCloseTo(0.5, 10);
  });

  it("leads a search back with the slope that differences have, and changes nothing inside", () => {
    const flat = {
      name: "flat",
      value: () => 0,
      valueAndGradient: (_: Float64Array, gradient: Float64Array) => {
        gradient.fill(0);
        return 0;
      },
    };
    const led = leadToSafety({ ...flat, screen: flat }, createSafety([term], [], 0.999));
    for (const one of [led, led.screen!]) {
      const gradient = new Float64Array(2);
      expect(one.valueAndGradient(at, gradient)).toBe(one.value(at));
      expect(one.value(at)).toBeLessThan(0);
      for (const k of [0, 1]) {
        const step = (sign: number): number => one.value(at.map((v, j) => (j === k ? v + sign * 1e-5 : v)));
        expect(gradient[k]! / ((step(1) - step(-1)) / 2e-5)).toBeCloseTo(1, 4);
      }
    }
    expect(leadToSafety(flat, createSafety([term], [], 0.01)).value(at)).toBe(0);
  });
});
