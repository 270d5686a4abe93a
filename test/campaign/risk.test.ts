import { describe, expect, it } from "vitest";
import { createAcquisition } from "../../src/acquisition/create-acquisition.js";
import { sampleOutcomes } from "../../src/acquisition/form-samples.js";
import { ask } from "../../src/campaign/ask.js";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { heldSettings } from "../../src/campaign/held-settings.js";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { expectGradient } from "../acquisition/numeric-gradient.js";
import { completed } from "./campaign-fixtures.js";

/** A sharp, high peak at a = 0.2 and a broad, lower one at a = 0.7. */
function peaks(a: number): number {
  const [sharp, broad] = [(a - 0.2) / 0.05, (a - 0.7) / 0.25];
  return 10 * Math.exp(-0.5 * sharp * sharp) + 8 * Math.exp(-0.5 * broad * broad);
}

interface Edits {
  readonly risk?: unknown;
  readonly tolerance?: number;
  readonly outcomes?: Record<string, unknown>;
  readonly scale?: "linear" | "log";
}

function campaignOf({ risk, tolerance = 0.08, outcomes, scale = "linear" }: Edits = {}): Campaign {
  const campaign = createCampaign({
    campaign: "held",
    parameters: {
      a: { unit: "1", min: 0, max: 1, tolerance },
      b: { unit: "1", min: 1, max: 3, tolerance: tolerance / 2, scale },
    },
    outcomes: outcomes ?? { y: { unit: "1", goal: "maximize", scale: "identity" } },
    batch: 1,
    ...(risk === undefined ? {} : { risk }),
  });
  const trials = Array.from({ length: 24 }, (_, i) => {
    const a = i < 14 ? (i + 0.5) / 14 : 0.1 + (i - 14) * 0.02;
    const b = 1 + 2 * ((0.5 + i * 0.569840291) % 1);
    return completed(`t${String(i).padStart(2, "0")}`, { a, b }, { y: peaks(a) + 0.2 * b, z: a * b });
  });
  return withTrials(campaign, trials);
}

async function problemOf(edits: Edits) {
  const campaign = campaignOf(edits);
  return createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
}

const MEASURES = ["mean", "var", "cvar", "worst-case"] as const;
const both = {
  y: { unit: "1", goal: "maximize", spec: { min: 2 } },
  z: { unit: "1", goal: "target", target: 1.2, spec: { min: 0.4, max: 2.2 } },
  cost: { unit: "1", formula: "a * b * b", spec: { max: 5 } },
};

describe("risk under the setting tolerance", () => {
  it("leaves a sharp peak, which plain improvement prefers, for a broad one that the plant can hold", async () => {
    const plain = await ask(campaignOf(), { seed: 2 });
    const risky = await ask(campaignOf({ risk: { measure: "cvar", level: 0.8 } }), { seed: 2 });
    expect(plain.suggestions[0]!.parameters["a"] as number).toBeLessThan(0.35);
    const [suggestion] = risky.suggestions;
    expect(suggestion!.parameters["a"] as number).toBeGreaterThan(0.5);
    const { y } = suggestion!.risk!.objectives;
    expect(suggestion!.risk).toMatchObject({ measure: "cvar", level: 0.8 });
    expect(y!.mean).toBeLessThan(suggestion!.predictions["y"]!.mean);
    expect(risky.messages.join(" ")).toMatch(/CVaR/u);
    expect(plain.suggestions[0]!.risk).toBeUndefined();
  }, 60_000);

  it.each(MEASURES)("has gradients that agree with differences: %s", async (measure) => {
    const problem = await problemOf({ risk: { measure }, outcomes: both, tolerance: 0.05, scale: "log" });
    const acquisition = createAcquisition({
      ...{ objectives: problem.objectives, specifications: problem.specifications },
      ...{ data: problem.base, pending: createMatrix(0, 2), noisy: true, draws: 8, rng: createRng(3) },
    });
    for (const [a, b] of [
      [0.33, 0.41],
      [0.71, 0.2],
    ])
      expectGradient(acquisition, Float64Array.of(a!, b!), 1e-3);
  });

  it.each(MEASURES)("is the prediction itself where the tolerance vanishes: %s", async (measure) => {
    const tiny = await problemOf({ risk: { measure }, outcomes: both, tolerance: 1e-9 });
    const nominal = await problemOf({ outcomes: both, tolerance: 1e-9 });
    const x = Float64Array.of(0.4, 0.6);
    tiny.objectives.forEach(({ model, goal, target }, m) => {
      const [risk] = sampleOutcomes([model], x, 256);
      const [plain] = sampleOutcomes([nominal.objectives[m]!.model], x, 256);
      // A target at risk is the target less the distance from it.
      const expected = plain!.map((y) => (goal === "target" ? target! - Math.abs(y - target!) : y));
      const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
      expect(mean(risk!)).toBeCloseTo(mean(expected), 3);
    });
    const margins = tiny.specifications.map(({ model }) => sampleOutcomes([model], x, 64)[0]!);
    nominal.specifications.forEach(({ model, min, max }, k) => {
      const [plain] = sampleOutcomes([model], x, 64);
      const kept = plain!.filter((y) => y >= min && y <= max).length;
      expect(Math.abs(margins[k]!.filter((margin) => margin >= 0).length - kept)).toBeLessThan(4);
    });
  });

  it("keeps specifications over the settings that the plant may hold, so that it stays off the limit", async () => {
    const outcomes = {
      y: { unit: "1", goal: "maximize" },
      z: { unit: "1", formula: "a * b", spec: { max: 1 } },
    };
    const measure = "worst-case";
    const [suggestion] = (await ask(campaignOf({ risk: { measure }, outcomes }), { seed: 1 })).suggestions;
    const { a, b } = suggestion!.parameters as { a: number; b: number };
    const campaign = campaignOf({ outcomes });
    const held = heldSettings(campaign.space, true)(campaign.space.encode({ a, b }, {}));
    for (const { x } of held) {
      const at = campaign.space.columns.map((column, k) => column.toRaw(x[k]!));
      expect(at[0]! * at[1]!).toBeLessThanOrEqual(1.01);
    }
  });

  it("says what is missing", () => {
    const spec = {
      campaign: "held",
      parameters: { a: { unit: "1", min: 1, max: 2 } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    };
    const wheres = (more: Record<string, unknown>): string[] => {
      try {
        createCampaign({ ...spec, ...more });
        return [];
      } catch (error) {
        return (error as { problems: { where: string }[] }).problems.map(({ where }) => where);
      }
    };
    expect(wheres({ risk: { measure: "cvar" } })).toEqual(["risk"]);
    expect(wheres({ risk: { measure: "median", level: 2 } })).toContain("risk.measure");
    const a = { unit: "1", min: 1, max: 2, tolerance: 0.8, scale: "log" };
    expect(wheres({ risk: { measure: "var" }, parameters: { a } })).toEqual(["parameters.a.tolerance"]);
  });
});

describe("heldSettings", () => {
  it("scatters with the standard deviation that holds 95 % inside the tolerance, or stays inside it", () => {
    const { space } = campaignOf({ tolerance: 0.1 });
    const x = Float64Array.of(0.5, 0.5);
    const spread = (inside: boolean) => {
      const at = heldSettings(space, inside)(x).map((held) => space.columns[0]!.toRaw(held.x[0]!) - 0.5);
      return { at, stdDev: Math.sqrt(at.reduce((sum, e) => sum + e * e, 0) / at.length) };
    };
    expect(spread(false).stdDev).toBeGreaterThan(0.8 * (0.1 / 1.96));
    expect(spread(false).stdDev).toBeLessThan(1.2 * (0.1 / 1.96));
    for (const shift of spread(true).at) expect(Math.abs(shift)).toBeLessThanOrEqual(0.1);
  });

  it("moves as its slope says, on a logarithmic scale too", () => {
    const { space } = campaignOf({ scale: "log" });
    const heldAt = heldSettings(space, false);
    const at = (x: number) => heldAt(Float64Array.of(0.4, x)).map((held) => held.x[1]!);
    const [up, down] = [at(0.6 + 1e-6), at(0.6 - 1e-6)];
    heldAt(Float64Array.of(0.4, 0.6)).forEach(({ slope }, p) => {
      expect((up[p]! - down[p]!) / 2e-6).toBeCloseTo(slope[1]!, 6);
    });
  });
});
