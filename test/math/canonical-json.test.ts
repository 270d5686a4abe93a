import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/math/canonical-json.js";

describe("canonical JSON", () => {
  it("sorts keys by code unit, at every depth, without white space", () => {
    // The property names of RFC 8785, section 3.2.3.
    const names = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
    expect(canonicalJson(names)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: true })).toBe('{"a":true,"b":[{"a":null,"z":1}]}');
  });

  it("writes numbers in their shortest form, and minus zero as zero", () => {
    expect(canonicalJson([1e21, 4.5, 2e-3, 1e-27, -0, 333333333.33333329])).toBe(
      "[1e+21,4.5,0.002,1e-27,0,333333333.3333333]",
    );
  });

  it("leaves out what is undefined in an object", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it("means the same as the value, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reverseKeys(value))).toBe(text);
      }),
    );
  });

  it.each([NaN, Infinity, -Infinity])("refuses %d and says where it is", (value) => {
    expect(() => canonicalJson({ a: [1, { b: value }] })).toThrow(
      expect.objectContaining({
        code: "NON_FINITE",
        message: expect.stringContaining("$.a[1].b") as unknown,
      }),
    );
  });

  it.each([
    ["a function", { a: () => 1 }],
    ["undefined in an array", [undefined]],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["a typed array", new Float64Array(2)],
    ["a map", new Map()],
  ])("refuses %s", (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  it("refuses a value that contains itself, but not one that occurs twice", () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => canonicalJson(cycle)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reverseKeys(item)]),
  );
}
