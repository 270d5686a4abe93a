import { describe, expect, it } from "vitest";
import { ask, type AskOptions } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import type { Settings } from "../../src/space/parameter.js";
import { completed } from "./campaign-fixtures.js";

/** A SYNTHETIC formation: slow first charges take days, life is best at a moderate rate in a warm chamber. */
const campaign: Campaign = createCampaign({
  campaign: "formation",
  parameters: {
    c_rate: { unit: "C", min: 0.05, max: 1, scale: "log" },
    temperature: { unit: "degC", min: 25, max: 55, step: 1 },
  },
  outcomes: {
    life: { unit: "1", goal: "maximize" },
    cycler_time: { unit: "h", formula: "4 h + 2 C*h / c_rate" },
  },
  trial_cost: { fixed: 10, per_hour: 2 },
});

const TOP = 1000;

function life({ c_rate: rate, temperature }: Settings): number {
  const slow = Math.log(Number(rate) / 0.25);
  const warm = (Number(temperature) - 44) / 15;
  return TOP - 60 * slow * slow - 90 * warm * warm;
}

const hours = ({ c_rate: rate }: Settings): number => 4 + 2 / Number(rate);
const run = (id: string, settings: Settings) => completed(id, settings, { life: life(settings) });

/** Hours of the runs that the optimiser asked for until it was within one percent of the top. */
async function hoursToTop(seed: number, options: AskOptions): Promise<number> {
  const start = [
    { c_rate: 0.9, temperature: 26 },
    { c_rate: 0.5, temperature: 54 },
    { c_rate: 0.7, temperature: 35 + seed },
  ];
  let trials = start.map((settings, i) => run(`t${i}`, settings));
  let spent = 0;
  for (let i = 0; i < 14; i++) {
    const { suggestions } = await ask(withTrials(campaign, trials), { ...options, count: 1, seed });
    const settings = suggestions[0]!.parameters;
    spent += hours(settings);
    trials = [...trials, run(`s${i}`, settings)];
    if (life(settings) > 0.99 * TOP) return spent;
  }
  return Infinity;
}

describe("costAware", () => {
  const trials = [
    run("t1", { c_rate: 0.9, temperature: 26 }),
    run("t2", { c_rate: 0.5, temperature: 54 }),
    run("t3", { c_rate: 0.7, temperature: 35 }),
  ];

  it("asks for cheaper runs first than gain alone", async () => {
    const known = withTrials(campaign, trials);
    const plain = (await ask(known, { count: 2 })).suggestions;
    const perHour = await ask(known, { count: 2, per: { of: "hour" } });
    const total = (all: readonly { readonly parameters: Settings }[]): number =>
      all.reduce((sum, { parameters }) => sum + hours(parameters), 0);
    expect(total(perHour.suggestions)).toBeLessThan(total(plain));
    expect(perHour.suggestions[0]!.acquisition.name).toContain("per cost");
    expect(perHour.messages.join(" ")).toContain("gain per hour");
  });

  it("finds the same optimum in fewer hours on the cycler", async () => {
    let [plain, perHour] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      plain += await hoursToTop(seed, {});
      perHour += await hoursToTop(seed, { per: { of: "hour" } });
    }
    expect(plain).toBeLessThan(Infinity);
    expect(perHour).toBeLessThan(0.75 * plain);
  });

  it("cools as the budget is spent, until gain alone decides", async () => {
    const known = withTrials(campaign, trials);
    const spent = trials.reduce((sum, { parameters }) => sum + hours(parameters), 0);
    const all = await ask(known, { count: 1, per: { of: "hour", budget: spent } });
    expect(all.suggestions[0]!.parameters).toEqual(
      (await ask(known, { count: 1 })).suggestions[0]!.parameters,
    );
    const half = await ask(known, { count: 1, per: { of: "hour", budget: 2 * spent } });
    expect(half.messages.join(" ")).toMatch(/to the power 0\.5:/);
  });

  it("counts money as the hours that it pays and what every run costs", async () => {
    const answer = await ask(withTrials(campaign, trials), { count: 1, per: { of: "money", budget: 1000 } });
    const spent = trials.reduce((sum, { parameters }) => sum + 10 + 2 * hours(parameters), 0);
    expect(answer.messages.join(" ")).toContain(`${Number(spent.toPrecision(3))} of 1000 USD are spent`);
  });

  it("says what is missing where the cost is not known", async () => {
    const bare = createCampaign({
      campaign: "bare",
      parameters: { a: { unit: "1", min: 0, max: 1 } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    await expect(ask(bare, { per: { of: "hour" } })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(ask(bare, { per: { of: "money" } })).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(ask(campaign, { per: { of: "hour", budget: 0 } })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });
});
