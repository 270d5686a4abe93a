import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overrideEconomics } from "../../../src/process/economics/economic-constants.js";
import {
  channelsNeeded,
  formationCostPerYear,
  formationCostTotal,
  formationCostUsdPerCell,
} from "../../../src/process/economics/formation-cost.js";
import { golden } from "../read-golden.js";

const times = (cyclerHours: number, ageingHours = 336) => ({ cyclerHours, ageingHours });

describe("formation cost", () => {
  it("gives the reference prototype's values", () => {
    for (const { t, age, usd } of golden.cost.form)
      expect(formationCostTotal(times(t, age)).value / usd).toBeCloseTo(1, 11);
  });

  it("is 30.48 MUSD a year and 1.21 USD per cell at 120 h, and 49 % less at 14 h where 60 % scales with the cycler", () => {
    expect(formationCostTotal(times(120)).value).toBeCloseTo(30_482_750, 0);
    expect(formationCostUsdPerCell(times(120))).toBeCloseTo(1.21, 2);
    expect(formationCostTotal(times(14)).value / 1e6).toBeCloseTo(15.53, 2);
  });

  it("is a range of 25 to 74 % saved at 14 h until the cycling share is stated", () => {
    const [least, most] = formationCostTotal(times(14)).range!.map((v) =>
      Math.round(100 * (1 - v / 30_482_750)),
    );
    expect([most, least]).toEqual([25, 74]);
    const { economics } = overrideEconomics({ cycling_share: 0.3 });
    const stated = formationCostTotal(times(14), economics);
    expect(stated.range).toBeUndefined();
    expect(Math.round(100 * (1 - stated.value / 30_482_750))).toBe(25);
  });

  it("does not depend on the share in the reference plant", () => {
    const [low, high] = formationCostTotal(times(120)).range!;
    expect(low).toBeCloseTo(high, 4);
  });

  it("rises with either time, and its parts are never negative", () => {
    const hours = fc.double({ min: 1, max: 500, noNaN: true });
    fc.assert(
      fc.property(hours, hours, fc.double({ min: 0, max: 1, noNaN: true }), (cycling, ageing, share) => {
        const { economics } = overrideEconomics({ cycling_share: share });
        const cost = (c: number, a: number): number => formationCostTotal(times(c, a), economics).value;
        expect(cost(cycling + 1, ageing)).toBeGreaterThanOrEqual(cost(cycling, ageing));
        expect(cost(cycling, ageing + 1)).toBeGreaterThanOrEqual(cost(cycling, ageing));
        for (const part of Object.values(formationCostPerYear(times(cycling, ageing), economics)))
          expect(part).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("counts channels by hours and utilisation", () => {
    const { economics } = overrideEconomics({ cells_per_year: 8760, channel_utilisation: 0.5 });
    expect(channelsNeeded(100, economics)).toBeCloseTo(200, 12);
  });
});
