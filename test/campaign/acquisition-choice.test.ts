import { describe, expect, it } from "vitest";
import { ACQUISITION_FAMILIES, type AcquisitionFamily } from "../../src/acquisition/family-names.js";
import { requireFittingAcquisition } from "../../src/campaign/acquisition-choice.js";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { bowl, bowlTrials, twoParameterCampaign } from "./campaign-fixtures.js";

const withBowl = (rows: number, more: Record<string, unknown> = {}): Campaign =>
  withTrials(twoParameterCampaign(more), bowlTrials(rows));
const y = { unit: "1", goal: "maximize" };

/** `count` objectives that are best at different places. */
function manyObjectives(count: number, rows: number): Campaign {
  const names = Array.from({ length: count }, (_, m) => `y${m}`);
  const trials = bowlTrials(rows).map((trial) => {
    const [a, b] = [Number(trial.parameters["a"]), Number(trial.parameters["b"])];
    const values = names.map((name, m) => [name, { value: bowl(a - 0.1 * m, b + 0.08 * m) }] as const);
    return { ...trial, observations: Object.fromEntries(values) };
  });
  const outcomes = Object.fromEntries(names.map((name) => [name, { unit: "1", goal: "maximize" }]));
  return withTrials(twoParameterCampaign({ outcomes }), trials);
}

describe("ask, with an acquisition by name", () => {
  it.each<[AcquisitionFamily, string]>([
    ["log-ei", "log-expected-improvement"],
    ["log-nei", "log-noisy-expected-improvement"],
    ["ucb", "upper-confidence-bound"],
    ["thompson", "thompson-sample"],
    ["knowledge-gradient", "log-knowledge-gradient"],
    ["variance", "log-posterior-deviation"],
  ])("values runs by %s and says so", async (acquisition, name) => {
    const answer = await ask(withBowl(9), { count: 3, acquisition });
    expect(answer.suggestions.map((s) => s.acquisition.name)).toEqual(Array(3).fill(name));
    expect(answer.messages).toContain(`Runs are valued by ${acquisition}, as the request says.`);
    expect(new Set(answer.suggestions.map((s) => JSON.stringify(s.parameters))).size).toBe(3);
    expect(answer.provenance.seal).toBe((await ask(withBowl(9), { count: 3, acquisition })).provenance.seal);
  });

  it("takes the campaign file's strategy, and the request before it", async () => {
    const campaign = withBowl(9, { strategy: { acquisition: "ucb" } });
    expect((await ask(campaign, { count: 1 })).suggestions[0]?.acquisition.name).toBe(
      "upper-confidence-bound",
    );
    const asked = await ask(campaign, { count: 1, acquisition: "auto" });
    expect(asked.suggestions[0]?.acquisition.name).toMatch(/^log-.*expected-improvement$/);
    expect(asked.messages.join()).toMatch(/Runs are valued by log-n?ei.*, because/);
  });

  it("leaves the answer as it is where nothing is said", async () => {
    const plain = await ask(withBowl(9), { count: 2 });
    const asked = await ask(withBowl(9), { count: 2, acquisition: "auto" });
    expect(asked.suggestions).toEqual(plain.suggestions);
  });

  it("looks for the border of a specification by the straddle", async () => {
    const campaign = withBowl(14, { outcomes: { y: { unit: "1", spec: { min: 6 } } } });
    const { suggestions } = await ask(campaign, { count: 2, acquisition: "straddle" });
    for (const { predictions } of suggestions) {
      const [low, high] = predictions["y"]!.interval95;
      expect(low).toBeLessThan(6.5);
      expect(high).toBeGreaterThan(5.5);
    }
  });

  it("chooses, describes and advises with five objectives", async () => {
    const answer = await ask(manyObjectives(5, 10), { count: 2 });
    expect(answer.suggestions[0]?.acquisition.name).toBe("log-noisy-expected-scalarized-improvement");
    expect(answer.messages.join()).toMatch(/parego .*5 objectives/);
    expect(Object.keys(answer.suggestions[0]!.predictions)).toHaveLength(5);
    expect(answer.advice.expectedImprovement).toBeGreaterThan(0);
    expect(answer.advice.why).toContain("hypervolume");
  });

  it("falls back while the models it needs are missing, and says so", async () => {
    const outcomes = { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { min: 3 } } };
    const answer = await ask(withBowl(8, { outcomes }), { count: 1, acquisition: "straddle" });
    expect(answer.messages.join()).toContain("straddle cannot judge yet");
  });
});

describe("requireFittingAcquisition", () => {
  it.each<[AcquisitionFamily, Record<string, unknown>, RegExp]>([
    ["straddle", {}, /a specification of a learned outcome/],
    ["parego", {}, /at least two objectives \(the campaign has 1\)/],
    ["log-nehvi", {}, /two to 4 objectives \(the campaign has 1\)/],
    ["ucb", { outcomes: { y, z: y } }, /exactly one objective \(the campaign has 2\)/],
    ["log-ei", { outcomes: { y: { unit: "1", spec: { min: 1 } } } }, /exactly one objective/],
    ["thompson", { outcomes: { c: { unit: "1", goal: "minimize", formula: "2 * a" } } }, /that is learned/],
    ["variance", { outcomes: { c: { unit: "1", goal: "minimize", formula: "2 * a" } } }, /that is learned/],
  ])("refuses %s where it does not fit", (family, more, expected) => {
    const campaign = twoParameterCampaign(more);
    try {
      requireFittingAcquisition(campaign, family);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: "INVALID_OPTION",
        problems: [{ where: "acquisition", found: family }],
      });
      expect((error as { problems: { expected: string }[] }).problems[0]!.expected).toMatch(expected);
    }
  });

  it("refuses a name that there is not, with those that there are", () => {
    expect(() => requireFittingAcquisition(twoParameterCampaign(), "magic" as AcquisitionFamily)).toThrow(
      /magic does not fit/,
    );
  });

  it("takes every family for some campaign", () => {
    const one = twoParameterCampaign({ outcomes: { y: { ...y, spec: { min: 1 } } } });
    const two = twoParameterCampaign({ outcomes: { y, z: y } });
    for (const family of ACQUISITION_FAMILIES)
      requireFittingAcquisition(["log-nehvi", "parego"].includes(family) ? two : one, family);
    expect(ACQUISITION_FAMILIES.length).toBeGreaterThan(7);
  });
});
