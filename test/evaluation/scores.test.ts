import { describe, expect, it } from "vitest";
import { scorePosterior } from "../../src/evaluation/held-out.js";
import { gatherGroups, scorePredictions } from "../../src/evaluation/scores.js";
import { normalPosterior } from "./normal-posterior.js";

/** Two groups of two rows each, observed noise 2, latent standard deviation 1. */
const predictions = scorePosterior(
  normalPosterior([10, 10, 20, 20], [1, 1, 1, 1], [2, 2, 2, 2]),
  Float64Array.of(9, 13, 20, 26),
);
const groups = ["A", "A", "B", "B"];

describe("gatherGroups", () => {
  it("compares means, with the interval of a mean of as many runs", () => {
    const [a, b] = gatherGroups(predictions, groups);
    expect([a!.observed, a!.mean, b!.observed, b!.mean]).toEqual([11, 10, 23, 20]);
    const half = 1.959964 * Math.sqrt(1 + 3 / 2); // latent variance 1, noise variance 3 shared by two runs
    expect(a!.hi).toBeCloseTo(10 + half, 5);
    expect(a!.lo).toBeCloseTo(10 - half, 5);
  });

  it("keeps the interval of a single run where a group has one row", () => {
    const [only] = gatherGroups(predictions.slice(0, 1), ["A"]);
    expect(only!.hi).toBeCloseTo(predictions[0]!.hi, 10);
  });
});

describe("scorePredictions", () => {
  it("scores rows and group means", () => {
    const scores = scorePredictions(predictions, groups);
    expect(scores.observations).toBe(4);
    expect(scores.groups).toBe(2);
    expect(scores.rmse).toBeCloseTo(Math.sqrt((1 + 9 + 0 + 36) / 4), 12);
    expect(scores.rmseGroups).toBeCloseTo(Math.sqrt((1 + 9) / 2), 12);
    expect(scores.r2).toBeCloseTo(1 - 10 / 72, 12); // means 11 and 23 about 17
    expect(scores.mape).toBeCloseTo((100 * (1 / 9 + 3 / 13 + 0 + 6 / 26)) / 4, 10);
    expect(scores.coverage95).toBe(3 / 4);
    expect(scores.coverage95Groups).toBe(1);
  });

  it("states no R² where group means do not vary, and no relative error of zero", () => {
    const scores = scorePredictions(scorePosterior(normalPosterior([1, 1], [1, 1]), Float64Array.of(0, 0)), [
      "A",
      "B",
    ]);
    expect(scores.r2).toBeNull();
    expect(scores.mape).toBeNull();
  });
});
