import { describe, expect, it } from "vitest";
import {
  calenderingCostPerYear,
  calenderingCostUsdPerM2,
} from "../../../src/process/economics/calendering-cost.js";
import { overrideEconomics } from "../../../src/process/economics/economic-constants.js";
import { golden } from "../read-golden.js";

const total = (lineSpeedMPerMin: number, rollTemperatureC = 25, passes = 1): number => {
  const { labour, capital, floor } = calenderingCostPerYear({ lineSpeedMPerMin, rollTemperatureC, passes });
  return labour + capital + floor;
};

describe("calendering cost", () => {
  it("gives the reference prototype's values", () => {
    for (const { v, T, passes, usd } of golden.cost.cal) expect(total(v, T, passes) / usd).toBeCloseTo(1, 11);
  });

  it("is 5.77, 4.85 and 4.24 MUSD a year at 60, 80 and 100 m/min", () => {
    expect([60, 80, 100].map((v) => Number((total(v) / 1e6).toFixed(2)))).toEqual([5.77, 4.85, 4.24]);
  });

  it("is .072 USD/m2 in the reference plant", () => {
    expect(calenderingCostUsdPerM2({ lineSpeedMPerMin: 80, rollTemperatureC: 25, passes: 1 })).toBeCloseTo(
      0.072,
      3,
    );
  });

  it("rises with passes and with roll temperature", () => {
    expect(total(80, 25, 2)).toBeGreaterThan(total(80));
    expect(total(80, 120)).toBeGreaterThan(total(80));
  });

  it("takes a plant's own constants", () => {
    const { economics } = overrideEconomics({
      electrode_area_per_year: 1e6,
      calendering_cost_per_year: 1e5,
      reference_line_speed: 40,
    });
    expect(
      calenderingCostUsdPerM2({ lineSpeedMPerMin: 40, rollTemperatureC: 25, passes: 1 }, economics),
    ).toBeCloseTo(0.1, 12);
  });
});
