import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import {
  baseRate,
  fitOutcomes,
  hasSkill,
  predictOutcome,
  skillInContext,
} from "../../src/campaign/fit-outcomes.js";
import { knownOutcome } from "../../src/campaign/known-outcome.js";
import { shippedCampaign } from "./campaign-fixtures.js";

/** Numbers of the demonstration campaigns as a dimension-scaled Matérn-5/2 process computed them from the same rows. */
describe("the calendering demonstration", async () => {
  const campaign = shippedCampaign("nmc622-pilot-density");
  const context = { target_coating_weight: 182.73 };
  const fits = await fitOutcomes(campaign);
  const predicted = (name: string) => {
    const fitted = fits.fitted.get(name)!;
    const points = [2.7, 2.95, 3.2].map((target_density) => ({
      parameters: { target_density, roll_temperature: 120 },
      context,
    }));
    const x = points.map((p) => campaign.space.encode(p.parameters, p.context));
    return predictOutcome(
      fitted,
      x,
      points.map((p) => fitted.rows.noiseLevelAt(p)),
    );
  };

  it.each([
    ["capacity_5c_volumetric", [113, 195, 177], 15],
    ["capacity_0p2c_volumetric", [418, 462, 493], 3],
    ["porosity_after", [39.7, 34.8, 29.9], 0.5],
  ])("predicts %s at 182.73 g/m2 and 120 degC as the reference does", (name, reference, tolerance) => {
    predicted(name).forEach(({ mean }, i) => expect(Math.abs(mean - reference[i]!)).toBeLessThan(tolerance));
  });

  it("knows little of 5C between the measured levels, and says so in the interval", () => {
    const fitted = fits.fitted.get("capacity_5c_volumetric")!;
    const at = { parameters: { target_density: 3.05, roll_temperature: 120 }, context };
    const [between] = predictOutcome(
      fitted,
      [campaign.space.encode(at.parameters, context)],
      [fitted.rows.noiseLevelAt(at)],
    );
    const half = (between!.interval95[1] - between!.interval95[0]) / 2;
    expect(half).toBeGreaterThan(70);
    expect(half).toBeLessThan(115);
  });

  it("counts what was measured once per sheet once, and gives each coating weight its own noise", () => {
    expect(fits.messages).toContain("porosity_after was measured once per group: 54 rows count as 18.");
    expect(fits.fitted.get("capacity_5c_volumetric")?.rows.data.y).toHaveLength(54);
    expect(fits.messages.join()).toMatch(
      /capacity_5c_volumetric: replicates scatter differently by target_coating_weight/,
    );
  });

  it("reproduces the skill of the quality table, pooled and within the coating weight", () => {
    const r2 = (name: string) => fits.fitted.get(name)!.skill.r2!;
    expect(r2("porosity_after")).toBeGreaterThan(0.9);
    expect(r2("capacity_0p2c_volumetric")).toBeGreaterThan(0.93);
    expect(r2("capacity_5c_volumetric")).toBeGreaterThan(0.7);
    const within = skillInContext(campaign, fits.fitted.get("capacity_5c_volumetric")!.skill, context);
    expect(within).toBeLessThan(0);
  });

  it("finds no skill for tensile strength, and states that 17 of 18 passed", () => {
    const tensile = fits.fitted.get("tensile_strength_after")!;
    expect(hasSkill(campaign, tensile, context)).toBe(false);
    expect(baseRate(tensile, 600, Infinity)).toMatchObject({ passed: 17, of: 18 });
  });

  it.each([1, 2, 3])("suggests dense but not too dense electrodes (seed %i)", async (seed) => {
    const answer = await ask(campaign, { seed });
    expect(answer.suggestions).toHaveLength(4);
    for (const { parameters, predictions, specifications, probabilityFeasible } of answer.suggestions) {
      expect(parameters["target_density"]).toBeGreaterThanOrEqual(2.9);
      expect(parameters["target_density"]).toBeLessThanOrEqual(3.2);
      expect(predictions["porosity_after"]?.mean).toBeLessThan(36.5);
      expect(specifications["tensile_strength_after"]).toMatchObject({
        kind: "base-rate",
        passed: 17,
        of: 18,
      });
      expect(probabilityFeasible).toBeGreaterThan(0.4);
    }
    expect(answer.warnings.join()).toContain("capacity_5c_volumetric: the model tells contexts apart");
  });
});

describe("the formation demonstration", () => {
  const campaign = shippedCampaign("nmc-graphite-formation");
  const context = { rest_ocv: 0, n_verification_cycles: 0 };
  const encode = (c1: number, v1: number, c2: number, temperature: number, n = 0) =>
    campaign.space.encode(
      { c_rate_cc1: c1, v_cutoff_cc1: v1, c_rate_cc2: c2, temperature },
      { ...context, n_verification_cycles: n },
    );
  const cyclerTime = knownOutcome(campaign, campaign.outcomes.find((o) => o.name === "cycler_time")!);

  it.each([
    [1.48, 4.0, 1.6, 0, 8.0],
    [0.43, 3.67, 1.97, 0, 8.4],
    [0.83, 3.79, 0.27, 0, 10.4],
    [0.07, 3.99, 2.21, 0, 20.7],
    [0.02, 4.06, 0.09, 0, 60.3],
    [0.02, 3.88, 0.02, 0, 71.5],
    [0.02, 3.94, 0.02, 5, 126.3],
  ])(
    "computes the cycler time of (%d C, %d V, %d C, n = %i) within 4 %% of the measured hours",
    (c1, v1, c2, n, hours) => {
      expect(Math.abs(cyclerTime.evaluate(encode(c1, v1, c2, 25, n)) / hours - 1)).toBeLessThan(0.04);
    },
  );

  it("gives past cells with one verification cycle the time of two", () => {
    const past = campaign.trials.filter((t) => t.context["n_verification_cycles"] === 1);
    expect(past.length).toBe(35);
    for (const { parameters, observations, context: state } of past) {
      const computed = cyclerTime.evaluate(campaign.space.encode(parameters, state));
      expect(observations["cycler_time"]!.value - computed).toBeCloseTo(10.6, 2);
    }
  });

  it("learns life with the scatter of replicates and the skill that the reference has", async () => {
    const life = (await fitOutcomes(campaign)).fitted.get("cycle_life")!;
    const noise = Number(life.model.describe()["noise standard deviation (of the logarithm)"]);
    expect(noise).toBeGreaterThan(0.07);
    expect(noise).toBeLessThan(0.1);
    expect(life.skill.conditions).toHaveLength(62);
    expect(life.skill.r2).toBeGreaterThan(0.45);
    expect(life.skill.r2).toBeLessThan(0.7);
  });

  it("predicts a front on which fifty hours buy little, with the dimension-scaled preset", async () => {
    const life = (await fitOutcomes(campaign, { preset: "hvarfner-2024" })).fitted.get("cycle_life")!;
    const [fast, slow] = predictOutcome(
      life,
      [encode(0.5, 4.0, 0.85, 55), encode(0.025, 4.0, 0.035, 55)],
      [0, 0],
    );
    expect(fast!.mean).toBeGreaterThan(800);
    expect(fast!.mean).toBeLessThan(1040);
    expect(slow!.mean).toBeGreaterThan(950);
    expect(slow!.mean).toBeLessThan(1270);
    expect(slow!.mean).toBeGreaterThan(fast!.mean);
  });

  it("suggests protocols inside the guards, with hours that are known to 2 %", async () => {
    const answer = await ask(campaign);
    expect(answer.suggestions).toHaveLength(4);
    for (const { parameters, predictions, hours, context: state } of answer.suggestions) {
      const [c1, c2, temperature] = [
        parameters["c_rate_cc1"],
        parameters["c_rate_cc2"],
        parameters["temperature"],
      ].map(Number) as [number, number, number];
      expect(c1).toBeLessThanOrEqual(0.05 * (temperature - 5) + 1e-9);
      expect(c2).toBeLessThanOrEqual(0.03 * (temperature - 5) + 1e-9);
      expect(temperature).toBeLessThanOrEqual(55);
      expect(state).toEqual(context);
      const time = predictions["cycler_time"]!;
      expect(time.source).toBe("known");
      expect(time.stdDev).toBeCloseTo(0.02 * time.mean, 9);
      expect(hours).toBe(time.mean);
      expect(predictions["cycle_life"]!.mean).toBeGreaterThan(600);
    }
    expect(answer.advice.why).toContain("hypervolume");
  });

  it("has no more than the rows of the data outside the bounds, all of which teach", () => {
    expect(campaign.trials).toHaveLength(178);
    const inside = campaign.trials.filter(
      (t) => Number(t.parameters["c_rate_cc1"]) <= 1.5 && Number(t.parameters["c_rate_cc2"]) <= 1,
    );
    expect(inside).toHaveLength(106);
    expect(new Set(inside.map((t) => t.group)).size).toBe(37);
  });
});
