import { describe, expect, it } from "vitest";
import type { LogDensity } from "../../src/math/nuts-transition.js";
import { calibrationRanks, rankChiSquare } from "./calibration-ranks.js";

const DRAWS = 19;
const BINS = 5; // of four ranks each

/** χ² of each quantity's ranks, BINS − 1 degrees of freedom. */
function rankStatistics(change: (density: LogDensity) => LogDensity): Record<string, number> {
  const ranks = calibrationRanks({
    replications: 100,
    draws: DRAWS,
    thinning: 15,
    warmup: 120,
    settings: 12,
    inputs: 1,
    change,
  });
  return Object.fromEntries([...ranks].map(([name, values]) => [name, rankChiSquare(values, DRAWS, BINS)]));
}

/** 99.9 % point of χ² with four degrees of freedom. */
const CRITICAL = 18.47;

describe("simulation-based calibration of the Bayesian fit", () => {
  it("ranks the true hyperparameters and a latent outcome uniformly among the draws", () => {
    const statistics = rankStatistics((density) => density);
    expect(Object.keys(statistics)).toContain("latent outcome");
    for (const [name, value] of Object.entries(statistics))
      expect([name, value < CRITICAL]).toEqual([name, true]);
  });

  it("would notice a lengthscale prior of shape 1 instead of 3", () => {
    const wrong = rankStatistics((density) => (x, gradient) => {
      const value = density(x, gradient) - 2 * x[0]!;
      gradient[0] = gradient[0]! - 2;
      return value;
    });
    expect(wrong["lengthscale 1"]).toBeGreaterThan(CRITICAL);
  });
});
