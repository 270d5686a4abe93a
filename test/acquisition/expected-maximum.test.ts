import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExpectedMaximum, logExpectedMaximum } from "../../src/acquisition/expected-maximum.js";
import { normalPdf } from "../../src/math/normal.js";

const logOf = (a: readonly number[], b: readonly number[]): number => {
  const out = createExpectedMaximum(a.length);
  logExpectedMaximum(Float64Array.from(a), Float64Array.from(b), out);
  return out.log;
};

/** The integral itself, by the trapezoidal rule. */
function integral(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  const step = 1e-3;
  for (let z = -9; z <= 9; z += step)
    sum += step * normalPdf(z) * Math.max(...a.map((value, i) => value + b[i]! * z));
  return sum - Math.max(...a);
}

describe("the expected maximum of lines", () => {
  it("is the integral, with the derivatives that differences give", () => {
    const line = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (lines) => {
        const a = lines.map(([intercept]) => intercept);
        const b = lines.map(([, slope], i) => slope + 1e-3 * i);
        const exact = integral(a, b);
        fc.pre(exact > 1e-4);
        expect(Math.abs(Math.exp(logOf(a, b)) - exact)).toBeLessThan(1e-5);
        const out = createExpectedMaximum(a.length);
        logExpectedMaximum(Float64Array.from(a), Float64Array.from(b), out);
        const moved = (values: readonly number[], k: number, by: number): number[] =>
          values.map((value, i) => (i === k ? value + by : value));
        a.forEach((_, k) => {
          const byB = (logOf(a, moved(b, k, 1e-6)) - logOf(a, moved(b, k, -1e-6))) / 2e-6;
          expect(Math.abs(out.bySlope[k]! - byB)).toBeLessThan(1e-4 * Math.max(1, Math.abs(byB)));
        });
      }),
      { numRuns: 60 },
    );
  });

  it("has derivatives by intercepts between kinks", () => {
    const [a, b] = [
      [0.1, 0, -0.2],
      [0.1, 0.9, -1],
    ];
    const out = createExpectedMaximum(3);
    logExpectedMaximum(Float64Array.from(a), Float64Array.from(b), out);
    for (const k of [0, 1, 2]) {
      const at = (by: number) =>
        logOf(
          a.map((value, i) => (i === k ? value + by : value)),
          b,
        );
      expect(out.byIntercept[k]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 5);
    }
  });

  it("keeps its digits where nothing is likely to change, and is nothing where nothing can", () => {
    expect(logOf([40, 0], [0, 1])).toBeLessThan(-800);
    expect(logOf([40, 0], [0, 1])).toBeGreaterThan(-Infinity);
    expect(logOf([1, 0], [0.5, 0.5])).toBe(-Infinity);
    expect(logOf([3], [1])).toBe(-Infinity);
  });
});
