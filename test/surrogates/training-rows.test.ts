import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../../src/math/matrix.js";
import { isConstant, settingStatistics } from "../../src/surrogates/setting-statistics.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";

const inputs = [
  { name: "a", kind: "continuous" as const },
  { name: "b", kind: "continuous" as const },
];

describe("arranging rows", () => {
  it("sorts settings and gathers their rows", () => {
    const rows = arrangeRows({
      inputs,
      X: matrixFromRows([
        [1, 0],
        [0, 2],
        [1, 0],
        [0, 1],
      ]),
      y: Float64Array.of(9, 5, 7, 3),
    });
    expect([...rows.X.data]).toEqual([0, 1, 0, 2, 1, 0]);
    expect([...rows.y]).toEqual([3, 5, 7, 9]);
    expect([...rows.groupStart]).toEqual([0, 1, 2, 4]);
    expect(rows.levels).toBe(1);
  });

  it("keeps equal inputs apart where noise level or known variance differ", () => {
    const rows = arrangeRows({
      inputs,
      X: matrixFromRows(new Array<number[]>(4).fill([1, 1])),
      y: Float64Array.of(4, 3, 2, 1),
      noiseLevel: Int32Array.of(1, 0, 0, 1),
      knownNoiseVariance: Float64Array.of(0.5, 0.5, 0, 0.5),
    });
    expect([...rows.noiseLevel]).toEqual([0, 0, 1]);
    expect([...rows.knownNoiseVariance]).toEqual([0, 0.5, 0.5]);
    expect([...rows.groupStart]).toEqual([0, 1, 2, 4]);
    expect(rows.levels).toBe(2);
  });

  it("takes −0 for 0", () => {
    const rows = arrangeRows({
      inputs,
      X: matrixFromRows([
        [0, 0],
        [-0, -0],
      ]),
      y: Float64Array.of(-0, 0),
    });
    expect(rows.X.rows).toBe(1);
    expect([...rows.X.data, ...rows.y].every((value) => Object.is(value, 0))).toBe(true);
  });
});

describe("statistics of settings", () => {
  it("are mean, count, scatter and known variance on the model scale", () => {
    const rows = arrangeRows({
      inputs,
      X: matrixFromRows([
        [0, 0],
        [0, 0],
        [1, 0],
      ]),
      y: Float64Array.of(12, 16, 20),
      knownNoiseVariance: Float64Array.of(1, 1, 4),
    });
    const statistics = settingStatistics(rows, createTransform({ kind: "identity", center: 10, spread: 2 }));
    expect([...statistics.mean]).toEqual([2, 5]);
    expect([...statistics.count]).toEqual([2, 1]);
    expect([...statistics.scatter]).toEqual([2, 0]);
    expect(statistics.knownVariance[0]).toBeCloseTo(0.25, 14);
    expect(statistics.knownVariance[1]).toBeCloseTo(1, 14);
  });

  it("carry a known error over to the log scale as a relative one", () => {
    const rows = arrangeRows({
      inputs,
      X: matrixFromRows([[0, 0]]),
      y: Float64Array.of(50),
      knownNoiseVariance: Float64Array.of(25),
    });
    const statistics = settingStatistics(rows, createTransform({ kind: "log", center: 3, spread: 0.5 }));
    expect(statistics.knownVariance[0]).toBeCloseTo((0.1 / 0.5) ** 2, 12);
  });

  it("know a constant outcome but for rounding", () => {
    const constant = (y: Float64Array): boolean => {
      const rows = arrangeRows({
        inputs,
        X: matrixFromRows([
          [0, 0],
          [1, 0],
        ]),
        y,
      });
      return isConstant(
        settingStatistics(rows, createTransform({ kind: "identity", center: 0.3, spread: 0.03 })),
      );
    };
    expect(constant(Float64Array.of(0.3, 0.1 + 0.2))).toBe(true);
    expect(constant(Float64Array.of(0.3, 0.3001))).toBe(false);
  });
});
