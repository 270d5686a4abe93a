import { describe, expect, it } from "vitest";
import { loadedDensityGPerCm3 } from "../../../src/process/calendering/compaction.js";
import {
  COMPACTION_MEAN,
  compactedDensity,
  compactionMean,
  resolveCompactionMean,
} from "../../../src/process/calendering/compaction-mean.js";

const meanArguments = {
  pressing: { constant: 20, weights: [100, -40, 0], unit: "um" },
  densityBefore: { constant: 2.4, weights: [0, 0, 0.2] },
  maximumDensity: { median: 4.4, logStdDev: 0.5 },
  resistance: { median: 200, logStdDev: 1 },
};
const mean = compactionMean(meanArguments);

describe("the compaction mean", () => {
  const x = Float64Array.of(0.7, 0.2, 0.5);
  const theta = Float64Array.of(4.1, 130);

  it("is the compaction law of the calender", () => {
    expect(mean.evaluate(x, theta).value).toBeCloseTo(
      loadedDensityGPerCm3(82, {
        initialDensityGPerCm3: 2.5,
        maximumDensityGPerCm3: 4.1,
        resistanceNPerMm: 130,
      }),
      12,
    );
  });

  it("leaves the density alone without pressing, and ends at the maximum", () => {
    expect(compactedDensity(0, 2.5, 4, 100).density).toBe(2.5);
    expect(compactedDensity(1e6, 2.5, 4, 100).density).toBe(4);
  });

  it("has the gradients of central differences", () => {
    const { parameterGradient, inputGradient } = mean.evaluate(x, theta);
    const moved = (values: Float64Array, k: number, step: number): Float64Array =>
      values.map((value, i) => (i === k ? value + step : value));
    const step = 1e-5;
    theta.forEach((_, k) => {
      const at = (s: number): number => mean.evaluate(x, moved(theta, k, s)).value;
      expect(parameterGradient[k]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 8);
    });
    x.forEach((_, k) => {
      const at = (s: number): number => mean.evaluate(moved(x, k, s), theta).value;
      expect(inputGradient[k]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 7);
    });
  });

  it("reads inputs on a log scale and outcomes that follow from density, with the gradients of differences", () => {
    const porosity = compactionMean({
      ...meanArguments,
      pressing: {
        constant: 0,
        weights: [0, 0, 0],
        exponentials: [{ input: 0, origin: Math.log(200), width: Math.log(8), factor: 1 }],
        unit: "N/mm",
      },
      reading: { constant: 100, perDensity: -100 / 4.4 },
    });
    const density = loadedDensityGPerCm3(200 * Math.pow(8, 0.7), {
      initialDensityGPerCm3: 2.5,
      maximumDensityGPerCm3: 4.1,
      resistanceNPerMm: 130,
    });
    const { value, parameterGradient, inputGradient } = porosity.evaluate(x, theta);
    expect(value).toBeCloseTo(100 * (1 - density / 4.4), 10);
    const step = 1e-5;
    const moved = (values: Float64Array, k: number, by: number): Float64Array =>
      values.map((v, i) => (i === k ? v + by : v));
    x.forEach((_, k) => {
      const at = (s: number): number => porosity.evaluate(moved(x, k, s), theta).value;
      expect(inputGradient[k]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 5);
    });
    theta.forEach((_, k) => {
      const at = (s: number): number => porosity.evaluate(x, moved(theta, k, s)).value;
      expect(parameterGradient[k]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 6);
    });
    const json: unknown = JSON.parse(JSON.stringify(porosity.arguments));
    expect(resolveCompactionMean(COMPACTION_MEAN, json)?.evaluate(x, theta)).toEqual(
      porosity.evaluate(x, theta),
    );
  });

  it("is resolved by its name from plain JSON, and by no other", () => {
    const json: unknown = JSON.parse(JSON.stringify(mean.arguments));
    expect(resolveCompactionMean(COMPACTION_MEAN, json)?.evaluate(x, theta)).toEqual(mean.evaluate(x, theta));
    expect(resolveCompactionMean("calendering.compaction@2", json)).toBeNull();
    for (const field of Object.keys(meanArguments)) {
      const damaged = Object.entries(meanArguments).filter(([key]) => key !== field);
      expect(resolveCompactionMean(COMPACTION_MEAN, Object.fromEntries(damaged))).toBeNull();
    }
  });

  it("refuses quantities that read different inputs", () => {
    expect(() => compactionMean({ ...meanArguments, densityBefore: { constant: 2, weights: [1] } })).toThrow(
      /expected the same/,
    );
  });
});
