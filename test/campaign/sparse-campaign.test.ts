import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { createRng } from "../../src/math/rng.js";
import { completed } from "./campaign-fixtures.js";

describe("a campaign of many parameters of which few matter", () => {
  const names = Array.from({ length: 18 }, (_, j) => `x${j}`);
  const rng = createRng(5);
  const campaign = withTrials(
    createCampaign({
      campaign: "sparse",
      parameters: Object.fromEntries(names.map((name) => [name, { unit: "1", min: 0, max: 1 }])),
      outcomes: { y: { unit: "1", goal: "maximize" } },
    }),
    Array.from({ length: 32 }, (_, i) => {
      const settings = Object.fromEntries(names.map((name) => [name, rng.uniform()]));
      const [a, b] = [settings["x4"]!, settings["x9"]!];
      return completed(`t${i}`, settings, { y: 1 - 4 * (a - 0.3) * (a - 0.3) - 2 * (b - 0.6) * (b - 0.6) });
    }),
  );

  it("is improved along those that matter where sparse axes are asked for", async () => {
    const { suggestions } = await ask(campaign, { count: 1, preset: "sparse-axes" });
    const { x4, x9 } = suggestions[0]!.parameters;
    expect(Math.abs(Number(x4) - 0.3)).toBeLessThan(0.1);
    expect(Math.abs(Number(x9) - 0.6)).toBeLessThan(0.1);
  });
});
