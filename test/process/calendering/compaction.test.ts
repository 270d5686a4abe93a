import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineLoadForDensity, loadedDensityGPerCm3 } from "../../../src/process/calendering/compaction.js";

const curve = { initialDensityGPerCm3: 2.45, maximumDensityGPerCm3: 3.688, resistanceNPerMm: 592 };

describe("the compaction law", () => {
  it("closes 63 % of the way to the maximum at a line load of one resistance", () => {
    const share = (loadedDensityGPerCm3(592, curve) - 2.45) / (3.688 - 2.45);
    expect(share).toBeCloseTo(1 - Math.exp(-1), 12);
  });

  it("is inverted by lineLoadForDensity", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3000, noNaN: true }), (load) => {
        expect(lineLoadForDensity(loadedDensityGPerCm3(load, curve), curve)).toBeCloseTo(load, 6);
      }),
    );
  });

  it("says that no load reaches the maximum, and that none is needed below the initial density", () => {
    expect(lineLoadForDensity(3.688, curve)).toBe(Infinity);
    expect(lineLoadForDensity(2.4, curve)).toBe(0);
  });
});
