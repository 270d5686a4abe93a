import { describe, expect, it } from "vitest";
import { isInsideLimits } from "../../src/campaign/inside-limits.js";
import { twoParameterCampaign } from "./campaign-fixtures.js";

const { space } = twoParameterCampaign({
  parameters: {
    a: { unit: "1", min: 0, max: 1, step: 0.1 },
    b: { unit: "1", min: 0.1, max: 10, scale: "log" },
  },
  constraints: ["a <= b"],
});

describe("isInsideLimits", () => {
  it("asks for bounds and constraints, not for steps", () => {
    expect(isInsideLimits(space, { a: 0.123, b: 5 }, {})).toBe(true);
    expect(isInsideLimits(space, { a: 1, b: 10 }, {})).toBe(true);
    expect(isInsideLimits(space, { a: 1.01, b: 5 }, {})).toBe(false);
    expect(isInsideLimits(space, { a: 0.05, b: 0.09 }, {})).toBe(false);
    expect(isInsideLimits(space, { a: 0.5, b: 0.4 }, {})).toBe(false);
  });
});
