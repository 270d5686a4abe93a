import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../src/space/expression.js";
import { overrideEconomics } from "../../../src/process/economics/economic-constants.js";
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
    expect(limits.map((l) => l.expression)).toContain("c_rate_cc1 <= 1 C");
  });

  it("states the guard in the campaign's own units, so that kelvin do not loosen it", () => {
    const guard = (unit: string, rateUnit = "C"): string => {
      const units = new Map([
        ["temperature", unit],
        ["c_rate_cc1", rateUnit],
      ]);
      const { limits } = formationKnowledge({ names, units });
      const { expression } = limits.find((l) => l.name === "c_rate_cc1 plating guard")!;
      return expression;
    };
    expect(guard("K")).toBe("c_rate_cc1 <= 0.05 * (temperature - 278.15)");
    expect(guard("degF")).toBe("c_rate_cc1 <= 0.0277777777778 * (temperature - 41)");
    const slack = (unit: string, temperature: number): number =>
      compileExpression(guard(unit), {
        names: new Map([
          ["c_rate_cc1", "C"],
          ["temperature", unit],
        ]),
      }).evaluate({ c_rate_cc1: 1, temperature });
    for (const [unit, value] of [
      ["degC", 25],
      ["K", 298.15],
      ["degF", 77],
    ] as const)
      expect(slack(unit, value)).toBeCloseTo(0, 9);
  });

  it("never lets 60 degC, 0 degC and the order of the voltages be loosened", () => {
    const many = new Set([...names, "v_cutoff_cc2", "v_lower_shallow", "precharge_voltage"]);
    const absolute = formationKnowledge({ chemistry: "LCO/graphite", names: many }).limits.filter(
      (l) => l.absolute === true,
    );
    expect(absolute.map((l) => l.expression)).toEqual([
      "temperature <= 60 degC",
      "temperature >= 0 degC",
      "precharge_voltage <= v_cutoff_cc1",
      "v_cutoff_cc1 <= v_cutoff_cc2",
      "v_lower_shallow <= v_cutoff_cc2 - 0.1 V",
    ]);
  });

  it("limits a parameter of another name that the campaign's protocol maps to a step", () => {
    const { limits, formulas } = formationKnowledge({
      chemistry: "NMC622/graphite",
      names: new Set(["fast", "switch", "slow", "oven"]),
      protocol: new Map([
        ["fast", "c_rate_cc1"],
        ["switch", "v_cutoff_cc1"],
        ["slow", "c_rate_cc2"],
        ["oven", "temperature"],
      ]),
    });
    const found = limits.map((l) => l.expression);
    expect(found).toContain("fast <= 0.05 * (oven - 5)");
    expect(found).toContain("switch <= 4.35 V");
    expect(formulas[0]!.inputs.map((i) => i.name)).toEqual(
      expect.arrayContaining(["fast", "switch", "slow", "oven"]),
    );
  });

  it("computes the cycler's hours by the fit for the shipped cells and by a model cell for others", () => {
    const settings = { c_rate_cc1: 0.02, v_cutoff_cc1: 3.88, c_rate_cc2: 0.02, n_verification_cycles: 0 };
    const [fitted] = formationKnowledge({ chemistry: "NMC-4.4V/graphite", names }).formulas;
    expect(fitted!.evaluate(settings)).toBeGreaterThan(68);
    expect(fitted!.description).toContain("measured cells");
    const cell = { upperVoltageV: 4.2, lowerVoltageV: 2.8 };
    const [model] = formationKnowledge({ chemistry: "NMC622/graphite", cell, names }).formulas;
    const defaults = Object.fromEntries(model!.inputs.map((i) => [i.name, i.default ?? 0]));
    expect(defaults["v_cutoff_cc2"]).toBe(4.2);
    expect(model!.evaluate({ ...defaults, ...settings, temperature: 25 })).toBeGreaterThan(50);
    expect(formationKnowledge({ names }).formulas).toEqual([]);
  });

  it("computes what formation costs, and asks for the cycling share where an outcome wants it", () => {
    const of = (given: Readonly<Record<string, unknown>>, costWanted = true) =>
      formationKnowledge({
        chemistry: "NMC-4.4V/graphite",
        names,
        economics: overrideEconomics(given).economics,
        costWanted,
      });
    const settings = {
      c_rate_cc1: 0.02,
      v_cutoff_cc1: 3.88,
      c_rate_cc2: 0.02,
      n_verification_cycles: 0,
      ageing_time: 336,
    };
    const cost = of({}).formulas.find((f) => f.name === "formation.cost")!;
    expect(cost.unit).toBe("USD/cell");
    expect(cost.evaluate(settings)).toBeLessThan(1.2066);
    expect(cost.evaluate({ ...settings, ageing_time: 500 })).toBeGreaterThan(cost.evaluate(settings));
    expect(of({}).notes.join(" ")).toContain("cycling_share");
    expect(of({ cycling_share: 0.4 }).notes.join(" ")).not.toContain("cycling_share");
    expect(of({}, false).notes.join(" ")).not.toContain("cycling_share");
  });

  it("warns of patented families that the campaign's parameters can reach", () => {
    const notes = (extra: string[]): string =>
      formationKnowledge({ names: new Set([...names, ...extra]) }).notes.join(" ");
    expect(notes([])).toContain("US 9,276,293");
    expect(notes([])).not.toContain("US 10,910,628");
    expect(notes(["n_shallow_cycles"])).toContain("US 10,910,628");
  });

  it("says what an unusual balance of the electrodes does in formation, and nothing of a usual one", () => {
    const said = (nPRatio?: number): string =>
      formationKnowledge({ names: new Set(), ...(nPRatio === undefined ? {} : { nPRatio }) })
        .notes.filter((note) => note.startsWith("n_p_ratio"))
        .join();
    expect(said()).toBe("");
    expect(said(1.1)).toBe("");
    expect(said(0.98)).toMatch(/plates at full charge whatever the rate/u);
    expect(said(1.02)).toMatch(/plates lithium there/u);
    expect(said(1.3)).toMatch(/lower first-cycle efficiency/u);
  });
});
