import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RiskMeasure, riskOf } from "../../src/acquisition/risk-measure.js";

interface Golden<Draws, Values> {
  readonly level: number;
  readonly draws: readonly Draws[];
  readonly measures: Readonly<Record<RiskMeasure["measure"], readonly Values[]>>;
}

/** Made by test/golden/risk-measures.py. */
const golden = JSON.parse(
  readFileSync(new URL("../golden/risk-measures.botorch-0.18.1.json", import.meta.url), "utf8"),
) as {
  readonly single: readonly Golden<number[], number>[];
  readonly several: readonly Golden<number[][], number[]>[];
};

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });
const measures = fc.constantFrom<RiskMeasure["measure"]>("mean", "var", "cvar", "worst-case");
const levels = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe("riskOf", () => {
  it("agrees with BoTorch's risk measures at fixed draws to 1e-12", () => {
    let compared = 0;
    for (const { level, draws, measures: expected } of golden.single) {
      for (const [measure, ofDraws] of Object.entries(expected)) {
        draws.forEach((draw, s) => {
          const risk = riskOf(Float64Array.from(draw), { measure: measure as RiskMeasure["measure"], level });
          expect(Math.abs(risk - ofDraws[s]!)).toBeLessThan(1e-12);
          compared++;
        });
      }
    }
    expect(compared).toBe(400);
  });

  it("agrees with BoTorch's independent risk measures of several objectives", () => {
    for (const { level, draws, measures: expected } of golden.several) {
      for (const [measure, ofDraws] of Object.entries(expected)) {
        draws.forEach((draw, s) => {
          ofDraws[s]!.forEach((value, m) => {
            const own = Float64Array.from(draw, (row) => row[m]!);
            expect(riskOf(own, { measure: measure as RiskMeasure["measure"], level })).toBeCloseTo(value, 12);
          });
        });
      }
    }
  });

  it("orders worst case ≤ CVaR ≤ value at risk, and CVaR ≤ mean, and is the value where all are equal", () => {
    fc.assert(
      fc.property(values, levels, (list, level) => {
        const at = (measure: RiskMeasure["measure"]) => riskOf(Float64Array.from(list), { measure, level });
        const slack = 1e-9;
        expect(at("worst-case")).toBeLessThanOrEqual(at("cvar") + slack);
        expect(at("cvar")).toBeLessThanOrEqual(at("var") + slack);
        expect(at("cvar")).toBeLessThanOrEqual(at("mean") + slack);
        const same = new Float64Array(list.length).fill(list[0]!);
        for (const measure of ["mean", "var", "cvar", "worst-case"] as const)
          expect(riskOf(same, { measure, level })).toBeCloseTo(list[0]!, 9);
      }),
    );
  });

  it("has weights that sum to one and give the value back", () => {
    fc.assert(
      fc.property(values, measures, levels, (list, measure, level) => {
        const weights = new Float64Array(list.length);
        const risk = riskOf(Float64Array.from(list), { measure, level }, weights);
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        expect(weights.reduce((sum, w, i) => sum + w * list[i]!, 0)).toBeCloseTo(risk, 9);
      }),
    );
  });
});
