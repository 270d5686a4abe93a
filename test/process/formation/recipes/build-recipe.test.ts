import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../../../src/errors.js";
import { familyDefaults } from "../../../../src/process/formation/protocol-family.js";
import { buildRecipe } from "../../../../src/process/formation/recipes/build-recipe.js";
import { expandActions, type RecipeAction } from "../../../../src/process/formation/recipes/recipe.js";
import { anyCapacity, anyParameters, CELL, recipeOf } from "./example-recipes.js";

const all = (recipe: ReturnType<typeof recipeOf>): RecipeAction[] =>
  recipe.phases.flatMap(({ actions }) => expandActions(actions));

describe("buildRecipe", () => {
  it("never exceeds a rate, a voltage or a time end of the protocol by rounding", () => {
    fc.assert(
      fc.property(anyParameters, anyCapacity, (p, capacityAh) => {
        const most = Math.max(p.c_rate_cc1, p.c_rate_cc2, p.c_rate_discharge, 0.05) * capacityAh * 1000;
        for (const action of all(recipeOf(p, capacityAh))) {
          if (action.kind === "current") {
            expect(Math.abs(action.milliamps)).toBeLessThanOrEqual(most * (1 + 1e-9));
            expect(Math.abs(action.milliamps)).toBeGreaterThan(0);
            expect(action.guardSeconds).toBeGreaterThan(0);
            if (action.milliamps > 0) expect(action.untilVolts).toBeLessThanOrEqual(p.v_cutoff_cc2);
            else expect(action.untilVolts).toBeGreaterThanOrEqual(p.v_lower);
          } else expect(action.seconds).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("opens the window at -0.5 V until the cell is above its lower voltage, and just below that voltage from then on", () => {
    fc.assert(
      fc.property(anyParameters, (p) => {
        const [before, after] = recipeOf(p).phases;
        expect(before!.window.minVolts).toBe(-0.5);
        expect(after!.window.minVolts).toBe(2.75);
        const last = expandActions(before!.actions).at(-1)!;
        expect(last).toMatchObject({ kind: "current", untilVolts: 3.1 });
        for (const { window, actions } of [before!, after!]) {
          for (const action of expandActions(actions)) {
            const volts =
              action.kind === "current" ? action.untilVolts : action.kind === "hold" ? action.volts : 3.1;
            expect(volts).toBeGreaterThan(window.minVolts);
            expect(volts).toBeLessThan(window.maxVolts);
            if (action.kind === "current")
              expect(Math.abs(action.milliamps)).toBeLessThan(window.maxMilliamps);
          }
        }
      }),
    );
  });

  it("cuts the first charge in two at the same current", () => {
    const recipe = recipeOf({ ...familyDefaults(CELL), c_rate_cc1: 0.37 });
    const cut = all(recipe).filter((a) => a.kind === "current" && a.milliamps === 1850);
    expect(cut).toEqual([
      { kind: "current", milliamps: 1850, untilVolts: 3.1, guardSeconds: 15568 },
      { kind: "current", milliamps: 1850, untilVolts: 3.7, guardSeconds: 15568 },
    ]);
    expect(recipe.notes.at(-1)).toContain("-0.5 V until the cell has been charged to 3.1 V");
  });

  it("refuses a protocol that never charges above the lower voltage, or changes its temperature", () => {
    const { provenance } = recipeOf(familyDefaults(CELL));
    const build = (steps: Parameters<typeof buildRecipe>[0]["protocol"]["steps"]) => () =>
      buildRecipe({ name: "x", protocol: { temperatureC: 25, steps }, cell: CELL, provenance, notes: [] });
    expect(build([{ mode: "rest", hours: 1 }])).toThrow(CellwrightError);
    expect(build([{ mode: "constant-current", rateC: 0.1, untilVoltageV: 4, temperatureC: 45 }])).toThrow(
      CellwrightError,
    );
    expect(build([{ mode: "constant-current", rateC: Number.NaN, untilVoltageV: 4 }])).toThrow(
      CellwrightError,
    );
  });
});
