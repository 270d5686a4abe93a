import { describe, expect, it } from "vitest";
import {
  knownLevelsOnly,
  predictHeldOut,
  scorePosterior,
  subsetData,
} from "../../src/evaluation/held-out.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { normalCdf } from "../../src/math/normal.js";
import type { PredictOptions, Surrogate, SurrogateData } from "../../src/surrogates/surrogate.js";
import { normalPosterior } from "./normal-posterior.js";

const data: SurrogateData = {
  inputs: [{ name: "line_load", kind: "continuous" }],
  X: matrixFromRows([[0], [0.5], [1], [0.5]]),
  y: Float64Array.of(10, 20, 30, 40),
  knownNoiseVariance: Float64Array.of(1, 4, 1, 4),
  noiseLevel: Int32Array.of(0, 1, 2, 1),
};

describe("subsetData", () => {
  it("keeps inputs, outcomes, variances and levels of the chosen rows together", () => {
    const subset = subsetData(data, Int32Array.of(3, 0));
    expect([...subset.X.data]).toEqual([0.5, 0]);
    expect([...subset.y]).toEqual([40, 10]);
    expect([...subset.knownNoiseVariance!]).toEqual([4, 1]);
    expect([...subset.noiseLevel!]).toEqual([1, 0]);
  });
});

describe("knownLevelsOnly", () => {
  it("reads a level that was not trained as the first", () => {
    const learned = subsetData(data, Int32Array.of(0, 1));
    expect([...knownLevelsOnly(data, learned).noiseLevel!]).toEqual([0, 1, 0, 1]);
    const single: SurrogateData = { inputs: data.inputs, X: data.X, y: data.y };
    expect([...knownLevelsOnly(data, single).noiseLevel!]).toEqual([0, 0, 0, 0]);
    expect(knownLevelsOnly(single, data)).toBe(single);
  });
});

describe("predictHeldOut", () => {
  it("gives each row the measurement variance and the noise level that belong to it", () => {
    const asked: { options: PredictOptions | undefined; points: number[] }[] = [];
    const surrogate = {
      predict: (points: SurrogateData["X"], options?: PredictOptions) => {
        asked.push({ options, points: [...points.data] });
        return normalPosterior([...points.data], [...points.data].fill(1));
      },
    } as unknown as Surrogate;
    const predictions = predictHeldOut(surrogate, data);
    expect(predictions.map(({ observed, mean }) => [observed, mean])).toEqual([
      [10, 0],
      [20, 0.5],
      [30, 1],
      [40, 0.5],
    ]);
    expect(asked).toEqual([
      { options: { noiseLevel: Int32Array.of(0, 2), knownNoiseVariance: 1 }, points: [0, 1] },
      { options: { noiseLevel: Int32Array.of(1, 1), knownNoiseVariance: 4 }, points: [0.5, 0.5] },
    ]);
  });
});

describe("scorePosterior", () => {
  it("agrees with the closed forms of a normal", () => {
    const [center, off, far] = scorePosterior(
      normalPosterior([0, 0, 0], [0.5, 0.5, 0.5], [1, 1, 1]),
      Float64Array.of(0, 1, 6),
    );
    // CRPS of a standard normal: z (2Φ(z) − 1) + 2φ(z) − 1/√π (Gneiting & Raftery 2007, eq. 21)
    expect(center!.crps).toBeCloseTo(0.233695, 3);
    expect(Math.abs(off!.crps - 0.602441) / 0.602441).toBeLessThan(0.01);
    expect(Math.abs(far!.crps - 5.43581) / 5.43581).toBeLessThan(0.01);
    expect(center!.pit).toBeCloseTo(0.5, 10);
    expect(off!.pit).toBeCloseTo(normalCdf(1), 4);
    expect(far!.pit).toBeCloseTo(0.9975, 10);
    expect(center!.logDensity).toBeCloseTo(-0.9189385, 6);
    expect(off!.hi).toBeCloseTo(1.959964, 6);
    expect(off!.lo).toBeCloseTo(-1.959964, 6);
    expect(off!.latentHi).toBeCloseTo(0.979982, 6);
  });
});
