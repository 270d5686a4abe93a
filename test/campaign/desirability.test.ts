import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import {
  type DesirabilityGoal,
  desirabilityOf,
  overallDesirability,
} from "../../src/campaign/desirability.js";
import { completed } from "./campaign-fixtures.js";

const goal = (more: Partial<DesirabilityGoal>): DesirabilityGoal => ({
  ...{ outcome: "y", target: 10, weight: 1, importance: 1 },
  ...more,
});

describe("desirabilityOf", () => {
  it("rises, falls or peaks as Derringer and Suich have it", () => {
    const rising = goal({ lower: 0, weight: 2 });
    expect([-1, 0, 5, 10, 12].map((y) => desirabilityOf(rising, y).value)).toEqual([0, 0, 0.25, 1, 1]);
    const falling = goal({ upper: 20 });
    expect([5, 10, 15, 20, 21].map((y) => desirabilityOf(falling, y).value)).toEqual([1, 1, 0.5, 0, 0]);
    const peak = goal({ lower: 8, upper: 14 });
    expect([8, 9, 10, 12, 14].map((y) => desirabilityOf(peak, y).value)).toEqual([0, 0.5, 1, 0.5, 0]);
  });
});

describe("overallDesirability", () => {
  it("is the weighted geometric mean, and 0 where one outcome has no worth", () => {
    const overall = overallDesirability([
      goal({ outcome: "u", lower: 0, importance: 3 }),
      goal({ outcome: "v", upper: 20 }),
    ]);
    expect(overall.evaluate({ u: 5, v: 15 })).toBeCloseTo(0.5, 12);
    expect(overall.evaluate({ u: 5, v: 5 })).toBeCloseTo(0.5 ** 0.75, 12);
    expect(overall.evaluate({ u: 5, v: 25 })).toBe(0);
    expect(overall.evaluate({ u: 5 })).toBeNaN();
  });

  it("has a gradient that agrees with differences", () => {
    const overall = overallDesirability([
      goal({ outcome: "u", lower: 0, upper: 30, weight: 0.7, importance: 3 }),
      goal({ outcome: "v", upper: 20, weight: 1.5 }),
    ]);
    const inside = fc.double({ min: 10.5, max: 19, noNaN: true });
    fc.assert(
      fc.property(inside, inside, (u, v) => {
        const gradient = overall.gradient({ u, v }, ["u", "v"]);
        const step = 1e-6;
        const byU =
          (overall.evaluate({ u: u + step, v }) - overall.evaluate({ u: u - step, v })) / (2 * step);
        const byV =
          (overall.evaluate({ u, v: v + step }) - overall.evaluate({ u, v: v - step })) / (2 * step);
        expect(Math.abs(gradient[0]! - byU)).toBeLessThan(1e-6);
        expect(Math.abs(gradient[1]! - byV)).toBeLessThan(1e-6);
      }),
    );
  });
});

/** Adhesion rises with a, porosity falls with it: together best in between. */
function electrodes(more: Record<string, unknown> = {}): Campaign {
  const campaign = createCampaign({
    campaign: "electrodes",
    parameters: { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } },
    outcomes: { adhesion: { unit: "N/m" }, porosity: { unit: "%" } },
    desirability: {
      adhesion: { lower: 10, target: 40, importance: 2 },
      porosity: { lower: 25, target: 32, upper: 40 },
    },
    batch: 2,
    ...more,
  });
  const trials = Array.from({ length: 12 }, (_, i) => {
    const [a, b] = [(0.5 + i * 0.754877666) % 1, (0.5 + i * 0.569840291) % 1];
    const adhesion = 10 + 30 * a - 5 * (b - 0.5) * (b - 0.5);
    return completed(`t${i}`, { a, b }, { adhesion, porosity: 44 - 18 * a + 2 * b });
  });
  return withTrials(campaign, trials);
}

describe("campaigns with desirabilities", () => {
  it("ask for the run that is most desirable overall, and print the single ones", async () => {
    const { suggestions, messages } = await ask(electrodes(), { seed: 1 });
    const [first] = suggestions;
    expect(first!.origin, messages.join(" ")).toBe("model");
    expect(first!.parameters["a"] as number).toBeGreaterThan(0.6);
    const { adhesion, porosity } = first!.desirabilities as { adhesion: number; porosity: number };
    const overall = first!.predictions["desirability"]!;
    expect(overall.source).toBe("composite");
    expect(overall.mean).toBeGreaterThan(0.7);
    expect(overall.mean).toBeCloseTo((adhesion * adhesion * porosity) ** (1 / 3), 1);
    expect(first!.reasons[0]).toMatch(/^desirability /u);
  });

  it("say everything that is wrong with them at once", () => {
    let wheres: string[] = [];
    try {
      electrodes({
        outcomes: { adhesion: { unit: "N/m", goal: "maximize" }, porosity: { unit: "%" } },
        desirability: {
          adhesion: { lower: 50, target: 40 },
          porosity: { target: 30 },
          adhesoin: { lower: 1, target: 2 },
        },
      });
    } catch (error) {
      wheres = (error as { problems: { where: string }[] }).problems.map(({ where }) => where);
    }
    expect(wheres.sort()).toEqual([
      "desirability.adhesion.lower",
      "desirability.adhesoin",
      "desirability.porosity",
      "outcomes.adhesion.goal",
    ]);
  });
});
