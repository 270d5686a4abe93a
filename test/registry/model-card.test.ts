import { describe, expect, it } from "vitest";
import { modelCard } from "../../src/registry/model-card.js";
import { modelDraft } from "./model-fixture.js";

const card = (changes = {}): string => modelCard({ ...modelDraft(changes), version: "0001-dddddddd" });

describe("modelCard", () => {
  it("says what it predicts, from what, and how good it is pooled and inside each context level", () => {
    const text = card();
    expect(text).toContain("# test-calendering, model 0001-dddddddd");
    expect(text).toContain("**porosity** (%) by gaussian-process (default)");
    expect(text).toContain("calendering_cost: not learned. It is computed from the settings.");
    expect(text).toContain("1 trials from the campaign's store or a file: 1 measured, 0 SYNTHETIC.");
    expect(text).toContain("initial_porosity (%, context): 40 to 48");
    expect(text).toContain("| porosity | all | 6 | 0.80 | 1.25 % | 92 % of 12 |");
    expect(text).toContain("| porosity | initial_porosity 44 | 4 | -0.20 | 1.25 % | 92 % of 12 |");
    expect(text).toContain("- Peel adhesion was not measured.");
  });

  it("warns where there is no skill, too little data, or SYNTHETIC rows", () => {
    expect(card()).toContain("porosity at initial_porosity 44: no skill (R² ≤ 0)");
    const [outcome] = modelDraft().outcomes;
    expect(card({ outcomes: [{ ...outcome!, scores: null, withinContext: [] }] })).toContain(
      "porosity: measured in too few groups to be judged at all",
    );
    const trials = modelDraft().trials.map((trial) => ({ ...trial, origin: "SYNTHETIC" as const }));
    expect(card({ trials })).toContain("SYNTHETIC rows were among those it learned from");
  });
});
