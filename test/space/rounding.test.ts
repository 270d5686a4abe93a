import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSearchSpace } from "../../src/space/search-space.js";
import type { Region } from "../../src/space/region.js";
import { neighbours, settle } from "../../src/space/rounding.js";
import { randomParameters } from "./random-space.js";
import type { Parameter } from "../../src/space/parameter.js";

function regionOf(parameters: readonly Parameter[], constraints: readonly string[] = []): Region {
  const space = createSearchSpace({
    parameters,
    context: [],
    constraints: constraints.map((source) => ({ source })),
  });
  const base = Float64Array.from(space.columns, (column) => column.levels?.value(0) ?? column.min);
  return { columns: space.columns, constraints: space.constraints, free: parameters.map((_, j) => j), base };
}

describe("neighbours", () => {
  it("lists every combination of the two levels round a point once, by distance", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(randomParameters, fc.array(unit, { minLength: 5, maxLength: 5 }), (parameters, u) => {
        const region = regionOf(parameters);
        const x = Float64Array.from(region.columns, ({ upper }, j) => u[j]! * upper);
        const points = [...neighbours(region, x, 1000)];
        const distance = (point: Float64Array) =>
          point.reduce(
            (sum, v, j) =>
              region.columns[j]!.kind === "categorical" ? sum : sum + (v - x[j]!) * (v - x[j]!),
            0,
          );
        const sides = region.columns.map((column, j) => {
          if (column.levels === null) return 1;
          const level = column.levels.encoded(column.levels.nearest(x[j]!));
          const outside =
            column.levels.encoded(0) > x[j]! || column.levels.encoded(column.levels.count - 1) < x[j]!;
          return column.kind === "categorical" || outside || Math.abs(level - x[j]!) < 1e-12 ? 1 : 2;
        });
        expect(points.length).toBe(sides.reduce<number>((a, b) => a * b, 1));
        expect(new Set(points.map((point) => point.join())).size).toBe(points.length);
        points.slice(1).forEach((point, i) => {
          expect(distance(point)).toBeGreaterThanOrEqual(distance(points[i]!) - 1e-12);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("stops at the limit with the nearest ones", () => {
    const parameters = Array.from(
      { length: 20 },
      (_, i): Parameter => ({ name: `p${i}`, kind: "integer", unit: "1", min: 0, max: 9, scale: "linear" }),
    );
    const region = regionOf(parameters);
    const x = Float64Array.from(parameters, (_, j) => (3 + 0.02 * j) / 9);
    const points = [...neighbours(region, x, 8)];
    expect(points).toHaveLength(8);
    expect([...points[0]!].every((v) => Math.abs(v - 3 / 9) < 1e-12)).toBe(true);
    expect([...points[1]!].findIndex((v) => Math.abs(v - 4 / 9) < 1e-12)).toBe(19);
  });
});

describe("settle", () => {
  it("finds nothing where nothing beside the point or the constraints can hold", () => {
    const parameters: Parameter[] = [
      { name: "a", kind: "continuous", unit: "1", min: 0, max: 1, scale: "linear" },
    ];
    const region = regionOf(parameters, ["a >= 2"]);
    expect(settle(region, Float64Array.of(0.5), 64, 64)).toEqual([]);
  });
});
