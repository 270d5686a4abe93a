import { describe, expect, it } from "vitest";
import { withTrials } from "../../src/campaign/campaign.js";
import { assignFolds, crossValidate, splitRows } from "../../src/evaluation/cross-validation.js";
import { dropParameters } from "../../src/evaluation/dropped-parameters.js";
import { gaussianProcess, smallCampaign } from "./small-campaign.js";
import { codeOf } from "../error-code.js";

const campaign = smallCampaign();

describe("crossValidate", () => {
  const evaluation = crossValidate(campaign, "porosity", { ...gaussianProcess, folds: 4 });

  it("finds skill where there is some, and intervals that hold", () => {
    expect(evaluation).toMatchObject({
      observations: 28,
      groups: 14,
      unit: "%",
      preset: "hvarfner-2024",
      folds: 4,
    });
    expect(evaluation.r2!).toBeGreaterThan(0.9);
    expect(evaluation.rmse).toBeLessThan(1.5);
    expect(evaluation.coverage95).toBeGreaterThan(0.7);
    expect(evaluation.predictions.map(({ trial }) => trial)).toEqual(campaign.trials.map(({ id }) => id));
    expect(evaluation.groupPredictions.length).toBe(14);
  });

  it("finds none in an outcome that depends on nothing", () => {
    expect(crossValidate(campaign, "noise_only", { ...gaussianProcess, folds: 4 }).r2!).toBeLessThan(0.2);
  });

  it("scores inside each level of the context", () => {
    expect(evaluation.withinContext.map(({ context, groups }) => [context, groups])).toEqual([
      [{ coating_weight: 120 }, 7],
      [{ coating_weight: 180 }, 7],
    ]);
  });

  it("predicts a group the same whatever that group measured: nothing leaks", () => {
    const group = campaign.trials[0]!.group;
    const altered = withTrials(
      campaign,
      campaign.trials.map((trial) =>
        trial.group === group
          ? { ...trial, observations: { porosity: { value: trial.observations["porosity"]!.value + 20 } } }
          : trial,
      ),
    );
    const again = crossValidate(altered, "porosity", { ...gaussianProcess, folds: 4 });
    const means = (predictions: typeof evaluation) =>
      predictions.predictions.filter((row) => row.group === group).map(({ mean }) => mean);
    expect(means(again)).toEqual(means(evaluation));
    expect(again.rmse).toBeGreaterThan(evaluation.rmse);
  });

  it("gives the same bits whatever the order of the trials", () => {
    const reversed = withTrials(campaign, [...campaign.trials].reverse());
    expect(crossValidate(reversed, "porosity", { ...gaussianProcess, folds: 4 })).toEqual(evaluation);
  });

  it("leaves single groups out when asked, or when there are fewer groups than folds", () => {
    const single = crossValidate(campaign, "porosity", { ...gaussianProcess, folds: "leave-one-group-out" });
    const many = crossValidate(campaign, "porosity", { ...gaussianProcess, folds: 100 });
    expect(single.folds).toBe("leave-one-group-out");
    expect(many).toEqual(single);
  });

  it("reports progress and stops when cancelled", () => {
    const seen: number[] = [];
    crossValidate(campaign, "porosity", {
      kind: "response-surface",
      folds: 4,
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
    expect(
      codeOf(() => crossValidate(campaign, "porosity", { ...gaussianProcess, signal: AbortSignal.abort() })),
    ).toBe("CANCELLED");
  });

  it("refuses what it cannot do", () => {
    expect(codeOf(() => crossValidate(campaign, "thickness", gaussianProcess))).toBe("INVALID_OPTION");
    expect(codeOf(() => crossValidate(campaign, "porosity", { ...gaussianProcess, folds: 1 }))).toBe(
      "INVALID_OPTION",
    );
    expect(codeOf(() => crossValidate(campaign, "porosity", { ...gaussianProcess, folds: 2.5 }))).toBe(
      "INVALID_OPTION",
    );
    expect(codeOf(() => crossValidate(smallCampaign({ groups: 1 }), "porosity", gaussianProcess))).toBe(
      "DATA_INVALID",
    );
  });

  it("falls back to one noise variance without stated errors where noise is pooled", () => {
    const stated = withTrials(
      campaign,
      campaign.trials.map((trial) => ({
        ...trial,
        observations: { porosity: { value: trial.observations["porosity"]!.value, standardError: 5 } },
      })),
    );
    const options = { ...gaussianProcess, folds: 4 } as const;
    expect(crossValidate(stated, "porosity", { ...options, noise: "pooled" }).nlpd).toBe(evaluation.nlpd);
    expect(crossValidate(stated, "porosity", options).nlpd).toBeGreaterThan(evaluation.nlpd);
  });
});

describe("assignFolds", () => {
  it("keeps groups whole", () => {
    const groups = ["A", "B", "C", "A", "D", "B", "E", "F"];
    const foldOf = assignFolds(groups, 3, 1, "porosity");
    for (const group of groups) {
      expect(new Set(groups.flatMap((other, row) => (other === group ? [foldOf[row]] : []))).size).toBe(1);
    }
    expect(new Set(foldOf).size).toBe(3);
  });
});

describe("splitRows", () => {
  it("gives the rows of the fold, and the others", () => {
    const [test, train] = splitRows(Int32Array.of(0, 1, 0, 2), 0);
    expect([[...test], [...train]]).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });
});

describe("dropParameters", () => {
  it("shows what is lost without the parameter that matters, and nothing lost without one that does not", async () => {
    const full = crossValidate(campaign, "porosity", { ...gaussianProcess, folds: 4 });
    const dropped = await dropParameters(campaign, full, gaussianProcess);
    expect(dropped.map(({ parameter }) => parameter)).toEqual(["line_load", "roll_temperature"]);
    expect(dropped[0]!.evaluation.r2!).toBeLessThan(full.r2! - 0.3);
    expect(dropped[0]!.gain).toBeLessThan(-0.5);
    expect(dropped[0]!.evaluation.exclude).toEqual(["line_load"]);
    const useless = crossValidate(campaign, "noise_only", { ...gaussianProcess, folds: 4 });
    for (const { gain } of await dropParameters(campaign, useless, gaussianProcess))
      expect(gain).toBeGreaterThan(-0.15);
  });
});
