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

describe("score of a request", () => {
  const twoOutcomes = withTrials(
    twoParameterCampaign({
      outcomes: {
        y: { unit: "1", goal: "maximize" },
        z: { unit: "1", spec: { max: 0.5, safety: true } },
        hours: { unit: "h", formula: "1 + 20 * a" },
      },
    }),
    bowlTrials(12).map((t) => ({
      ...t,
      observations: { ...t.observations, z: { value: Number(t.parameters["a"]) } },
    })),
  );
  const own = [
    { a: 0.2, b: 0.6 },
    { a: 0.45, b: 0.6 },
    { a: 0.9, b: 0.1 },
  ].map((parameters) => ({ parameters }));

  it("is valued by the acquisition that ask would take, for every family", async () => {
    for (const acquisition of ["log-ei", "log-nei", "ucb", "variance", "straddle"] as const) {
      const [best] = (await ask(twoOutcomes, { count: 1, acquisition, share: false })).suggestions;
      const { candidates, messages } = await score(twoOutcomes, {
        acquisition,
        candidates: [...own, { parameters: best!.parameters }],
      });
      expect(candidates[3]!.acquisition!.name, acquisition).toBe(best!.acquisition.name);
      expect(candidates[3]!.rank, acquisition).toBe(1);
      expect(messages.some((m) => m.includes(`valued by ${acquisition}`))).toBe(true);
    }
  });

  it("takes the acquisition that the campaign file states", async () => {
    const campaign = withTrials(twoParameterCampaign({ strategy: { acquisition: "ucb" } }), bowlTrials(8));
    const { candidates } = await score(campaign, { candidates: own });
    expect(candidates[0]!.acquisition!.name).toBe("upper-confidence-bound");
  });

  it("marks what is not safe enough and still says what it is worth", async () => {
    const { candidates, messages } = await score(twoOutcomes, { candidates: own, safe: 0.95 });
    expect(candidates[0]!.safety).toMatchObject({ floor: 0.95 });
    expect(candidates[0]!.problems).toEqual([]);
    expect(candidates[2]!.problems.map(({ where }) => where)).toEqual(["safe"]);
    expect(candidates[2]!.rank).toBeNull();
    expect(candidates[2]!.predictions["y"]).toBeDefined();
    expect(messages.join(" ")).toContain("Safe mode");
  });

  it("counts gain per hour, so that the shorter of two like runs comes first", async () => {
    const pair = [{ parameters: { a: 0.28, b: 0.6 } }, { parameters: { a: 0.32, b: 0.6 } }];
    const values = async (per?: { of: "hour" }): Promise<number[]> => {
      const { candidates } = await score(twoOutcomes, { candidates: pair, ...(per && { per }) });
      return candidates.map(({ acquisition }) => acquisition!.value);
    };
    const [plain, hourly] = [await values(), await values({ of: "hour" })];
    const gained = hourly[0]! - plain[0]! - (hourly[1]! - plain[1]!);
    expect(gained).toBeCloseTo(Math.log((1 + 20 * 0.32) / (1 + 20 * 0.28)), 6);
  });

  it("fills in what the request fixes and marks what contradicts it or moves too far", async () => {
    const { candidates } = await score(twoOutcomes, {
      candidates: [{ parameters: { a: 0.3 } }, { parameters: { a: 0.3, b: 0.2 } }],
      fix: { b: 0.6 },
      from: { a: 0.3, b: 0.6 },
    });
    expect(candidates[0]!.parameters).toEqual({ a: 0.3, b: 0.6 });
    expect(candidates[0]!.problems).toEqual([]);
    expect(candidates[1]!.problems[0]).toMatchObject({
      where: "b",
      expected: "0.6, as the request fixes it",
    });
    const moved = await score(twoOutcomes, {
      candidates: own,
      from: { a: 0.3, b: 0.6 },
      maxMove: { a: 0.2 },
    });
    expect(moved.candidates.map(({ problems }) => problems.length > 0)).toEqual([false, false, true]);
    expect(moved.candidates[2]!.problems[0]!.where).toContain("max_move a");
  });

  it("counts runs under way: what they will tell is worth nothing more", async () => {
    const candidates = [{ parameters: { a: 0.21, b: 0.6 } }];
    const free = (await score(twoOutcomes, { candidates })).candidates[0]!;
    const pending = [{ ...completed("p1", { a: 0.2, b: 0.6 }, {}), status: "running" as const }];
    const taken = (await score(twoOutcomes, { candidates, pending })).candidates[0]!;
    expect(taken.acquisition!.value).toBeLessThan(free.acquisition!.value - 0.5);
    const same = await score(twoOutcomes, { candidates: [{ parameters: { a: 0.2, b: 0.6 } }], pending });
    expect(same.candidates[0]!.tried).toBe("p1");
  });

  it("values composites, desirabilities and limits relative to the incumbent as ask does", async () => {
    const observed = bowlTrials(10).map((t) => ({
      ...t,
      observations: { ...t.observations, z: { value: 1 + Number(t.parameters["a"]) } },
    }));
    const outcomes = { y: { unit: "1" }, z: { unit: "1" } };
    const specs = [
      { outcomes: { ...outcomes, w: { unit: "1", goal: "maximize", formula: "y * z", composite: true } } },
      { outcomes, desirability: { y: { lower: 0, target: 1 }, z: { lower: 1, target: 2 } } },
      {
        outcomes: {
          y: { unit: "1", goal: "maximize" },
          z: { unit: "1", atLeast: { share: 0.9, of: "incumbent" } },
        },
      },
    ];
    for (const spec of specs) {
      const campaign = withTrials(twoParameterCampaign(spec), observed);
      const [best] = (await ask(campaign, { count: 1 })).suggestions;
      const { candidates } = await score(campaign, {
        candidates: [...own, { parameters: best!.parameters }],
      });
      expect(candidates[3]!.rank).toBe(1);
      expect(candidates[3]!.acquisition!.value).toBeCloseTo(best!.acquisition.value, 2);
      expect(candidates[3]!.predictions).toEqual(best!.predictions);
    }
  });

  it("refuses what ask refuses", async () => {
    const bowl = withBowl();
    const refused = [
      { safe: 2 },
      { per: { of: "hour" as const } },
      { acquisition: "parego" as const },
      { seed: 0.5 },
    ];
    for (const more of refused)
      await expect(score(bowl, { candidates: own, ...more })).rejects.toMatchObject({
        code: "INVALID_OPTION",
      });
  });
});
