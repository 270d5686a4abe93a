import { describe, expect, it } from "vitest";
import { triedSettings } from "../../src/campaign/tried-settings.js";
import { completed, twoParameterCampaign } from "./campaign-fixtures.js";

const { space } = twoParameterCampaign({ context: { weight: { unit: "g/m2", min: 100, max: 200 } } });
const trial = (id: string, a: number, more = {}) =>
  completed(id, { a, b: 0.5 }, {}, { context: { weight: 150 }, ...more });
const at = (a: number) => space.encode({ a, b: 0.5 }, { weight: 150 });

describe("triedSettings", () => {
  it("knows what was run, is running, was suggested or failed, but not what was abandoned", () => {
    const statuses = ["completed", "running", "suggested", "failed", "abandoned"] as const;
    const tried = triedSettings(
      space,
      statuses.map((status, i) => trial(status, i / 10, { status })),
      { weight: 150 },
    );
    expect(statuses.map((_, i) => tried.trialAt(at(i / 10))?.id)).toEqual([
      "completed",
      "running",
      "suggested",
      "failed",
      undefined,
    ]);
  });

  it("takes settings closer than a hundredth of a percent of the range as the same", () => {
    const tried = triedSettings(space, [trial("t", 0.5)], { weight: 150 });
    expect(tried.trialAt(at(0.50009))?.id).toBe("t");
    expect(tried.trialAt(at(0.5002))).toBeUndefined();
  });

  it("counts runs in another state as untried, and runs of unknown state as tried", () => {
    const trials = [
      trial("light", 0.1, { context: { weight: 120 } }),
      trial("unknown", 0.2, { context: {} }),
    ];
    const tried = triedSettings(space, trials, { weight: 150 });
    expect([at(0.1), at(0.2)].map((x) => tried.trialAt(x)?.id)).toEqual([undefined, "unknown"]);
  });
});
