import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  coverage,
  crpsNormal,
  mean,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  median,
  quantileOf,
  r2,
  rmse,
  variance,
} from "../../src/math/metrics.js";
import { readGolden } from "./ulp-error.js";

interface Golden {
  readonly [name: string]: unknown;
  readonly observed: number[];
  readonly predicted: number[];
  readonly lower: number[];
  readonly upper: number[];
  readonly quantiles: [number, number][];
  readonly crps: [number, number, number, number][];
}
const golden = readGolden("math-metrics.numpy-2.4.6.json") as Golden;
const { observed, predicted, lower, upper } = golden;

describe("metrics against NumPy", () => {
  it.each([
    ["rmse", rmse(observed, predicted)],
    ["meanAbsoluteError", meanAbsoluteError(observed, predicted)],
    ["meanAbsolutePercentageError", meanAbsolutePercentageError(observed, predicted)],
    ["r2", r2(observed, predicted)],
    ["coverage", coverage(observed, lower, upper)],
    ["mean", mean(observed)],
    ["variance", variance(observed)],
    ["median", median(observed)],
    ["medianOfEven", median(observed.slice(0, 16))],
  ])("%s agrees", (name, found) => {
    expect(found).toBeCloseTo(golden[name] as number, 12);
  });

  it("quantiles agree", () => {
    const sorted = [...observed].sort((a, b) => a - b);
    for (const [p, value] of golden.quantiles) expect(quantileOf(sorted, p)).toBeCloseTo(value, 12);
  });

  it("the score of a normal prediction is the integral that defines it", () => {
    for (const [y, average, stdDev, value] of golden.crps)
      expect(crpsNormal(y, average, stdDev)).toBeCloseTo(value, 10);
  });
});

describe("metrics", () => {
  it("of a certain prediction score its absolute error", () => {
    expect(crpsNormal(3, 1, 0)).toBe(2);
    expect(crpsNormal(3, 1, 1e-9)).toBeCloseTo(2, 8);
  });

  it("have no share to explain where nothing varies", () => {
    expect(r2([2, 2], [2, 2])).toBe(1);
    expect(r2([2, 2], [2, 3])).toBe(-Infinity);
  });

  it("give predicting the mean a share of zero", () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, (y) => {
        fc.pre(variance(y) > 1e-6);
        expect(
          r2(
            y,
            y.map(() => mean(y)),
          ),
        ).toBeCloseTo(0, 12);
        expect(r2(y, y)).toBe(1);
      }),
    );
  });

  it("do not reorder the values whose median they take", () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuse empty samples, unequal lengths and impossible probabilities", () => {
    const mismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    expect(() => mean([])).toThrow(mismatch);
    expect(() => median([])).toThrow(mismatch);
    expect(() => variance([1])).toThrow(mismatch);
    expect(() => rmse([1, 2], [1])).toThrow(mismatch);
    expect(() => coverage([1, 2], [1, 2], [1])).toThrow(mismatch);
    expect(() => quantileOf([1], 1.5)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(() => quantileOf([1], NaN)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});
