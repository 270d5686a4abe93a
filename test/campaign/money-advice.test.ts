import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { CellwrightError } from "../../src/errors.js";
import { createRng } from "../../src/math/rng.js";
import { bowlTrials, completed } from "./campaign-fixtures.js";

const PARAMETERS = { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } };

function pricedCampaign(more: Record<string, unknown> = {}, cost = 20): Campaign {
  return createCampaign({
    campaign: "priced",
    parameters: PARAMETERS,
    outcomes: { y: { unit: "1", goal: "maximize", value: "100 USD" } },
    trial_cost: { fixed: cost },
    ...more,
  });
}

function problemsOf(more: Record<string, unknown>): string[] {
  try {
    pricedCampaign(more);
  } catch (error) {
    if (error instanceof CellwrightError) return error.problems.map(({ where }) => where);
    throw error;
  }
  return [];
}

describe("adviceInMoney", () => {
  it("states what the best next run is worth in a year, and its cost; the cost decides", async () => {
    const trials = bowlTrials(7);
    const cheap = (await ask(withTrials(pricedCampaign(), trials), { count: 1 })).advice;
    expect(cheap.money).toMatchObject({ cost: 20, currency: "USD" });
    expect(cheap.money!.worth).toBeCloseTo(100 * cheap.expectedImprovement!, 6);
    expect(cheap.stop).toBe(false);
    const dear = (await ask(withTrials(pricedCampaign({}, 1e6), trials), { count: 1 })).advice;
    expect(dear.stop).toBe(true);
    expect(dear.money!.worth).toBe(cheap.money!.worth);
    expect(dear.why).toMatch(
      /^The best next run is expected to be worth [\d.]+ USD in a year and costs 1.00e\+6 USD: it does not pay/,
    );
  });

  it("multiplies a price per cell by the plant's own yearly cells, and refuses it without them", () => {
    const outcomes = { y: { unit: "1", goal: "maximize", value: "0.002 USD/cell" } };
    const campaign = pricedCampaign({ outcomes, economics: { cells_per_year: 50_000 } });
    expect(campaign.money!.prices.get("y")).toBeCloseTo(100, 9);
    expect(problemsOf({ outcomes })).toEqual(["economics.cells_per_year"]);
  });

  it("counts the hours and the computed cost of each run", async () => {
    const outcomes = {
      y: { unit: "1", goal: "maximize", value: "100 USD" },
      time: { unit: "min", formula: "60 min + 120 min * a" },
      material: { unit: "USD", formula: "5 USD * b" },
    };
    const campaign = pricedCampaign({
      outcomes,
      trial_cost: { fixed: 10, per_hour: 2, outcome: "material" },
    });
    const { advice, suggestions } = await ask(withTrials(campaign, bowlTrials(8)), { count: 1 });
    const { a, b } = suggestions[0]!.parameters;
    expect(advice.money!.cost).toBeCloseTo(10 + 2 * (1 + 2 * Number(a)) + 5 * Number(b), 6);
  });

  it("names every mistake about money", () => {
    expect(problemsOf({ outcomes: { y: { unit: "1", goal: "maximize", value: "3 kg" } } })).toEqual([
      "outcomes.y.value",
    ]);
    expect(problemsOf({ outcomes: { y: { unit: "1", spec: { min: 1 }, value: "3 USD" } } })).toEqual([
      "outcomes.y.value",
    ]);
    expect(problemsOf({ trial_cost: { per_hour: 3, outcome: "y" } })).toEqual([
      "trial_cost.per_hour",
      "trial_cost.outcome",
    ]);
    expect(problemsOf({ trial_cost: { currency: "EUR", fixed: 1 } })).toEqual(["outcomes.y.value"]);
    expect(problemsOf({ trial_cost: {} })).toEqual(["trial_cost"]);
  });

  it("keeps the advice in the outcome's unit without prices", async () => {
    const outcomes = { y: { unit: "1", goal: "maximize" } };
    const plain = createCampaign({ campaign: "priced", parameters: PARAMETERS, outcomes });
    const { advice } = await ask(withTrials(plain, bowlTrials(8)), { count: 1 });
    expect(advice.money).toBeUndefined();
    expect(advice.why).not.toMatch(/USD/);
  });

  it("loses little when it is followed: bowls with a known top, stopped where the advice says", async () => {
    const losses: number[] = [];
    const runs: number[] = [];
    for (let seed = 1; seed <= 10; seed++) {
      const rng = createRng(seed).fork("top");
      const [p, q, width] = [rng.uniform(), rng.uniform(), rng.uniform()];
      const top = 10;
      const bowl = (a: number, b: number): number =>
        top - (20 + 40 * width) * ((a - p) * (a - p) + 0.5 * (b - q) * (b - q));
      const run = (id: string, a: number, b: number) => completed(id, { a, b }, { y: bowl(a, b) });
      let campaign = withTrials(
        pricedCampaign(),
        bowlTrials(5).map((t) => run(t.id, Number(t.parameters["a"]), Number(t.parameters["b"]))),
      );
      let asked = 0;
      for (; asked < 15; asked++) {
        const { advice, suggestions } = await ask(campaign, { count: 1, seed });
        if (advice.stop) break;
        const { a, b } = suggestions[0]!.parameters;
        campaign = withTrials(campaign, [...campaign.trials, run(`s${asked}`, Number(a), Number(b))]);
      }
      const best = Math.max(...campaign.trials.map((t) => t.observations["y"]!.value));
      losses.push(100 * (top - best));
      runs.push(asked);
    }
    const sorted = losses.toSorted((a, b) => a - b);
    expect(sorted[4]).toBeLessThan(5); // a quarter of one run
    expect(sorted[9]).toBeLessThan(20); // one run
    expect(Math.max(...runs)).toBeLessThan(15);
  });
});
