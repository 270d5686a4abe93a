import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

async function reasonsOf(more: Record<string, unknown>, rows = 12) {
  const { suggestions } = await ask(withTrials(twoParameterCampaign(more), bowlTrials(rows)), { count: 1 });
  return suggestions[0]!;
}

describe("reasonsFor", () => {
  it("opens with the predicted value and its distance from the best tried setting", async () => {
    const { reasons, predictions } = await reasonsOf(
      { outcomes: { y: { unit: "mAh", goal: "maximize" } } },
      8,
    );
    const [, mean] = /^y ([\d.]+) mAh \[/.exec(reasons[0]!)!;
    expect(Number(mean)).toBeCloseTo(predictions["y"]!.mean, 1);
    expect(reasons[0]).toMatch(
      /(more than the best tried setting|could still beat the best tried setting) \([\d.]+ mAh, predicted at a [\d.]+, b [\d.]+\)/,
    );
  });

  it("says that nothing has to be learned where every outcome is computed", async () => {
    const campaign = twoParameterCampaign({
      outcomes: { y: { unit: "1", goal: "minimize", formula: "(a - 0.3)^2 + b" } },
    });
    const { suggestions, advice } = await ask(campaign, { count: 1 });
    expect(suggestions[0]!.reasons[0]).toBe(
      "Among the best settings as computed: nothing has to be learned.",
    );
    expect(advice.why).toContain("no run is needed to learn one");
  });

  it("tells many settings by their trial, and only those that differ most from the nearest run", async () => {
    const names = Array.from({ length: 8 }, (_, k) => `p${k}`);
    const campaign = createCampaign({
      campaign: "many",
      parameters: Object.fromEntries(names.map((name) => [name, { unit: "1", min: 0, max: 1, step: 0.01 }])),
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const rows = Array.from({ length: 20 }, (_, i) => {
      const values = names.map((_, k) => Math.round(100 * ((0.5 + i * (0.41 + 0.073 * k)) % 1)) / 100);
      const settings = Object.fromEntries(names.map((name, k) => [name, values[k]!]));
      return completed(`t${i}`, settings, { y: values[0]! - values[1]! * values[2]! });
    });
    const [suggestion] = (await ask(withTrials(campaign, rows), { count: 1 })).suggestions;
    expect(suggestion!.reasons[0]).toMatch(/predicted at the settings of t\d+\)/);
    const nearest = suggestion!.reasons.find((r) => r.startsWith("Nearest earlier run"))!;
    expect(nearest.match(/instead of/g)).toHaveLength(6);
    expect(nearest).toMatch(/, and [12] other settings?\.$/);
  });

  it("says which share is exploration; the two add up to all of it", async () => {
    const { reasons } = await reasonsOf({}, 8);
    const sentence = reasons.find((r) => r.includes("expected gain"))!;
    const shares = [...sentence.matchAll(/(\d+) %/g)].map((m) => Number(m[1]));
    expect(shares.length === 0 ? 100 : shares[0]! + shares[1]!).toBe(100);
  });

  it("names the nearest earlier run and how it differs", async () => {
    const { reasons, parameters } = await reasonsOf({
      parameters: {
        a: { unit: "1", min: 0, max: 1, step: 0.1 },
        b: { unit: "1", min: 0, max: 1, step: 0.1 },
      },
    });
    const sentence = reasons.find((r) => r.startsWith("Nearest earlier run"))!;
    expect(sentence).toMatch(
      /^Nearest earlier run: t\d+, with a [\d.]+ instead of [\d.]+, b [\d.]+ instead of [\d.]+\.$/,
    );
    expect(sentence).toContain(`instead of ${parameters["a"]}`);
  });

  it("says that the optimum lies on a bound, and which constraint holds it back", async () => {
    const rising = (a: number, b: number) => 10 * a + 5 * b;
    const rows = bowlTrials(12).map((t) =>
      completed(t.id, t.parameters, { y: rising(Number(t.parameters["a"]), Number(t.parameters["b"])) }),
    );
    const campaign = withTrials(twoParameterCampaign(), rows);
    expect((await ask(campaign, { count: 1 })).suggestions[0]?.reasons).toContain(
      "a is at its upper bound, 1.",
    );
    const limited = withTrials(twoParameterCampaign({ constraints: ["a <= 1 - 0.5 * b"] }), rows);
    expect((await ask(limited, { count: 1 })).suggestions[0]?.reasons).toContain(
      "Held back by a <= 1 - 0.5 * b.",
    );
  });

  it("compares only with tried settings that are as good in the other objective", async () => {
    const outcomes = {
      y: { unit: "mAh", goal: "maximize", threshold: 0 },
      time: { unit: "h", goal: "minimize", threshold: 3, formula: "1 h + 2 h * a" },
    };
    const { reasons, predictions } = await reasonsOf({ outcomes });
    expect(reasons[0]).toMatch(
      /^y [\d.]+ mAh \[.*\](, [\d.]+ mAh more than any tried setting with| at| with) time of at most [\d.]+ h/,
    );
    const [, hours] = /time of at most ([\d.]+) h/.exec(reasons[0]!)!;
    expect(Number(hours)).toBeCloseTo(predictions["time"]!.mean, 2);
  });

  it("talks of choices by their names", async () => {
    const campaign = createCampaign({
      campaign: "c",
      parameters: {
        mode: { choices: ["soft", "hard"] },
        load: { unit: "N/mm", values: [100, 200, 300, 400] },
      },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const rows = [
      completed("t1", { mode: "soft", load: 100 }, { y: 1 }),
      completed("t2", { mode: "hard", load: 300 }, { y: 3 }),
      completed("t3", { mode: "soft", load: 200 }, { y: 2 }),
      completed("t4", { mode: "hard", load: 100 }, { y: 1.2 }),
    ];
    const [suggestion] = (await ask(withTrials(campaign, rows), { count: 1 })).suggestions;
    expect(suggestion?.reasons.join(" ")).toMatch(/mode (hard|soft)|load \d+ N\/mm instead of/);
    expect(suggestion?.reasons.join(" ")).not.toMatch(/mode [01]/);
  });
});
