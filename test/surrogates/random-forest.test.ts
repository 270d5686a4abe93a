import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { forestWeights } from "../../src/surrogates/forest-weights.js";
import { loadSurrogate } from "../../src/surrogates/load-surrogate.js";
import { fitRandomForest } from "../../src/surrogates/random-forest.js";
import { growTree, leafOf } from "../../src/surrogates/regression-tree.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension, SurrogateRecord } from "../../src/surrogates/surrogate.js";

const inputs: readonly InputDimension[] = [
  { name: "load", kind: "continuous" },
  { name: "web", kind: "categorical", levels: 4 },
];

/** Settings on a grid of loads and webs with the outcome of `truth`. */
function grid(truth: (load: number, web: number) => number): SettingStatistics {
  const rows = Array.from({ length: 40 }, (_, i) => [i / 39, i % 4]);
  return {
    X: matrixFromRows(rows),
    mean: Float64Array.from(rows, ([load, web]) => truth(load!, web!)),
    count: new Float64Array(40).fill(1),
    scatter: new Float64Array(40),
    knownVariance: new Float64Array(40),
    noiseLevel: new Int32Array(40),
    levels: 1,
  };
}

const once = new Float64Array(40).fill(1);

describe("a regression tree", () => {
  it("finds a step in a continuous input", () => {
    const tree = growTree(
      grid((load) => (load < 0.5 ? 0 : 1)),
      inputs,
      once,
      { leafSettings: 3, triedInputs: 2 },
      createRng(1),
    );
    expect(tree.input[0]).toBe(0);
    expect(tree.threshold[0]).toBeGreaterThanOrEqual(19 / 39);
    expect(tree.threshold[0]).toBeLessThan(20 / 39);
    expect(tree.input.length).toBe(3);
  });

  it("splits levels by their mean outcome, whatever their numbers", () => {
    const tree = growTree(
      grid((_, web) => (web === 0 || web === 3 ? 5 : 1)),
      inputs,
      once,
      { leafSettings: 3, triedInputs: 2 },
      createRng(1),
    );
    expect(tree.input[0]).toBe(1);
    expect(tree.levels[0]).toEqual([1, 2]);
  });

  it("keeps the fewest settings in every leaf, and leaves out settings of weight 0", () => {
    const rng = createRng(4);
    const statistics = grid((load) => Math.sin(9 * load));
    const weights = Float64Array.from({ length: 40 }, () => rng.integer(3));
    const tree = growTree(statistics, inputs, weights, { leafSettings: 3, triedInputs: 1 }, rng);
    const members = new Map<number, number>();
    weights.forEach((weight, g) => {
      if (weight > 0) {
        const leaf = leafOf(tree, statistics.X.data, 2 * g);
        members.set(leaf, (members.get(leaf) ?? 0) + 1);
      }
    });
    expect(members.size).toBeGreaterThan(3);
    expect([...members.values()].every((count) => count >= 3)).toBe(true);
  });

  it("does not split equal outcomes", () => {
    const tree = growTree(
      grid(() => 2),
      inputs,
      once,
      { leafSettings: 3, triedInputs: 2 },
      createRng(1),
    );
    expect(tree.input).toEqual([-1]);
  });
});

describe("forest weights", () => {
  it("sum to one at every point and give the mean over trees", () => {
    const statistics = grid((load, web) => load + web);
    const trees = [1, 2, 3].map((seed) => ({
      tree: growTree(statistics, inputs, once, { leafSettings: 4, triedInputs: 1 }, createRng(seed)),
      bag: once,
    }));
    const { weights, mean } = forestWeights(
      trees,
      statistics,
    )(
      matrixFromRows([
        [0.3, 2],
        [0.9, 0],
      ]),
    );
    for (let i = 0; i < 2; i++) {
      const row = weights.data.slice(40 * i, 40 * i + 40);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(row.reduce((sum, weight, g) => sum + weight * statistics.mean[g]!, 0)).toBeCloseTo(mean[i]!, 12);
    }
  });
});

describe("a random forest", () => {
  const rng = createRng(8);
  const rows = Array.from({ length: 50 }, () => [rng.uniform(), rng.integer(4)]);
  const data = {
    inputs,
    X: matrixFromRows(rows),
    y: Float64Array.from(rows, ([a, b]) => 10 * a! + b! + 0.1 * rng.normal()),
  };

  it("depends on its seed and on nothing else", () => {
    const json = (seed: number): string => JSON.stringify(fitRandomForest(data, { seed }));
    expect(json(3)).toBe(json(3));
    expect(json(3)).not.toBe(json(4));
  });

  it("takes the number of trees, and refuses one that cannot have a variance", () => {
    expect(fitRandomForest(data, { trees: 7 }).describe()["trees"]).toBe(7);
    expect(() => fitRandomForest(data, { trees: 1 })).toThrow(CellwrightError);
    expect(() => fitRandomForest(data, { trees: 2.5 })).toThrow(CellwrightError);
    expect(() => fitRandomForest(data, { signal: AbortSignal.abort() })).toThrow(/cancelled/);
  });

  it("refuses trees that go in circles or end in an empty leaf", () => {
    const record = JSON.parse(JSON.stringify(fitRandomForest(data, { trees: 3 }))) as {
      trees: { left: number[]; bag: number[] }[];
    };
    const circle = structuredClone(record);
    circle.trees[1]!.left[0] = 0;
    expect(() => loadSurrogate(circle as unknown as SurrogateRecord)).toThrow(CellwrightError);
    const empty = structuredClone(record);
    empty.trees[2]!.bag.fill(0);
    expect(() => loadSurrogate(empty as unknown as SurrogateRecord)).toThrow(CellwrightError);
  });
});
