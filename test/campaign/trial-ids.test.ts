import { describe, expect, it } from "vitest";
import { suggestedTrialIds } from "../../src/campaign/trial-ids.js";

const run = (a: number) => ({ parameters: { a }, context: {} });

describe("suggestedTrialIds", () => {
  it("counts on from the ids that are there, whatever else they are", () => {
    const ids = suggestedTrialIds([run(1), run(2)], new Set(["DD001", "s7-3fa2", "s3-0000", "s999"]));
    expect(ids.map((id) => id.replace(/-.*/, ""))).toEqual(["s8", "s9"]);
    for (const id of ids) expect(id).toMatch(/^s\d+-[0-9a-f]{4}$/);
  });

  it("depends on the settings, so that two answers can be told apart", () => {
    expect(suggestedTrialIds([run(1)], new Set())).toEqual(suggestedTrialIds([run(1)], new Set()));
    expect(suggestedTrialIds([run(1)], new Set())).not.toEqual(suggestedTrialIds([run(2)], new Set()));
  });
});
