import { describe, expect, it } from "vitest";
import { findMaterial } from "../../../src/process/calendering/materials.js";
import { anodeResistanceFactor, unitStack } from "../../../src/process/calendering/unit-stack.js";
import { golden } from "../read-golden.js";

const nmc = findMaterial("NMC622")!;
const graphite = findMaterial("graphite")!;
const stack = (rateC: number, cathodeLoad: number, anodeLoad: number) => {
  const hot = { rollTemperatureC: 90, lineSpeedMPerMin: 60 };
  return unitStack(nmc, graphite, {
    rateC,
    cathode: { ...hot, lineLoadNPerMm: cathodeLoad },
    anode: { ...hot, lineLoadNPerMm: anodeLoad },
  });
};
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

describe("unitStack", () => {
  it("gives the reference prototype's values", () => {
    for (const { C, qc, qa, areal, Q, E_v, R_scale } of golden.stack) {
      const found = stack(C, qc, qa);
      expect(found.arealCapacityMAhPerCm2).toBeCloseTo(areal, 11);
      expect(found.deliveredShare).toBeCloseTo(Q, 11);
      expect(found.energyWhPerL).toBeCloseTo(E_v, 8);
      expect(found.anodeResistanceFactor).toBeCloseTo(R_scale, 11);
    }
  });

  it("has an interior best pair of line loads that moves to lower loads when the rate rises", () => {
    const best = [1 / 3, 1, 2, 3].map((rate) => {
      const candidates = steps(100, 1600, 50).flatMap((qc) =>
        steps(40, 600, 20).map((qa) => ({ qc, qa, e: stack(rate, qc, qa).energyWhPerL })),
      );
      return candidates.reduce((a, b) => (b.e > a.e ? b : a));
    });
    expect(best.map(({ qc, qa }) => [qc, qa])).toEqual([
      [900, 480],
      [900, 460],
      [550, 200],
      [200, 100],
    ]);
    expect(best.map(({ e }) => Math.round(e))).toEqual([812, 804, 727, 629]);
  });
});

describe("anodeResistanceFactor", () => {
  it("is 1 for the reference anode and grows when the anode is over-compacted", () => {
    expect(anodeResistanceFactor(14, 78)).toBe(1);
    const loose = stack(1, 900, 200);
    const dense = stack(1, 900, 600);
    expect(dense.anodeResistanceFactor).toBeGreaterThan(loose.anodeResistanceFactor);
  });
});
