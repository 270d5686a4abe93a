import { describe, expect, it } from "vitest";
import { solidDensityGPerCm3 } from "../../../src/process/calendering/component-densities.js";
import { ELECTRODE_MATERIALS } from "../../../src/process/calendering/materials.js";

describe("solidDensityGPerCm3", () => {
  it("is the density of the component where there is only one", () => {
    expect(solidDensityGPerCm3({ graphite: 1 })).toBeCloseTo(2.24, 12);
  });

  it("gives the solid densities of the presets' table", () => {
    const found = Object.fromEntries(
      ELECTRODE_MATERIALS.map((m) => [m.name, Number(m.solidDensityGPerCm3.toFixed(3))]),
    );
    expect(found).toEqual({ NMC622: 4.391, NMC811: 4.466, LFP: 3.356, LCO: 4.719, graphite: 2.171 });
  });
});
