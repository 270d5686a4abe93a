import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { bowlTrials, shippedCampaign } from "./campaign-fixtures.js";

/** The bowl with `a` hard to change. */
const bowlWith = (minutes: number, more: Record<string, unknown> = {}): Campaign =>
  withTrials(
    createCampaign({
      campaign: "bowl",
      parameters: {
        a: { unit: "1", min: 0, max: 1, step: 0.01, change: { effort: "hard", minutes } },
        b: { unit: "1", min: 0, max: 1, step: 0.01 },
      },
      outcomes: { y: { unit: "1", goal: "maximize" } },
      ...more,
    }),
    bowlTrials(6).map((trial) => ({
      ...trial,
      parameters: Object.fromEntries(
        Object.entries(trial.parameters).map(([name, value]) => [name, Number(Number(value).toFixed(2))]),
      ),
    })),
  );
const levels = ({ suggestions }: AskResult) => new Set(suggestions.map(({ parameters }) => parameters["a"]));

describe("sharing of settings that are hard to change", () => {
  it("leaves a batch as it was chosen where changes take nothing", async () => {
    const answer = await ask(bowlWith(0));
    const apart = await ask(bowlWith(0), { share: false });
    expect(answer.suggestions).toEqual(apart.suggestions);
    expect(answer.plan).not.toHaveProperty("shared");
  });

  it("moves runs onto one another's where changes take hours, and says what that saved and cost", async () => {
    const campaign = bowlWith(600);
    const [answer, apart] = [await ask(campaign), await ask(campaign, { share: false })];
    expect(levels(answer).size).toBeLessThan(levels(apart).size);
    const { shared, minutes } = answer.plan!;
    expect(minutes).toBeLessThan(apart.plan!.minutes);
    expect(shared!.savedMinutes).toBe(apart.plan!.minutes - minutes);
    expect(shared!.gainShare).toBeLessThan(1 - (4 * 60 + minutes) / (4 * 60 + apart.plan!.minutes));
    expect(answer.plan!.summary[1]).toContain("settings that are hard to change: ");
    expect(shared!.trials.every((id) => answer.suggestions.some(({ trial }) => trial === id))).toBe(true);
    const points = answer.suggestions.map(({ parameters }) => JSON.stringify(parameters));
    expect(new Set(points).size).toBe(4);
  });

  it("shares less the longer a run itself takes", async () => {
    const short = await ask(bowlWith(30));
    const long = await ask(bowlWith(30, { run_minutes: 100_000 }));
    const apart = await ask(bowlWith(30), { share: false });
    expect(levels(long).size).toBeGreaterThanOrEqual(levels(short).size);
    expect(long.plan!.minutes).toBeGreaterThanOrEqual(short.plan!.minutes);
    expect(short.plan!.minutes).toBeLessThanOrEqual(apart.plan!.minutes);
  });

  it("keeps what the request fixes", async () => {
    const answer = await ask(bowlWith(600), { fix: { a: 0.4 } });
    expect([...levels(answer)]).toEqual([0.4]);
    expect(answer.plan).not.toHaveProperty("shared");
  });

  it("saves changeovers of the shipped calendering campaign without breaking its limits", async () => {
    const campaign = shippedCampaign("nmc622-pilot-density");
    const [answer, apart] = [await ask(campaign), await ask(campaign, { share: false })];
    expect(answer.plan!.minutes).toBeLessThan(apart.plan!.minutes);
    for (const { parameters, context } of answer.suggestions)
      expect(campaign.space.violations(parameters, context)).toEqual([]);
  });
});
