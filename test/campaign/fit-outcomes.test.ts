import { describe, expect, it } from "vitest";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import {
  baseRate,
  fitOutcomes,
  hasSkill,
  predictOutcome,
  skillInContext,
} from "../../src/campaign/fit-outcomes.js";
import { createRng } from "../../src/math/rng.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

/** The response differs between two weights, and within a weight only by noise. */
function betweenContextsOnly() {
  const rng = createRng(2);
  const campaign = createCampaign({
    campaign: "c",
    parameters: { a: { unit: "1", min: 0, max: 1 } },
    context: { weight: { unit: "g/m2", min: 100, max: 200, value: 180 } },
    outcomes: { y: { unit: "1", spec: { min: 0 } } },
  });
  const trials = Array.from({ length: 24 }, (_, i) => {
    const weight = i % 2 === 0 ? 120 : 180;
    return completed(
      `t${i}`,
      { a: Math.floor(i / 2) / 11 },
      { y: (weight === 120 ? 10 : 0) + rng.normal() },
      { context: { weight } },
    );
  });
  return withTrials(campaign, trials);
}

describe("fitOutcomes", () => {
  it("fits learned outcomes and leaves known and unmeasured ones out", async () => {
    const outcomes = {
      y: { unit: "1", goal: "maximize" },
      never: { unit: "1", goal: "minimize" },
      known: { unit: "1", formula: "a + b" },
    };
    const { fitted, unfitted, messages } = await fitOutcomes(
      withTrials(twoParameterCampaign({ outcomes }), bowlTrials(8)),
    );
    expect([...fitted.keys()]).toEqual(["y"]);
    expect([...unfitted]).toEqual([["never", 0]]);
    expect(fitted.get("y")).toMatchObject({ settings: 8 });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /^y: learned from 8 rows at 8 settings, scale identity, noise standard deviation [\d.e-]+; R² [\d.-]+ of conditions left out one at a time\.$/,
    );
  });

  it("does not fit one setting, however often it was repeated", async () => {
    const same = bowlTrials(1).flatMap((t) => ["x", "y", "z"].map((id) => ({ ...t, id })));
    const { fitted, unfitted } = await fitOutcomes(withTrials(twoParameterCampaign(), same));
    expect(fitted.size).toBe(0);
    expect([...unfitted]).toEqual([["y", 1]]);
  });

  it("warns of few conditions instead of stating a skill", async () => {
    const { fitted, messages } = await fitOutcomes(withTrials(twoParameterCampaign(), bowlTrials(4)));
    expect(fitted.get("y")?.skill.r2).toBeNull();
    expect(messages[0]).toContain("fewer than 5 conditions, so its skill is not known");
  });

  it("says that equal outcomes leave nothing to predict, and nothing of the error of what was never measured", async () => {
    const outcomes = { y: { unit: "1", goal: "maximize" }, never: { unit: "1", sem: 0.1, spec: { min: 0 } } };
    const equal = bowlTrials(8).map((t) => ({ ...t, observations: { y: { value: 3 } } }));
    const { messages } = await fitOutcomes(withTrials(twoParameterCampaign({ outcomes }), equal));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain("all conditions are equal, so there is nothing to predict");
  });

  it("is cancelled by its signal", async () => {
    await expect(
      fitOutcomes(withTrials(twoParameterCampaign(), bowlTrials(4)), { signal: AbortSignal.abort() }),
    ).rejects.toThrow("cancelled");
  });
});

describe("hasSkill", () => {
  it("looks inside the asked context, where a pooled R² can mislead", async () => {
    const campaign = betweenContextsOnly();
    const fitted = (await fitOutcomes(campaign)).fitted.get("y")!;
    expect(fitted.skill.r2).toBeGreaterThan(0.8);
    expect(skillInContext(campaign, fitted.skill, { weight: 180 })).toBeLessThan(0.3);
    expect(hasSkill(campaign, fitted, { weight: 180 })).toBe(false);
    expect(hasSkill(campaign, fitted, { weight: 150 })).toBe(true); // nothing was measured there: nothing speaks against it
  });

  it("is there for a smooth response", async () => {
    const campaign = withTrials(twoParameterCampaign(), bowlTrials(15));
    expect(hasSkill(campaign, (await fitOutcomes(campaign)).fitted.get("y")!, {})).toBe(true);
  });
});

describe("baseRate", () => {
  it("counts conditions, not rows, that kept the specification", async () => {
    const twice = bowlTrials(6).flatMap((t) => [t, { ...t, id: `${t.id}-again` }]);
    const fitted = (await fitOutcomes(withTrials(twoParameterCampaign(), twice))).fitted.get("y")!;
    const values = bowlTrials(6).map((t) => t.observations["y"]!.value);
    const median = [...values].sort((a, b) => a - b)[3]!;
    expect(baseRate(fitted, median, Infinity)).toMatchObject({ passed: 3, of: 6 });
  });
});

describe("predictOutcome", () => {
  it("adds the gauge's error to the interval of a new run where nothing is replicated", async () => {
    const outcomes = (sem: number) => ({ y: { unit: "1", goal: "maximize", ...(sem > 0 ? { sem } : {}) } });
    const interval = async (sem: number) => {
      const campaign = withTrials(twoParameterCampaign({ outcomes: outcomes(sem) }), bowlTrials(20));
      const [p] = predictOutcome(
        (await fitOutcomes(campaign)).fitted.get("y")!,
        [Float64Array.of(0.3, 0.7)],
        [0],
      );
      return p!.interval95[1] - p!.interval95[0];
    };
    expect(await interval(0.5)).toBeGreaterThan(2 * 1.9 * 0.5);
    expect(await interval(0)).toBeLessThan(1);
  });
});
