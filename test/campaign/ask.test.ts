import { describe, expect, it } from "vitest";
import { ask, type AskOptions } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { isSealIntact } from "../../src/campaign/seal.js";
import { tell } from "../../src/campaign/tell.js";
import type { AskResult } from "../../src/campaign/suggestion.js";
import { CellwrightError } from "../../src/errors.js";
import { createRng, permutation } from "../../src/math/rng.js";
import { bowl, bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const withBowl = (rows: number, more: Record<string, unknown> = {}) =>
  withTrials(twoParameterCampaign(more), bowlTrials(rows));
const settingsOf = (answer: AskResult) => answer.suggestions.map((s) => s.parameters);

async function failure(campaign: Campaign, options: AskOptions = {}): Promise<CellwrightError> {
  const error: unknown = await ask(campaign, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CellwrightError);
  return error as CellwrightError;
}

describe("ask, from little data", () => {
  it("spreads the first runs when nothing was measured", async () => {
    const answer = await ask(twoParameterCampaign());
    expect(answer.suggestions).toHaveLength(4);
    expect(answer.suggestions.map((s) => s.origin)).toEqual(Array(4).fill("initial-design"));
    expect(answer.suggestions[0]?.predictions).toEqual({});
    expect(answer.suggestions[0]?.probabilityFeasible).toBeNull();
    expect(answer.suggestions[0]?.reasons[0]).toContain("nothing was measured yet");
    expect(answer.advice).toEqual({
      ...{ stop: false, expectedImprovement: null },
      why: "The first runs spread over the allowed settings; 3 more distinct settings with results until the models decide.",
    });
    expect(answer.provenance.modelId).toBe("initial-design");
  });

  it.each([1, 2])("goes on spreading after %i rows, away from them", async (rows) => {
    const campaign = withBowl(rows);
    const answer = await ask(campaign);
    expect(answer.suggestions.map((s) => s.origin)).toEqual(Array(4).fill("initial-design"));
    for (const { parameters } of answer.suggestions) {
      for (const trial of campaign.trials) {
        const distance = Math.hypot(
          Number(parameters["a"]) - Number(trial.parameters["a"]),
          Number(parameters["b"]) - Number(trial.parameters["b"]),
        );
        expect(distance).toBeGreaterThan(0.1);
      }
    }
  });

  it("lets the models decide from as many settings as parameters and one", async () => {
    expect((await ask(withBowl(3))).suggestions[0]?.origin).toBe("model");
    const repeated = bowlTrials(2).flatMap((t) => [t, { ...t, id: `${t.id}-again` }]);
    expect((await ask(withTrials(twoParameterCampaign(), repeated))).suggestions[0]?.origin).toBe(
      "initial-design",
    );
  });

  it("works when all outcomes are equal", async () => {
    const equal = bowlTrials(6).map((t) => ({ ...t, observations: { y: { value: 5 } } }));
    const answer = await ask(withTrials(twoParameterCampaign(), equal));
    expect(answer.suggestions).toHaveLength(4);
    for (const s of answer.suggestions) expect(s.predictions["y"]?.mean).toBeCloseTo(5, 9);
  });

  it("says which outcome was never measured, and goes on without it", async () => {
    const answer = await ask(
      withBowl(8, { outcomes: { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { min: 3 } } } }),
    );
    expect(answer.warnings).toContain(
      "z was never measured: suggestions do not take this specification into account.",
    );
    expect(answer.suggestions[0]?.origin).toBe("model");
    expect(answer.suggestions[0]?.probabilityFeasible).toBeNull();
  });

  it("needs no data where every objective is known", async () => {
    const campaign = twoParameterCampaign({
      outcomes: {
        cost: { unit: "USD", goal: "minimize", formula: "2 USD + 2 USD * a + 1 USD * b" },
        time: { unit: "min", formula: "30 min + 30 min * a" },
      },
    });
    const answer = await ask(campaign, { count: 1 });
    const [best] = answer.suggestions;
    expect(best?.origin).toBe("model");
    expect(best?.parameters).toEqual({ a: 0, b: 0 });
    expect(best).toMatchObject({
      cost: 2,
      hours: 0.5,
      predictions: { cost: { mean: 2, stdDev: 0, interval95: [2, 2], source: "known" } },
    });
    expect(answer.provenance.modelId).toBe("formulas");
  });
});

describe("ask, with models", () => {
  it("finds the optimum of a smooth response in a few rounds", async () => {
    let campaign = withBowl(4);
    for (let round = 0; round < 6; round++) {
      const { suggestions } = await ask(campaign, { count: 1, seed: round });
      const [{ trial, parameters }] = suggestions as [AskResult["suggestions"][0]];
      const value = bowl(Number(parameters["a"]), Number(parameters["b"]));
      campaign = tell(campaign, [{ id: trial, parameters, observations: { y: { value } } }]);
    }
    const best = Math.max(...campaign.trials.map((t) => t.observations["y"]!.value));
    expect(best).toBeGreaterThan(9.99);
  });

  it("predicts, explains and advises in the outcome's unit", async () => {
    const answer = await ask(withBowl(8), { count: 2 });
    const [first] = answer.suggestions;
    const { mean, stdDev, interval95, unit, source } = first!.predictions["y"]!;
    expect(unit).toBe("1");
    expect(source).toBe("learned");
    expect(interval95[0]).toBeLessThan(mean);
    expect(interval95[1]).toBeGreaterThan(mean);
    expect(stdDev).toBeGreaterThan(0);
    expect(first?.reasons[0]).toMatch(/^y [\d.]+ \[.* to .*\](,| could)/);
    expect(first?.reasons.join(" ")).toMatch(/Nearest earlier run: t\d+/);
    expect(answer.advice.expectedImprovement).toBeGreaterThan(0);
    expect(answer.advice.why).toContain("expected to improve y by");
    expect(answer.messages.join()).toContain("y: learned from 8 rows at 8 settings");
  });

  it("advises to stop where nothing is left to gain", async () => {
    const answer = await ask(withBowl(40), { count: 1 });
    expect(answer.advice.stop).toBe(true);
    expect(answer.advice.why).toContain("less than 1 % of the range");
  });

  it("brings an outcome to a target", async () => {
    const campaign = withBowl(14, { outcomes: { y: { unit: "1", goal: "target", target: 2 } } });
    const answer = await ask(campaign, { count: 1 });
    expect(Math.abs(answer.suggestions[0]!.predictions["y"]!.mean - 2)).toBeLessThan(0.3);
  });

  it("looks for settings that keep specifications when no outcome has a goal", async () => {
    const campaign = withBowl(12, { outcomes: { y: { unit: "1", spec: { min: 8 } } } });
    const answer = await ask(campaign);
    expect(answer.suggestions).toHaveLength(4);
    expect(answer.suggestions[0]?.acquisition.name).toMatch(/feasib/);
    expect(answer.suggestions[0]?.specifications["y"]?.kind).toBe("model");
    expect(answer.advice).toMatchObject({ stop: false, expectedImprovement: null });
  });

  it("looks for something feasible first, and says how likely", async () => {
    const campaign = withBowl(10, { outcomes: { y: { unit: "1", goal: "minimize", spec: { min: 9.9 } } } });
    const answer = await ask(campaign, { count: 1 });
    expect(answer.suggestions[0]?.reasons[0]).toContain("Best chance to keep all specifications");
    expect(answer.advice.expectedImprovement).toBeNull();
  });

  it("keeps a share of the incumbent", async () => {
    const rows = bowlTrials(12).map((t) => ({
      ...t,
      observations: { ...t.observations, z: { value: 10 - 9 * Number(t.parameters["a"]) } },
    }));
    const outcomes = {
      y: { unit: "1", goal: "maximize" },
      z: { unit: "1", atLeast: { share: 0.99, of: "incumbent" } },
    };
    const answer = await ask(withTrials(twoParameterCampaign({ outcomes }), rows), { count: 1 });
    const [suggestion] = answer.suggestions;
    expect(suggestion?.specifications["z"]?.kind).toBe("model");
    expect(suggestion?.probabilityFeasible).toBeGreaterThan(0.4);
  });

  it("trades several objectives off, known ones exactly", async () => {
    const outcomes = {
      y: { unit: "1", goal: "maximize", threshold: 0 },
      time: { unit: "h", goal: "minimize", threshold: 3, formula: "1 h + 2 h * a", error: "2 %" },
    };
    const answer = await ask(withBowl(10, { outcomes }));
    for (const s of answer.suggestions) {
      const time = 1 + 2 * Number(s.parameters["a"]);
      expect(s.predictions["time"]?.mean).toBeCloseTo(time, 9);
      expect(s.predictions["time"]?.stdDev).toBeCloseTo(0.02 * time, 9);
      expect(s.hours).toBeCloseTo(time, 9);
    }
    expect(answer.advice.why).toContain("hypervolume");
    expect(answer.suggestions[0]?.reasons[0]).toMatch(/time of at most/);
  });

  it("warns of an objective whose model has no skill", async () => {
    const rng = createRng(1);
    const noise = bowlTrials(12).map((t) => ({ ...t, observations: { y: { value: rng.normal() } } }));
    const answer = await ask(withTrials(twoParameterCampaign(), noise), { count: 1 });
    expect(answer.warnings.join()).toContain("predicts left-out conditions worse than their mean");
  });

  it("states a base rate instead of a probability for a specification without skill", async () => {
    const rng = createRng(4);
    const rows = bowlTrials(12).map((t) => ({
      ...t,
      observations: { ...t.observations, z: { value: rng.normal() } },
    }));
    const campaign = withTrials(
      twoParameterCampaign({
        outcomes: { y: { unit: "1", goal: "maximize" }, z: { unit: "1", spec: { min: -1 } } },
      }),
      rows,
    );
    const { suggestions, warnings } = await ask(campaign, { count: 1 });
    const passed = rows.filter((t) => t.observations.z.value >= -1).length;
    expect(suggestions[0]?.specifications["z"]).toMatchObject({ kind: "base-rate", passed, of: 12 });
    expect(suggestions[0]?.probabilityFeasible).toBeNull();
    expect(warnings.join()).toContain(`${passed} of 12 past conditions kept its specification`);
  });
});

describe("ask, on what is allowed", () => {
  const mixed = {
    campaign: "mixed",
    parameters: {
      load: { unit: "N/mm", min: 200, max: 1600, scale: "log" },
      temperature: { unit: "degC", min: 25, max: 120, step: 5 },
      speed: { unit: "m/min", values: [5, 10, 20, 40] },
      passes: { type: "integer", min: 1, max: 3 },
      preheat: { choices: ["off", "on"] },
    },
    context: { weight: { unit: "g/m2", min: 100, max: 200, value: 150 } },
    outcomes: { porosity: { unit: "%", goal: "minimize" } },
    constraints: ["load <= 1800 - 6 * temperature", "speed * passes <= 60"],
  };
  const measured = (n: number) =>
    Array.from({ length: n }, (_, i) => {
      const parameters = {
        load: 300 + 70 * i,
        temperature: 25 + 5 * (i % 10),
        speed: [5, 10, 20][i % 3]!,
        passes: 1 + (i % 3),
        preheat: i % 2 === 0 ? "on" : "off",
      };
      return completed(
        `t${i}`,
        parameters,
        { porosity: 50 - parameters.load / 60 - 2 * parameters.passes + (i % 2) },
        { context: { weight: 120 + 5 * i } },
      );
    });

  it.each([0, 4, 12])(
    "keeps bounds, steps, sets and constraints after rounding, from %i rows",
    async (rows) => {
      const campaign = withTrials(createCampaign(mixed), measured(rows));
      const { suggestions } = await ask(campaign, { count: 5 });
      expect(suggestions).toHaveLength(5);
      for (const { parameters, context } of suggestions) {
        expect(campaign.space.violations(parameters, context)).toEqual([]);
        expect(context).toEqual({ weight: 150 });
      }
    },
  );

  it("keeps fixed settings and the stated context", async () => {
    const campaign = withTrials(createCampaign(mixed), measured(10));
    const { suggestions } = await ask(campaign, {
      fix: { temperature: 80, preheat: "on" },
      context: { weight: 120 },
    });
    for (const s of suggestions) {
      expect(s.parameters).toMatchObject({ temperature: 80, preheat: "on" });
      expect(s.context).toEqual({ weight: 120 });
    }
  });

  it("keeps a fixed setting as it was said, though suggestions have fewer digits", async () => {
    const campaign = withTrials(twoParameterCampaign(), bowlTrials(4));
    for (const rows of [campaign, withTrials(campaign, bowlTrials(9))]) {
      const { suggestions } = await ask(rows, { fix: { a: 0.02256561234 }, count: 2 });
      expect(suggestions.map(({ parameters }) => parameters["a"])).toEqual([0.02256561234, 0.02256561234]);
    }
  });

  it("repeats nothing that was run, runs, was suggested, failed or is pending", async () => {
    const small = createCampaign({
      campaign: "small",
      parameters: { speed: { unit: "m/min", values: [5, 10, 20, 40, 60, 80] } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const rows = [
      completed("a", { speed: 5 }, { y: 1 }),
      completed("b", { speed: 20 }, { y: 4 }),
      completed("c", { speed: 80 }, { y: 2 }),
      completed("d", { speed: 10 }, {}, { status: "failed" }),
      completed("e", { speed: 60 }, {}, { status: "running" }),
    ];
    const { suggestions } = await ask(withTrials(small, rows), { count: 1 });
    expect(suggestions[0]?.parameters).toEqual({ speed: 40 });
    const pending = [completed("p", { speed: 40 }, {}, { status: "running" })];
    const exhausted = await ask(withTrials(small, rows), { count: 1, pending });
    expect(exhausted.suggestions[0]?.parameters).toEqual({ speed: 20 });
    expect(exhausted.suggestions[0]?.acquisition.name).toBe("replication");
    expect(exhausted.suggestions[0]?.reasons[0]).toContain(
      "Repeats trial b: every feasible setting has been tried",
    );
    expect(exhausted.advice).toMatchObject({
      stop: true,
      why: "Every feasible setting has been tried or suggested; 2 runs are without a result.",
    });
  });

  it("says how many runs there are where there are fewer than asked", async () => {
    const small = createCampaign({
      campaign: "small",
      parameters: { mode: { choices: ["a", "b"] } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const answer = await ask(small, { count: 4 });
    expect(answer.suggestions).toHaveLength(2);
    expect(answer.warnings).toContain("2 of 4 runs could be suggested: the allowed settings are 2 in all.");
  });

  it("spreads a batch instead of crowding it, since each run is pending for the next", async () => {
    const { suggestions } = await ask(withBowl(6), { count: 4 });
    const points = suggestions.map((s) => [Number(s.parameters["a"]), Number(s.parameters["b"])] as const);
    points.forEach(([a, b], i) => {
      for (const [c, d] of points.slice(0, i)) expect(Math.hypot(a - c, b - d)).toBeGreaterThan(0.01);
    });
  });

  it("does not take settings outside the bounds as something to beat", async () => {
    const outside = completed("out", { a: 2, b: 0.7 }, { y: 500 });
    const campaign = withTrials(twoParameterCampaign(), [...bowlTrials(8), outside]);
    const answer = await ask(campaign, { count: 1 });
    expect(answer.suggestions[0]?.reasons[0]).not.toContain("500");
    expect(Number(answer.suggestions[0]?.parameters["a"])).toBeLessThanOrEqual(1);
  });

  it("refuses what only the process can see", async () => {
    const knowledge = {
      name: "k",
      version: 1,
      formulas: [],
      limits: [],
      parameters: [],
      notes: [],
      check: (s: Record<string, unknown>) => (s["mode"] === "b" ? ["no"] : []),
    };
    const small = createCampaign(
      {
        campaign: "small",
        parameters: { mode: { choices: ["a", "b", "c"] } },
        outcomes: { y: { unit: "1", goal: "maximize" } },
      },
      { knowledge },
    );
    const answer = await ask(small, { count: 3 });
    expect(answer.suggestions.map((s) => s.parameters["mode"]).sort()).toEqual(["a", "c"]);
  });
});

describe("ask, and what it refuses", () => {
  it.each([
    ["a count of 0", { count: 0 }, "count"],
    ["a count beyond the batch limit", { count: 65 }, "count"],
    ["a fractional seed", { seed: 1.5 }, "seed"],
    ["an unknown context", { context: { wieght: 3 } }, "context wieght"],
    ["a fixed value beyond the bounds", { fix: { a: 7 } }, "fixed.a"],
    ["an unknown fixed parameter", { fix: { c: 7 } }, "fixed.c"],
  ])("refuses %s", async (_, options: AskOptions, where) => {
    const error = await failure(twoParameterCampaign(), options);
    expect([error.code, error.problems[0]?.where]).toEqual(["INVALID_OPTION", where]);
  });

  it("refuses a campaign that asks for nothing", async () => {
    expect((await failure(twoParameterCampaign({ outcomes: { y: { unit: "1" } } }))).problems[0]?.where).toBe(
      "outcomes",
    );
  });

  it("refuses formation suggestions without the cell's rating", async () => {
    const error = await failure(twoParameterCampaign({ process: "formation" }));
    expect([error.code, error.problems[0]?.where]).toEqual(["CAMPAIGN_INVALID", "cell"]);
  });

  it("names the constraints that leave nothing", async () => {
    const error = await failure(twoParameterCampaign({ constraints: ["a >= 0.8", "a + b <= 0.5"] }));
    expect(error.code).toBe("SPACE_UNSATISFIABLE");
    expect(JSON.stringify(error.problems) + error.message).toContain("a + b <= 0.5");
  });

  it("stops when it is cancelled, before and between runs", async () => {
    expect((await failure(withBowl(8), { signal: AbortSignal.abort() })).code).toBe("CANCELLED");
    const controller = new AbortController();
    const stages: string[] = [];
    const error = await failure(withBowl(8), {
      signal: controller.signal,
      onProgress: ({ stage, done }) => {
        stages.push(stage);
        if (stage === "choosing runs" && done === 1) controller.abort();
      },
    });
    expect(error.code).toBe("CANCELLED");
    expect(stages).toContain("fitting y");
  });
});

describe("ask, twice", () => {
  it("gives the same bytes for the same campaign, data and seed, whatever the order of trials", async () => {
    const campaign = withBowl(9);
    const once = JSON.stringify(await ask(campaign, { seed: 3 }));
    expect(JSON.stringify(await ask(campaign, { seed: 3 }))).toBe(once);
    const shuffled = [...permutation(createRng(1), 9)].map((i) => campaign.trials[i]!);
    expect(JSON.stringify(await ask(withTrials(campaign, shuffled), { seed: 3 }))).toBe(once);
    expect(settingsOf(await ask(campaign, { seed: 4 }))).not.toEqual(
      settingsOf(JSON.parse(once) as AskResult),
    );
  });

  it("seals the answer, which a clock does not change", async () => {
    const campaign = withBowl(9);
    const answer = await ask(campaign, { count: 1, clock: () => new Date("2024-05-06T07:08:09Z") });
    expect(answer.createdAt).toBe("2024-05-06T07:08:09.000Z");
    expect(isSealIntact(answer)).toBe(true);
    expect((await ask(campaign, { count: 1 })).provenance.seal).toBe(answer.provenance.seal);
    expect(answer.provenance.campaignHash).toBe(campaign.hash);
  });

  it("knows its own suggestions once they are told, and gives new ids and new settings", async () => {
    const campaign = withBowl(8);
    const first = await ask(campaign, { count: 2 });
    const next = tell(
      campaign,
      first.suggestions.map(({ trial, parameters }) => ({ id: trial, status: "suggested", parameters })),
    );
    const second = await ask(next, { count: 2 });
    expect(second.suggestions.map((s) => s.trial.replace(/-.*/, ""))).toEqual(["s3", "s4"]);
    for (const settings of settingsOf(second)) expect(settingsOf(first)).not.toContainEqual(settings);
  });

  it("takes warm starts and presets", async () => {
    const campaign = withBowl(12);
    const warm = await ask(campaign, { count: 1, preset: "hvarfner-2024", warmStart: new Map() });
    expect(warm.provenance.modelId).not.toBe((await ask(campaign, { count: 1 })).provenance.modelId);
  });
});
