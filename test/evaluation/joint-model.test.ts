import { describe, expect, it } from "vitest";
import { type Campaign, createCampaign } from "../../src/campaign/campaign.js";
import { CellwrightError } from "../../src/errors.js";
import { compareJointly } from "../../src/evaluation/joint-model.js";
import { createRng } from "../../src/math/rng.js";
import { smallCampaign, smallSpec, smallTrials } from "./small-campaign.js";

/** SYNTHETIC: density follows porosity with noise of its own, but was measured in every third run only. */
function relatedCampaign(seed: number): Campaign {
  const rng = createRng(seed);
  const trials = smallTrials({ groups: 16, seed }).map((trial, i) => {
    const porosity = trial.observations["porosity"]!;
    const solid = 1 - (porosity.value + 0.3 * rng.normal()) / 100;
    return {
      ...trial,
      observations: i % 3 === 0 ? { porosity, density: { value: 4.2 * solid } } : { porosity },
    };
  });
  const outcomes = { porosity: { unit: "%", goal: "minimize" }, density: { unit: "g/cm3" } };
  return createCampaign({ ...smallSpec, outcomes }, { trials });
}

describe("comparing the joint model with one model per outcome", () => {
  const comparisons = [7, 8, 9].map((seed) => compareJointly(relatedCampaign(seed), { folds: 4 }));
  const comparison = comparisons[0]!;

  it("scores every measured outcome on the same held-out groups", () => {
    expect(comparison.outcomes.map(({ outcome }) => outcome)).toEqual(["porosity", "density"]);
    for (const { joint, independent } of comparison.outcomes) {
      expect(joint.observations).toBe(independent.observations);
      expect(joint.groups).toBe(independent.groups);
      expect(Number.isFinite(joint.nlpd)).toBe(true);
    }
  });

  it("finds that a sparsely measured outcome gains by a related one, and says by how much", () => {
    let gain = 0;
    for (const { model, outcomes } of comparisons) {
      const density = outcomes[1]!;
      expect(model.rank).toBe(1);
      expect(density.joint.rmse).toBeLessThan(0.7 * density.independent.rmse);
      gain += density.gain.mean / comparisons.length;
    }
    expect(gain).toBeGreaterThan(0.2);
    expect(comparison.words[0]).toContain("strongest correlation: porosity with density, -");
    expect(comparison.words[2]).toContain(
      `${Math.abs(comparison.outcomes[1]!.gain.mean).toFixed(2)} nats a group`,
    );
  });

  it("leaves computed outcomes out, and says where outcomes have nothing in common", () => {
    const { outcomes, words, model } = compareJointly(smallCampaign(), { folds: 3 });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["porosity", "noise_only"]);
    expect(model.rank).toBe(0);
    expect(words[0]).toBe("The outcomes tell nothing about one another: the joint model keeps them apart.");
  });

  it("refuses a campaign with a single measured outcome", () => {
    const one = createCampaign(
      { ...smallSpec, outcomes: { porosity: { unit: "%", goal: "minimize" } } },
      {
        trials: smallTrials().map((trial) => ({
          ...trial,
          observations: { porosity: trial.observations["porosity"]! },
        })),
      },
    );
    expect(() => compareJointly(one)).toThrow(CellwrightError);
    expect(() => compareJointly(one)).toThrow("at least two measured outcomes");
  });
});
