import { describe, expect, it } from "vitest";
import { boltzmannStarts, byValue } from "../../src/acquisition/choose-starts.js";
import { createRng } from "../../src/math/rng.js";

const points = Array.from({ length: 200 }, (_, i) => ({
  x: Float64Array.of(i),
  value: i < 100 ? -10 : -9 + i / 100,
}));

describe("boltzmannStarts", () => {
  it("begins with the best and repeats none", () => {
    const starts = boltzmannStarts(points, 8, createRng(1));
    expect(starts[0]).toBe(points[199]);
    expect(new Set(starts).size).toBe(8);
  });

  it("prefers good points in proportion to exp of their standardised value", () => {
    // Two levels one standard deviation above and below the mean: drawn e² times as often.
    const two = Array.from({ length: 2000 }, (_, i) => ({ x: Float64Array.of(i), value: i % 2 }));
    const drawn = boltzmannStarts(two, 401, createRng(2)).slice(1);
    const share = drawn.filter(({ value }) => value === 1).length / drawn.length;
    const expected = Math.exp(2) / (1 + Math.exp(2)); // without replacement a little less
    expect(share).toBeGreaterThan(expected - 0.1);
    expect(share).toBeLessThan(expected + 0.03);
  });

  it("leaves out what is worth nothing, and gives fewer where there are fewer", () => {
    const some = [...points.slice(0, 3), { x: Float64Array.of(-1), value: -Infinity }];
    expect(boltzmannStarts(some, 8, createRng(1))).toEqual(points.slice(0, 3));
  });

  it("takes those of the largest keys, whatever their order", () => {
    const scattered = Array.from({ length: 300 }, (_, i) => ({
      x: Float64Array.of(i),
      value: ((i * 7919) % 301) / 60,
    }));
    const few = boltzmannStarts(scattered, 9, createRng(3));
    const many = boltzmannStarts(scattered, 120, createRng(3));
    expect(many.slice(0, 9)).toEqual(few);
    expect(new Set(many).size).toBe(120);
  });

  it("draws evenly among equals", () => {
    const equal = Array.from({ length: 50 }, (_, i) => ({ x: Float64Array.of(i), value: 3 }));
    const seen = new Set(
      Array.from({ length: 40 }, (_, k) => boltzmannStarts(equal, 5, createRng(k))[1]!.x[0]),
    );
    expect(seen.size).toBeGreaterThan(15);
  });
});

describe("byValue", () => {
  it("sorts the largest first, −Infinity last, equals in their order", () => {
    const values = [1, -Infinity, 3, 1, 3];
    const sorted = byValue(values.map((value, i) => ({ x: Float64Array.of(i), value })));
    expect(sorted.map(({ x }) => x[0])).toEqual([2, 4, 0, 3, 1]);
  });
});
