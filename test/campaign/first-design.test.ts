import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { withTrials } from "../../src/campaign/campaign.js";
import { design } from "../../src/campaign/design.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const strategy = { initial_design: "ccd" };

describe("first runs by a design", () => {
  it("are the design's own, in its order, each with what it is", async () => {
    const campaign = twoParameterCampaign();
    const answer = await ask(campaign, { design: "ccd", seed: 3 });
    const { runs } = design(campaign, { kind: "ccd", seed: 3 });
    expect(answer.suggestions.map(({ parameters }) => parameters)).toEqual(runs.map((r) => r.parameters));
    expect(answer.suggestions.every(({ origin }) => origin === "initial-design")).toBe(true);
    expect(answer.suggestions.map(({ reasons }) => reasons[0]).join(" ")).toMatch(
      /axial point.*|center point/,
    );
    expect(new Set(answer.suggestions.map(({ trial }) => trial)).size).toBe(runs.length);
    expect(answer.warnings).toEqual([]);
    expect(answer.messages.join(" ")).toContain(`a ccd design of ${runs.length} runs`);
    expect((await ask(campaign, { design: "ccd", seed: 3 })).provenance.seal).toBe(answer.provenance.seal);
  });

  it("follow the campaign file until there is a run, then suggestions go on", async () => {
    const campaign = twoParameterCampaign({ strategy });
    expect((await ask(campaign)).suggestions[0]!.acquisition.name).toBe("design-ccd");
    const later = await ask(withTrials(campaign, bowlTrials(8)), { count: 1 });
    expect(later.suggestions[0]!.origin).toBe("model");
    const pending = await ask(
      withTrials(campaign, [completed("p", { a: 0.1, b: 0.1 }, {}, { status: "suggested" })]),
    );
    expect(pending.suggestions[0]!.acquisition.name).toBe("maximin-distance");
  });

  it("take a stated number where the kind leaves it open, and refuse it elsewhere", async () => {
    const campaign = twoParameterCampaign({ constraints: ["a + b <= 1.2"] });
    const { suggestions } = await ask(campaign, { design: "lhs", count: 7 });
    expect(suggestions).toHaveLength(7);
    for (const { parameters } of suggestions)
      expect(Number(parameters["a"]) + Number(parameters["b"])).toBeLessThanOrEqual(1.2);
    await expect(ask(campaign, { design: "ccd", count: 7 })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      problems: [{ where: "count" }],
    });
  });

  it("keep what is fixed and how far settings may move", async () => {
    const { suggestions } = await ask(twoParameterCampaign(), {
      design: "lhs",
      count: 6,
      fix: { b: 0.25 },
      from: { a: 0.5, b: 0.25 },
      maxMove: { a: 0.1 },
    });
    expect(suggestions).toHaveLength(6);
    for (const { parameters } of suggestions) {
      expect(parameters["b"]).toBe(0.25);
      expect(Math.abs(Number(parameters["a"]) - 0.5)).toBeLessThanOrEqual(0.1 + 1e-9);
    }
  });

  it("are refused by name where runs are there already", async () => {
    const campaign = withTrials(twoParameterCampaign(), bowlTrials(3));
    const error: unknown = await ask(campaign, { design: "lhs" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INVALID_OPTION", problems: [{ where: "design" }] });
  });
});
