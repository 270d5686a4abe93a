import { describe, expect, it } from "vitest";
import { CALENDER_FORMATS } from "../../../../src/process/calendering/recipes/calender-recipe.js";
import { writeCalenderRecipe } from "../../../../src/process/calendering/recipes/write-calender-recipe.js";
import { sealHolds } from "../../../../src/process/seal-text.js";

const recipe = {
  name: "line-3",
  settings: [
    { name: "line_load", unit: "N/mm", value: 812.5, allowed: "200 to 1600" },
    { name: "belt", unit: "1", value: "a<b", allowed: "a<b, c" },
  ],
  provenance: {
    software: "cellwright 0.0.0",
    campaign: "line-3",
    campaignHash: "0",
    createdAt: "2026-01-02T03:04:05Z",
    settings: {},
  },
  notes: ["Check & sign."],
};

describe.each(CALENDER_FORMATS)("calender recipe $name", (format) => {
  it("gives back its settings, is sealed, and says that it is a proposal", () => {
    const text = writeCalenderRecipe(recipe, format);
    expect(format.read(text)).toEqual(recipe.settings);
    expect(sealHolds(text)).toBe(true);
    expect(sealHolds(text.replace("812.5", "912.5"))).toBe(false);
    expect(text).toContain("A proposal for a person to check");
  });
});
