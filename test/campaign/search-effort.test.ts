import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import type { CellwrightError } from "../../src/errors.js";
import { bowlTrials, shippedCampaign, twoParameterCampaign } from "./campaign-fixtures.js";

const campaign = withTrials(twoParameterCampaign(), bowlTrials(8));

/** A clock that moves one millisecond every time it is read. */
function steppingClock(): () => Date {
  let milliseconds = 0;
  return () => new Date(milliseconds++);
}

describe("a limit of time", () => {
  it.each([0.001, 0.05, 0.2, 0.4, 0.7])(
    "of %d s ends at a count of work units whose replay has the same seal",
    async (timeLimit) => {
      const timed = await ask(campaign, { timeLimit, clock: steppingClock() });
      const { workLimit, seal } = timed.provenance;
      expect(workLimit).toBeGreaterThan(0);
      expect(timed.suggestions).toHaveLength(4);
      expect(timed.warnings.join()).toContain(`cut short after ${workLimit} units of work`);
      const replayed = await ask(campaign, { workLimit: workLimit! });
      expect(replayed.provenance.seal).toBe(seal);
      for (const { parameters, context } of timed.suggestions)
        expect(campaign.space.violations(parameters, context)).toEqual([]);
    },
  );

  it("replays on a shipped campaign of two objectives with stepped settings", async () => {
    const shipped = shippedCampaign("nmc622-pilot-density");
    const timed = await ask(shipped, { timeLimit: 0.9, clock: steppingClock() });
    const replayed = await ask(shipped, { workLimit: timed.provenance.workLimit! });
    expect(replayed.provenance.seal).toBe(timed.provenance.seal);
  });

  it("changes nothing where there is time enough", async () => {
    const [plain, timed, limited] = [
      await ask(campaign, { count: 2 }),
      await ask(campaign, { count: 2, timeLimit: 1e6, clock: steppingClock() }),
      await ask(campaign, { count: 2, workLimit: 1e9 }),
    ];
    expect(timed.provenance).toEqual(plain.provenance);
    expect(limited.provenance).toEqual(plain.provenance);
    expect(plain.provenance).not.toHaveProperty("workLimit");
    expect(plain.warnings).toEqual(timed.warnings);
  });

  it("finds better runs with more work, and does less work with less", async () => {
    const few = await ask(campaign, { count: 1, workLimit: 40 });
    const many = await ask(campaign, { count: 1 });
    expect(few.provenance.workUnits).toBeLessThan(many.provenance.workUnits);
    expect(few.suggestions[0]!.acquisition.value).toBeLessThanOrEqual(many.suggestions[0]!.acquisition.value);
  });

  it.each([
    [{ timeLimit: 2 }, "no clock"],
    [{ timeLimit: 0, clock: steppingClock() }, "0"],
    [{ timeLimit: Number.NaN, clock: steppingClock() }, "NaN"],
    [{ workLimit: 0.5 }, "0.5"],
  ])("refuses %o", async (options, found) => {
    const error = (await ask(campaign, options).catch((reason: unknown) => reason)) as CellwrightError;
    expect([error.code, error.problems[0]?.found]).toEqual(["INVALID_OPTION", found]);
  });
});
