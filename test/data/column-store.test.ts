import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNumberStore, createTextStore } from "../../src/data/column-store.js";

describe("createNumberStore", () => {
  it("gives back what was put in, in order, over many blocks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), (n) => {
        const store = createNumberStore();
        for (let i = 0; i < n; i += 1) store.push(i);
        const values = store.take();
        expect(values.length).toBe(n);
        expect(values.every((value, i) => value === i)).toBe(true);
        expect(store.take().length).toBe(0);
      }),
      { numRuns: 15, examples: [[0], [64], [65], [192], [131_072]] },
    );
  });
});

describe("createTextStore", () => {
  it("gives back texts and gaps in order", () => {
    const store = createTextStore();
    for (const text of ["a", null, "b", "a"]) store.push(text);
    expect(store.take()).toEqual(["a", null, "b", "a"]);
    expect(store.take()).toEqual([]);
  });
});
