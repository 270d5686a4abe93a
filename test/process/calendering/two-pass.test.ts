import { describe, expect, it } from "vitest";
import { swellingAndRetention } from "../../../src/process/calendering/two-pass.js";
import { golden } from "../read-golden.js";

describe("swellingAndRetention", () => {
  it("repeats the two points that it was calibrated on (no evidence)", () => {
    expect(swellingAndRetention(1).swellingPercent).toBeCloseTo(5, 12);
    expect(swellingAndRetention(1).retention200Percent).toBeCloseTo(82.77, 10);
    expect(swellingAndRetention(0.82).swellingPercent).toBeCloseTo(4.47, 10);
    expect(swellingAndRetention(0.82).retention200Percent).toBeCloseTo(85.83, 10);
  });

  it("gives the reference prototype's values", () => {
    for (const { hetero, crack, out } of golden.swelling) {
      const found = swellingAndRetention(hetero, crack);
      expect(found.swellingPercent).toBeCloseTo(out[0], 10);
      expect(found.retention200Percent).toBeCloseTo(out[1], 10);
    }
  });
});
