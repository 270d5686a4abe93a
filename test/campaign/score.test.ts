import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { score } from "../../src/campaign/score.js";
import { CellwrightError } from "../../src/errors.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const withBowl = (more: Record<string, unknown> = {}) =>
  withTrials(twoParameterCampaign(more), bowlTrials(8));

describe("score", () => {
  it("gives the best suggestion of ask the first rank among the user's own settings", async () => {
    const campaign = withBowl();
    const best = (await ask(campaign, { count: 1 })).suggestions[0]!;
    const own = [{ a: 0.9, b: 0.1 }, best.parameters, { a: 0.1, b: 0.2 }];
    const { candidates, gainUnit } = await score(campaign, {
      candidates: own.map((parameters) => ({ parameters })),
    });
    expect(candidates.map(({ rank }) => rank)[1]).toBe(1);
    expect(candidates[1]!.acquisition?.value).toBeCloseTo(best.acquisition.value, 3);
    expect(candidates[1]!.predictions).toEqual(best.predictions);
    expect(gainUnit).toBe("1");
    expect(candidates[1]!.expectedGain).toBeGreaterThan(candidates[0]!.expectedGain!);
  });

  it("ranks the same whatever the order of the rows", async () => {
    const campaign = withBowl();
    const own = bowlTrials(20)
      .slice(8)
      .map(({ id, parameters }) => ({ id, parameters }));
    const forth = await score(campaign, { candidates: own });
    const back = await score(campaign, { candidates: own.toReversed() });
    expect(back.candidates.toReversed()).toEqual(forth.candidates);
    expect(forth.candidates.map(({ rank }) => rank).sort((a, b) => a! - b!)).toEqual(
      own.map((_, i) => i + 1),
    );
  });

  it("names what forbids a row, and still predicts it", async () => {
    const campaign = withBowl({ constraints: ["a + b <= 1.2"] });
    const { candidates } = await score(campaign, {
      candidates: [
        { parameters: { a: 0.9, b: 0.9 } },
        { parameters: { a: 1.5, b: 0.1 } },
        { parameters: { a: 0.4, b: 0.6 } },
      ],
    });
    expect(candidates[0]!.problems[0]?.where).toContain("constraint");
    expect(candidates[1]!.problems.map(({ where }) => where)).toContain("parameters.a");
    expect(candidates.map(({ rank }) => rank)).toEqual([null, null, 1]);
    expect(candidates[0]!.predictions["y"]?.mean).toBeDefined();
  });

  it("says which trial has a row's settings already", async () => {
    const campaign = withBowl();
    const known = campaign.trials[3]!;
    const { candidates } = await score(campaign, { candidates: [{ parameters: known.parameters }] });
    expect(candidates[0]!.tried).toBe(known.id);
  });

  it("weighs specifications and failures", async () => {
    const campaign = withTrials(
      twoParameterCampaign({
        outcomes: { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { max: 0.5 } } },
      }),
      [
        ...bowlTrials(10).map((t) => ({
          ...t,
          observations: { ...t.observations, z: { value: Number(t.parameters["a"]) } },
        })),
        { ...completed("f1", { a: 0.95, b: 0.9 }, {}), status: "failed" as const, reason: "cracks" },
      ],
    );
    const { candidates } = await score(campaign, {
      candidates: [{ parameters: { a: 0.2, b: 0.6 } }, { parameters: { a: 0.9, b: 0.85 } }],
    });
    expect(candidates[0]!.probabilityFeasible).toBeGreaterThan(0.9);
    expect(candidates[1]!.probabilityFeasible).toBeLessThan(0.1);
    expect(candidates[0]!.success!.probability).toBeGreaterThan(candidates[1]!.success!.probability);
  });

  it("predicts nothing and ranks nothing before the first result", async () => {
    const { candidates } = await score(twoParameterCampaign(), {
      candidates: [{ parameters: { a: 0.2, b: 0.6 } }],
    });
    expect(candidates[0]).toMatchObject({
      predictions: {},
      acquisition: null,
      expectedGain: null,
      rank: null,
    });
  });

  it("lists every unreadable row", async () => {
    const error: unknown = await score(withBowl(), {
      candidates: [{ parameters: { a: 0.2 } }, { parameters: { a: 0.2, b: Number.NaN, c: 3 } }],
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CellwrightError);
    expect((error as CellwrightError).problems).toHaveLength(3);
  });
});
