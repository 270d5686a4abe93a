import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import type { Trial } from "../../src/campaign/trial.js";
import { contextLevels } from "../../src/evaluation/context-levels.js";

const campaign = createCampaign({
  campaign: "levels",
  parameters: { line_load: { unit: "N/mm", min: 200, max: 1600 } },
  context: { coating_weight: { unit: "g/m2", min: 100, max: 200 }, coil: { choices: ["A", "B"] } },
  outcomes: { porosity: { unit: "%" } },
});

function levelsOf(contexts: readonly (readonly [number, string])[]) {
  const trials = contexts.map(
    ([coating_weight, coil], i): Trial => ({
      id: `T${i}`,
      status: "completed",
      parameters: { line_load: 500 + i },
      context: { coating_weight, coil },
      observations: {},
      origin: "SYNTHETIC",
    }),
  );
  const ids = trials.map(({ id }) => id);
  return contextLevels({ ...campaign, trials }, ids, ids).map(({ context, rows }) => [context, rows]);
}

describe("contextLevels", () => {
  it("joins states that a gauge cannot tell apart, and names only the context that differs", () => {
    const light = [120, 121, 120.5, 119.5].map((weight) => [weight, "A"] as const);
    const heavy = [180, 181, 180, 179.5].map((weight) => [weight, "A"] as const);
    expect(levelsOf([...light, ...heavy])).toEqual([
      [{ coating_weight: 120 }, [0, 1, 2, 3]],
      [{ coating_weight: 180 }, [4, 5, 6, 7]],
    ]);
  });

  it("leaves out levels of fewer than four groups", () => {
    const many = Array.from({ length: 5 }, () => [120, "B"] as const);
    expect(levelsOf([...many, [120, "A"], [180, "A"], [150, "A"]])).toEqual([
      [{ coating_weight: 120, coil: "B" }, [0, 1, 2, 3, 4]],
    ]);
  });

  it("finds none where the context is always the same, or never", () => {
    expect(levelsOf(Array.from({ length: 6 }, () => [150, "A"] as const))).toEqual([]);
    expect(levelsOf(Array.from({ length: 6 }, (_, i) => [100 + 10 * i, "A"] as const))).toEqual([]);
  });

  it("finds none where most groups have a state of their own: the context drifts", () => {
    const many = Array.from({ length: 4 }, () => [120, "A"] as const);
    const drifting = Array.from({ length: 5 }, (_, i) => [130 + 10 * i, "A"] as const);
    expect(levelsOf([...many, ...drifting])).toEqual([]);
  });
});
