import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { gainPerCost } from "../../src/acquisition/per-cost.js";
import { matrixFromRows } from "../../src/math/matrix.js";

/** A smooth stand-in on a log scale. */
const HILL: AcquisitionFunction = {
  name: "hill",
  value: ([a = 0, b = 0]) => -(a - 0.4) * (a - 0.4) - 2 * (b - 0.6) * (b - 0.6),
  values: ({ data, rows }) =>
    Float64Array.from({ length: rows }, (_, i) => HILL.value(data.subarray(2 * i, 2 * i + 2))),
  valueAndGradient(x, gradient) {
    gradient.set([-2 * (x[0]! - 0.4), -4 * (x[1]! - 0.6)]);
    return HILL.value(x);
  },
};
const COST = {
  evaluate: ([a = 0, b = 0]: ArrayLike<number> & Iterable<number>) => 1 + 3 * a + b * b,
  gradient: ([, b = 0]: ArrayLike<number> & Iterable<number>) => Float64Array.of(3, 2 * b),
};

describe("gainPerCost", () => {
  it("has the gradient that differences show, at every exponent", () => {
    const unit = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(unit, unit, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, exponent) => {
        const f = gainPerCost(HILL, COST, exponent);
        const x = Float64Array.of(a, b);
        const gradient = new Float64Array(2);
        expect(f.valueAndGradient(x, gradient)).toBeCloseTo(f.value(x), 12);
        for (const k of [0, 1]) {
          const [up, down] = [x.slice(), x.slice()];
          up[k]! += 1e-5;
          down[k]! -= 1e-5;
          expect(gradient[k]).toBeCloseTo((f.value(up) - f.value(down)) / 2e-5, 6);
        }
      }),
    );
  });

  it("is the gain itself at exponent 0, and divides it by the cost at 1", () => {
    const x = Float64Array.of(0.3, 0.5);
    expect(gainPerCost(HILL, COST, 0).value(x)).toBe(HILL.value(x));
    expect(gainPerCost(HILL, COST, 1).value(x)).toBeCloseTo(HILL.value(x) - Math.log(1 + 0.9 + 0.25), 12);
    const many = gainPerCost(HILL, COST, 1).values!(matrixFromRows([x, [0.1, 0.2]]));
    expect(many[0]).toBe(gainPerCost(HILL, COST, 1).value(x));
  });

  it("refuses a run that costs nothing", () => {
    const free = { evaluate: () => 0, gradient: () => new Float64Array(2) };
    expect(() => gainPerCost(HILL, free, 1).value(Float64Array.of(0, 0))).toThrow(/costs more than 0/);
  });
});
