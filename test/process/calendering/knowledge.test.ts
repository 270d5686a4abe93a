import { describe, expect, it } from "vitest";
import { calenderingKnowledge } from "../../../src/process/calendering/knowledge.js";
import { overrideEconomics } from "../../../src/process/economics/economic-constants.js";
import { findMaterial, porosityPercent } from "../../../src/process/calendering/materials.js";

describe("calendering knowledge", () => {
  it("keeps a CMC/SBR anode below 100 degC and a PVDF cathode below the highest measured setting", () => {
    const names = new Set(["roll_temperature"]);
    const limit = (material: string): string =>
      calenderingKnowledge({ material, names }).limits[0]!.expression;
    expect(limit("graphite")).toBe("roll_temperature <= 100 degC");
    expect(limit("NMC622")).toBe("roll_temperature <= 145 degC");
  });

  it("brings no limit on a name that the campaign does not have", () => {
    expect(calenderingKnowledge({ material: "LFP", names: new Set() }).limits).toEqual([]);
  });

  it("computes cost and energy from line load, speed, passes and temperature", () => {
    const { formulas } = calenderingKnowledge({ names: new Set() });
    const value = (name: string): number =>
      formulas
        .find((f) => f.name === name)!
        .evaluate({ line_speed: 80, passes: 1, roll_temperature: 90, line_load: 800 });
    expect(value("calendering.cost")).toBeCloseTo(0.0726, 4);
    expect(value("calendering.energy")).toBeCloseTo(0.38 / 2.679, 4);
  });

  it("takes the plant's own constants of the cost model", () => {
    const { economics } = overrideEconomics({ calendering_cost_per_year: 9_698_000 });
    const cost = (own?: typeof economics): number =>
      calenderingKnowledge({
        names: new Set(),
        ...(own === undefined ? {} : { economics: own }),
      }).formulas[0]!.evaluate({ line_speed: 60, passes: 1, roll_temperature: 25 });
    expect(cost(economics) / cost()).toBeCloseTo(2, 12);
  });

  it("finds materials whatever the case and computes porosity by mass balance", () => {
    expect(findMaterial("nmc622")?.solidDensityGPerCm3).toBeCloseTo(4.391, 3);
    expect(porosityPercent(2.607580815, 4.45)).toBeCloseTo(41.40267832, 4);
  });
});
