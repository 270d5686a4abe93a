import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createAskProblem } from "../../src/campaign/ask-problem.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { shareKept } from "../../src/campaign/formed-gain.js";
import { gainAt, probabilityKept, standingOf } from "../../src/campaign/improvement.js";
import { knownChance } from "../../src/campaign/known-chance.js";
import { createRng } from "../../src/math/rng.js";
import { bowlTrials } from "./campaign-fixtures.js";

/** Hours from a formula that states by how much it may be wrong, everywhere alike. */
function campaign(hours: object, y: object, more: Record<string, object> = {}): Campaign {
  return withTrials(
    createCampaign({
      campaign: "stated-errors",
      parameters: { a: { unit: "1", min: 0, max: 1 }, b: { unit: "1", min: 0, max: 1 } },
      outcomes: { y: { unit: "1", ...y }, hours: { unit: "h", formula: "10 + 10 * a", ...hours }, ...more },
    }),
    bowlTrials(12),
  );
}
const problemOf = async (of: Campaign) => createAskProblem(of, {}, await fitOutcomes(of), []);
const ERROR = { error: "5 %" };
const x = Float64Array.of(0.28, 0.6);

describe("the stated error of a formula", () => {
  it("is no gain of one run over another: all runs share it", async () => {
    const goals = [
      { hours: { goal: "minimize" }, y: { spec: { min: 0 } } },
      { hours: { goal: "minimize", threshold: 25 }, y: { goal: "maximize", threshold: 0 } },
    ];
    for (const { hours, y } of goals) {
      const gains = await Promise.all(
        [{}, ERROR].map(async (error) => {
          const { objectives, specifications, base } = await problemOf(campaign({ ...hours, ...error }, y));
          return gainAt(
            standingOf(objectives, specifications, base),
            specifications,
            Float64Array.of(0, 0.68),
            createRng(1),
          );
        }),
      );
      expect(gains[0]!.expected).toBeGreaterThan(0);
      expect(gains[1]).toEqual(gains[0]);
    }
  });

  it("says how sure a limit is", async () => {
    const { specifications } = await problemOf(
      campaign({ spec: { max: 13 }, ...ERROR }, { goal: "maximize" }),
    );
    const [term] = specifications;
    // 12.8 h ± 5 % against 13 h.
    const expected = probabilityKept(term!, x);
    expect(expected).toBeGreaterThan(0.6);
    expect(expected).toBeLessThan(0.65);
    const exact = await problemOf(campaign({ spec: { max: 13 } }, { goal: "maximize" }));
    expect(probabilityKept(exact.specifications[0]!, x)).toBe(1);
  });

  it("counts beside composite limits too, in probabilities and in expected gains", async () => {
    const composite = { w: { unit: "1", formula: "y + a", composite: true, spec: { min: -100 } } };
    const problem = await problemOf(
      campaign({ spec: { max: 13 }, ...ERROR }, { goal: "maximize" }, composite),
    );
    const { objectives, specifications, base } = problem;
    const term = specifications.find(({ outcome }) => outcome === "hours")!;
    const chance = knownChance(term.model as never, term, x);
    expect(shareKept(specifications, x)).toBeCloseTo(chance, 12); // the composite always holds
    const standing = standingOf(objectives, specifications, base);
    const others = specifications.filter((one) => one !== term);
    const [all, without] = [specifications, others].map((terms) => gainAt(standing, terms, x, createRng(1))!);
    expect(all!.expected).toBeCloseTo(chance * without!.expected, 9);
    const [suggestion] = (await ask(problem.campaign, { count: 1 })).suggestions;
    const { probability } = suggestion!.specifications["hours"] as { probability: number };
    expect(suggestion!.probabilityFeasible).toBeCloseTo(probability, 9);
  });
});
