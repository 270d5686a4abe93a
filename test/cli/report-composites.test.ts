import { beforeAll, describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { buildReportData } from "../../src/cli/report-data.js";
import type { ReportData } from "../../src/plots/report-data.js";
import { completed } from "../campaign/campaign-fixtures.js";

const trials = Array.from({ length: 12 }, (_, i) => {
  const load = 200 + 100 * i;
  const capacity = 3 + 0.001 * load - 0.0000006 * load * load;
  return completed(`t${String(i).padStart(2, "0")}`, { load }, { capacity, voltage: 3.5 + 0.0001 * load });
});
const campaign = createCampaign(
  {
    campaign: "composite",
    parameters: { load: { unit: "N/mm", min: 200, max: 1600, step: 50 } },
    outcomes: {
      capacity: { unit: "Ah" },
      voltage: { unit: "V" },
      energy: { unit: "Wh", goal: "maximize", formula: "capacity * voltage", composite: true },
      price: { unit: "USD", goal: "minimize", formula: "load / 100" },
      voltage_limit: { unit: "V", spec: { max: 3.9 }, formula: "voltage * 1.02", composite: true },
    },
  },
  {
    trials: [
      ...trials,
      { ...completed("half", { load: 300 }, { capacity: 3.2 }) },
      { ...completed("torn", { load: 1600 }, {}), status: "failed", reason: "wrinkles" },
    ],
  },
);

let data: ReportData;
beforeAll(async () => {
  const answer = await ask(campaign, { count: 1, seed: 1 });
  const fits = await fitOutcomes(campaign, { seed: 1 });
  data = buildReportData({ campaign, answer, context: {}, fits, judged: [], source: "test", commands: [] });
});

describe("composite outcomes in the report", () => {
  it("count what their formula came to where all that it names was measured", () => {
    const energy = data.data.outcomes.find(({ outcome }) => outcome === "energy")!;
    expect(energy.values).toBe(12);
    const most = Math.max(...trials.map(({ observations: o }) => o["capacity"]!.value * o["voltage"]!.value));
    expect(energy.best!.value).toBeCloseTo(most, 12);
    expect(data.outcomes.find(({ name }) => name === "energy")).toMatchObject({
      source: "composite",
      formula: "capacity * voltage",
    });
  });

  it("have a curve whose band holds what was measured, and so have those they are formed from", () => {
    expect(data.slices.map(({ outcome }) => outcome)).toEqual([
      "energy",
      "price",
      "voltage_limit",
      "capacity",
      "voltage",
    ]);
    const [energy] = data.slices;
    for (const { x, y } of energy!.measured) {
      const at = energy!.at.indexOf(x);
      const [low, high] = energy!.latent95[at]!;
      expect(y).toBeGreaterThan(low - 0.05);
      expect(y).toBeLessThan(high + 0.05);
    }
  });

  it("stand against the other objective, inside composite specifications", () => {
    expect(data.tradeOff).toMatchObject({ x: "price", y: "energy" });
    expect(data.tradeOff!.front.length).toBeGreaterThan(1);
    expect(data.tradeOff!.front.at(-1)!.y).toBeGreaterThan(data.tradeOff!.front[0]!.y);
  });

  it("count failed runs by their reason", () => {
    expect(data.data.failures).toEqual([{ reason: "wrinkles", trials: ["torn"] }]);
  });
});
