import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import { dataHash } from "../../src/campaign/data-hash.js";
import { tell } from "../../src/campaign/tell.js";
import type { TrialUpdate } from "../../src/campaign/trial.js";
import { CellwrightError, type Problem } from "../../src/errors.js";

const campaign = createCampaign({
  campaign: "c",
  parameters: { load: { unit: "N/mm", min: 200, max: 1600 }, mode: { choices: ["soft", "hard"] } },
  context: { porosity_before: { unit: "%", value: 44 } },
  outcomes: {
    porosity: { unit: "%", goal: "minimize" },
    life: { unit: "1", scale: "log" },
    capacity: { unit: "mAh/cm3", formula: "ratio * slow" },
  },
});
const settings = { parameters: { load: 400, mode: "soft" }, context: { porosity_before: 45 } };

function failure(
  updates: readonly TrialUpdate[],
  base = campaign,
): { code: string; problems: readonly Problem[] } {
  try {
    tell(base, updates);
  } catch (error) {
    if (error instanceof CellwrightError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("tell", () => {
  it("makes a new trial, completed by its first observation, and leaves the campaign as it was", () => {
    const next = tell(campaign, [{ id: "a", ...settings, observations: { porosity: { value: 31 } } }]);
    expect(next.trials).toEqual([
      {
        id: "a",
        status: "completed",
        ...settings,
        observations: { porosity: { value: 31 } },
        origin: "measured",
      },
    ]);
    expect(campaign.trials).toEqual([]);
  });

  it("adds partial results to what is known", () => {
    const suggested = tell(campaign, [{ id: "a", status: "suggested", ...settings }]);
    expect(suggested.trials[0]?.status).toBe("suggested");
    const first = tell(suggested, [
      { id: "a", observations: { porosity: { value: 31, standardError: 0.2 } } },
    ]);
    const second = tell(first, [{ id: "a", observations: { life: { value: 900 } }, comment: "late" }]);
    expect(second.trials).toHaveLength(1);
    expect(second.trials[0]).toMatchObject({
      status: "completed",
      observations: { porosity: { value: 31, standardError: 0.2 }, life: { value: 900 } },
      comment: "late",
    });
  });

  it("keeps a stated status and its reason", () => {
    const next = tell(campaign, [
      {
        id: "a",
        status: "failed",
        reason: "web tore",
        ...settings,
        observations: { porosity: { value: 3 } },
      },
    ]);
    expect(next.trials[0]).toMatchObject({ status: "failed", reason: "web tore" });
  });

  it("changes nothing when the same is told again", () => {
    const update = { id: "a", ...settings, observations: { porosity: { value: 31 } } };
    const once = tell(campaign, [update]);
    expect(tell(once, [update]).trials).toEqual(once.trials);
  });

  it("refuses another result for the same trial, and takes it as a correction", () => {
    const once = tell(campaign, [{ id: "a", ...settings, observations: { porosity: { value: 31 } } }]);
    const update = { id: "a", observations: { porosity: { value: 29 } } };
    expect(failure([update], once)).toMatchObject({
      code: "TRIAL_CONFLICT",
      problems: [{ where: "trial a, porosity", found: "29", expected: "31, as told before" }],
    });
    expect(tell(once, [update], { correct: true }).trials[0]?.observations["porosity"]).toEqual({
      value: 29,
    });
  });

  it("refuses other settings for the same trial", () => {
    const once = tell(campaign, [{ id: "a", ...settings }]);
    expect(failure([{ id: "a", parameters: { load: 500 } }], once).problems[0]?.where).toBe("trial a, load");
  });

  it("lists every unknown name with its spelling and every impossible value at once", () => {
    const { code, problems } = failure([
      {
        id: "a",
        parameters: { laod: 400, mode: "sofd" },
        context: { porosity_before: NaN },
        observations: { porosty: { value: 1 }, life: { value: 0 } },
      },
      { id: "b", ...settings, observations: { porosity: { value: Infinity, standardError: -1 } } },
    ]);
    expect(code).toBe("DATA_INVALID");
    expect(problems.map((p) => [p.where, p.remedy])).toEqual([
      ["trial a, laod", "Did you mean load?"],
      ["trial a, mode", "Did you mean soft?"],
      ["trial a, porosity_before", undefined],
      ["trial a, porosty", "Did you mean porosity?"],
      ["trial a, life", undefined],
      ["trial b, porosity", undefined],
      ["trial b, porosity", undefined],
    ]);
  });

  it("asks for the settings of a trial that is not known", () => {
    const once = tell(campaign, [{ id: "s1-aaaa", ...settings }]);
    const { problems } = failure([{ id: "s1-aaab", observations: { porosity: { value: 3 } } }], once);
    expect(problems.map((p) => [p.where, p.found])).toEqual([["trial s1-aaab", "nothing for load, mode"]]);
    expect(problems[0]?.remedy).toContain("Did you mean s1-aaaa?");
  });

  it("refuses to turn a completed run into a failed one unless that is a correction", () => {
    const once = tell(campaign, [{ id: "a", ...settings, observations: { porosity: { value: 30 } } }]);
    const failed = { id: "a", status: "failed" as const, reason: "wrinkles" };
    expect(failure([failed], once).problems[0]).toMatchObject({
      where: "trial a, status",
      found: "failed",
      expected: "completed, as told before",
    });
    expect(tell(once, [failed], { correct: true }).trials[0]?.status).toBe("failed");
  });

  it("takes the measured state of a suggested run in place of the one that was asked for", () => {
    const asked = tell(campaign, [
      { id: "a", ...settings, context: { porosity_before: 44 }, status: "suggested" },
    ]);
    const measured = { context: { porosity_before: 43.2 }, observations: { porosity: { value: 30 } } };
    const told = tell(asked, [{ id: "a", ...measured }]);
    expect(told.trials[0]?.context).toEqual({ porosity_before: 43.2 });
    const again = { id: "a", context: { porosity_before: 41 } };
    expect(failure([again], told).problems[0]?.where).toBe("trial a, porosity_before");
  });

  it.each([
    ["x".repeat(101), "100 characters"],
    ["a\u001b[31mb", "control characters"],
  ])("refuses %j as the id of a trial", (id, expected) => {
    expect(failure([{ id, ...settings }]).problems[0]?.expected).toContain(expected);
  });

  it("refuses what is no date", () => {
    const { problems } = failure([{ id: "a", ...settings, measuredAt: "yesterday" }]);
    expect(problems[0]).toMatchObject({ where: "trial a, measured_at", found: '"yesterday"' });
  });

  it("refuses to mix SYNTHETIC with measured trials unless asked", () => {
    const observations = { porosity: { value: 30 } };
    const once = tell(campaign, [{ id: "a", ...settings, observations }]);
    const synthetic = { id: "b", origin: "SYNTHETIC" as const, ...settings, observations };
    expect(() => tell(once, [synthetic])).toThrow("mixed");
    expect(tell(once, [synthetic], { mixOrigins: true }).trials).toHaveLength(2);
  });

  it("takes simulated results into a campaign whose suggestions have no result yet", () => {
    const asked = tell(campaign, [{ id: "a", ...settings, status: "suggested" }]);
    const synthetic = { id: "b", origin: "SYNTHETIC" as const, ...settings };
    const told = tell(asked, [{ ...synthetic, observations: { porosity: { value: 30 } } }]);
    expect(told.trials).toHaveLength(2);
  });

  describe("with a formula of measured columns", () => {
    const columns = new Map([
      ["ratio", "1"],
      ["slow", "mAh/cm3"],
    ]);
    const learned = createCampaign(campaign.spec, { columns });
    const told = tell(learned, [{ id: "a", ...settings, observations: { ratio: { value: 0.5 } } }]);

    it("computes the outcome once all columns are told, and anew when one is corrected", () => {
      expect(told.trials[0]?.observations["capacity"]).toBeUndefined();
      const both = tell(told, [{ id: "a", observations: { slow: { value: 400 } } }]);
      expect(both.trials[0]?.observations["capacity"]).toEqual({ value: 200 });
      const corrected = tell(both, [{ id: "a", observations: { ratio: { value: 0.25 } } }], {
        correct: true,
      });
      expect(corrected.trials[0]?.observations["capacity"]).toEqual({ value: 100 });
    });

    it("keeps an outcome that was told itself", () => {
      const next = tell(told, [
        { id: "a", observations: { slow: { value: 400 }, capacity: { value: 190 } } },
      ]);
      expect(next.trials[0]?.observations["capacity"]).toEqual({ value: 190 });
    });
  });

  it("does not depend on the order of updates to different trials", () => {
    const update = fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      load: fc.integer({ min: 200, max: 1600 }),
      porosity: fc.integer({ min: 20, max: 50 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(update, { selector: (u) => u.id }), fc.nat(), (updates, turn) => {
        const told = updates.map(({ id, load, porosity }) => ({
          ...{ id, parameters: { load, mode: "soft" }, context: { porosity_before: 44 } },
          observations: { porosity: { value: porosity } },
        }));
        const turned = [...told.slice(turn % (told.length + 1)), ...told.slice(0, turn % (told.length + 1))];
        expect(dataHash(tell(campaign, turned).trials)).toBe(dataHash(tell(campaign, told).trials));
      }),
    );
  });
});

describe("dataHash", () => {
  it("changes with a value and not with a comment", () => {
    const [a] = tell(campaign, [{ id: "a", ...settings }]).trials;
    expect(dataHash([{ ...a!, comment: "x" }])).toBe(dataHash([a!]));
    expect(dataHash([{ ...a!, group: "x" }])).not.toBe(dataHash([a!]));
  });
});
