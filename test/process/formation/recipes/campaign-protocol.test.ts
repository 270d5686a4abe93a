import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../../../src/errors.js";
import { findChemistry } from "../../../../src/process/formation/chemistries.js";
import { familyNames } from "../../../../src/process/formation/family-names.js";
import { campaignProtocol } from "../../../../src/process/formation/recipes/campaign-protocol.js";

const cell = { upperVoltageV: 4.2, lowerVoltageV: 2.8 };
const chemistry = findChemistry("NMC622/graphite")!;

function protocolOf(values: Readonly<Record<string, number>>, replaced: readonly string[] = []) {
  const family = familyNames({
    names: new Set(Object.keys(values)),
    units: new Map([
      ["rate", "C"],
      ["upper", "mV"],
    ]),
    protocol: new Map([
      ["rate", "c_rate_cc1"],
      ["upper", "v_cutoff_cc2"],
    ]),
  });
  return campaignProtocol({ values, family, chemistry, cell, replacedLimits: new Set(replaced) });
}

function problemsOf(values: Readonly<Record<string, number>>, replaced: readonly string[] = []) {
  try {
    protocolOf(values, replaced);
    return [];
  } catch (error) {
    if (error instanceof CellwrightError) return error.problems.map(({ where }) => where);
    throw error;
  }
}

describe("campaignProtocol", () => {
  it("reads the campaign's own names and units, and says what it took from the family", () => {
    const { parameters, notes } = protocolOf({ rate: 0.3, upper: 4150 });
    expect(parameters.c_rate_cc1).toBe(0.3);
    expect(parameters.v_cutoff_cc2).toBe(4.15);
    expect(notes[0]).toContain("c_rate_discharge 0.2");
    expect(notes[0]).not.toContain("c_rate_cc1");
  });

  it("refuses every limit of cell and chemistry that is crossed, at once", () => {
    expect(problemsOf({ rate: 1.2, upper: 4250 })).toEqual(["upper upper limit", "rate plating guard"]);
    expect(problemsOf({ v_lower: 2.4, temperature: 58 })).toEqual([
      "temperature upper limit",
      "v_lower lower limit",
    ]);
  });

  it("leaves a limit that the campaign replaced to the campaign", () => {
    expect(problemsOf({ rate: 1.2, upper: 4200 }, ["rate plating guard"])).toEqual([]);
  });

  it("ignores shallow cycles that there are not, and names patented families that there are", () => {
    expect(problemsOf({ upper: 3700, v_cutoff_cc1: 3.6 })).toEqual([]);
    expect(protocolOf({ rate: 0.05, c_rate_cc2: 0.3 }).notes.join()).toContain("US 9,276,293");
  });
});
