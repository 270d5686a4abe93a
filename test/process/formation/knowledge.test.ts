import { describe, expect, it } from "vitest";
import { formationKnowledge } from "../../../src/process/formation/knowledge.js";

const names = new Set(["c_rate_cc1", "v_cutoff_cc1", "c_rate_cc2", "temperature"]);
const expressions = (chemistry: string, upperVoltageV: number): string[] =>
  formationKnowledge({ chemistry, cell: { upperVoltageV, lowerVoltageV: 3 }, names }).limits.map(
    (l) => l.expression,
  );

describe("formation knowledge", () => {
  it("limits the voltage to the smaller of the chemistry's bound and the cell's rating", () => {
    expect(expressions("NMC622/graphite", 4.2)).toContain("v_cutoff_cc1 <= 4.2 V");
    expect(expressions("NMC622/graphite", 4.5)).toContain("v_cutoff_cc1 <= 4.35 V");
  });

  it("guards both charge steps against plating, by temperature", () => {
    const found = expressions("NMC-4.4V/graphite", 4.4);
    expect(found).toContain("c_rate_cc1 <= 0.05 * (temperature - 5)");
    expect(found).toContain("c_rate_cc2 <= 0.03 * (temperature - 5)");
  });

  it("assumes 25 degC for the guard where the campaign has no temperature", () => {
    const { limits } = formationKnowledge({ names: new Set(["c_rate_cc1"]) });
    expect(limits.map((l) => l.expression)).toContain("c_rate_cc1 <= 1");
  });

  it("offers the fitted cycler time only for the cells it was fitted to", () => {
    expect(formationKnowledge({ chemistry: "NMC622/graphite", names }).formulas).toEqual([]);
    const [time] = formationKnowledge({ chemistry: "NMC-4.4V/graphite", names }).formulas;
    expect(
      time!.evaluate({ c_rate_cc1: 0.02, v_cutoff_cc1: 3.88, c_rate_cc2: 0.02, n_verification_cycles: 0 }),
    ).toBeGreaterThan(68);
  });
});
