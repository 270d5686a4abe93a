import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { spreadSettings } from "../../src/benchmark/strategies.js";
import { testProblems } from "../../src/benchmark/test-problems.js";
import { createRng } from "../../src/math/rng.js";

interface StoredProblem {
  readonly optimum: number | null;
  readonly maxHypervolume: number | null;
  readonly checkPoints: readonly { x: number[]; y: number[]; c: number[] }[];
}

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../bench/data/optimiser-problems.json"), "utf8"),
) as Record<string, StoredProblem>;

describe("test problems", () => {
  it.each(testProblems.filter(({ name }) => name in stored))(
    "$name has the published values at its check points",
    (problem) => {
      for (const { x, y, c } of stored[problem.name]!.checkPoints) {
        const settings = Object.fromEntries(x.map((value, j) => [problem.parameters[j]!, value]));
        const found = problem.truth(settings);
        expect(found.y).toHaveLength(y.length);
        expect(found.c).toHaveLength(c.length);
        [...y, ...c].forEach((value, k) =>
          expect([...found.y, ...found.c][k]).toBeCloseTo(value, value > 1 ? 8 : 10),
        );
      }
    },
  );

  it.each(testProblems)("$name has no gap below zero and none above its range", (problem) => {
    const settings = spreadSettings(problem.campaign(), 400, createRng(3));
    const values = settings.map((one) => problem.gap([one])).filter(Number.isFinite);
    expect(values.length).toBeGreaterThan(20);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1.05 * problem.range);
    expect(problem.gap(settings)).toBeLessThanOrEqual(Math.min(...values));
  });

  it("reaches the optimum of the mixed problem in the camel's valley", () => {
    const mixed = testProblems.find(({ name }) => name === "mixed")!;
    const there = { x0: 0.08984201, x1: -0.7126564, first: "camel", second: "camel" };
    expect(mixed.gap([there])).toBeCloseTo(0, 6);
  });

  it("takes the peers' noise where it is shared, and draws it otherwise", () => {
    const noisy = testProblems.find(({ name }) => name === "hartmann6_noisy")!;
    const settings = Object.fromEntries(noisy.parameters.map((name) => [name, 0.5]));
    const truth = noisy.truth(settings).y[0]!;
    const shared = noisy.withNormals([0, 2]).run(settings, 1, createRng(1));
    expect(shared.observations!["y0"]!.value).toBeCloseTo(truth + 0.2, 12);
    expect(noisy.run(settings, 1, createRng(1))).toEqual(noisy.run(settings, 7, createRng(1)));
    expect(noisy.run(settings, 1, createRng(1))).not.toEqual(noisy.run(settings, 1, createRng(2)));
  });
});
