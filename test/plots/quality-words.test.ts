import { describe, expect, it } from "vitest";
import { baseRateSentence, qualitySentences, skillOf } from "../../src/plots/quality-words.js";
import type { OutcomeQuality } from "../../src/plots/report-data.js";

const figures = (r2: number | null) => ({ groups: 9, r2, rmse: 1, inside95: 8, of: 9 });
const quality = (
  pooled: number | null,
  within: number | null | undefined,
  changes: Partial<OutcomeQuality> = {},
): OutcomeQuality => ({
  outcome: "porosity",
  heldOut: "one condition at a time",
  pooled: figures(pooled),
  withinContext: within === undefined ? null : figures(within),
  without: [],
  parity: [],
  ...changes,
});
const baseRate = { passed: 17, of: 18, interval95: [0.764, 0.994] as const };

describe("skillOf", () => {
  it("judges by the asked state where there is one, else by all groups", () => {
    expect(skillOf(quality(0.9, 0.6))).toBe("rough");
    expect(skillOf(quality(0.9, undefined))).toBe("good");
    expect(skillOf(quality(0.84, -0.31))).toBe("none");
    expect(skillOf(quality(0.3, 0.2))).toBe("weak");
  });

  it("is none for a base rate, and unknown where R² is not defined", () => {
    expect(skillOf(quality(0.9, 0.9, { baseRate }))).toBe("none");
    expect(skillOf(quality(null, undefined))).toBe("unknown");
  });
});

describe("qualitySentences", () => {
  it("say nothing where pooled and inner figures agree and no parameter misleads", () => {
    expect(
      qualitySentences(
        quality(0.95, 0.96, { without: [{ parameter: "speed", pooledR2: 0.9, withinR2: 0.99 }] }),
        "Porosity",
        "weight 183",
      ),
    ).toEqual([]);
  });

  it("warn when the pooled figure only tells the states apart", () => {
    expect(qualitySentences(quality(0.84, -0.31), "5C capacity", "weight 183")).toEqual([
      "5C capacity: R² over all groups is 0.84, but at weight 183 only −0.31. The pooled figure is mostly the difference between the states.",
    ]);
  });

  it("say when the data do not establish the effect of a parameter", () => {
    const without = [{ parameter: "roll_temperature", pooledR2: 0.87, withinR2: 0.64 }];
    expect(qualitySentences(quality(0.2, -0.31, { without }), "5C capacity", "weight 183").at(-1)).toBe(
      "5C capacity: without roll temperature the model predicts better (R² at weight 183 0.64 instead of −0.31). These data do not establish an effect of roll temperature on it.",
    );
    expect(qualitySentences(quality(0.2, undefined, { without }), "5C capacity", "")[0]).toContain(
      "(R² 0.87 instead of 0.20)",
    );
  });

  it("call a base rate a base rate", () => {
    expect(baseRateSentence(baseRate)).toBe(
      "17 of 18 past groups held its specification (76 to 99 %): a base rate, not a prediction.",
    );
    expect(qualitySentences(quality(0.2, -0.3, { baseRate }), "Strength", "here").at(-1)).toContain(
      "cannot be predicted from these settings; 17 of 18",
    );
  });
});
