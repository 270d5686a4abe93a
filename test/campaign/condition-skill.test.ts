import { describe, expect, it } from "vitest";
import { withTrials } from "../../src/campaign/campaign.js";
import { conditionSkill, refittedSkill } from "../../src/campaign/condition-skill.js";
import { outcomeData } from "../../src/campaign/outcome-data.js";
import type { Trial } from "../../src/campaign/trial.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { fitGaussianProcess } from "../../src/surrogates/gaussian-process.js";
import { presets } from "../../src/surrogates/presets/presets.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";
import { bowl, completed, twoParameterCampaign } from "./campaign-fixtures.js";

const noContext = () => ({});

/** Noisy bowl at `settings` settings, two runs each; `perGroup` settings share a group. */
function rowsOf(settings: number, perGroup: number): Trial[] {
  const rng = createRng(11);
  return Array.from({ length: 2 * settings }, (_, i) => {
    const s = Math.floor(i / 2);
    const [a, b] = [(0.5 + s * 0.754877666) % 1, (0.5 + s * 0.569840291) % 1];
    return completed(
      `t${String(i).padStart(2, "0")}`,
      { a, b },
      { y: bowl(a, b) + 0.3 * rng.normal() },
      { group: `g${Math.floor(s / perGroup)}` },
    );
  });
}

function fitted(settings: number, perGroup: number) {
  const rows = outcomeData(withTrials(twoParameterCampaign({ group: "g" }), rowsOf(settings, perGroup)), "y");
  return { rows, model: fitGaussianProcess(rows.data, { scale: "identity" }) };
}

function withoutSettings(statistics: SettingStatistics, out: readonly number[]): SettingStatistics {
  const { X } = statistics;
  const kept = Array.from({ length: X.rows }, (_, s) => s).filter((s) => !out.includes(s));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (s) => values[s]!);
  return {
    ...statistics,
    X: matrixFromRows(kept.map((s) => X.data.slice(s * X.cols, (s + 1) * X.cols))),
    mean: pick(statistics.mean),
    count: pick(statistics.count),
    scatter: pick(statistics.scatter),
    knownVariance: pick(statistics.knownVariance),
    noiseLevel: Int32Array.from(kept, (s) => statistics.noiseLevel[s]!),
  };
}

describe("conditionSkill", () => {
  it("is the surrogate's own leave-one-out where each group is one setting", () => {
    const { rows, model } = fitted(12, 1);
    const { conditions } = conditionSkill(model, rows, noContext);
    const expected = [...model.leaveOneOut().mean].sort((a, b) => a - b);
    expect(conditions).toHaveLength(12);
    conditions
      .map((c) => c.predicted)
      .sort((a, b) => a - b)
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 10));
  });

  it("equals conditioning on all other groups at the same hyperparameters, for several settings in a group", () => {
    const { rows, model } = fitted(12, 3);
    const { conditions } = conditionSkill(model, rows, noContext);
    expect(conditions).toHaveLength(12);
    const { statistics, hyperparameters, kernel, constant } = model.posterior;
    const first = conditions.filter((c) => c.group === "g0");
    // Remove the settings of group g0 one after another, from the last, and predict them from what is left.
    const left = rows.groups.flatMap((g, row) =>
      g === "g0" ? [rows.data.X.data.slice(2 * row, 2 * row + 2)] : [],
    );
    const key = (x: ArrayLike<number>) => Array.from(x).join(" ");
    const out = Array.from({ length: statistics.X.rows }, (_, s) => s).filter((s) =>
      left.some((x) => key(x) === key(statistics.X.data.slice(2 * s, 2 * s + 2))),
    );
    expect(out).toHaveLength(3);
    const rest = withoutSettings(statistics, out);
    const others = conditionGaussianProcess(rest, kernel, hyperparameters, presets.default.mean);
    expect(presets.default.mean).toBe("zero");
    expect(constant).toBe(0);
    const predicted = out.map((s) =>
      model.modelScale.toRaw(others.momentsAt(statistics.X.data.slice(2 * s, 2 * s + 2)).mean),
    );
    const found = first.map((c) => c.predicted).sort((a, b) => a - b);
    predicted.sort((a, b) => a - b).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
  });

  it("has an R² near 1 for a smooth response and none, at the median of ten seeds, for pure noise", () => {
    const { rows, model } = fitted(16, 1);
    expect(conditionSkill(model, rows, noContext).r2).toBeGreaterThan(0.9);
    const blind = Array.from({ length: 10 }, (_, seed) => {
      const rng = createRng(seed);
      const noise = { ...rows, data: { ...rows.data, y: rows.data.y.map(() => rng.normal()) } };
      return conditionSkill(fitGaussianProcess(noise.data, { scale: "identity" }), noise, noContext).r2!;
    });
    expect(blind.sort((a, b) => a - b)[5]).toBeLessThan(0.05);
  });

  it("says nothing about fewer than five conditions", () => {
    const { rows, model } = fitted(4, 1);
    expect(conditionSkill(model, rows, noContext).r2).toBeNull();
  });
});

describe("refittedSkill", () => {
  it("predicts each group from a surrogate that never saw it", () => {
    const { rows } = fitted(8, 2);
    const seen: number[] = [];
    const skill = refittedSkill(rows, noContext, (data) => {
      seen.push(data.y.length);
      return fitGaussianProcess(data, { scale: "identity", starts: 0 });
    });
    expect(seen).toEqual([12, 12, 12, 12]);
    expect(skill.conditions).toHaveLength(8);
    const without = fitGaussianProcess(
      {
        inputs: rows.data.inputs,
        X: matrixFromRows(
          Array.from({ length: 12 }, (_, i) => rows.data.X.data.slice(2 * (i + 4), 2 * (i + 4) + 2)),
        ),
        y: rows.data.y.slice(4),
      },
      { scale: "identity", starts: 0 },
    );
    const [first] = skill.conditions.filter((c) => c.group === "g0");
    const predictions = [0, 2].map(
      (row) => without.predict(matrixFromRows([rows.data.X.data.slice(2 * row, 2 * row + 2)])).mean[0]!,
    );
    expect(predictions.some((p) => Math.abs(p - first!.predicted) < 1e-12)).toBe(true);
  });
});
