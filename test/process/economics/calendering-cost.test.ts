import { describe, expect, it } from "vitest";
import { calenderingCostUsdPerM2 } from "../../../src/process/economics/calendering-cost.js";

const cost = (lineSpeedMPerMin: number, rollTemperatureC = 25, passes = 1): number =>
  calenderingCostUsdPerM2({ lineSpeedMPerMin, rollTemperatureC, passes });

describe("calenderingCostUsdPerM2", () => {
  it("reproduces the yearly cost at 60, 80 and 100 m/min of the reference plant (5.77, 4.85, 4.24 MUSD)", () => {
    const reference = cost(80);
    expect((cost(60) / reference) * 4.849).toBeCloseTo(5.77, 1);
    expect((cost(100) / reference) * 4.849).toBeCloseTo(4.24, 1);
    expect(reference).toBeCloseTo(0.072, 12);
  });

  it("rises with passes and with roll temperature", () => {
    expect(cost(80, 25, 2)).toBeGreaterThan(cost(80));
    expect(cost(80, 120)).toBeGreaterThan(cost(80));
  });
});
