import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { withMoveLimits } from "../../src/campaign/move-limits.js";
import { CellwrightError } from "../../src/errors.js";
import { bowlTrials, completed, shippedCampaign, twoParameterCampaign } from "./campaign-fixtures.js";

const limited = (more: Record<string, unknown>) =>
  createCampaign({
    campaign: "limited",
    parameters: {
      a: { unit: "1", min: 0, max: 1, ...more },
      b: { unit: "1", min: 0, max: 1 },
      mode: { choices: ["x", "y"] },
    },
    outcomes: { y: { unit: "1", goal: "maximize" } },
  });

describe("the largest move from today's setting", () => {
  it("holds for every suggestion, wherever the machine stands", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 8 }),
        async (at, move, rows) => {
          const campaign = withTrials(twoParameterCampaign(), bowlTrials(rows));
          const from = { a: at / 100 };
          const { suggestions } = await ask(campaign, { from, maxMove: { a: move / 100 }, count: 2 });
          expect(suggestions).toHaveLength(2);
          for (const { parameters } of suggestions)
            expect(Math.abs(Number(parameters["a"]) - at / 100)).toBeLessThanOrEqual(move / 100 + 1e-12);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is counted from the latest run, and may stand in the campaign file", async () => {
    const campaign = withTrials(limited({ max_move: 0.2 }), [
      completed("t1", { a: 0.5, b: 0.5, mode: "x" }, { y: 1 }),
    ]);
    for (const { parameters } of (await ask(campaign)).suggestions)
      expect(Math.abs(Number(parameters["a"]) - 0.5)).toBeLessThanOrEqual(0.2);
    const wider = await ask(campaign, { maxMove: { a: 1 }, count: 8 });
    expect(wider.suggestions.some(({ parameters }) => Math.abs(Number(parameters["a"]) - 0.5) > 0.2)).toBe(
      true,
    );
  });

  it("is named where it leaves no room", async () => {
    const campaign = shippedCampaign("nmc622-pilot-density");
    const error: unknown = await ask(campaign, {
      from: { roll_temperature: 40 },
      maxMove: { roll_temperature: 10 },
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "SPACE_UNSATISFIABLE" });
    expect((error as CellwrightError).problems.map(({ where, found }) => [where, found])).toEqual(
      expect.arrayContaining([["max_move roll_temperature", "roll_temperature <= 50"]]),
    );
  });

  it("changes nothing where none is stated", () => {
    const campaign = limited({});
    expect(withMoveLimits(campaign, null)).toBe(campaign.space);
  });

  it("refuses unknown names, choices, impossible amounts and a today that nobody knows", () => {
    const campaign = limited({});
    const today = { parameters: { a: 0.5, mode: "x" } };
    try {
      withMoveLimits(campaign, today, { c: 1, mode: 1, a: Number.NaN, b: 0.1 });
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).problems.map(({ where, found }) => [where, found])).toEqual([
        ["max_move c", "the unknown parameter c"],
        ["max_move a", "NaN"],
        ["max_move b", "no setting of today"],
        ["max_move mode", "a parameter with choices"],
      ]);
    }
  });

  it("is refused in the file for a parameter with choices", () => {
    expect(() =>
      createCampaign({
        campaign: "choices",
        parameters: { mode: { choices: ["x", "y"], max_move: 1 } },
        outcomes: { y: { unit: "1", goal: "maximize" } },
      }),
    ).toThrow(CellwrightError);
  });
});
