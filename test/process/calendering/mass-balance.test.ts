import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkMassBalance,
  checkSolidDensity,
  completeMassBalance,
} from "../../../src/process/calendering/mass-balance.js";

const coating = { coatingWeightGPerM2: 182.73, thicknessUm: 60.5, solidDensityGPerCm3: 4.45 };

describe("completeMassBalance", () => {
  it("computes density and porosity from coating weight and thickness", () => {
    const full = completeMassBalance(coating);
    expect(full.densityGPerCm3).toBeCloseTo(3.0203, 4);
    expect(full.porosityPercent).toBeCloseTo(32.13, 2);
  });

  it("gives the same coating from any two of its parts", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(50, 400), number(20, 60), number(2, 5), (weight, porosity, solid) => {
        const full = completeMassBalance({
          coatingWeightGPerM2: weight,
          porosityPercent: porosity,
          solidDensityGPerCm3: solid,
        });
        const back = completeMassBalance({
          thicknessUm: full.thicknessUm!,
          densityGPerCm3: full.densityGPerCm3!,
          solidDensityGPerCm3: solid,
        });
        expect(back.coatingWeightGPerM2).toBeCloseTo(weight, 9);
        expect(back.porosityPercent).toBeCloseTo(porosity, 9);
        expect(checkMassBalance({ ...full, ...back })).toEqual([]);
      }),
    );
  });

  it("leaves open what does not follow", () => {
    expect(completeMassBalance({ thicknessUm: 60, solidDensityGPerCm3: 4.45 })).toEqual({
      thicknessUm: 60,
      solidDensityGPerCm3: 4.45,
    });
  });
});

describe("checkMassBalance", () => {
  const verdicts = (change: object, accepted?: string): string[] =>
    checkMassBalance({ ...coating, ...change }, accepted).map((f) => `${f.quantity} ${f.verdict}`);

  it("passes over the rounding of printed values", () => {
    expect(verdicts({ porosityPercent: 32.1, densityGPerCm3: 3.02 })).toEqual([]);
  });

  it("warns up to 2 points of porosity and 3 % of mass, and refuses beyond", () => {
    expect(verdicts({ porosityPercent: 33.5 })).toEqual(["porosity warned"]);
    expect(verdicts({ porosityPercent: 34.3 })).toEqual(["porosity refused"]);
    expect(verdicts({ densityGPerCm3: 3.08 })).toEqual(["density warned"]);
    expect(verdicts({ densityGPerCm3: 3.15 })).toEqual(["density refused"]);
    expect(verdicts({ coatingWeightBeforeGPerM2: 186 })).toEqual(["coating weight warned"]);
    expect(verdicts({ coatingWeightBeforeGPerM2: 195 })).toEqual(["coating weight refused"]);
  });

  it("takes an accepted contradiction and repeats the reason", () => {
    const [finding] = checkMassBalance(
      { ...coating, porosityPercent: 40 },
      "helium pycnometry of another batch",
    );
    expect(finding!.verdict).toBe("warned");
    expect(finding!.message).toContain("helium pycnometry of another batch");
  });

  it("refuses numbers that are none", () => {
    expect(verdicts({ thicknessUm: NaN, porosityPercent: 30 })).toEqual(["porosity refused"]);
  });
});

describe("checkSolidDensity", () => {
  it("warns of the 4.45 g/cm3 of the shipped pilot set against the recipe's 4.39, and refuses 4.8", () => {
    expect(checkSolidDensity(4.45, 4.391)?.verdict).toBe("warned");
    expect(checkSolidDensity(4.8, 4.391)?.verdict).toBe("refused");
    expect(checkSolidDensity(4.8, 4.391, "measured")?.verdict).toBe("warned");
    expect(checkSolidDensity(4.391, 4.391)).toBeNull();
  });
});
