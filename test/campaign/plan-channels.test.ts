import { describe, expect, it } from "vitest";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { planChannels } from "../../src/campaign/plan-channels.js";
import type { Trial } from "../../src/campaign/trial.js";
import type { CellwrightError } from "../../src/errors.js";
import { completed } from "./campaign-fixtures.js";

const campaign = createCampaign({
  campaign: "cells",
  parameters: {
    rate: { unit: "1", min: 0.05, max: 1 },
    temperature: { unit: "degC", min: 20, max: 60 },
  },
  outcomes: { y: { unit: "1", goal: "maximize" }, time: { unit: "h", formula: "2 / rate" } },
});
const trial = (id: string, status: Trial["status"], rate: number, temperature: number): Trial => ({
  ...completed(id, { rate, temperature }, {}),
  status,
});
const made = withTrials(campaign, [
  trial("done", "completed", 0.5, 45),
  trial("old", "running", 0.2, 45),
  trial("a", "suggested", 0.5, 45),
  trial("b", "suggested", 0.25, 25),
]);
const options = {
  channels: 2,
  ovens: [
    { temperature: 45, slots: 1 },
    { temperature: 25, slots: 2 },
  ],
  context: {},
};

function problemsOf(run: Campaign, more: Record<string, unknown>): string[] {
  try {
    planChannels(run, { ...options, ...more });
  } catch (error) {
    expect((error as CellwrightError).code).toBe("INVALID_OPTION");
    return (error as CellwrightError).problems.map(({ where, found }) => `${where}: ${found}`);
  }
  return [];
}

describe("the plan of a campaign's trials", () => {
  it("takes times from the known outcome, and lets running trials keep their channel and slot", () => {
    const plan = planChannels(made, { ...options, elapsed: new Map([["old", 4]]) });
    expect(
      plan.jobs.map(({ id, start, end, channel, running }) => [id, start, end, channel, running]),
    ).toEqual([
      ["old", 0, 6, 1, true],
      ["b", 0, 8, 2, false],
      ["a", 6, 10, 1, false],
    ]);
    expect(plan).toMatchObject({ makespan: 10, proven: true, startFirst: ["b"] });
    expect(plan.notes[0]).toBe("The last cell is done after 10 h. No plan is shorter.");
  });

  it("counts a running trial in full where nobody knows since when, and says so", () => {
    const plan = planChannels(made, options);
    expect(plan.jobs[0]).toMatchObject({ id: "old", end: 10 });
    expect(plan.notes.join(" ")).toContain("old: running since when is not known");
  });

  it("plans every cell of a trial on its own", () => {
    const plan = planChannels(withTrials(campaign, [trial("a", "suggested", 0.5, 45)]), {
      ...options,
      cells: 3,
    });
    expect(plan.jobs.map(({ id, start }) => [id, start])).toEqual([
      ["a/1", 0],
      ["a/2", 4],
      ["a/3", 8],
    ]);
    expect(plan.startFirst).toEqual(["a"]);
  });

  it("names every trial that no oven fits, and running cells without a place", () => {
    expect(problemsOf(made, { ovens: [{ temperature: 30, slots: 1 }] })).toEqual([
      "trial a: temperature 45",
      "trial b: temperature 25",
      "trial old: temperature 45",
    ]);
    const crowd = withTrials(campaign, [trial("p", "running", 0.5, 45), trial("q", "running", 0.5, 45)]);
    expect(problemsOf(crowd, { channels: 1 })).toEqual([
      "channels: 2 running cells on 1 channels",
      "oven at 45: 2 running cells in 1 slots",
    ]);
  });

  it("refuses what cannot be planned", () => {
    expect(problemsOf(campaign, {})).toEqual(["trials: no suggested and no running trial"]);
    expect(problemsOf(made, { channels: 0, duration: "y" })).toEqual(["channels: 0", "duration: y"]);
    expect(problemsOf(made, { ovenParameter: "rate" })).toEqual(["ovens: rate"]);
  });
});
