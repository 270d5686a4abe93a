import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { compareModels } from "../../src/evaluation/model-comparison.js";
import { smallCampaign } from "./small-campaign.js";

describe("compareModels", async () => {
  const campaign = smallCampaign();
  const comparison = await compareModels(campaign, "porosity", { folds: 4 });

  it("compares every surrogate on the same folds and takes one that nobody beats by more than a standard error", () => {
    expect(comparison.results.map(({ candidate }) => candidate.kind)).toEqual([
      "gaussian-process",
      "gaussian-process",
      "response-surface",
      "random-forest",
    ]);
    for (const { evaluation, problem } of comparison.results) {
      expect(problem).toBeNull();
      expect(evaluation!.predictions.map(({ trial }) => trial)).toEqual(campaign.trials.map(({ id }) => id));
    }
    const winner = comparison.results.find(({ candidate }) => candidate === comparison.winner)!;
    expect(winner.behind!).toBeLessThanOrEqual(winner.behindStandardError!);
    expect(comparison.evaluation).toBe(winner.evaluation);
    expect(comparison.results.filter(({ behind }) => behind === 0).length).toBe(1);
    const forest = comparison.results.at(-1)!;
    expect(forest.behind!).toBeGreaterThan(forest.behindStandardError!); // a plane is not a forest's business
  });

  it("breaks ties by the order of preference", async () => {
    const twice = [{ kind: "response-surface" }, { kind: "response-surface" }] as const;
    const tied = await compareModels(campaign, "porosity", { folds: 4, candidates: twice });
    expect(tied.winner).toBe(twice[0]);
    const order = [
      { kind: "response-surface" },
      { kind: "gaussian-process", preset: "hvarfner-2024" },
    ] as const;
    const forward = await compareModels(campaign, "porosity", { folds: 4, candidates: order });
    const backward = await compareModels(campaign, "porosity", {
      folds: 4,
      candidates: [...order].reverse(),
    });
    const tie = forward.results.every(({ behind, behindStandardError }) => behind! <= behindStandardError!);
    expect(forward.winner.kind === backward.winner.kind).toBe(!tie);
  });

  it("reports progress over all candidates", async () => {
    const seen: number[] = [];
    await compareModels(campaign, "porosity", {
      folds: 2,
      candidates: [{ kind: "response-surface" }, { kind: "random-forest" }],
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it("says what is wrong when nothing can be fitted", async () => {
    await expect(compareModels(smallCampaign({ groups: 1 }), "porosity")).rejects.toThrow(CellwrightError);
  });
});
