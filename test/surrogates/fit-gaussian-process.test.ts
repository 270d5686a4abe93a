import { describe, expect, it } from "vitest";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import {
  fitGaussianProcessOfAnySize,
  MOST_EXACT_SETTINGS,
  needsNeighbours,
} from "../../src/surrogates/fit-gaussian-process.js";
import { fitSurrogateKind } from "../../src/surrogates/fit-surrogate.js";
import type { SurrogateData } from "../../src/surrogates/surrogate.js";

/** A wave of one input at `settings` settings, each run `repeats` times. */
function wave(settings: number, repeats: number): SurrogateData {
  const rng = createRng(5);
  const n = settings * repeats;
  const X = createMatrix(n, 1);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    X.data[i] = (i % settings) / settings;
    y[i] = Math.sin(6 * X.data[i]!) + 0.1 * rng.normal();
  }
  return { inputs: [{ name: "load", kind: "continuous" }], X, y };
}

describe("a gaussian process of the size of the data", () => {
  it("counts settings, not rows", () => {
    expect(needsNeighbours(wave(MOST_EXACT_SETTINGS, 1))).toBe(false);
    expect(needsNeighbours(wave(MOST_EXACT_SETTINGS + 1, 1))).toBe(true);
    expect(needsNeighbours(wave(30, 100))).toBe(false);
  });

  it("is exact for few settings however often they were run, and does not speak of a method", () => {
    expect(fitGaussianProcessOfAnySize(wave(20, 120)).describe()["method"]).toBeUndefined();
  });

  it("is fitted by nearest neighbours beyond 2,000 settings, and says so", () => {
    const model = fitSurrogateKind("gaussian-process", wave(MOST_EXACT_SETTINGS + 1, 1), {
      scale: "identity",
    });
    expect(model.kind).toBe("gaussian-process");
    expect(model.describe()["method"]).toContain("nearest neighbours (Vecchia): 2001 settings");
    const { mean } = model.predict({ rows: 1, cols: 1, data: Float64Array.of(0.25) });
    expect(mean[0]).toBeCloseTo(Math.sin(1.5), 1);
  }, 60_000);
});
