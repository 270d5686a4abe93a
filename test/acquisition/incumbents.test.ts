import { describe, expect, it } from "vitest";
import { bestSettings } from "../../src/acquisition/incumbents.js";
import type { KnownOutcome } from "../../src/acquisition/outcome-terms.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { modelOf, squarePoints } from "./example-models.js";

function column(k: number): KnownOutcome {
  return { kind: "known", evaluate: (x) => x[k]!, gradient: (x) => x.map((_, j) => (j === k ? 1 : 0)) };
}
const [a, b] = [column(0), column(1)];
const data = matrixFromRows([
  [1, 5],
  [4, 1],
  [3, 3],
  [4, 1],
  [0, 0],
]);

describe("bestSettings", () => {
  it("orders one objective by its utility, each setting once", () => {
    const objectives = [{ outcome: "a", goal: "maximize", model: a }] as const;
    const best = bestSettings({ objectives, specifications: [], data, count: 3 });
    expect([...best.data]).toEqual([4, 1, 3, 3, 1, 5]);
  });

  it("puts feasible settings first and the others by their probability of being feasible", () => {
    const objectives = [{ outcome: "a", goal: "maximize", model: a }] as const;
    const specifications = [{ outcome: "b", min: 2.5, max: 4, model: b }];
    const best = bestSettings({ objectives, specifications, data, count: 4 });
    expect([...best.data]).toEqual([3, 3, 1, 5, 4, 1, 0, 0]);
  });

  it("orders several objectives by the hypervolume of the single setting above the thresholds", () => {
    const objectives = [
      { outcome: "a", goal: "maximize", threshold: 0.5, model: a },
      { outcome: "b", goal: "maximize", threshold: 0.5, model: b },
    ] as const;
    const best = bestSettings({ objectives, specifications: [], data, count: 4 });
    expect([...best.data]).toEqual([3, 3, 1, 5, 4, 1, 0, 0]);
  });

  it("goes by the posterior mean of a learned outcome", () => {
    const X = squarePoints(9, 3);
    const model = modelOf(X, (p, q) => p - q, { noise: 0.05 });
    const best = bestSettings({
      objectives: [{ outcome: "y", goal: "minimize", model }],
      specifications: [],
      data: X,
      count: 1,
    });
    const means = Array.from({ length: 9 }, (_, i) => model.latentAt(X.data.slice(2 * i, 2 * i + 2)).mean);
    const i = means.indexOf(Math.min(...means));
    expect([...best.data]).toEqual([...X.data.slice(2 * i, 2 * i + 2)]);
  });
});
