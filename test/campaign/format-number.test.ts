import { describe, expect, it } from "vitest";
import { formatNumber } from "../../src/campaign/format-number.js";

describe("formatNumber", () => {
  it("keeps three significant digits and writes no exponent where none is expected", () => {
    expect([0, 0.0402, 12.345, 1234.5, 98765, -0.5].map((v) => formatNumber(v))).toEqual([
      "0",
      "0.0402",
      "12.3",
      "1235",
      "98765",
      "-0.5",
    ]);
    expect(formatNumber(3.2e-7)).toBe("3.20e-7");
    expect(formatNumber(0.100348, 4)).toBe("0.1003");
  });
});
