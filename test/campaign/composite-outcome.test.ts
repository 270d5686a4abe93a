import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { completed } from "./campaign-fixtures.js";

const outcomes = {
  capacity: { unit: "Ah" },
  voltage: { unit: "V" },
  energy: { unit: "Wh", formula: "capacity * voltage", goal: "maximize", composite: true },
};

function cells(more: Record<string, unknown> = outcomes, n = 10): Campaign {
  const campaign = createCampaign({
    campaign: "cells",
    parameters: { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } },
    outcomes: more,
    batch: 2,
  });
  const trials = Array.from({ length: n }, (_, i) => {
    const [a, b] = [(0.5 + i * 0.754877666) % 1, (0.5 + i * 0.569840291) % 1];
    return completed(
      `t${i}`,
      { a, b },
      { capacity: 2 + Math.sin(3 * a) + 0.3 * b, voltage: 3.7 - 0.5 * (b - 0.6) * (b - 0.6) - 0.2 * a },
    );
  });
  return withTrials(campaign, trials);
}

describe("composite outcomes", () => {
  it("are asked for through the outcomes that they name", async () => {
    const answer = await ask(cells(), { seed: 3 });
    const [first] = answer.suggestions;
    const { energy, capacity, voltage } = first!.predictions;
    expect(first!.origin).toBe("model");
    expect(energy!.source).toBe("composite");
    expect(energy!.mean).toBeCloseTo(capacity!.mean * voltage!.mean, 2);
    expect(energy!.interval95[0]).toBeLessThan(energy!.mean);
    expect(energy!.interval95[1]).toBeGreaterThan(energy!.mean);
    expect(first!.reasons[0]).toMatch(/^energy /u);
    expect(answer.advice.expectedImprovement).not.toBeNull();
  });

  it("find the best product in a few runs, where it is known", async () => {
    let campaign = cells(outcomes, 5);
    const truth = (a: number, b: number) =>
      (2 + Math.sin(3 * a) + 0.3 * b) * (3.7 - 0.5 * (b - 0.6) * (b - 0.6) - 0.2 * a);
    for (let k = 0; k < 4; k++) {
      const { suggestions } = await ask(campaign, { count: 1, seed: k });
      const { a, b } = suggestions[0]!.parameters as { a: number; b: number };
      const more = completed(
        `s${k}`,
        { a, b },
        { capacity: 2 + Math.sin(3 * a) + 0.3 * b, voltage: 3.7 - 0.5 * (b - 0.6) * (b - 0.6) - 0.2 * a },
      );
      campaign = withTrials(campaign, [...campaign.trials, more]);
    }
    const reached = Math.max(
      ...campaign.trials.map((t) => truth(t.parameters["a"] as number, t.parameters["b"] as number)),
    );
    let best = 0;
    for (let i = 0; i <= 100; i++)
      for (let j = 0; j <= 100; j++) best = Math.max(best, truth(i / 100, j / 100));
    expect(reached).toBeGreaterThan(best - 0.05);
  });

  it("keep specifications on themselves and on what they read, jointly", async () => {
    const specified = {
      ...outcomes,
      capacity: { unit: "Ah", spec: { min: 2.9 } },
      energy: { ...outcomes.energy, spec: { max: 11 } },
    };
    const [first] = (await ask(cells(specified), { seed: 1, count: 1 })).suggestions;
    const kept = Object.values(first!.specifications).map((s) => (s.kind === "model" ? s.probability : 0));
    expect(kept).toHaveLength(2);
    expect(first!.probabilityFeasible).toBeLessThanOrEqual(Math.min(...kept) + 0.01);
    expect(first!.predictions["energy"]!.mean).toBeLessThan(11.05);
    expect(first!.predictions["capacity"]!.mean).toBeGreaterThan(2.85);
  });

  it("give the same bytes again", async () => {
    const [one, two] = [await ask(cells(), { seed: 5 }), await ask(cells(), { seed: 5 })];
    expect(one.provenance.seal).toBe(two.provenance.seal);
  });

  it("say what they cannot be", () => {
    expect(() => cells({ y: { unit: "1", goal: "maximize", composite: true } })).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ where: "outcomes.y.composite" })],
      }),
    );
    expect(() =>
      cells({ ...outcomes, loss: { unit: "Wh", formula: "energy - measured_loss", composite: true } }),
    ).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ where: "outcomes.loss.composite" })],
      }),
    );
  });
});
