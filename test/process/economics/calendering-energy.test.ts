import { describe, expect, it } from "vitest";
import {
  calenderingEnergyKwhPerCell,
  calenderingEnergyKwhPerM2,
} from "../../../src/process/economics/calendering-energy.js";
import { golden } from "../read-golden.js";

const reference = { lineSpeedMPerMin: 80, rollTemperatureC: 90, passes: 1, lineLoadNPerMm: 800 };

describe("calendering energy", () => {
  it("gives the reference prototype's values", () => {
    for (const { v, T, passes, q, kwh } of golden.cost.cal) {
      const found = calenderingEnergyKwhPerCell({
        lineSpeedMPerMin: v,
        rollTemperatureC: T,
        passes,
        lineLoadNPerMm: q,
      });
      expect(found / kwh).toBeCloseTo(1, 11);
    }
  });

  it("is the table's .38 kWh per cell at 80 m/min, 800 N/mm and 90 degC", () => {
    expect(calenderingEnergyKwhPerCell(reference)).toBeCloseTo(0.38, 12);
  });

  it("is spread over 2.68 m2 of electrode per cell", () => {
    expect(calenderingEnergyKwhPerCell(reference) / calenderingEnergyKwhPerM2(reference)).toBeCloseTo(
      2.68,
      2,
    );
  });

  it("rises with load, temperature and passes, and falls with speed", () => {
    const energy = (change: object): number => calenderingEnergyKwhPerCell({ ...reference, ...change });
    for (const more of [{ lineLoadNPerMm: 900 }, { rollTemperatureC: 100 }, { passes: 2 }])
      expect(energy(more)).toBeGreaterThan(energy({}));
    expect(energy({ lineSpeedMPerMin: 90 })).toBeLessThan(energy({}));
  });
});
