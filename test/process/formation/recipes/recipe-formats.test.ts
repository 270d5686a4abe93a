import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RECIPE_FORMATS } from "../../../../src/process/formation/recipes/recipe-formats.js";
import { recipeDifference, writeRecipe } from "../../../../src/process/formation/recipes/write-recipe.js";
import { sealHolds } from "../../../../src/process/seal-text.js";
import { familyDefaults } from "../../../../src/process/formation/protocol-family.js";
import { anyCapacity, anyParameters, CELL, recipeOf } from "./example-recipes.js";

describe.each(RECIPE_FORMATS)("recipe format $name", (format) => {
  it("gives back every step, guard and limit of any protocol of the family", () => {
    fc.assert(
      fc.property(anyParameters, anyCapacity, (parameters, capacityAh) => {
        const recipe = recipeOf(parameters, capacityAh);
        const files = writeRecipe(recipe, format);
        expect(files).toHaveLength(format.split ? 2 : 1);
        for (const [i, { text }] of files.entries()) {
          const phases = format.split ? [recipe.phases[i]!] : recipe.phases;
          expect(recipeDifference(text, recipe, phases, format)).toBeNull();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("says that it is a proposal, of which standing it is, and carries a checksum that any change breaks", () => {
    for (const { text } of writeRecipe(recipeOf(familyDefaults(CELL)), format)) {
      const plain = text.replaceAll("&amp;", "&");
      expect(plain).toContain("A proposal for a person to check");
      expect(plain).toContain(format.standing);
      expect(text).toMatch(/^[\x09\x0a\x0d -~]+$/u);
      expect(sealHolds(text)).toBe(true);
      expect(sealHolds(text.replace("person", "parson"))).toBe(false);
    }
  });

  it("stands hostile names and notes", () => {
    const plain = recipeOf(familyDefaults(CELL));
    const trial = `</a> --- "x" & [Schedule]\n1^2 = sha256:${"f".repeat(64)}`;
    const provenance = { ...plain.provenance, trial };
    const recipe = { ...plain, name: trial, provenance, notes: [trial, ...plain.notes] };
    for (const { text } of writeRecipe(recipe, format)) expect(sealHolds(text)).toBe(true);
  });

  it("notices a changed step and a changed window", () => {
    const recipe = recipeOf(familyDefaults(CELL));
    const phases = format.split ? [recipe.phases[0]!] : recipe.phases;
    const [file] = writeRecipe(recipe, format);
    const phase = phases[0]!;
    const otherSteps = [{ ...phase, actions: phase.actions.slice(1) }, ...phases.slice(1)];
    expect(recipeDifference(file!.text, recipe, otherSteps, format)).toMatch(/steps|step 1/u);
    if (format.carries.length === 0) return;
    const otherWindow = [{ ...phase, window: { ...phase.window, minVolts: 2.5 } }, ...phases.slice(1)];
    expect(recipeDifference(file!.text, recipe, otherWindow, format)).toContain(
      "minVolts -0.5 instead of 2.5",
    );
  });
});
