import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { completed } from "./campaign-fixtures.js";

function campaignOf(cost: Record<string, unknown>, quality: Record<string, unknown> = {}): Campaign {
  const campaign = createCampaign({
    campaign: "relative",
    parameters: { a: { unit: "1", min: 0, max: 1 } },
    outcomes: {
      quality: { unit: "1", goal: "maximize", ...quality },
      cost: { unit: "EUR", formula: "10 + 20 * a", ...cost },
    },
    batch: 1,
  });
  const trials = [0.1, 0.3, 0.4, 0.5, 0.6].map((a, i) => completed(`t${i}`, { a }, { quality: 5 * a }));
  return withTrials(campaign, trials);
}

async function limitOf(campaign: Campaign, outcome: string) {
  const { specifications } = createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
  return specifications.find((term) => term.outcome === outcome);
}

describe("relative limits", () => {
  it("are shares of the value at the best tried setting, or at a stated trial's settings", async () => {
    const incumbent = await limitOf(campaignOf({ atMost: { share: 1.1, of: "incumbent" } }), "cost");
    expect(incumbent).toMatchObject({ min: -Infinity });
    expect(incumbent!.max).toBeCloseTo(1.1 * (10 + 20 * 0.6), 9);
    const stated = await limitOf(campaignOf({ atMost: { share: 0.9, of: "t3" } }), "cost");
    expect(stated!.max).toBeCloseTo(0.9 * (10 + 20 * 0.5), 9);
    const least = await limitOf(campaignOf({}, { atLeast: { share: 0.8, of: "t2" } }), "quality");
    expect(least!.min).toBeCloseTo(0.8 * 2, 1);
    const cheapest = await limitOf(
      campaignOf({ goal: "minimize", atMost: { share: 1.5, of: "incumbent" } }),
      "cost",
    );
    expect(cheapest!.max).toBeCloseTo(1.5 * (10 + 20 * 0.1), 9);
  });

  it("hold in what is suggested, with the cost in its currency", async () => {
    const { suggestions } = await ask(campaignOf({ atMost: { share: 1, of: "t3" } }), { seed: 1 });
    const [first] = suggestions;
    expect(first!.predictions["cost"]!.mean).toBeLessThanOrEqual(20 + 1e-9);
    expect(first!.specifications["cost"]).toMatchObject({ kind: "model", probability: 1 });
    expect(first!.cost).toBeCloseTo(first!.predictions["cost"]!.mean, 12);
    expect(first!.currency).toBe("EUR");
  });

  it("name a trial that is not there, and goals that they do not fit", async () => {
    await expect(ask(campaignOf({ atMost: { share: 1, of: "t99" } }))).rejects.toMatchObject({
      code: "CAMPAIGN_INVALID",
      problems: [{ where: "outcomes.cost.atMost.of", found: "the unknown trial t99" }],
    });
    expect(() => campaignOf({ goal: "maximize", atMost: { share: 1, of: "incumbent" } })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ where: "outcomes.cost.atMost" })] }),
    );
  });
});
