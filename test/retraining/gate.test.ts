import { beforeAll, describe, expect, it } from "vitest";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import type { Trial } from "../../src/campaign/trial.js";
import type { GateReport, ModelRecord } from "../../src/registry/model-record.js";
import { judgeChallenger } from "../../src/retraining/gate.js";
import { train } from "../../src/retraining/train.js";
import { gaussianProcess, smallCampaign, smallSpec, smallTrials } from "../evaluation/small-campaign.js";

const options = { createdAt: "2026-02-01T03:00:00.000Z", folds: 5, candidates: [gaussianProcess] } as const;
const onlyPorosity = { ...smallSpec, outcomes: { porosity: smallSpec.outcomes.porosity } };
const before = smallCampaign({ groups: 16 }, onlyPorosity);
const later = smallTrials({ groups: 6, from: 16 });
let champion: ModelRecord;
beforeAll(async () => {
  champion = { ...(await train(before, options)).draft, version: "0001-aaaaaaaa" };
});

async function judge(current: Campaign): Promise<GateReport> {
  return judgeChallenger(champion, (await train(current, options)).draft, current);
}

const grown = (): Campaign => withTrials(before, [...before.trials, ...later]);
const withPorosity = (trial: Trial, change: (value: number) => number): Trial => ({
  ...trial,
  observations: { porosity: { value: change(trial.observations["porosity"]!.value) } },
});

describe("judgeChallenger", () => {
  it("lets a challenger through that learned from more of the same", async () => {
    const report = await judge(grown());
    expect(report).toMatchObject({ promote: true, against: "0001-aaaaaaaa" });
    expect(report.outcomes[0]).toMatchObject({ verdict: "no-worse", changed: 0, missing: 0 });
    expect(report.outcomes[0]!.known!.groups).toBe(16);
    expect(report.outcomes[0]!.all!.groups).toBe(22);
  });

  it("finds no difference between a model and itself", async () => {
    const report = await judge(before);
    expect(report.promote).toBe(true);
    expect(report.outcomes[0]!.known).toMatchObject({ mean: 0, standardError: 0, groups: 16 });
  });

  it("refuses a challenger that learned from corrupted new runs, although it fits them better", async () => {
    const corrupted = later.map((trial) => withPorosity(trial, (value) => value + 25));
    const report = await judge(withTrials(before, [...before.trials, ...corrupted]));
    expect(report.promote).toBe(false);
    expect(report.outcomes[0]!.verdict).toBe("worse");
    expect(report.outcomes[0]!.known!.mean).toBeLessThan(-0.5);
    expect(report.reason).toContain("porosity is predicted worse than by 0001-aaaaaaaa");
  });

  it("refuses data in which the outcomes were shuffled", async () => {
    const shuffled = before.trials.map((trial, i) => ({
      ...trial,
      observations: before.trials[(i + 11) % before.trials.length]!.observations,
    }));
    const report = await judge(withTrials(before, [...shuffled, ...later]));
    expect(report.promote).toBe(false);
    expect(report.outcomes[0]).toMatchObject({ verdict: "altered", changed: 32, missing: 0 });
    expect(report.outcomes[0]!.known!.mean).toBeLessThan(-0.5);
    expect(report.reason).toContain("promote by hand");
  });

  it("refuses a file that was cut short", async () => {
    const report = await judge(withTrials(before, before.trials.slice(0, 20)));
    expect(report.promote).toBe(false);
    expect(report.outcomes[0]).toMatchObject({ verdict: "altered", changed: 0, missing: 12 });
  });

  it("lets single corrections through", async () => {
    const corrected = before.trials.map((trial, i) =>
      i === 3 ? withPorosity(trial, (value) => value + 0.2) : trial,
    );
    const report = await judge(withTrials(before, [...corrected, ...later]));
    expect(report).toMatchObject({ promote: true });
    expect(report.outcomes[0]).toMatchObject({ changed: 1 });
  });

  it("compares by groups that both can predict when a parameter was added, and asks a person where there is none", async () => {
    const spec = {
      ...onlyPorosity,
      parameters: { ...smallSpec.parameters, line_speed: { unit: "m/min", min: 5, max: 80 } },
    };
    const trials = [...before.trials, ...later].map((trial, i) => ({
      ...trial,
      id: `N${trial.id}`,
      group: `N${trial.group}`,
      parameters: { ...trial.parameters, line_speed: 5 + (i % 7) },
    }));
    const current = createCampaign(spec, { trials });
    const report = await judgeChallenger(champion, (await train(current, options)).draft, current);
    expect(report.promote).toBe(false);
    expect(report.outcomes[0]!.verdict).toBe("not-comparable");
    expect(report.reason).toContain("cannot be compared");
  });

  it("refuses when an outcome that the champion predicts is not measured any more, unless it was taken out", async () => {
    const both = smallCampaign({ groups: 8 });
    const first: ModelRecord = { ...(await train(both, options)).draft, version: "0001-bbbbbbbb" };
    const lost = withTrials(
      both,
      both.trials.map((trial) => ({ ...trial, observations: { porosity: trial.observations["porosity"]! } })),
    );
    const report = await judgeChallenger(first, (await train(lost, options)).draft, lost);
    expect(report.promote).toBe(false);
    expect(report.reason).toContain("noise_only is not measured any more");
    const removed = createCampaign(onlyPorosity, { trials: both.trials });
    const without = await judgeChallenger(first, (await train(removed, options)).draft, removed);
    expect(without.promote).toBe(true);
    expect(without.outcomes.map(({ outcome, verdict }) => [outcome, verdict])).toEqual([
      ["porosity", "no-worse"],
      ["noise_only", "removed"],
    ]);
  });
});
