import fc from "fast-check";
import type { Parameter } from "../../src/space/parameter.js";

/** Random parameters of every kind, with decimals as people write them. */
const decimal = (least: number, most: number, places: number) =>
  fc.integer({ min: least * 10 ** places, max: most * 10 ** places }).map((n) => Number(`${n}e-${places}`));

const widths = fc.tuple(decimal(-50, 50, 2), decimal(1, 200, 1));

const continuous = fc.tuple(widths, fc.boolean()).map(([[min, width], log]) => {
  const scale = log ? ("log" as const) : ("linear" as const);
  const low = log ? Number((Math.abs(min) + 0.01).toFixed(2)) : min;
  return { kind: "continuous" as const, unit: "1", min: low, max: Number((low + width).toFixed(2)), scale };
});

const stepped = fc
  .tuple(continuous, fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10))
  .map(([base, step]) => ({ ...base, step }));

const integer = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 12 }), fc.constantFrom("linear", "log"))
  .map(([min, width, scale]) => ({
    kind: "integer" as const,
    unit: "1",
    min,
    max: min + width,
    scale: scale,
  }));

const discrete = fc
  .tuple(fc.uniqueArray(decimal(1, 100, 1), { minLength: 1, maxLength: 8 }), fc.constantFrom("linear", "log"))
  .map(([values, scale]) => ({
    kind: "discrete" as const,
    unit: "1",
    values: values.toSorted((a, b) => a - b),
    scale: scale,
  }));

const categorical = fc.integer({ min: 1, max: 4 }).map((n) => ({
  kind: "categorical" as const,
  unit: "",
  choices: ["off", "low", "mid", "high"].slice(0, n),
}));

/** 1 to 5 parameters named p0, p1 … */
export const randomParameters: fc.Arbitrary<Parameter[]> = fc
  .array(fc.oneof(continuous, stepped, integer, discrete, categorical), { minLength: 1, maxLength: 5 })
  .map((list) => list.map((parameter, i): Parameter => ({ ...parameter, name: `p${i}` })));
