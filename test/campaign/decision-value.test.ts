import { describe, expect, it } from "vitest";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { createDecision, type Decision } from "../../src/campaign/decision-value.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { createRng } from "../../src/math/rng.js";
import { maturingCampaign, maturingCells, MATURES } from "./maturing-cells.js";

async function decisionAmongCells(): Promise<{ decision: Decision; settings: readonly Float64Array[] }> {
  const campaign = maturingCells(1, 8, 6, maturingCampaign({ matures: { ...MATURES, use: "never" } }));
  const problem = createAskProblem(campaign, {}, await fitOutcomes(campaign), []);
  const settings = campaign.trials.map(({ parameters }) => campaign.space.encode(parameters, {}));
  return { decision: createDecision(problem, problem.base, createRng(1))!, settings };
}

const life = (x: Float64Array, noiseVariance: number) => ({ outcome: "cycle_life", x, noiseVariance });

describe("the value of measurements", () => {
  it("counts two results at one setting as one with half the noise", async () => {
    const { decision, settings } = await decisionAmongCells();
    const x = settings[10]!;
    const two = decision.expectedRise([life(x, 0.5), life(x, 0.5)]);
    const half = decision.expectedRise([life(x, 0.25)]);
    expect(two).toBeGreaterThan(0);
    expect(Math.abs(two - half)).toBeLessThan(0.05 * half);
  });

  it("rises with every further result, and parts share their draws", async () => {
    const { decision, settings } = await decisionAmongCells();
    const all = settings.slice(8).map((x) => life(x, 0.1));
    const rise = decision.risesOf(all);
    const everything = rise(all.map((_, i) => i));
    expect(everything).toBeGreaterThan(0);
    all.forEach((_, left) => {
      const without = rise(all.flatMap((_one, i) => (i === left ? [] : [i])));
      expect(without).toBeLessThan(1.02 * everything + 1e-9);
    });
    const alone = decision.expectedRise(all.slice(0, 1));
    expect(Math.abs(rise([0]) - alone)).toBeLessThan(0.05 * alone);
    expect(rise([])).toBe(0);
  });

  it("is nothing for outcomes that the decision does not hang on", async () => {
    const { decision, settings } = await decisionAmongCells();
    const other = { outcome: "first_cycle_efficiency", x: settings[9]!, noiseVariance: 0.1 };
    expect(decision.expectedRise([other])).toBe(0);
    const both = [other, life(settings[9]!, 0.1)];
    expect(decision.expectedRise(both)).toBe(decision.expectedRise(both.slice(1)));
  });
});
