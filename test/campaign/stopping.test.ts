import { describe, expect, it } from "vitest";
import { type AskProblem, createAskProblem } from "../../src/campaign/ask-problem.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { standingOf } from "../../src/campaign/improvement.js";
import { percent, stoppingAdvice, type StoppingInput } from "../../src/campaign/stopping.js";
import { bowlTrials, twoParameterCampaign } from "./campaign-fixtures.js";

async function problemOf(outcomes: Record<string, unknown>): Promise<AskProblem> {
  const campaign = withTrials(twoParameterCampaign({ outcomes }), bowlTrials(12));
  return createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
}

async function advice(
  outcomes: Record<string, unknown>,
  expected: number | null,
  more: Partial<StoppingInput> = {},
) {
  const problem = await problemOf(outcomes);
  const standing = standingOf(problem.objectives, problem.specifications, problem.base);
  const gain = expected === null ? null : { expected, exploited: 0.5 };
  const best = { gain, suggestion: { probabilityFeasible: 0.4 } };
  return stoppingAdvice({
    ...{ problem, standing, stage: "model", missing: 0, exhausted: false, best },
    ...more,
  });
}

const maximize = { y: { unit: "mAh", goal: "maximize" } };
const both = {
  y: { unit: "mAh", goal: "maximize", threshold: 0 },
  t: { unit: "h", goal: "minimize", threshold: 3, formula: "1 h + 2 h * a" },
};

describe("stoppingAdvice", () => {
  it("goes on while a run is worth more than a hundredth of the range, and stops below", async () => {
    expect(await advice(maximize, 2)).toMatchObject({ stop: false, expectedImprovement: 2 });
    expect((await advice(maximize, 2)).why).toMatch(
      /^The best next run is expected to improve y by 2 mAh, [\d.]+ % of the range of the tried settings\.$/,
    );
    expect(await advice(maximize, 1e-4)).toMatchObject({ stop: true, expectedImprovement: 1e-4 });
    expect((await advice(maximize, 1e-4)).why).toContain("less than 1 % of the range");
  });

  it("stops below a tenth of the scatter of single runs, be it inferred or stated", async () => {
    const stated = { y: { ...maximize.y, sem: 8 } };
    expect((await advice(maximize, 0.7)).stop).toBe(false);
    expect(await advice(stated, 0.7)).toMatchObject({ stop: true, expectedImprovement: 0.7 });
    expect((await advice(stated, 0.7)).why).toContain("single runs scatter by 8");
  });

  it("counts the share of hypervolume for several objectives", async () => {
    const problem = await problemOf(both);
    const { reached } = standingOf(problem.objectives, problem.specifications, problem.base);
    const going = await advice(both, 0.2 * reached!);
    expect(going.expectedImprovement).toBeCloseTo(0.2, 12);
    expect(going.why).toContain("add 20 % to what the tried settings reach in y and t together");
    expect((await advice(both, 0.001 * reached!)).stop).toBe(true);
  });

  it("says what is missing before the models decide, and when everything was tried", async () => {
    expect((await advice(maximize, null, { stage: "initial-design", missing: 1 })).why).toContain(
      "1 more distinct setting with results",
    );
    expect(await advice(maximize, 3, { exhausted: true })).toEqual({
      stop: true,
      expectedImprovement: null,
      why: "Every feasible setting has been tried.",
    });
  });

  it("says how likely something feasible is where nothing is yet", async () => {
    const outcomes = { y: { unit: "mAh", goal: "maximize", spec: { min: 1000 } } };
    expect(await advice(outcomes, null)).toEqual({
      ...{ stop: false, expectedImprovement: null },
      why: "No tried setting is predicted to keep all specifications yet. The best suggestion keeps them with probability 40 %.",
    });
  });

  it("claims nothing where the thresholds are out of reach", async () => {
    const beyond = { ...both, y: { ...both.y, threshold: 1e6 } };
    expect((await advice(beyond, 0)).why).toBe(
      "No tried setting is predicted beyond the thresholds of y and t together yet.",
    );
  });
});

describe("percent", () => {
  it("gives two digits and never rounds to nothing", () => {
    expect([0.1721, 0.005, 0.0001, 0].map(percent)).toEqual(["17 %", "0.5 %", "less than 0.1 %", "0 %"]);
  });
});
