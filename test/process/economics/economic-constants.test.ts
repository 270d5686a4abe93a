import { describe, expect, it } from "vitest";
import {
  ECONOMIC_CONSTANTS,
  overrideEconomics,
  REFERENCE_ECONOMICS,
} from "../../../src/process/economics/economic-constants.js";
import { isKnownUnit } from "../../../src/units.js";

describe("the constants of the cost model", () => {
  it("state a unit that is known, a meaning and a source each", () => {
    for (const [name, { unit, meaning, source }] of Object.entries(ECONOMIC_CONSTANTS)) {
      expect(isKnownUnit(unit), name).toBe(true);
      expect(meaning.length, name).toBeGreaterThan(3);
      expect(source, name).toMatch(/assumption|Liu et al\.|BatteryCost/);
    }
  });

  it("are each replaced by a plant's own value, which is remembered as stated", () => {
    for (const [name, { value }] of Object.entries(ECONOMIC_CONSTANTS)) {
      const { economics, problems } = overrideEconomics({ [name]: value * 0.995 });
      expect(problems, name).toEqual([]);
      expect(economics.values[name as keyof typeof economics.values]).toBe(value * 0.995);
      expect([...economics.stated]).toEqual([name]);
    }
    expect(REFERENCE_ECONOMICS.stated.size).toBe(0);
  });

  it("refuse unknown names, impossible numbers and shares that are no whole, all at once", () => {
    const given = {
      cels_per_year: 1,
      cycling_share: 1.2,
      reference_line_speed: 0,
      electrode_area_per_year: "much",
      calendering_floor_share: 0.2,
    };
    const { problems } = overrideEconomics(given);
    expect(problems.map((p) => p.where)).toEqual([
      "economics.cels_per_year",
      "economics.cycling_share",
      "economics.reference_line_speed",
      "economics.electrode_area_per_year",
      "economics.calendering_labour_share",
    ]);
  });
});
