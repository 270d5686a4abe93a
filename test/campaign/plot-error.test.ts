import { describe, expect, it } from "vitest";
import { type Campaign, createCampaign, withTrials } from "../../src/campaign/campaign.js";
import { ask } from "../../src/campaign/ask.js";
import { fitOutcomes, predictOutcome } from "../../src/campaign/fit-outcomes.js";
import { candidateLabel, candidatesFor } from "../../src/evaluation/candidate-model.js";
import { compareModels } from "../../src/evaluation/model-comparison.js";
import { parseModelRecord } from "../../src/registry/model-record.js";
import { createPredictor } from "../../src/registry/predict.js";
import { train } from "../../src/retraining/train.js";
import { fitProcessTask } from "../../src/campaign/fit-process-task.js";
import { createRng } from "../../src/math/rng.js";
import { hasSharedError } from "../../src/surrogates/whole-plot-gaussian-process.js";
import { bowlTrials, completed, twoParameterCampaign } from "./campaign-fixtures.js";

/** SYNTHETIC split-plot runs: set-ups of four runs at four temperatures that come back. */
function splitPlotCampaign(
  shared: number,
  seed: number,
  outcome: Record<string, unknown> = {},
  plots = 12,
): Campaign {
  const rng = createRng(seed);
  const campaign = createCampaign({
    campaign: "split-plot",
    parameters: {
      roll_temperature: { unit: "degC", min: 80, max: 140, change: { effort: "hard", minutes: 45 } },
      line_load: { unit: "N/mm", min: 200, max: 1200 },
    },
    outcomes: { capacity: { unit: "mAh", goal: "maximize", scale: "identity", ...outcome } },
  });
  const trials = Array.from({ length: plots }, (_, p) => {
    const error = shared * rng.normal();
    const t = (p % 4) / 3;
    return Array.from({ length: 4 }, (_, r) => {
      const l = rng.uniform();
      const y = 10 + 2 * t + 3 * l - 2.5 * l * l + error + 0.1 * rng.normal();
      const settings = { roll_temperature: 80 + 60 * t, line_load: 200 + 1000 * l };
      return completed(`T${4 * p + r}`, settings, { capacity: y });
    });
  }).flat();
  return withTrials(campaign, trials);
}

async function capacityOf(campaign: Campaign) {
  const { fitted, messages } = await fitOutcomes(campaign);
  return { one: fitted.get("capacity")!, message: messages.at(-1)! };
}

describe("the error of whole plots in a campaign", () => {
  it("is carried where the runs show one, with its figures in a sentence", async () => {
    const { one, message } = await capacityOf(splitPlotCampaign(0.3, 1));
    expect(hasSharedError(one.model)).toBe(true);
    expect(one.sharedError).toMatchObject({ plots: 12, repeated: 12 });
    expect(message).toMatch(
      /Error shared between two changes of roll_temperature: 0\.\d+ mAh \(95 % interval 0\.\d+ mAh to 0\.\d+ mAh\); of one run: 0\.\d+ mAh \(log posterior \+\d+\.\d\)\. Runs of one set-up count less than they seem: 12 set-ups, 12 of them with two runs or more, carry what is known of roll_temperature\. Runs are taken in the order of their numbers: /,
    );
  });

  it("is left out, without a bit or a word of difference, where they show none or the file forbids it", async () => {
    for (const campaign of [
      splitPlotCampaign(0, 1),
      splitPlotCampaign(0.3, 1, { surrogate: { whole_plot: false } }),
    ]) {
      const { one, message } = await capacityOf(campaign);
      expect(one.model.toJSON()).not.toHaveProperty("wholePlot");
      expect(one.rows.data).not.toHaveProperty("wholePlot");
      expect(message).not.toMatch(/shared|set-up/);
    }
  });

  it("is not taken from set-ups that never come back to a setting, unless the file says so", async () => {
    const few = splitPlotCampaign(0.5, 1, {}, 4);
    expect((await capacityOf(few)).one.sharedError).toBeUndefined();
    const asked = await capacityOf(splitPlotCampaign(0.5, 1, { surrogate: { whole_plot: "auto" } }, 4));
    expect(asked.message).toMatch(
      /cannot be told: 4 set-ups have two runs or more \(4 are needed\) and 0 come back to a setting \(4\)/,
    );
    const forced = await capacityOf(splitPlotCampaign(0.5, 1, { surrogate: { whole_plot: true } }, 4));
    expect(forced.one.sharedError!.plots).toBe(4);
    expect(forced.message).toMatch(/\(as the file says\)/);
  });

  it("widens the interval of a new run", async () => {
    const plain = await capacityOf(splitPlotCampaign(0.3, 1, { surrogate: { whole_plot: false } }));
    const carried = await capacityOf(splitPlotCampaign(0.3, 1));
    const width = ({ one }: typeof plain): number => {
      const { interval95 } = predictOutcome(one, [Float64Array.of(0.5, 0.5)], [0])[0]!;
      return interval95[1] - interval95[0];
    };
    expect(width(carried)).toBeGreaterThan(1.1 * width(plain));
  });

  it("is told with the suggestions that are decided from it, the same ones every time", async () => {
    const campaign = splitPlotCampaign(0.3, 1);
    const answer = await ask(campaign, { count: 2, seed: 3 });
    const again = await ask(campaign, { count: 2, seed: 3 });
    expect(answer.messages.join(" ")).toMatch(/Error shared between two changes of roll_temperature/);
    expect(answer.suggestions).toHaveLength(2);
    expect(again.provenance.seal).toBe(answer.provenance.seal);
  });

  it("is stated where a batch shares set-ups: they tell less than set-ups of their own", async () => {
    const answer = await ask(splitPlotCampaign(0.3, 1), { count: 4, seed: 3 });
    const { shared, summary } = answer.plan!;
    const [told] = shared!.information!;
    expect(told!.outcome).toBe("capacity");
    expect(told!.shared).toBeLessThan(told!.apart);
    expect(told!.shared).toBeGreaterThan(0);
    expect(summary[1]).toMatch(
      /They share the error of a set-up too: the batch tells \d+ % of what it would tell of capacity apart \(\d\.\d\d of \d\.\d\d nats\)\.$/,
    );
  });
});

describe("errors of whole plots among the surrogates that train compares", () => {
  const wholePlot = { kind: "gaussian-process", preset: "default", wholePlot: true } as const;
  const plain = { kind: "gaussian-process", preset: "default" } as const;

  it("win where runs share errors, on folds that split no set-up for any candidate", async () => {
    const campaign = splitPlotCampaign(0.3, 1);
    const comparison = await compareModels(campaign, "capacity", {
      candidates: [plain, wholePlot],
      folds: 4,
    });
    expect(comparison.winner).toEqual(wholePlot);
    for (const { evaluation } of comparison.results) {
      expect(evaluation!.messages).toContain(
        "Runs between two changes of roll_temperature are never split: 48 groups in 12 parts.",
      );
    }
    expect(comparison.evaluation.coverage95).toBeGreaterThan(0.85);
    expect(candidateLabel(wholePlot)).toBe("gaussian-process (default, errors of whole plots)");
  });

  it("are every plain process's where the file wants them, and cannot be fitted without set-ups", async () => {
    const forced = splitPlotCampaign(0.3, 1, { surrogate: { whole_plot: true } });
    const candidates = [plain, { kind: "random-forest" }, { ...plain, robust: true }] as const;
    expect(candidatesFor(forced, forced.outcomes[0]!, candidates)).toEqual([
      wholePlot,
      { kind: "random-forest" },
      { ...plain, robust: true },
    ]);
    const free = withTrials(twoParameterCampaign(), bowlTrials(12));
    const { results } = await compareModels(free, "y", { candidates: [plain, wholePlot], folds: 3 });
    expect(results[1]!.problem).toMatch(/need a parameter with change/);
  });

  it("come back from a saved model with the set-ups of its runs, and to the same bits from another thread", async () => {
    const campaign = splitPlotCampaign(0.3, 1, { surrogate: { whole_plot: true } });
    const named = withTrials(
      campaign,
      campaign.trials.map((trial) => ({ ...trial, wholePlot: "A" })),
    );
    const { draft } = await train(named, {
      createdAt: "2026-11-23T00:00:00.000Z",
      folds: 4,
      candidates: [plain],
    });
    const record = { ...draft, version: "0001-abcdef01" };
    const restored = parseModelRecord(JSON.parse(JSON.stringify(record)), "model.json");
    expect(restored).toEqual(record);
    expect(restored.outcomes[0]!.candidate).toEqual(wholePlot);
    expect(restored.outcomes[0]!.description).toHaveProperty("whole plots", 12);
    const rows = [{ parameters: { roll_temperature: 100, line_load: 700 }, context: {} }];
    expect(createPredictor(restored).predict(rows)).toEqual(createPredictor(record).predict(rows));
    const { one } = await capacityOf(campaign);
    const packed = JSON.parse(JSON.stringify(fitProcessTask.travel!.pack(one.model))) as unknown;
    expect(fitProcessTask.travel!.unpack(packed).toJSON()).toEqual(one.model.toJSON());
  });
});
