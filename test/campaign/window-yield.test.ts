import { describe, expect, it } from "vitest";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { isSealIntact } from "../../src/campaign/seal.js";
import { processWindow } from "../../src/campaign/window.js";
import { completed } from "./campaign-fixtures.js";

describe("the yield of a process window", () => {
  it("lies within its interval, beside the probability of a next run", async () => {
    const campaign = createCampaign({
      campaign: "yield",
      parameters: { a: { unit: "1", min: 0, max: 1, step: 0.05, tolerance: 0.02 } },
      outcomes: { y: { unit: "1", spec: { min: 9 } } },
    });
    const trials = Array.from({ length: 16 }, (_, i) => {
      const a = (0.5 + i * 0.754877666) % 1;
      return completed(
        `t${String(i).padStart(2, "0")}`,
        { a },
        { y: 10 - 8 * a + 0.6 * (((i * 0.618034) % 1) - 0.5) },
      );
    });
    const { box, reasons } = await processWindow(withTrials(campaign, trials), {
      probability: 0.6,
      widen: false,
    });
    const { median, mean, interval95 } = box!.yield;
    expect(median).toBeGreaterThanOrEqual(interval95[0]);
    expect(median).toBeLessThanOrEqual(interval95[1]);
    expect(mean).toBeLessThan(median); // the draws lean to the side of the limit
    expect(reasons.join(" ")).toMatch(/a next run there is so with probability/);
  });

  it("is sealed without a count of work units, because no acquisition is evaluated", async () => {
    const answer = await processWindow(
      createCampaign({
        campaign: "formula",
        parameters: { a: { unit: "1", min: 0, max: 10, step: 0.5 } },
        outcomes: { y: { unit: "1", spec: { max: 12 }, formula: "2 * a" } },
      }),
    );
    expect(Object.keys(answer.provenance)).not.toContain("workUnits");
    expect(isSealIntact(answer)).toBe(true);
  });
});
