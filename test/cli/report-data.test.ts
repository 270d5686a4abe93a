import { beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/adapters/render-plot.js";
import { ask } from "../../src/campaign/ask.js";
import { type Campaign, createCampaign } from "../../src/campaign/campaign.js";
import { fitOutcomes } from "../../src/campaign/fit-outcomes.js";
import type { AskResult } from "../../src/campaign/suggestion.js";
import type { Trial } from "../../src/campaign/trial.js";
import type { JudgedOutcome } from "../../src/cli/evaluate-campaign.js";
import { buildReportData } from "../../src/cli/report-data.js";
import { crossValidate } from "../../src/evaluation/cross-validation.js";
import { dropParameters } from "../../src/evaluation/dropped-parameters.js";
import type { ReportData } from "../../src/plots/report-data.js";

const spec = {
  campaign: "two-coatings",
  group: "sheet",
  parameters: {
    load: { unit: "N/mm", min: 100, max: 500, step: 50 },
    speed: { unit: "m/min", values: [5, 10, 20] },
  },
  context: { weight: { unit: "g/m2", min: 100, max: 200, value: 200 } },
  outcomes: {
    adhesion: { unit: "N/m", goal: "maximize", threshold: 5 },
    time: { unit: "min", goal: "minimize", threshold: 30, formula: "100 / speed" },
    porosity: { unit: "%", spec: { min: 25, max: 40 }, per: "group", sem: 0.4 },
  },
  constraints: ["load <= 600 - 10 * speed"],
  notes: ["Demonstration values."],
};

/** Six sheets of two cells in each of two coatings, and a failed cell. */
function measuredTrials(): Trial[] {
  const trials: Trial[] = [];
  for (const weight of [150, 200]) {
    for (const [i, load] of [100, 200, 300, 350, 400, 500].entries()) {
      for (const cell of [1, 2]) {
        const speed = [5, 10, 20][i % 3]!;
        const porosity = 48 - 0.04 * load + (i % 2) * 0.3;
        trials.push({
          id: `w${weight}-${i}-${cell}`,
          status: "completed",
          parameters: { load, speed },
          context: { weight },
          observations: {
            adhesion: { value: 2 + load / 40 - weight / 100 + cell * 0.2 + (i % 3) * 0.1 },
            porosity: { value: porosity },
            time: { value: 100 / speed },
          },
          group: `sheet-${weight}-${i}`,
          origin: "measured",
        });
      }
    }
  }
  trials.push({
    id: "torn",
    status: "failed",
    reason: "web tore",
    parameters: { load: 500, speed: 10 },
    context: { weight: 200 },
    observations: {},
    origin: "measured",
  });
  return trials;
}

async function judge(campaign: Campaign): Promise<JudgedOutcome[]> {
  return Promise.all(
    ["adhesion", "porosity"].map(async (name) => {
      const options = { kind: "gaussian-process" as const, folds: "leave-one-group-out" as const, seed: 1 };
      const evaluation = crossValidate(campaign, name, options);
      return { evaluation, byDefault: null, dropped: await dropParameters(campaign, evaluation, options) };
    }),
  );
}

const context = { weight: 200 };
const report = async (
  campaign: Campaign,
  answer: AskResult,
  judged: readonly JudgedOutcome[] = [],
): Promise<ReportData> =>
  buildReportData({
    campaign,
    answer,
    context,
    judged,
    fits: await fitOutcomes(campaign, { seed: answer.provenance.seed }),
    source: "cells.csv",
    commands: [],
  });

describe("buildReportData", () => {
  let campaign: Campaign;
  let answer: AskResult;
  let judged: readonly JudgedOutcome[];
  let data: ReportData;
  beforeAll(async () => {
    campaign = createCampaign(spec, { trials: measuredTrials() });
    answer = await ask(campaign, { count: 2, seed: 3 });
    judged = await judge(campaign);
    data = await report(campaign, answer, judged);
  });

  it("keeps the answer as it is", () => {
    expect(data.suggestions).toBe(answer.suggestions);
    expect(data.provenance).toBe(answer.provenance);
    expect(data.caveats).toEqual(["Demonstration values."]);
    expect(data.constraints[0]).toEqual({ text: "load <= 600 - 10 * speed" });
  });

  it("asks for the campaign where the file states no question", async () => {
    expect(data.question).toBe(
      "Which load and speed raise adhesion, lower time and keep within specification porosity?",
    );
    const asking = createCampaign({ ...spec, question: "How hard to press?" }, { trials: measuredTrials() });
    expect((await report(asking, answer)).question).toBe("How hard to press?");
  });

  it("counts what was measured once per group once, and finds the best of the asked state", () => {
    expect(data.data).toMatchObject({
      trials: 25,
      byStatus: { completed: 24, failed: 1 },
      group: { name: "sheet", count: 12 },
      measured: 25,
      synthetic: 0,
      inContext: 13,
    });
    const [adhesion, time, porosity] = data.data.outcomes;
    expect(adhesion).toMatchObject({ values: 24, counted: 24, best: { label: "sheet-200-5, mean of 2" } });
    expect(adhesion!.best!.value).toBeCloseTo(13, 6);
    expect(time).toMatchObject({ best: { value: 5 } });
    expect(porosity).toMatchObject({ values: 24, counted: 12, min: 28.3, max: 44 });
    expect(porosity!.best).toBeUndefined();
  });

  it("puts quality in the asked state beside the pooled one and says what leaving out does", () => {
    const { evaluation, dropped } = judged[0]!;
    const [adhesion] = data.quality;
    const inside = evaluation.withinContext.find((level) => level.context["weight"] === 200)!;
    expect(adhesion).toMatchObject({
      outcome: "adhesion",
      heldOut: "one sheet at a time",
      pooled: { groups: 12, r2: evaluation.r2, rmse: evaluation.rmseGroups, of: 24 },
      withinContext: { groups: 6, r2: inside.r2, of: 12 },
    });
    expect(adhesion!.without.map((w) => w.parameter)).toEqual(["load", "speed"]);
    expect(adhesion!.without[0]!.pooledR2).toBe(dropped[0]!.evaluation.r2);
    expect(adhesion!.parity.filter((p) => p.inContext).map((p) => p.label)).toHaveLength(6);
  });

  it("draws curves of learned and known outcomes through the first suggestion", () => {
    expect(data.slices.map((s) => `${s.outcome} ${s.parameter}`)).toEqual([
      "adhesion load",
      "adhesion speed",
      "time load",
      "time speed",
      "porosity load",
      "porosity speed",
    ]);
    const [adhesion, , , time, porosity] = data.slices;
    const { parameters, predictions } = answer.suggestions[0]!;
    const at = adhesion!.at.indexOf(parameters["load"]!);
    expect(adhesion!.mean[at]).toBeCloseTo(predictions["adhesion"]!.mean, 9);
    expect(adhesion!.observed95[at]![0]).toBeCloseTo(predictions["adhesion"]!.interval95[0], 9);
    expect(adhesion!.held).toEqual({ speed: parameters["speed"], weight: 200 });
    expect([time!.at, time!.mean]).toEqual([
      [5, 10, 20],
      [20, 10, 5],
    ]);
    expect(adhesion!.measured).toHaveLength(12);
    expect(porosity!.measured).toHaveLength(6);
    expect(porosity!.measured.filter((p) => p.onSlice)).toHaveLength(2);
  });

  it("finds allowed compromises that nothing allowed beats", () => {
    const { tradeOff } = data;
    expect([tradeOff!.x, tradeOff!.y]).toEqual(["time", "adhesion"]);
    expect(tradeOff!.measured).toHaveLength(6);
    const front = tradeOff!.front;
    expect(front.length).toBeGreaterThan(1);
    front.slice(1).forEach((p, i) => {
      expect(p.x).toBeGreaterThan(front[i]!.x);
      expect(p.y).toBeGreaterThan(front[i]!.y);
    });
    expect(front.map((p) => p.x).every((x) => [5, 10, 20].includes(x))).toBe(true);
  });

  it("maps learned objectives, and shows failed trials in the history", () => {
    expect(data.maps.map((m) => m.outcome)).toEqual(["adhesion"]);
    expect(data.maps[0]!.mean[0]).toHaveLength(data.maps[0]!.xs.length);
    const points = data.history[0]!.points;
    expect(points.at(-1)).toEqual({
      order: 25,
      label: "torn",
      value: null,
      status: "failed",
      inContext: true,
    });
  });

  it("makes a page without gaps", async () => {
    const page = await renderReport(data);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it("does with no trials at all", async () => {
    const empty = createCampaign(spec);
    const data = await report(empty, await ask(empty, { count: 2, seed: 3 }));
    expect(data.data).toMatchObject({ trials: 0, outcomes: [] });
    expect(data.quality).toEqual([]);
    expect(data.tradeOff).toBeUndefined();
    const page = await renderReport(data);
    expect(page).toContain("No model could be tested");
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it("shows other states where the asked one was hardly measured", async () => {
    const elsewhere = measuredTrials().map((trial) => ({ ...trial, context: { weight: 120 } }));
    const data = await report(createCampaign(spec, { trials: elsewhere }), answer);
    expect(data.data.inContext).toBe(0);
    expect(data.slices[0]!.measured).toHaveLength(24);
    expect(data.slices[0]!.measured.some((p) => p.onSlice)).toBe(false);
    expect(data.tradeOff!.measured.every((p) => !p.inContext)).toBe(true);
  });
});
