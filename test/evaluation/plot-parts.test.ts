import { describe, expect, it } from "vitest";
import { plotParts } from "../../src/evaluation/plot-parts.js";

describe("parts that keep groups and set-ups whole", () => {
  it("join groups that share a set-up", () => {
    expect(plotParts(["a", "a", "b", "c", "d"], Int32Array.of(0, 1, 1, 2, 3))).toEqual([
      "a",
      "a",
      "a",
      "c",
      "d",
    ]);
  });

  it("are the set-ups alone where all groups hang together", () => {
    expect(plotParts(["a", "b", "a", "b"], Int32Array.of(0, 0, 1, 1))).toEqual([
      "set-up 0",
      "set-up 0",
      "set-up 1",
      "set-up 1",
    ]);
  });
});
