import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { createRng } from "../../src/math/rng.js";
import { completed, twoParameterCampaign } from "./campaign-fixtures.js";

/** The objective rises with a; the temperature that must stay below 60 rises faster. */
const capacity = (a: number, b: number): number => 3 * a + b - b * b;
const temperature = (a: number, b: number): number => 20 + 55 * a * a + 8 * b;

function campaignWith(
  settings: readonly (readonly [number, number])[],
  more: Record<string, unknown> = {},
): Campaign {
  const campaign = twoParameterCampaign({
    outcomes: {
      y: { unit: "1", goal: "maximize" },
      t: { unit: "degC", spec: { max: 60, safety: true } },
      side: { unit: "1", spec: { min: -100 } },
    },
    ...more,
  });
  return withTrials(
    campaign,
    settings.map(([a, b], i) =>
      completed(`g${i}`, { a, b }, { y: capacity(a, b), t: temperature(a, b), side: a - b }),
    ),
  );
}
const START = [
  [0.1, 0.2],
  [0.2, 0.5],
  [0.15, 0.7],
] as const;

describe("safe mode", () => {
  it("shows nothing below the floor, breaks the limit hardly ever, and widens towards the best safe setting", async () => {
    let [shown, broken] = [0, 0];
    const reached: number[] = [];
    for (let round = 0; round < 3; round++) {
      const rng = createRng(round);
      let campaign = campaignWith([...START, [0.25 * rng.uniform(), rng.uniform()]]);
      for (let i = 0; i < 6; i++) {
        const { suggestions } = await ask(campaign, { count: 2, seed: i + 1, safe: 0.95 });
        for (const s of suggestions) {
          expect(s.safety!.probability).toBeGreaterThanOrEqual(0.95 - 1e-12);
          expect(s.safety!.floor).toBe(0.95);
          const { a, b } = s.parameters as { a: number; b: number };
          shown++;
          if (temperature(a, b) > 60) broken++;
          const result = completed(
            s.trial,
            { a, b },
            { y: capacity(a, b), t: temperature(a, b), side: a - b },
          );
          campaign = withTrials(campaign, [...campaign.trials, result]);
        }
      }
      const safe = campaign.trials.filter((t) => t.observations["t"]!.value <= 60);
      reached.push(Math.max(...safe.map((t) => t.observations["y"]!.value)));
    }
    expect(shown).toBeGreaterThan(20);
    expect(broken / shown).toBeLessThan(0.1);
    // The best safe setting is worth about 2.68 (a = .816, b = .44); the start .85.
    for (const best of reached) expect(best).toBeGreaterThan(2.3);
  });

  it("keeps only the marked specifications, and all of them where none is marked", async () => {
    const marked = await ask(campaignWith([...START]), { count: 1, safe: 0.9 });
    expect(marked.messages.at(-1)).toBe(
      "Safe mode: only settings that keep the specifications of t with a probability of at least 90 %; 3 known good settings to start from.",
    );
    const outcomes = { y: { unit: "1", goal: "maximize" }, t: { unit: "degC", spec: { max: 60 } } };
    const all = await ask(campaignWith([...START], { outcomes, safe: 0.9 }), { count: 1 });
    expect(all.messages.at(-1)).toContain("the specifications of t with");
    expect(all.suggestions[0]!.reasons.join()).toMatch(/Safe with probability \d/);
  });

  it("counts the risk of failure too", async () => {
    const campaign = campaignWith([...START, [0.3, 0.3], [0.25, 0.9]]);
    const failed = [0.1, 0.3, 0.5, 0.7, 0.9].map((b, i) =>
      completed(`f${i}`, { a: 0.55, b }, {}, { status: "failed", reason: "tears" }),
    );
    const { suggestions } = await ask(withTrials(campaign, [...campaign.trials, ...failed]), {
      count: 2,
      safe: 0.7,
    });
    for (const s of suggestions) {
      expect(s.safety!.probability).toBeLessThanOrEqual(s.success!.probability + 1e-12);
      expect(s.parameters["a"]).toBeLessThan(0.5);
    }
  });

  it.each([
    [
      "no known good run",
      [
        [0.95, 0.9],
        [0.9, 0.8],
        [0.99, 0.1],
      ] as const,
      0.95,
      /kept all of them/,
    ],
    ["one setting only", [[0.1, 0.2]] as const, 0.95, /fewer than two settings/],
    ["no probability", START, 1.5, /above 0 and below 1/],
  ])("refuses with %s", async (_, settings, safe, message) => {
    await expect(ask(campaignWith(settings), { safe })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      problems: expect.arrayContaining([
        expect.objectContaining({ where: expect.any(String) as string }),
      ]) as unknown,
    });
    const error = await ask(campaignWith(settings), { safe }).catch((e: unknown) => e);
    expect(JSON.stringify(error)).toMatch(message);
  });

  it("says so where nothing safe is left", async () => {
    const outcomes = { y: { unit: "1", goal: "maximize" }, t: { unit: "degC", spec: { max: 60 } } };
    const speeds = twoParameterCampaign({
      parameters: { a: { unit: "1", values: [0.1, 0.2, 0.3, 3, 4] } },
      outcomes,
    });
    const trials = [0.1, 0.2, 0.3].map((a, i) =>
      completed(`g${i}`, { a }, { y: a, t: 20 + 120 * a + (i % 2) }),
    );
    const { suggestions, warnings } = await ask(withTrials(speeds, trials), { count: 2, safe: 0.999 });
    for (const s of suggestions) expect(s.safety!.probability).toBeGreaterThanOrEqual(0.999 - 1e-12);
    if (suggestions.length < 2) expect(warnings.join()).toContain("no other setting was found that is safe");
    expect(suggestions.every((s) => (s.parameters["a"] as number) < 1)).toBe(true);
  });
});
