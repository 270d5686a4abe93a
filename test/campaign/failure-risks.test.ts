import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { failureMessages, failureRisks, riskAt } from "../../src/campaign/failure-risks.js";
import { createRng } from "../../src/math/rng.js";
import { bowl, bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const failed = (id: string, a: number, b: number, reason?: string) =>
  completed(id, { a, b }, {}, { status: "failed", ...(reason === undefined ? {} : { reason }) });

describe("failureRisks", () => {
  it("learns each reason apart, whatever its case, and says what it learned from", () => {
    const trials = [
      ...bowlTrials(6),
      failed("f1", 0.9, 0.9, "Web break"),
      failed("f2", 0.95, 0.9, "web break "),
      failed("f3", 0.05, 0.1),
    ];
    const risks = failureRisks(withTrials(twoParameterCampaign(), trials), {});
    expect(risks.map(({ reason, trials: ids }) => [reason, ids])).toEqual([
      ["Web break", ["f1", "f2"]],
      ["no reason stated", ["f3"]],
    ]);
    const there = riskAt(risks, Float64Array.from([0.93, 0.9]));
    expect(there.byReason["Web break"]).toBeGreaterThan(2 * there.byReason["no reason stated"]!);
    expect(there.success).toBeCloseTo(
      (1 - there.byReason["Web break"]!) * (1 - there.byReason["no reason stated"]!),
      12,
    );
    expect(failureMessages(risks)).toEqual([
      "Failures: 3 failed runs (Web break 2, no reason stated 1) teach where runs succeed; every suggestion is weighed by that probability.",
    ]);
  });

  it("joins the rarest reasons where there are many", () => {
    const many = Array.from({ length: 9 }, (_, i) => failed(`f${i}`, i / 10, 0.2, `reason ${i}`));
    const risks = failureRisks(withTrials(twoParameterCampaign(), [...bowlTrials(4), ...many]), {});
    expect(risks.map(({ reason, trials }) => [reason, trials.length]).at(-1)).toEqual(["other reasons", 4]);
    expect(risks).toHaveLength(6);
  });

  it("is nothing while no run has failed", () => {
    expect(failureRisks(withTrials(twoParameterCampaign(), bowlTrials(4)), {})).toEqual([]);
    expect(failureMessages([])).toEqual([]);
  });
});

describe("ask after failures", () => {
  it("moves away from where runs fail, and says the risk", async () => {
    const before = withTrials(twoParameterCampaign(), bowlTrials(8));
    const [first] = (await ask(before, { count: 1 })).suggestions;
    const { a, b } = first!.parameters as { a: number; b: number };
    expect(first!.success).toBeUndefined();
    const around = [failed("f1", a, b, "wrinkles"), failed("f2", a + 0.02, b, "wrinkles")];
    const after = await ask(withTrials(before, [...before.trials, ...around]), { count: 1 });
    const [next] = after.suggestions;
    const moved = Math.hypot((next!.parameters["a"] as number) - a, (next!.parameters["b"] as number) - b);
    expect(moved).toBeGreaterThan(0.05);
    expect(next!.success!.probability).toBeGreaterThan(0.4);
    expect(next!.acquisition.name).toContain("probability-of-success");
    expect(after.messages.join()).toContain("wrinkles 2");
  });

  it("finds the optimum beside a region that fails, with few failures", async () => {
    const fails = (a: number): boolean => a > 0.45;
    const rng = createRng(7);
    let campaign = twoParameterCampaign();
    let failures = 0;
    const run = (id: string, a: number, b: number) => {
      if (fails(a)) failures++;
      return fails(a) ? failed(id, a, b, "foil tears") : completed(id, { a, b }, { y: bowl(a, b) });
    };
    campaign = withTrials(
      campaign,
      Array.from({ length: 6 }, (_, i) => run(`s${i}`, rng.uniform(), rng.uniform())),
    );
    const early = failures;
    for (let i = 0; i < 6; i++) {
      const [s] = (await ask(campaign, { count: 1, seed: i + 1 })).suggestions;
      const { a, b } = s!.parameters as { a: number; b: number };
      campaign = withTrials(campaign, [...campaign.trials, run(`r${String(i).padStart(2, "0")}`, a, b)]);
    }
    const best = Math.max(...campaign.trials.map((t) => t.observations["y"]?.value ?? -Infinity));
    expect(best).toBeGreaterThan(9.8);
    expect(failures - early).toBeLessThanOrEqual(1);
  });

  it("does not spread its first runs over what more likely fails", async () => {
    const trials = [
      failed("f1", 0.9, 0.5, "tears"),
      failed("f2", 0.8, 0.2, "tears"),
      failed("f3", 0.85, 0.8, "tears"),
    ];
    const known = completed("g", { a: 0.2, b: 0.5 }, { y: 1 });
    const { suggestions } = await ask(withTrials(twoParameterCampaign(), [known, ...trials]), { count: 3 });
    for (const s of suggestions) expect(s.success!.probability).toBeGreaterThanOrEqual(0.5);
  });
});
