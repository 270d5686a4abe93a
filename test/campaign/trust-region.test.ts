import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { trustRegionSide } from "../../src/campaign/trust-region.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

describe("the side of a trust region", () => {
  const side = (results: number[], best: number, dimension: number, batch = 1): number =>
    trustRegionSide(results, best, { dimension, batch });

  it("doubles after three successes in a row, up to its most", () => {
    expect(side([], 0, 5)).toBe(0.8);
    expect(side([1, 2], 0, 5)).toBe(0.8);
    expect(side([1, 2, 3], 0, 5)).toBe(1.6);
    expect(side([1, 2, 3, 4, 5, 6], 0, 5)).toBe(1.6);
    expect(side([1, 2, 2, 3], 0, 5)).toBe(0.8);
  });

  it("halves after as many failures as parameters, and begins anew where it is too small", () => {
    const failures = (n: number, batch = 1): number => side(Array<number>(n).fill(0), 1, 20, batch);
    expect(failures(19)).toBe(0.8);
    expect(failures(20)).toBe(0.4);
    expect(failures(120)).toBe(0.8 / 64);
    expect(failures(140)).toBe(0.8);
    expect(failures(19, 4)).toBe(0.8);
    expect(failures(20, 4)).toBe(0.4);
    expect(side([0, 0, 0, 0], 1, 2)).toBe(0.4);
  });

  it("takes a batch for a success where one of its runs is better, and waits for unfinished ones", () => {
    expect(side([1, 0, 0, 2, 0, 3], 0, 5, 2)).toBe(1.6);
    expect(side([1, 0, 0, 2, 0], 0, 5, 2)).toBe(0.8);
  });

  it("does not take a change below a thousandth of the best for a success", () => {
    expect(side([100.01, 100.02, 100.03], 100, 2)).toBe(0.8);
  });
});

describe("ask, in a trust region", () => {
  const campaign = (rows: number, more: Record<string, unknown> = {}) =>
    withTrials(twoParameterCampaign(more), bowlTrials(rows));
  const width = (messages: readonly string[]): number =>
    Number(/trust region .*, ([\d.]+) % of the ranges/u.exec(messages.join("\n"))![1]) / 100;
  const rows = 20; // failures enough for a narrow box, not for a new one
  const best = bowlTrials(rows).reduce((a, b) =>
    b.observations["y"]!.value > a.observations["y"]!.value ? b : a,
  ).parameters;

  it("stays in the box about the best run, says how wide it is, and repeats itself", async () => {
    const learning = { outcomes: { y: { unit: "1", goal: "maximize" } } };
    const given = campaign(rows, learning);
    const answer = await ask(given, { count: 3, search: "trust-region", acquisition: "thompson" });
    const side = width(answer.messages);
    expect(side).toBeLessThan(0.3);
    for (const { parameters } of answer.suggestions)
      for (const name of ["a", "b"])
        expect(Math.abs(Number(parameters[name]) - Number(best[name]))).toBeLessThan(side);
    const shuffled = withTrials(twoParameterCampaign(learning), bowlTrials(rows).reverse());
    const again = await ask(shuffled, { count: 3, search: "trust-region", acquisition: "thompson" });
    expect(again.provenance.seal).toBe(answer.provenance.seal);
  });

  it("counts trials by their numbers, so that s10 comes after s9", async () => {
    const renamed = bowlTrials(rows).map((trial, i) => ({ ...trial, id: `s${i + 1}-00ab` }));
    const [plain, numbered] = await Promise.all(
      [campaign(rows), withTrials(twoParameterCampaign(), renamed)].map((one) =>
        ask(one, { count: 1, search: "trust-region" }),
      ),
    );
    expect(width(numbered!.messages)).toBe(width(plain!.messages));
  });

  it("is read from the campaign file, and says where there is none", async () => {
    const strategy = { search: "trust-region" };
    const inFile = await ask(campaign(9, { strategy }), { count: 1 });
    expect(inFile.messages.join()).toContain("as the request says");
    const outcomes = { y: { unit: "1", spec: { min: 6 } } };
    const none = await ask(campaign(9, { strategy, outcomes }), { count: 1 });
    expect(none.messages.join()).toContain("There is no trust region");
    await expect(ask(campaign(9), { count: 1, search: "box" as "auto" })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });

  it("holds constraints that cut the box", async () => {
    const constrained = campaign(rows, { constraints: ["a + b <= 0.9"] });
    const { suggestions } = await ask(constrained, { count: 3, search: "trust-region" });
    for (const { parameters } of suggestions)
      expect(Number(parameters["a"]) + Number(parameters["b"])).toBeLessThanOrEqual(0.9 + 1e-12);
  });

  it("is what auto takes beyond 15 parameters, and not below", async () => {
    const answerFor = (d: number) => {
      const names = Array.from({ length: d }, (_, j) => `x${j}`);
      const many = createCampaign({
        campaign: "many",
        parameters: Object.fromEntries(names.map((name) => [name, { unit: "1", min: 0, max: 10, step: 5 }])),
        outcomes: { y: { unit: "1", goal: "maximize" } },
      });
      const trials = Array.from({ length: d + 1 }, (_, i) => {
        const settings = Object.fromEntries(names.map((name, j) => [name, j < i ? 10 : 0]));
        return completed(`t${i}`, settings, { y: Math.min(i, 3) });
      });
      return ask(withTrials(many, trials), { count: 1 });
    };
    expect((await answerFor(16)).messages.join()).toContain("because 16 parameters are chosen, more than 15");
    expect((await answerFor(15)).messages.join()).not.toContain("trust region");
  });
});
