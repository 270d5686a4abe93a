import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMaterial } from "../../../src/process/calendering/materials.js";
import { gapForLineLoad, lineLoadForGap } from "../../../src/process/calendering/roll-gap.js";

const nmc = findMaterial("NMC622")!;
const stand = { stiffnessNPerMmPerUm: 10, foilThicknessUm: 15, coatedSides: 2 as const };
const run = { rollTemperatureC: 90, lineSpeedMPerMin: 30 };

describe("roll gap and line load", () => {
  it("are two views of one machine: each gives the other back", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 2400, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (load, k) => {
          const stiff = { ...stand, stiffnessNPerMmPerUm: k };
          const found = lineLoadForGap(nmc, run, stiff, gapForLineLoad(nmc, run, stiff, load));
          expect(found.kind).toBe("reached");
          expect(found.kind === "reached" ? found.lineLoadNPerMm : NaN).toBeCloseTo(load, 5);
        },
      ),
    );
  });

  it("open a soft stand further than a stiff one under the same load", () => {
    const gap = (k: number): number => gapForLineLoad(nmc, run, { ...stand, stiffnessNPerMmPerUm: k }, 800);
    expect(gap(50) - gap(5)).toBeCloseTo(800 / 5 - 800 / 50, 9);
  });

  it("leave the web untouched where the gap is wider than it", () => {
    expect(lineLoadForGap(nmc, run, stand, 15 + (2 * 190) / 2.45)).toEqual({ kind: "no contact" });
  });

  it("say where a gap needs more load than the machine has", () => {
    const found = lineLoadForGap(nmc, { ...run, machineLineLoadNPerMm: 500 }, stand, 0);
    expect(found).toEqual({ kind: "beyond machine", lineLoadNPerMm: 500 });
  });

  it("are refused without a stiffness: there is no default", () => {
    expect(() => gapForLineLoad(nmc, run, { ...stand, stiffnessNPerMmPerUm: NaN }, 500)).toThrow(/stiffness/);
    expect(() => lineLoadForGap(nmc, run, stand, NaN)).toThrow(/gap/);
  });
});
