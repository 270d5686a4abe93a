import { describe, expect, it } from "vitest";
import { checkCalenderedRun } from "../../../src/process/calendering/check-run.js";
import { findMaterial } from "../../../src/process/calendering/materials.js";

const graphite = findMaterial("graphite")!; // 2.171 g/cm3 without pores
const run = (values: Readonly<Record<string, readonly [number, string]>>, accepted?: string) => ({
  values: new Map(Object.entries(values).map(([name, [value, unit]]) => [name, { value, unit }])),
  ...(accepted === undefined ? {} : { accepted }),
});
const verdicts = (...args: Parameters<typeof checkCalenderedRun>) =>
  checkCalenderedRun(...args).map(({ verdict, message }) => [verdict, message.split(" ")[0]]);

describe("a calendered run", () => {
  it("is refused beyond 2 points of porosity, warned below, and silent where the columns agree", () => {
    const at = (porosity: number) => run({ density: [1.5, "g/cm3"], porosity: [porosity, "%"] });
    expect(verdicts(at(30.9), graphite)).toEqual([]);
    expect(verdicts(at(32), graphite)).toEqual([["warned", "porosity"]]);
    expect(verdicts(at(35), graphite)).toEqual([["refused", "porosity"]]);
    expect(verdicts(at(35), undefined)).toEqual([]); // the pore-free density is not known
  });

  it("is refused beyond 3 % of mass, in whatever units its columns are", () => {
    const of = (density: number) =>
      run({
        coating_weight: [10.5, "mg/cm2"],
        coating_thickness: [0.07, "mm"],
        density_after: [density, "g/cm3"],
      });
    expect(verdicts(of(1.5), graphite)).toEqual([]);
    expect(verdicts(of(1.53), graphite)).toEqual([["warned", "density"]]);
    expect(verdicts(of(1.7), graphite)).toEqual([["refused", "density"]]);
  });

  it("is checked before calendering too, and what has another kind of unit is something else", () => {
    const before = { initial_density: [0.95, "g/cm3"], initial_porosity: [50, "%"] } as const;
    expect(verdicts(run(before), graphite)).toEqual([["refused", "porosity"]]);
    expect(verdicts(run({ ...before, initial_porosity: [50, "N/m"] }), graphite)).toEqual([]);
  });

  it("is taken with a reason, which is repeated", () => {
    const [finding] = checkCalenderedRun(
      run({ density: [1.5, "g/cm3"], porosity: [35, "%"] }, "another binder"),
      graphite,
    );
    expect(finding!.verdict).toBe("warned");
    expect(finding!.message).toContain("accepted: another binder");
  });

  it("says what an over-compacted anode does in formation", () => {
    const [finding] = checkCalenderedRun(run({ porosity: [15, "%"] }), graphite);
    expect(finding!.message).toMatch(/below 20 %.*plates lithium in formation/u);
  });
});
