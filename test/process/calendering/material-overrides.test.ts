import { describe, expect, it } from "vitest";
import { overrideMaterial } from "../../../src/process/calendering/material-overrides.js";
import { findMaterial } from "../../../src/process/calendering/materials.js";

const nmc = findMaterial("NMC622")!;

describe("overrideMaterial", () => {
  it("puts a campaign's values in the places of the preset's and leaves the others", () => {
    const { material, problems } = overrideMaterial(nmc, {
      preset: "NMC622",
      solid_density: 4.4,
      compaction_resistance: 610,
      minimum_porosity: 0.14,
      adhesion_gain: 28,
      tortuosity_exponent: 0.6,
      springback_maximum: 0.05,
      cracking_line_load: 1500,
    });
    expect(problems).toEqual([]);
    expect(material).toEqual({
      ...nmc,
      solidDensityGPerCm3: 4.4,
      compaction: { ...nmc.compaction, resistanceNPerMm: 610, minimumPorosity: 0.14 },
      adhesion: { ...nmc.adhesion, gainNPerM: 28 },
      transport: { ...nmc.transport, tortuosityExponent: 0.6 },
      springback: { ...nmc.springback, maximum: 0.05 },
      cracking: { ...nmc.cracking, lineLoadNPerMm: 1500 },
    });
  });

  it("notes a solid density that differs from the recipe, and refuses one that contradicts it", () => {
    expect(overrideMaterial(nmc, { solid_density: 4.45 }).notes[0]).toContain("Solid density of NMC622");
    const [problem] = overrideMaterial(nmc, { solid_density: 4.8 }).problems;
    expect(problem?.where).toBe("material.solid_density");
    expect(problem?.remedy).toContain("solid_density_reason");
  });

  it("takes a contradicting solid density with a reason and repeats it in a note", () => {
    const { problems, notes } = overrideMaterial(nmc, {
      solid_density: 4.8,
      solid_density_reason: "helium pycnometer",
    });
    expect(problems).toEqual([]);
    expect(notes[0]).toContain("helium pycnometer");
  });

  it("lists unknown names, impossible values and an initial density above the greatest one, all at once", () => {
    const { problems } = overrideMaterial(nmc, {
      compaction_resistence: 5,
      minimum_porosity: 16,
      adhesion_gain: "x",
      initial_density: 4,
    });
    expect(problems.map((p) => p.where)).toEqual([
      "material.compaction_resistence",
      "material.minimum_porosity",
      "material.adhesion_gain",
      "material.initial_density",
    ]);
  });
});
