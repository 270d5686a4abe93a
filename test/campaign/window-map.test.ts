import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import { processWindow } from "../../src/campaign/window.js";

describe("the maps of a process window", () => {
  it("show the two settings first that move the probability most", async () => {
    const campaign = createCampaign({
      campaign: "maps",
      parameters: Object.fromEntries(
        ["idle", "weak", "strong"].map((name) => [name, { unit: "1", min: 0, max: 10, step: 0.5 }]),
      ),
      outcomes: { y: { unit: "1", spec: { max: 8 }, formula: "0 * idle + 1.2 * weak + 3 * strong" } },
    });
    const { maps } = await processWindow(campaign, { widen: false });
    expect(maps).toHaveLength(3);
    expect([maps[0]!.x, maps[0]!.y]).toEqual(["weak", "strong"]);
    expect(Object.keys(maps[0]!.held)).toEqual(["idle"]);
  });
});
