import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { score } from "../../src/campaign/score.js";
import { simulatedWarning } from "../../src/campaign/simulated-warning.js";
import type { Trial } from "../../src/campaign/trial.js";
import { processWindow } from "../../src/campaign/window.js";
import { completed } from "./campaign-fixtures.js";

const campaign = createCampaign({
  campaign: "simulated",
  parameters: { a: { unit: "1", min: 0, max: 1, step: 0.1 } },
  outcomes: { y: { unit: "1", goal: "maximize", spec: { min: 0 } } },
});
const runs = (origin: Trial["origin"]): Trial[] =>
  [0, 0.2, 0.5, 0.7, 1].map((a, i) => ({ ...completed(`t${i}`, { a }, { y: a * (1.2 - a) }), origin }));

describe("the warning that data are simulated", () => {
  it("stands first among the warnings of suggestions, scores and windows", async () => {
    const simulated = withTrials(campaign, runs("SYNTHETIC"));
    const candidates = [{ parameters: { a: 0.6 } }];
    const answers = [
      await ask(simulated),
      await score(simulated, { candidates }),
      await processWindow(simulated),
    ];
    for (const { warnings } of answers)
      expect(warnings[0]).toMatch(/^SYNTHETIC data: 5 of 5 runs are simulated/);
  });

  it("is silent over measured data", async () => {
    const { warnings } = await ask(withTrials(campaign, runs("measured")));
    expect(warnings.join(" ")).not.toContain("SYNTHETIC");
  });

  it("counts runs that were made, not those that are only suggested", () => {
    const mixed = [...runs("SYNTHETIC").slice(0, 2), ...runs("measured").slice(2)];
    expect(simulatedWarning(mixed)[0]).toContain("2 of 5 runs");
    expect(simulatedWarning(runs("SYNTHETIC").map((t) => ({ ...t, status: "suggested" as const })))).toEqual(
      [],
    );
  });
});
