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
    const help = (name: string, known: readonly string[]): string => `${name}? ${known.length}`;
    const misspelt = resolveKnowledge({ process: "calendering", material: "graphit" }, help).problems[0]!;
    expect(misspelt.remedy).toMatch(/^graphit\? 5 Override its values/u);
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

  it("applies limits to parameters that the protocol maps to the family's steps", () => {
    const { knowledge, problems } = resolveKnowledge({
      process: "formation",
      chemistry: "LFP/graphite",
      cell: { upper_voltage: 3.65, lower_voltage: 2.5 },
      parameters: { slow_rate: { unit: "C" }, oven: { unit: "K" } },
      protocol: { slow_rate: "c_rate_cc1", oven: "temperature" },
    });
    expect(problems).toEqual([]);
    expect(knowledge?.limits.map((l) => l.expression)).toContain("slow_rate <= 0.05 * (oven - 278.15)");
  });

  it("reports a step that the family does not have, and one that two parameters set", () => {
    const { problems } = resolveKnowledge({
      process: "formation",
      parameters: { a: {}, b: {}, c: {} },
      protocol: { a: "c_rate_cc9", b: "c_rate_cc1", c: "c_rate_cc1" },
    });
    expect(problems.map((p) => p.where)).toEqual(["protocol.a", "protocol.c"]);
  });

  it("refuses a solid density that contradicts the recipe", () => {
    const spec = { process: "calendering", material: { preset: "NMC622", solid_density: 5.2 } };
    expect(resolveKnowledge(spec).problems.map((p) => p.where)).toEqual(["material.solid_density"]);
  });

  it("passes the plant's own constants on, and reports those that cannot be", () => {
    const spec = { process: "calendering", economics: { calendering_cost_per_year: 1e6, cycling_share: 3 } };
    const { knowledge, problems } = resolveKnowledge(spec);
    expect(problems.map((p) => p.where)).toEqual(["economics.cycling_share"]);
    const values = { line_speed: 80, passes: 1, roll_temperature: 25 };
    expect(knowledge!.formulas[0]!.evaluate(values)).toBeCloseTo(1e6 / 67.67e6, 12);
  });

  it("asks for the cycling share where an outcome is formation.cost", () => {
    const spec = {
      process: "formation",
      chemistry: "LFP/graphite",
      outcomes: { money: { formula: "formation.cost" } },
    };
    expect(resolveKnowledge(spec).knowledge!.notes.join(" ")).toContain("cycling_share");
  });
});
