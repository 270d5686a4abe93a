import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { createRng } from "../../src/math/rng.js";
import { completed } from "./campaign-fixtures.js";

/** Settings 0 … 11 of which 4 and 5 are nearly equal and better than the others, each run twice. */
function campaign(scatter: number, tried: readonly number[], strategy?: Record<string, string>): Campaign {
  const rng = createRng(11);
  const bare = createCampaign({
    campaign: "replication",
    parameters: { a: { type: "integer", unit: "1", min: 0, max: 11 } },
    outcomes: { y: { unit: "N/m", goal: "maximize" } },
    ...(strategy && { strategy }),
  });
  const y = (a: number): number => 10 - 0.25 * (a - 4.5) * (a - 4.5);
  return withTrials(
    bare,
    tried.flatMap((a, i) =>
      [1, 2].map((k) => completed(`t${i}-${k}`, { a }, { y: y(a) + scatter * rng.normal() })),
    ),
  );
}
const TRIED = [0, 2, 3, 4, 5, 6, 7, 8, 9, 11];

describe("replication on purpose", () => {
  it("repeats a good setting where results scatter, says so and says why", async () => {
    const { suggestions } = await ask(campaign(1.2, TRIED), { count: 1, replicate: true });
    const [first] = suggestions;
    expect(first!.replication).toBeDefined();
    expect(first!.replication!.rise).toBeGreaterThan(first!.replication!.instead);
    expect(first!.acquisition.name).toBe("replication");
    expect(first!.reasons[0]).toContain("on purpose");
    expect(first!.reasons[0]).toContain(first!.replication!.of);
    expect(Number(first!.parameters["a"])).toBeGreaterThanOrEqual(2);
    expect(Number(first!.parameters["a"])).toBeLessThanOrEqual(7);
  });

  it("takes a request that fixes everything", async () => {
    const { suggestions } = await ask(campaign(1.2, TRIED), { count: 1, fix: { a: 10 } });
    expect(suggestions.map(({ parameters }) => parameters)).toEqual([{ a: 10 }]);
  });

  it("repeats nothing where results do not scatter", async () => {
    const exact = await ask(campaign(0, TRIED), { count: 2, replicate: true });
    expect(exact.suggestions.some(({ replication }) => replication !== undefined)).toBe(false);
  });

  it("does so unasked where noise is a large share of what results differ by, unless it is forbidden", async () => {
    const isRepeated = async (of: Campaign, replicate?: boolean): Promise<boolean> => {
      const { suggestions } = await ask(of, { count: 1, ...(replicate !== undefined && { replicate }) });
      return suggestions[0]!.replication !== undefined;
    };
    expect(await isRepeated(campaign(1.2, TRIED))).toBe(true);
    expect(await isRepeated(campaign(0.02, TRIED))).toBe(false);
    expect(await isRepeated(campaign(1.2, TRIED), false)).toBe(false);
    expect(await isRepeated(campaign(1.2, TRIED, { replicate: "never" }))).toBe(false);
    expect(await isRepeated(campaign(1.2, TRIED, { replicate: "never" }), true)).toBe(true);
    // Whoever chooses how runs are valued gets what he chose.
    expect(await isRepeated(campaign(1.2, TRIED, { acquisition: "ucb" }))).toBe(false);
  });

  it("prefers a new setting beside the best ones where that is worth more", async () => {
    const bare = createCampaign({
      campaign: "fine-steps",
      parameters: { a: { unit: "1", min: 0, max: 11, step: 0.01 } },
      outcomes: { y: { unit: "N/m", goal: "maximize" } },
    });
    const { trials } = campaign(1.2, TRIED);
    const { suggestions } = await ask(withTrials(bare, trials), { count: 1, replicate: true });
    expect(suggestions[0]!.replication).toBeUndefined();
  });

  it("goes on to new settings where much is open", async () => {
    const { suggestions } = await ask(campaign(0.05, [0, 1, 2]), { count: 1, replicate: true });
    expect(suggestions[0]!.replication).toBeUndefined();
  });

  it("repeats no setting twice in a batch", async () => {
    const { suggestions } = await ask(campaign(1.2, TRIED), { count: 2, replicate: true });
    expect(new Set(suggestions.map(({ parameters }) => parameters["a"])).size).toBe(2);
  });
});
