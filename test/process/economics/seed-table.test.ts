import { describe, expect, it } from "vitest";
import {
  COST_STEPS,
  costOf,
  ENERGY_STEPS,
  energyOf,
  INCONSISTENCIES,
} from "../../../src/process/economics/seed-table.js";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("Table 1 of Liu et al. (2021)", () => {
  it("sums to 93,474,750 USD a year and 13.28 kWh per cell", () => {
    expect(sum(COST_STEPS.map((s) => s.usdPerYear))).toBe(93_474_750);
    expect(sum(ENERGY_STEPS.map((s) => s.kwhPerCell))).toBeCloseTo(13.28, 10);
  });

  it("prints percentages that follow from its amounts", () => {
    for (const { usdPerYear, percent } of COST_STEPS)
      expect(Math.abs((100 * usdPerYear) / 93_474_750 - percent)).toBeLessThan(0.006);
    for (const { kwhPerCell, percent } of ENERGY_STEPS)
      expect(Math.abs((100 * kwhPerCell) / 13.28 - percent)).toBeLessThan(0.006);
  });

  it("contradicts the paper's text where the module says so", () => {
    expect(costOf("formation and ageing").percent).toBe(32.61);
    const named = ["coating and drying", "formation and ageing"].map((step) => costOf(step).usdPerYear);
    expect((100 * sum(named)) / 93_474_750).toBeCloseTo(47.57, 2);
    expect(INCONSISTENCIES.join(" ")).toMatch(/32\.16 %.*32\.61 %.*47\.57 %.*investment.*different cells/s);
    expect(energyOf("formation and ageing").kwhPerCell).toBe(0.07);
  });
});
