import { describe, expect, it } from "vitest";
import { calenderingKnowledge } from "../../../src/process/calendering/knowledge.js";
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

  it("computes the cost from speed, passes and temperature", () => {
    const [cost] = calenderingKnowledge({ names: new Set() }).formulas;
    expect(cost!.evaluate({ line_speed: 80, passes: 1, roll_temperature: 25 })).toBeCloseTo(0.072, 12);
  });

  it("finds materials whatever the case and computes porosity by mass balance", () => {
    expect(findMaterial("nmc622")?.solidDensityGPerCm3).toBeCloseTo(4.391, 3);
    expect(porosityPercent(2.607580815, 4.45)).toBeCloseTo(41.40267832, 4);
  });
});
