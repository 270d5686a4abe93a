import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cycleLife, FORMATION_WORLDS } from "../../../src/process/formation/cycle-life.js";
import { golden } from "../read-golden.js";

const base = { firstRateC: 0.5, secondRateC: 0.3, temperatureC: 35 };

describe("cycleLife", () => {
  it("gives the reference prototype's values", () => {
    for (const { c1, c2, T, plating, crack, hetero, N } of golden.life) {
      const found = cycleLife({
        firstRateC: c1,
        secondRateC: c2,
        temperatureC: T,
        platedCharge: plating,
        crackedShare: crack,
        heterogeneity: hetero,
      });
      expect(found / N).toBeCloseTo(1, 11);
    }
  });

  it("falls with plated lithium, cracked particles and heterogeneity", () => {
    const life = cycleLife(base);
    for (const worse of [{ platedCharge: 0.01 }, { crackedShare: 0.1 }, { heterogeneity: 1.2 }]) {
      expect(cycleLife({ ...base, ...worse })).toBeLessThan(life);
    }
  });

  it("does not depend on the window in the neutral world", () => {
    expect(cycleLife({ ...base, world: "neutral", upperCutoffV: 3.5, chargeAbove3p9V: 0 })).toBe(
      cycleLife(base),
    );
  });

  it("needs 3.7 V and no more in Lee's world", () => {
    const life = (upperCutoffV: number): number =>
      cycleLife({ ...base, world: "lee", upperCutoffV, chargeAbove3p9V: 0 });
    fc.assert(
      fc.property(fc.double({ min: 3.7, max: 4.4, noNaN: true }), (v) => {
        expect(life(v)).toBe(life(3.7));
      }),
    );
    expect(life(3.5)).toBeLessThan(life(3.7));
  });

  it("gains with charge above 3.9 V in An's world, saturating, and loses below 3.9 V", () => {
    const life = (chargeAbove3p9V: number, upperCutoffV = 4.2): number =>
      cycleLife({ ...base, world: "an", upperCutoffV, chargeAbove3p9V });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (q, more) => {
          expect(life(q + more)).toBeGreaterThan(life(q));
        },
      ),
    );
    // Five shallow cycles bring nearly all of the gain.
    expect((life(1.5) - life(0)) / (life(50) - life(0))).toBeGreaterThan(0.94);
    expect(life(0, 3.7)).toBeLessThan(life(0, 3.9));
  });

  it("asks for the voltages that a world is about", () => {
    for (const world of FORMATION_WORLDS.filter((w) => w !== "neutral")) {
      expect(() => cycleLife({ ...base, world })).toThrow(/highest voltage/);
    }
  });
});
