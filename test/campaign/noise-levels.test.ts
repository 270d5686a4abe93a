import { describe, expect, it } from "vitest";
import {
  bartlettPValue,
  chiSquaredUpperTail,
  findNoiseLevels,
  noiseLevelOf,
  pooledVariance,
} from "../../src/campaign/noise-levels.js";
import { createRng } from "../../src/math/rng.js";
import golden from "../golden/campaign-statistics.scipy-1.17.1.json" with { type: "json" };

/** Replicates of `settings` settings per level, whose scatter is `stdDevs[level]`. */
function replicates(stdDevs: readonly number[], settings: number, copies: number, seed: number) {
  const rng = createRng(seed);
  const y: number[] = [];
  const replicateOf: number[] = [];
  const values: number[] = [];
  stdDevs.forEach((stdDev, level) => {
    for (let s = 0; s < settings; s++) {
      const center = 10 * rng.normal();
      for (let k = 0; k < copies; k++) {
        y.push(center + stdDev * rng.normal());
        replicateOf.push(level * settings + s);
        values.push(level === 0 ? 122.48 : 100 + 60 * level);
      }
    }
  });
  return { y, replicateOf, values };
}

describe("chiSquaredUpperTail", () => {
  it("agrees with SciPy to 1e-12", () => {
    for (const { x, k, value } of golden.chiSquaredUpperTail) {
      expect(Math.abs(chiSquaredUpperTail(x, k) / value - 1), `P(chi2_${k} >= ${x})`).toBeLessThan(1e-12);
    }
  });
});

describe("bartlettPValue", () => {
  it("agrees with SciPy where each level is one set of replicates", () => {
    for (const { samples, pValue } of golden.bartlett) {
      const pooled = samples.map((sample) =>
        pooledVariance(sample, new Int32Array(sample.length), () => true),
      );
      expect(Math.abs(bartlettPValue(pooled) / pValue - 1)).toBeLessThan(1e-9);
    }
  });
});

describe("findNoiseLevels", () => {
  it("finds the context whose levels scatter differently", () => {
    const { y, replicateOf, values } = replicates([0.01, 0.06], 9, 3, 1);
    const steady = values.map((_, i) => i % 3);
    const noise = findNoiseLevels(y, replicateOf, [
      { name: "position", scale: "linear", values: steady },
      { name: "coating_weight", scale: "linear", values },
    ]);
    expect(noise?.variable).toBe("coating_weight");
    expect(noise?.levels).toEqual([122.48, 160]);
    expect(noise!.stdDevs[1]! / noise!.stdDevs[0]!).toBeGreaterThan(3);
  });

  it("finds nothing in equal scatter, for at least 98 of 100 seeds", () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { y, replicateOf, values } = replicates([0.05, 0.05], 9, 3, seed);
      if (findNoiseLevels(y, replicateOf, [{ name: "weight", scale: "linear", values }]) !== null) found++;
    }
    expect(found).toBeLessThanOrEqual(2);
  });

  it("asks for four degrees of freedom in each level", () => {
    const { y, replicateOf, values } = replicates([0.01, 1], 1, 4, 3);
    expect(findNoiseLevels(y, replicateOf, [{ name: "weight", scale: "linear", values }])).toBeNull();
  });

  it("asks for replicates", () => {
    const values = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    const y = values.map((v, i) => v * i);
    expect(
      findNoiseLevels(
        y,
        values.map((_, i) => i),
        [{ name: "weight", scale: "linear", values }],
      ),
    ).toBeNull();
  });

  it("ignores a level without any scatter instead of dividing by it", () => {
    const { y, replicateOf, values } = replicates([0, 0.06], 9, 3, 1);
    expect(findNoiseLevels(y, replicateOf, [{ name: "weight", scale: "linear", values }])).toBeNull();
  });
});

describe("noiseLevelOf", () => {
  const noise = {
    variable: "weight",
    scale: "linear" as const,
    levels: [122.48, 182.73],
    stdDevs: [0.01, 0.06],
    pValue: 0,
  };

  it("takes the measured level, and the nearest one between", () => {
    expect(noiseLevelOf(noise, 182.73)).toBe(1);
    expect(noiseLevelOf(noise, 150)).toBe(0);
    expect(noiseLevelOf(noise, 160)).toBe(1);
  });

  it("measures nearness in ratios on a log scale", () => {
    expect(noiseLevelOf({ ...noise, scale: "log", levels: [1, 100] }, 20)).toBe(1);
    expect(noiseLevelOf({ ...noise, levels: [1, 100] }, 20)).toBe(0);
  });

  it("takes names as they are", () => {
    expect(noiseLevelOf({ ...noise, levels: ["off", "on"] }, "on")).toBe(1);
  });
});
