import { describe, expect, it } from "vitest";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { gainAt, probabilityKept, standingOf } from "../../src/campaign/improvement.js";
import { createRng } from "../../src/math/rng.js";
import { normalCdf, normalPdf } from "../../src/math/normal.js";
import { bowlTrials, twoParameterCampaign } from "./campaign-fixtures.js";

async function problemOf(more: Record<string, unknown> = {}, rows = 12) {
  const campaign = withTrials(twoParameterCampaign(more), bowlTrials(rows));
  return createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
}

describe("gainAt", () => {
  it("is the analytic expected improvement over the best posterior mean, for one objective", async () => {
    const problem = await problemOf({ outcomes: { y: { unit: "1", goal: "maximize", scale: "identity" } } });
    const standing = standingOf(problem.objectives, [], problem.base);
    const model = problem.judged[0]!.fitted!.model;
    for (const point of [
      [0.31, 0.69],
      [0.9, 0.1],
      [0.1, 0.9],
    ]) {
      const x = Float64Array.from(point);
      const posterior = model.predict({ rows: 1, cols: 2, data: x });
      const [mean, stdDev] = [posterior.mean[0]!, posterior.stdDev[0]!];
      const z = (mean - standing.reached!) / stdDev;
      const analytic = stdDev * (normalPdf(z) + z * normalCdf(z));
      const { expected } = gainAt(standing, [], x, createRng(1))!;
      expect(Math.abs(expected - analytic)).toBeLessThan(0.02 * analytic + 1e-4 * stdDev);
    }
  });

  it("minimizes and brings to a target as it maximizes", async () => {
    const flipped = await problemOf({ outcomes: { y: { unit: "1", goal: "minimize" } } });
    const standing = standingOf(flipped.objectives, [], flipped.base);
    expect(standing.reached).toBeCloseTo(-Math.min(...standing.values.data), 12);
    const target = await problemOf({ outcomes: { y: { unit: "1", target: 4 } } });
    const near = standingOf(target.objectives, [], target.base);
    expect(near.reached).toBeCloseTo(-Math.min(...Array.from(near.values.data, (v) => Math.abs(v - 4))), 12);
  });

  it("weighs by the probability of keeping the specifications", async () => {
    const problem = await problemOf({ outcomes: { y: { unit: "1", goal: "maximize", spec: { min: 5 } } } });
    const standing = standingOf(problem.objectives, problem.specifications, problem.base);
    const x = Float64Array.of(0.9, 0.1);
    const free = gainAt(standing, [], x, createRng(1))!.expected;
    const kept = probabilityKept(problem.specifications[0]!, x);
    expect(kept).toBeLessThan(0.99);
    expect(gainAt(standing, problem.specifications, x, createRng(1))!.expected).toBeCloseTo(free * kept, 12);
  });

  it("says nothing while no tried setting keeps the specifications", async () => {
    const problem = await problemOf({
      outcomes: { y: { unit: "1", goal: "maximize", spec: { min: 1000 } } },
    });
    const standing = standingOf(problem.objectives, problem.specifications, problem.base);
    expect(standing.reached).toBeNull();
    expect(gainAt(standing, problem.specifications, Float64Array.of(0.3, 0.7), createRng(1))).toBeNull();
  });
});

describe("standingOf", () => {
  it("counts hypervolume from the thresholds for several objectives", () => {
    const campaign = createCampaign({
      campaign: "c",
      parameters: { a: { unit: "1", min: 0, max: 1 } },
      outcomes: {
        up: { unit: "1", goal: "maximize", threshold: 0, formula: "a" },
        down: { unit: "1", goal: "minimize", threshold: 1, formula: "a ^ 2" },
      },
    });
    const trials = [0.2, 0.6].map((a, i) => ({
      id: `t${i}`,
      status: "completed" as const,
      parameters: { a },
      context: {},
      observations: { note: { value: 1 } },
      origin: "measured" as const,
    }));
    const problem = createAskProblem(
      withTrials(campaign, trials),
      {},
      { fitted: new Map(), unfitted: new Map(), messages: [] },
      [],
    );
    const { reached } = standingOf(problem.objectives, [], problem.base);
    // Boxes (0, −1) … (0.2, −0.04) and (0, −1) … (0.6, −0.36).
    expect(reached).toBeCloseTo(0.6 * 0.64 + 0.2 * (0.96 - 0.64), 12);
  });
});
