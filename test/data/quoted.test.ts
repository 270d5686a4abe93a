import { describe, expect, it } from "vitest";
import { nameList, quoted } from "../../src/data/quoted.js";

describe("quoted", () => {
  it("shows control characters and cuts long texts", () => {
    expect(quoted('a"\n\u0007')).toBe('"a\\"\\n\\u0007"');
    expect(quoted("x".repeat(1e6))).toBe(`"${"x".repeat(60)}…"`);
  });
});

describe("nameList", () => {
  it("names some and counts the rest", () => {
    expect(nameList(["a", "b"])).toBe("a, b");
    expect(nameList(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  });
});
