import { describe, expect, it } from "vitest";
import { createCampaign } from "../../src/campaign/campaign.js";
import { initialDesign } from "../../src/campaign/initial-design.js";
import { createRng } from "../../src/math/rng.js";
import { createFeasibleSet } from "../../src/space/feasible-set.js";
import { twoParameterCampaign } from "./campaign-fixtures.js";

const none = () => false;

function setOf(campaign = twoParameterCampaign()) {
  return createFeasibleSet(campaign.space, { fixed: {}, context: {} }, createRng(1));
}

function smallestDistance(points: readonly Float64Array[]): number {
  let least = Infinity;
  points.forEach((x, i) => {
    for (const y of points.slice(0, i)) least = Math.min(least, Math.hypot(...x.map((v, k) => v - y[k]!)));
  });
  return least;
}

describe("initialDesign", () => {
  it("spreads points wider than chance does, for every one of twenty seeds", () => {
    const set = setOf();
    for (let seed = 0; seed < 20; seed++) {
      const rng = createRng(seed);
      const spread = initialDesign(set, 8, [], none, rng).map((p) => p.x);
      const random = Array.from({ length: 8 }, () => Float64Array.of(rng.uniform(), rng.uniform()));
      expect(spread).toHaveLength(8);
      expect(smallestDistance(spread)).toBeGreaterThan(0.2);
      expect(smallestDistance(spread)).toBeGreaterThan(smallestDistance(random));
    }
  });

  it("keeps away from what was tried", () => {
    const tried = [Float64Array.of(0, 0), Float64Array.of(1, 1), Float64Array.of(0, 1)];
    const [first] = initialDesign(setOf(), 1, tried, none, createRng(3));
    expect(first!.x[0]).toBeGreaterThan(0.6);
    expect(first!.x[1]).toBeLessThan(0.4);
    expect(first!.distance).toBeCloseTo(
      Math.min(...tried.map((t) => Math.hypot(t[0]! - first!.x[0]!, t[1]! - first!.x[1]!))),
      12,
    );
  });

  it("stays inside narrow constraints", () => {
    const campaign = twoParameterCampaign({ constraints: ["a + b <= 1", "a >= 2 * b"] });
    const points = initialDesign(setOf(campaign), 16, [], none, createRng(1));
    expect(points).toHaveLength(16);
    for (const { x } of points) {
      const { parameters } = campaign.space.decode(x);
      expect(campaign.space.violations(parameters, {})).toEqual([]);
    }
  });

  it("gives every setting of a small set once, and no more", () => {
    const campaign = createCampaign({
      campaign: "c",
      parameters: { speed: { unit: "m/min", values: [5, 10, 20] }, mode: { choices: ["a", "b"] } },
      outcomes: { y: { unit: "1", goal: "maximize" } },
    });
    const points = initialDesign(setOf(campaign), 10, [], none, createRng(1));
    expect(new Set(points.map((p) => p.x.join(" "))).size).toBe(6);
    expect(points).toHaveLength(6);
    expect(initialDesign(setOf(campaign), 10, [], (x) => x[1] === 0, createRng(1))).toHaveLength(3);
  });
});
