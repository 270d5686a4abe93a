import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { horizontalAxis, layOutAxis, verticalAxis } from "../../src/plots/axis.js";

describe("layOutAxis", () => {
  it("ends on round numbers around the values", () => {
    expect(layOutAxis({ label: "", unit: "", values: [412, 493] })).toMatchObject({
      min: 400,
      max: 500,
      ticks: [400, 420, 440, 460, 480, 500],
    });
  });

  it("gives all ticks the same decimals", () => {
    expect(layOutAxis({ label: "", unit: "", values: [2.7, 3.2], tight: true })).toMatchObject({
      ticks: [2.7, 2.8, 2.9, 3, 3.1, 3.2],
      decimals: 1,
    });
  });

  it("marks 1, 2 and 5 on a log axis", () => {
    expect(layOutAxis({ label: "", unit: "", values: [0.02, 1.5], scale: "log" }).ticks).toEqual([
      0.02, 0.05, 0.1, 0.2, 0.5, 1,
    ]);
  });

  it("holds all values, has few ticks and ascends, whatever the values", () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.boolean(), (numbers, tight) => {
        const { min, max, ticks } = layOutAxis({ label: "", unit: "", values: numbers, tight });
        expect(min).toBeLessThan(max);
        const slack = 1e-6 * (max - min);
        expect(Math.min(...numbers)).toBeGreaterThanOrEqual(min - slack);
        expect(Math.max(...numbers)).toBeLessThanOrEqual(max + slack);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThan(14);
        expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
      }),
    );
  });

  it("does with no values and with values that are not numbers", () => {
    expect(layOutAxis({ label: "", unit: "", values: [] })).toMatchObject({ min: 0, max: 1 });
    expect(layOutAxis({ label: "", unit: "", values: [Number.NaN, 5], scale: "linear" }).max).toBeGreaterThan(
      5,
    );
    expect(layOutAxis({ label: "", unit: "", values: [-1, 0], scale: "log" })).toMatchObject({
      min: 1,
      max: 10,
    });
  });
});

describe("axes", () => {
  it("name their quantity and its unit", () => {
    expect(horizontalAxis({ label: "roll temperature", unit: "degC", values: [85, 145] })).toMatchObject({
      name: "roll temperature (°C)",
      type: "value",
    });
    expect(verticalAxis({ label: "cycle life", unit: "1", values: [500, 900], scale: "log" })).toMatchObject({
      name: "cycle life (–)",
      type: "log",
    });
  });
});
