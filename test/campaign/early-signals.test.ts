import { describe, expect, it } from "vitest";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, withTrials } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { maturingCampaign, maturingCells, maturingTrials, MATURES, meanLife } from "./maturing-cells.js";

async function lifeOf(campaign: Campaign) {
  return (await fitOutcomes(campaign)).fitted.get("cycle_life")!;
}

const using = (use: "auto" | "always" | "never"): Campaign =>
  maturingCampaign({ matures: { ...MATURES, use } });

describe("the surrogate of an outcome that matures", () => {
  it("learns from the signals of running cells which settings live long, where they tell", async () => {
    const rmse = async (use: "auto" | "never", seed: number): Promise<number> => {
      const campaign = maturingCells(seed, 10, 25, using(use));
      const { model } = await lifeOf(campaign);
      const running = campaign.trials.filter(({ status }) => status === "running");
      const { mean } = model.predict(
        matrixFromRows(running.map(({ parameters }) => campaign.space.encode(parameters, {}))),
      );
      const misses = running.map(
        ({ parameters }, i) =>
          mean[i]! - meanLife(Number(parameters["c_rate"]), Number(parameters["temperature"])),
      );
      return Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
    };
    let [auto, never] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      auto += await rmse("auto", seed);
      never += await rmse("never", seed);
    }
    expect(auto).toBeLessThan(0.7 * never);
  });

  it("uses the signal that tells and says so with its correlation", async () => {
    const { signals, model } = await lifeOf(maturingCells(2, 10, 25));
    expect(signals!.used).toEqual(["low_soc_resistance"]);
    expect(model.kind).toBe("multi-task-gaussian-process");
    expect(signals!.correlations[0]).toBeLessThan(-0.8);
    expect(signals!.words).toMatch(
      /^cycle_life of 25 running cells is estimated from low_soc_resistance \(correlation -0\.\d\d\): the log density .* rises by/u,
    );
  });

  it("is that of the outcome alone where signals must not count, tell nothing or are too few, with the reason", async () => {
    const never = await lifeOf(maturingCells(2, 9, 16, using("never")));
    expect(never.model.kind).toBe("gaussian-process");
    expect(never.signals!.words).toContain("as the campaign says");
    const early = await lifeOf(maturingCells(2, 4, 16));
    expect(early.model.kind).toBe("gaussian-process");
    expect(early.signals!.words).toContain("fewer than 5 settings");
    const useless = { ...MATURES, signals: { first_cycle_efficiency: 30 } };
    const none = await lifeOf(maturingCells(2, 9, 16, maturingCampaign({ matures: useless })));
    expect(none.model.kind).toBe("gaussian-process");
    expect(none.signals!.words).toContain("is learned without early signals");
    const robust = maturingCampaign({ surrogate: { robust: true } });
    expect((await lifeOf(maturingCells(2, 9, 16, robust))).signals!.words).toContain("surrogate");
  });

  it("takes signals from the first mature settings on where the file says always", async () => {
    const { signals, model } = await lifeOf(maturingCells(2, 4, 16, using("always")));
    expect(model.kind).toBe("multi-task-gaussian-process");
    expect(signals!.used).toEqual(["first_cycle_efficiency", "low_soc_resistance"]);
  });

  it("keeps what a freed cell has told", async () => {
    const campaign = maturingCells(2, 10, 25);
    const freed = campaign.trials.map((trial) =>
      trial.status === "running" ? { ...trial, status: "abandoned" as const } : trial,
    );
    const before = await lifeOf(campaign);
    const after = await lifeOf(withTrials(campaign, freed));
    expect(after.model.toJSON()).toEqual(before.model.toJSON());
    expect(after.signals!.words).toContain("of 0 running cells");
  });

  it("predicts a left-out setting without its own signals when it is fitted anew", async () => {
    const predicted = async (resistanceOfLeftOut: number): Promise<number> => {
      const campaign = maturingCells(2, 10, 25, using("always"));
      const changed = campaign.trials.map((trial) =>
        trial.id === "C01"
          ? {
              ...trial,
              observations: { ...trial.observations, low_soc_resistance: { value: resistanceOfLeftOut } },
            }
          : trial,
      );
      const fitted = await lifeOf(withTrials(campaign, changed));
      expect(fitted.rows.trialIds[0]).toBe("C01");
      const { X, y, inputs } = fitted.rows.data;
      const rest = { rows: X.rows - 1, cols: X.cols, data: X.data.slice(X.cols) };
      const model = fitted.refit({ inputs, X: rest, y: y.slice(1) });
      return model.predict(matrixFromRows([X.data.slice(0, X.cols)])).mean[0]!;
    };
    expect(await predicted(1.2)).toBe(await predicted(1.25));
  });
});

describe("ask with an outcome that matures", () => {
  it("knows what running cells tell, waits for them, and suggests none of them again", async () => {
    const campaign = maturingCells(2, 9, 8);
    const { suggestions, messages, provenance } = await ask(campaign, { count: 2 });
    expect(messages.some((m) => m.startsWith("cycle_life of 8 running cells is estimated from"))).toBe(true);
    expect(provenance.modelId).toMatch(/^gp-/u);
    for (const { parameters } of suggestions) {
      for (const trial of campaign.trials) expect(trial.parameters).not.toEqual(parameters);
      expect(meanLife(Number(parameters["c_rate"]), Number(parameters["temperature"]))).toBeGreaterThan(800);
    }
  });

  it("gives the same bytes for any order of trials, and for running cells that are named as pending", async () => {
    const campaign = maturingCells(3, 8, 6);
    const told = await ask(campaign, { count: 1 });
    expect(await ask(withTrials(campaign, campaign.trials.toReversed()), { count: 1 })).toEqual(told);
    const all = maturingTrials(3, 8, 6);
    const mature = withTrials(
      maturingCampaign(),
      all.filter(({ status }) => status === "completed"),
    );
    const pending = all.filter(({ status }) => status === "running");
    const named = await ask(mature, { count: 1, pending });
    expect(named.suggestions).toEqual(told.suggestions);
  });
});
