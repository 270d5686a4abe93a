import { describe, expect, it } from "vitest";
import type { Parameter } from "../../src/space/parameter.js";
import type { Region } from "../../src/space/region.js";
import { repair } from "../../src/space/repair.js";
import { createSearchSpace } from "../../src/space/search-space.js";

/** Unit square: encoded values are raw values. */
function square(...sources: string[]): Region {
  const parameters = ["a", "b"].map(
    (name): Parameter => ({ name, kind: "continuous", unit: "1", min: 0, max: 1, scale: "linear" }),
  );
  const space = createSearchSpace({
    parameters,
    context: [],
    constraints: sources.map((source) => ({ source })),
  });
  return { columns: space.columns, constraints: space.constraints, free: [0, 1], base: new Float64Array(2) };
}

describe("repair", () => {
  it("moves the shortest way to a linear constraint, and past it by the margin", () => {
    const z = repair(square("a + b <= 1"), Float64Array.of(0.9, 0.5), [0, 1], 0)!;
    expect(z[0]).toBeCloseTo(0.7, 9);
    expect(z[1]).toBeCloseTo(0.3, 9);
    const deeper = repair(square("a + b <= 1"), Float64Array.of(0.9, 0.5), [0, 1], 0.1)!;
    expect(1 - deeper[0]! - deeper[1]!).toBeCloseTo(0.1 * Math.SQRT2, 4);
  });

  it("leaves a point that is inside where it is", () => {
    expect(repair(square("a + b <= 1"), Float64Array.of(0.2, 0.3), [0, 1], 0)).toEqual(
      Float64Array.of(0.2, 0.3),
    );
  });

  it("goes along a bound when the straight way would leave the box", () => {
    const z = repair(square("a + b >= 1.5"), Float64Array.of(0.9, 0), [0, 1], 0)!;
    expect(z[0]).toBe(1);
    expect(z[1]).toBeCloseTo(0.5, 9);
  });

  it("meets several constraints and a curved equality to the last digits", () => {
    const z = repair(square("a * b == 0.25", "a >= 2 * b"), Float64Array.of(0.1, 0.9), [0, 1], 0)!;
    expect(Math.abs(z[0]! * z[1]! - 0.25)).toBeLessThan(1e-10);
    expect(z[0]! - 2 * z[1]!).toBeGreaterThanOrEqual(-1e-12);
  });

  it("moves only what may move", () => {
    const z = repair(square("a + b <= 1"), Float64Array.of(0.9, 0.5), [1], 0)!;
    expect(z[0]).toBe(0.9);
    expect(z[1]).toBeCloseTo(0.1, 9);
  });

  it("gives up where constraints conflict, are undefined or do not depend on what moves", () => {
    expect(repair(square("a <= 0.2", "a >= 0.4"), Float64Array.of(0.3, 0.5), [0, 1], 0)).toBeNull();
    expect(repair(square("a >= 2"), Float64Array.of(0.3, 0.5), [0, 1], 0)).toBeNull();
    expect(repair(square("log(a - 2) >= 0"), Float64Array.of(0.3, 0.5), [0, 1], 0)).toBeNull();
    expect(repair(square("a >= 0.5"), Float64Array.of(0.3, 0.5), [1], 0)).toBeNull();
  });
});
