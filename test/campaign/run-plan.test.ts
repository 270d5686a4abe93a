import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { createRunPlan, inPlannedOrder } from "../../src/campaign/run-plan.js";
import { todaysSettings } from "../../src/campaign/todays-settings.js";
import { CellwrightError } from "../../src/errors.js";
import { completed, shippedCampaign } from "./campaign-fixtures.js";

const campaignWith = (change: Record<string, unknown>, more: Record<string, unknown> = {}): Campaign =>
  createCampaign({
    campaign: "oven",
    parameters: {
      temperature: { unit: "degC", min: 20, max: 120, change },
      speed: { unit: "m/min", min: 1, max: 20 },
    },
    outcomes: { y: { unit: "1", goal: "maximize" } },
    ...more,
  });
const hard = { effort: "hard", minutes: 45, scrap: 30 };
const runs = (...temperatures: number[]) =>
  temperatures.map((temperature, i) => ({ trial: `r${i + 1}`, parameters: { temperature, speed: i + 1 } }));

describe("the run plan", () => {
  it("groups equal settings from today's on and adds minutes and metres up", () => {
    const plan = createRunPlan(campaignWith(hard), runs(90, 60, 90, 60), {
      parameters: { temperature: 60 },
    })!;
    expect(
      plan.runs.map((r) => [r.trial, r.minutes, r.totalMinutes, r.scrapMetres, r.totalScrapMetres]),
    ).toEqual([
      ["r2", 0, 0, 0, 0],
      ["r4", 0, 0, 0, 0],
      ["r1", 45, 45, 30, 30],
      ["r3", 0, 45, 0, 30],
    ]);
    expect(plan.runs[2]!.changes).toEqual([{ parameter: "temperature", from: 60, to: 90 }]);
    expect(plan).toMatchObject({
      minutes: 45,
      scrapMetres: 30,
      asSuggested: { minutes: 180, scrapMetres: 120 },
    });
    expect(plan.summary[0]).toBe(
      "Run plan from temperature 60 degC: changeovers take 45 min and 30 m of scrap. In the order of the suggestions it would be 180 min and 120 m of scrap.",
    );
  });

  it("takes the shorter ways where the minutes are the same", () => {
    const plan = createRunPlan(campaignWith(hard), runs(95, 120, 85, 110), {
      parameters: { temperature: 85 },
    })!;
    expect(plan.runs.map(({ trial }) => trial)).toEqual(["r3", "r1", "r4", "r2"]);
  });

  it("weighs in money where prices are stated", () => {
    const economics = { line_hour_cost: 240, scrap_metre_cost: 2 };
    const plan = createRunPlan(campaignWith(hard, { economics }), runs(90, 60), null)!;
    expect(plan.cost).toBe(45 * 4 + 30 * 2);
    expect(plan.from).toBeNull();
    expect(plan.summary.join(" ")).toContain("State it with --from");
  });

  it("adds the changeover to hours and cost that are known", () => {
    const known = runs(90, 60).map((run) => ({ ...run, hours: 10, cost: 100 }));
    const economics = { line_hour_cost: 240, scrap_metre_cost: 2 };
    const today = { parameters: { temperature: 90 } };
    const plan = createRunPlan(campaignWith(hard, { economics }), known, today)!;
    expect(plan.runs.map(({ hours, cost }) => [hours, cost])).toEqual([
      [10, 100],
      [10.75, 340],
    ]);
    expect(createRunPlan(campaignWith(hard), known, today)!.runs[1]).not.toHaveProperty("cost");
  });

  it("says what it assumes where the file states an effort only", () => {
    const plan = createRunPlan(campaignWith({ effort: "medium" }), runs(90, 60), null)!;
    expect(plan.minutes).toBe(10);
    expect(plan.summary.join(" ")).toContain("10 min are assumed for a change that is medium");
  });

  it("is absent where no parameter says what a change costs, and where nothing is suggested", () => {
    const free = createCampaign({
      campaign: "free",
      parameters: { temperature: { unit: "degC", min: 20, max: 120 } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    expect(createRunPlan(free, runs(90, 60), null)).toBeNull();
    expect(createRunPlan(campaignWith(hard), [], null)).toBeNull();
  });
});

describe("today's settings", () => {
  const campaign = campaignWith(hard);
  const made = withTrials(campaign, [
    completed("t9", { temperature: 40, speed: 5 }, { y: 1 }),
    completed("t10", { temperature: 50, speed: 6 }, { y: 1 }),
    { ...completed("t11", { temperature: 70, speed: 6 }, {}), status: "suggested" },
  ]);

  it("are those of the latest run that was made", () => {
    expect(todaysSettings(made)).toEqual({ parameters: { temperature: 50, speed: 6 }, trial: "t10" });
    expect(todaysSettings(campaign)).toBeNull();
  });

  it("are what is stated, completed by the latest run", () => {
    expect(todaysSettings(made, { temperature: 88 })).toEqual({
      parameters: { temperature: 88, speed: 6 },
      trial: "t10",
    });
    expect(todaysSettings(campaign, { temperature: 88 })).toEqual({ parameters: { temperature: 88 } });
  });

  it("refuse every unknown name and impossible value", () => {
    const refused = () => todaysSettings(made, { temprature: 50, speed: Number.NaN });
    expect(refused).toThrow(CellwrightError);
    try {
      refused();
    } catch (error) {
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "from, temprature",
        "from, speed",
      ]);
    }
  });
});

describe("a batch of four for the shipped calendering campaign", () => {
  it("comes with an ordered run plan from the latest run", async () => {
    const answer = await ask(shippedCampaign("nmc622-pilot-density"));
    const plan = answer.plan!;
    expect(plan.from).toEqual({ settings: { roll_temperature: 85 }, trial: "DD059" });
    expect(new Set(plan.runs.map(({ trial }) => trial))).toEqual(
      new Set(answer.suggestions.map(({ trial }) => trial)),
    );
    expect(inPlannedOrder(answer).map(({ trial }) => trial)).toEqual(plan.runs.map(({ trial }) => trial));
    expect(plan.minutes).toBe(plan.runs.reduce((sum, { minutes }) => sum + minutes, 0));
    expect(plan.minutes).toBeLessThanOrEqual(plan.asSuggested.minutes);
  });
});
