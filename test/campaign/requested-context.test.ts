import { describe, expect, it } from "vitest";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { withoutFields } from "../../src/campaign/defined-fields.js";
import { compareNatural, requestedContext } from "../../src/campaign/requested-context.js";
import { isSameContext } from "../../src/campaign/same-context.js";
import type { CellwrightError } from "../../src/errors.js";
import { completed } from "./campaign-fixtures.js";

const campaign = createCampaign({
  campaign: "c",
  parameters: { a: { unit: "1", min: 0, max: 1 } },
  context: {
    weight: { unit: "g/m2", min: 100, max: 200, value: 150 },
    humidity: { unit: "%" },
    shift: { choices: ["day", "night"] },
  },
  outcomes: { y: { unit: "1", goal: "maximize" } },
});
const told = { humidity: 40, shift: "day" };

describe("requestedContext", () => {
  it("takes what is stated before the campaign's value", () => {
    expect(requestedContext(campaign, { ...told, weight: 120 }).context).toEqual({ weight: 120, ...told });
    expect(requestedContext(campaign, told).context).toEqual({ weight: 150, ...told });
  });

  it("falls back on the latest measured value, with a warning that names the trial", () => {
    const trials = [
      completed(
        "t9",
        { a: 0 },
        { y: 1 },
        { context: { humidity: 30, shift: "night" }, measuredAt: "2024-01-02" },
      ),
      completed(
        "t10",
        { a: 0 },
        { y: 1 },
        { context: { humidity: 50, shift: "day" }, measuredAt: "2024-01-01" },
      ),
    ];
    const dated = requestedContext(withTrials(campaign, trials), {});
    expect(dated.context).toEqual({ weight: 150, humidity: 30, shift: "night" });
    expect(dated.warnings[0]).toContain("humidity is taken from trial t9");
    const undated = trials.map((trial) => withoutFields(trial, "measuredAt"));
    expect(requestedContext(withTrials(campaign, undated), {}).context["humidity"]).toBe(50);
    expect(requestedContext(withTrials(campaign, [...undated].reverse()), {}).context["humidity"]).toBe(50);
  });

  it("warns of a state outside the campaign's range", () => {
    expect(requestedContext(campaign, { ...told, weight: 230 }).warnings[0]).toContain(
      "outside the campaign's range of 100 to 200",
    );
  });

  it("lists everything that is unknown, impossible or missing", () => {
    try {
      requestedContext(campaign, { wieght: 3, humidity: "damp" });
      expect.unreachable();
    } catch (error) {
      const { code, problems } = error as CellwrightError;
      expect(code).toBe("INVALID_OPTION");
      expect(problems.map((p) => p.where)).toEqual(["context wieght", "context humidity", "context shift"]);
      expect(problems[0]?.remedy).toBe("Did you mean weight?");
      expect(problems[2]?.remedy).toContain("--context shift=");
    }
  });
});

describe("compareNatural", () => {
  it("counts numbers in ids as numbers", () => {
    expect(["t10", "t9", "t1a", "t1", "s2"].sort(compareNatural)).toEqual(["s2", "t1", "t1a", "t9", "t10"]);
  });
});

describe("isSameContext", () => {
  it("takes numbers within 2 % of the range as one state, and choices as they are", () => {
    const at = (weight: number, shift = "day") => ({ weight, humidity: 40, shift });
    expect(isSameContext(campaign.space, at(150), at(152))).toBe(true);
    expect(isSameContext(campaign.space, at(150), at(152.1))).toBe(false);
    expect(isSameContext(campaign.space, at(150), at(150, "night"))).toBe(false);
    expect(isSameContext(campaign.space, at(150), { weight: 150 })).toBe(false);
  });
});
