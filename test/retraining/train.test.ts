import { describe, expect, it } from "vitest";
import { withTrials } from "../../src/campaign/campaign.js";
import type { CellwrightError } from "../../src/errors.js";
import { parseModelRecord } from "../../src/registry/model-record.js";
import { createPredictor } from "../../src/registry/predict.js";
import { train, trainingTrials } from "../../src/retraining/train.js";
import { version } from "../../src/version.js";
import { gaussianProcess, smallCampaign } from "../evaluation/small-campaign.js";

const campaign = smallCampaign();
const options = { createdAt: "2026-02-01T03:00:00.000Z", folds: 4, candidates: [gaussianProcess] } as const;
const result = await train(campaign, options);
const record = { ...result.draft, version: "0001-abcdef01" };

describe("train", () => {
  it("fits every measured outcome and says why it left others", () => {
    expect(record.outcomes.map(({ name, rows, groups }) => [name, rows, groups])).toEqual([
      ["porosity", 28, 14],
      ["noise_only", 28, 14],
    ]);
    expect(record.notLearned).toEqual([{ outcome: "cost", why: "It is computed from the settings." }]);
    expect(record.outcomes[0]!.scores!.r2!).toBeGreaterThan(0.9);
    expect(result.comparisons.map(({ outcome }) => outcome)).toEqual(["porosity", "noise_only"]);
    expect(result.diagnostics.outcomes[0]!.evaluation.predictions.length).toBe(28);
    expect(record).toMatchObject({
      campaignHash: campaign.hash,
      seed: 1,
      gate: null,
      codeVersion: version,
    });
  });

  it("makes a record that survives JSON, and predicts the same bits from it", () => {
    const restored = parseModelRecord(JSON.parse(JSON.stringify(record)), "model.json");
    expect(restored).toEqual(record);
    const rows = [
      { parameters: { line_load: 800, roll_temperature: 60 }, context: { coating_weight: 180 } },
      { parameters: { line_load: 300, roll_temperature: 110 }, context: { coating_weight: 120 } },
    ];
    const predicted = createPredictor(restored).predict(rows);
    expect(predicted).toEqual(createPredictor(record).predict(rows));
    const [first, second] = predicted["porosity"]!;
    expect(first!.mean).toBeCloseTo(44 - 8 - 0.03 * 35 + 3, 0);
    expect(second!.mean).toBeCloseTo(44 - 3 - 0.03 * 85, 0);
    expect(first!.interval95[0]).toBeLessThan(first!.mean);
    expect(first!.interval95[1]).toBeGreaterThan(first!.mean);
  });

  it("gives the same model whatever the order of the trials", async () => {
    const reversed = withTrials(campaign, [...campaign.trials].reverse());
    expect((await train(reversed, options)).draft).toEqual(result.draft);
  });

  it("fits without scores from a single group, and refuses where nothing was measured", async () => {
    const single = (await train(smallCampaign({ groups: 1 }), options)).draft;
    expect(single.outcomes.map(({ scores, compared }) => [scores, compared])).toEqual([
      [null, []],
      [null, []],
    ]);
    try {
      await train(withTrials(campaign, []), options);
      expect.unreachable();
    } catch (error) {
      expect((error as CellwrightError).code).toBe("DATA_INVALID");
      expect((error as CellwrightError).problems.map(({ where }) => where)).toEqual([
        "porosity",
        "noise_only",
      ]);
    }
  });
});

describe("trainingTrials", () => {
  it("takes trials with a result or a failure, not suggestions", () => {
    const [first] = campaign.trials;
    const trials = [
      first!,
      { ...first!, id: "S1", status: "suggested", observations: {} } as const,
      { ...first!, id: "F1", status: "failed", reason: "wrinkles", observations: {} } as const,
    ];
    expect(trainingTrials(withTrials(campaign, trials)).map(({ id }) => id)).toEqual(["F1", first!.id]);
  });
});
