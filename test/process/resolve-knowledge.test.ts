import { describe, expect, it } from "vitest";
import { resolveKnowledge } from "../../src/process/resolve-knowledge.js";

describe("resolveKnowledge", () => {
  it("brings nothing where no process is named, whatever the file holds", () => {
    for (const spec of [undefined, null, 3, [], {}, { parameters: 7 }]) {
      expect(resolveKnowledge(spec)).toEqual({ problems: [] });
    }
  });

  it("takes a material by name or by preset", () => {
    const parameters = { roll_temperature: {} };
    for (const material of ["graphite", { preset: "graphite", solid_density: 2.2 }]) {
      const { knowledge, problems } = resolveKnowledge({ process: "calendering", material, parameters });
      expect(problems).toEqual([]);
      expect(knowledge?.limits[0]?.expression).toBe("roll_temperature <= 100 degC");
    }
  });

  it("lists the known names when one is unknown", () => {
    const { problems } = resolveKnowledge({ process: "formation", chemistry: "NMC999" });
    expect(problems).toHaveLength(1);
    expect(problems[0]!.expected).toContain("NMC-4.4V/graphite");
  });

  it("passes the cell's rating on", () => {
    const { knowledge } = resolveKnowledge({
      process: "formation",
      chemistry: "NMC622/graphite",
      cell: { upper_voltage: 4.2, lower_voltage: 3 },
      parameters: { v_cutoff_cc1: {} },
    });
    expect(knowledge?.limits.map((l) => l.expression)).toEqual([
      "v_cutoff_cc1 <= 4.2 V",
      "v_cutoff_cc1 >= 3 V",
    ]);
  });
});
