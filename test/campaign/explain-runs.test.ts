import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { withoutFields } from "../../src/campaign/defined-fields.js";
import { fitOutcomes, predictOutcome } from "../../src/campaign/fit-outcomes.js";
import { isSealIntact } from "../../src/campaign/seal.js";
import type { Suggestion } from "../../src/campaign/suggestion.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const STEPPED = {
  a: { unit: "1", min: 0, max: 1, step: 0.1 },
  b: { unit: "1", min: 0, max: 1, step: 0.1 },
};

async function explained(campaign: Campaign, seed = 1): Promise<Suggestion> {
  const { suggestions } = await ask(campaign, { count: 1, seed, explain: true });
  return suggestions[0]!;
}

/** Trials of any function of the two parameters on the fixed lattice. */
function trialsOf(f: (a: number, b: number) => number, n = 12) {
  return bowlTrials(n).map(({ id, parameters }) =>
    completed(id, parameters, { y: f(Number(parameters["a"]), Number(parameters["b"])) }),
  );
}

const rising = (a: number, b: number): number => 10 * a + 5 * b;

describe("explainRuns", () => {
  it("changes neither the suggestions nor their seal", async () => {
    const campaign = withTrials(twoParameterCampaign(), bowlTrials(10));
    const plain = await ask(campaign, { count: 2 });
    const told = await ask(campaign, { count: 2, explain: true });
    expect(told.provenance.seal).toBe(plain.provenance.seal);
    expect(isSealIntact(told)).toBe(true);
    expect(told.suggestions.map((one) => withoutFields(one, "explanation"))).toEqual(plain.suggestions);
    expect(told.suggestions.every(({ explanation }) => explanation !== undefined)).toBe(true);
  });

  it("gives the same explanation for the same seed", async () => {
    const campaign = withTrials(twoParameterCampaign(), bowlTrials(10));
    expect(await explained(campaign)).toEqual(await explained(campaign));
  });

  it("says of every step what the surrogate says of the stepped settings", async () => {
    const surface = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(surface, async ([p, q]) => {
        const rows = trialsOf((a, b) => p * a + q * b + 3 * a * b, 9);
        const campaign = withTrials(twoParameterCampaign({ parameters: STEPPED }), rows);
        const { explanation, parameters, context } = await explained(campaign);
        const fitted = (await fitOutcomes(campaign, { seed: 1 })).fitted.get("y")!;
        const at = (settings: typeof parameters): number =>
          predictOutcome(fitted, [campaign.space.encode(settings, context)], [0])[0]!.mean;
        expect(explanation!.steps.length).toBeGreaterThan(0);
        for (const { parameter, from, to, direction, changes } of explanation!.steps) {
          expect(from).toBe(parameters[parameter]);
          expect(Number(to) - Number(from)).toBeCloseTo(direction === "up" ? 0.1 : -0.1, 12);
          const change = at({ ...parameters, [parameter]: to }) - at(parameters);
          expect(changes["y"]).toBeCloseTo(change, 9);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("tells the worst allowed step with its sign and amount", async () => {
    const campaign = withTrials(twoParameterCampaign({ parameters: STEPPED }), trialsOf(rising));
    const { explanation } = await explained(campaign);
    const allowed = explanation!.steps.filter(({ breaks }) => breaks.length === 0);
    const worst = Math.min(...allowed.map(({ changes }) => changes["y"]!));
    expect(worst).toBeLessThan(0);
    const [, told] = /^Worst of single steps: .* lowers y by ([\d.]+)/.exec(explanation!.sentences[0]!)!;
    expect(Number(told)).toBeCloseTo(-worst, 1);
  });

  it("takes each other choice as a step of a parameter without an order", async () => {
    const campaign = twoParameterCampaign({
      parameters: { ...STEPPED, mode: { choices: ["soft", "firm", "hard"] } },
    });
    const rows = trialsOf(rising).map((t, i) => ({
      ...t,
      parameters: { ...t.parameters, mode: ["soft", "firm", "hard"][i % 3]! },
    }));
    const { explanation, parameters } = await explained(withTrials(campaign, rows));
    const others = explanation!.steps.filter(({ parameter }) => parameter === "mode").map(({ to }) => to);
    expect([...others, parameters["mode"]].sort()).toEqual(["firm", "hard", "soft"]);
  });

  it("prices a bound that holds a rising outcome back, and names where it would have to be", async () => {
    const campaign = withTrials(twoParameterCampaign({ parameters: STEPPED }), trialsOf(rising));
    const { explanation } = await explained(campaign);
    const [first] = explanation!.relaxations;
    expect(first).toMatchObject({
      kind: "bound",
      limit: "a",
      to: 1.1,
      of: { kind: "outcome", outcome: "y" },
    });
    const step = explanation!.steps.find((one) => one.parameter === "a" && one.direction === "up")!;
    expect(step.breaks).toEqual(["bound of a"]);
    expect(first!.gain / step.changes["y"]!).toBeCloseTo(1, 1);
    expect(explanation!.sentences.join(" ")).toMatch(
      /The bound of a costs [\d.]+ of expected gain in y: .* at 1.1/,
    );
  });

  it("prices a constraint, and a specification by its side", async () => {
    const limited = twoParameterCampaign({ parameters: STEPPED, constraints: ["a + b <= 1"] });
    const byConstraint = await explained(withTrials(limited, trialsOf(rising)));
    expect(byConstraint.explanation!.relaxations[0]).toMatchObject({
      kind: "constraint",
      limit: "a + b <= 1",
    });
    const specified = twoParameterCampaign({
      parameters: STEPPED,
      outcomes: { y: { unit: "1", goal: "maximize" }, w: { unit: "1", spec: { max: 6 } } },
    });
    const rows = trialsOf(rising).map((t) => ({
      ...t,
      observations: { ...t.observations, w: { value: t.observations["y"]!.value } },
    }));
    const bySpecification = await explained(withTrials(specified, rows));
    expect(bySpecification.explanation!.relaxations.map(({ limit }) => limit)).toContain("w max");
    for (const { gain } of bySpecification.explanation!.relaxations) expect(gain).toBeGreaterThan(0);
  });

  it("never offers to move a limit that is there for safety", async () => {
    const campaign = twoParameterCampaign({
      parameters: STEPPED,
      outcomes: { y: { unit: "1", goal: "maximize" }, w: { unit: "1", spec: { max: 6, safety: true } } },
    });
    const rows = trialsOf(rising).map((t) => ({
      ...t,
      observations: { ...t.observations, w: { value: t.observations["y"]!.value } },
    }));
    const { explanation } = await explained(withTrials(campaign, rows));
    expect(explanation!.relaxations.map(({ limit }) => limit)).not.toContain("w max");
  });

  it("puts the result that decides inside the plausible ones, with the better end beyond it", async () => {
    const goals = ["maximize", "minimize"] as const;
    for (const goal of goals) {
      const campaign = twoParameterCampaign({ outcomes: { y: { unit: "1", goal } } });
      for (const n of [6, 8, 10]) {
        const { explanation } = await explained(withTrials(campaign, bowlTrials(n)));
        const [point] = explanation!.turningPoints;
        expect(point!.low.value).toBeLessThanOrEqual(point!.high.value);
        const betterEnd = goal === "maximize" ? point!.high : point!.low;
        const worseEnd = goal === "maximize" ? point!.low : point!.high;
        expect(Number(betterEnd.isBest)).toBeGreaterThanOrEqual(Number(worseEnd.isBest));
        if (point!.threshold === null) continue;
        expect(point!.threshold).toBeGreaterThan(point!.low.value);
        expect(point!.threshold).toBeLessThan(point!.high.value);
        expect(point!.from).toBe(goal === "maximize" ? "above" : "below");
      }
    }
  });

  it("imagines results at the 5 % and 95 % ends of one observation, and suggests allowed settings after them", async () => {
    const campaign = withTrials(twoParameterCampaign({ parameters: STEPPED }), bowlTrials(8));
    const { explanation, parameters, predictions } = await explained(campaign);
    const { low, high } = explanation!.turningPoints[0]!;
    const [from, to] = predictions["y"]!.interval95;
    expect(low.value).toBeGreaterThan(from);
    expect(high.value).toBeLessThan(to);
    for (const { next } of [low, high]) {
      expect(campaign.space.violations(next!, {})).toEqual([]);
      expect(next).not.toEqual(parameters);
    }
  });

  it("has nothing to imagine while no model decides", async () => {
    const { explanation } = await explained(twoParameterCampaign());
    expect(explanation).toEqual({ steps: [], relaxations: [], turningPoints: [], sentences: [] });
  });
});
