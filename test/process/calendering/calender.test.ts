import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calender, type CalenderSettings } from "../../../src/process/calendering/calender.js";
import { ELECTRODE_MATERIALS, findMaterial } from "../../../src/process/calendering/materials.js";
import { golden } from "../read-golden.js";

describe("calender, against the reference prototype", () => {
  it.each(golden.calender)(
    "gives its values for $inp.mat at $inp.q N/mm, $inp.T degC, $inp.v m/min",
    ({ inp, out }) => {
      const electrode = calender(findMaterial(inp.mat)!, {
        lineLoadNPerMm: inp.q,
        rollTemperatureC: inp.T,
        lineSpeedMPerMin: inp.v,
        passes: inp.passes,
      });
      const pairs: [number, number | undefined][] = [
        [electrode.densityGPerCm3, out["density"]],
        [electrode.loadedDensityGPerCm3, out["rho_loaded"]],
        [electrode.springback, out["springback"]],
        [electrode.porosity, out["porosity"]],
        [electrode.thicknessUm, out["thickness"]],
        [electrode.thicknessReduction, out["thickness_red"]],
        [electrode.tortuosity, out["tortuosity"]],
        [electrode.macMullin, out["macmullin"]],
        [electrode.conductivitySPerM, out["sigma_e"]],
        [electrode.adhesionNPerM, out["adhesion"]],
        [electrode.crackedShare, out["crack"]],
        [electrode.foilElongation, out["elongation"]],
        [electrode.wrinklingProbability, out["p_wrinkle"]],
        [electrode.embrittlementProbability, out["p_embrittle"]],
        [electrode.webTemperatureC, out["T_web"]],
        [electrode.resistanceNPerMm, out["gamma"]],
        [electrode.heterogeneity, out["hetero"]],
      ];
      // The laws are closed forms: only the rounding of exp and pow may differ.
      for (const [found, expected] of pairs)
        expect(Math.abs(found - expected!)).toBeLessThan(1e-11 * (1 + Math.abs(expected!)));
      expect(electrode.flags).toEqual(out.flags);
    },
  );
});

/** A material with settings inside its search range; coating weights from thin to thick. */
const run = fc.constantFrom(...ELECTRODE_MATERIALS).chain((material) => {
  const [low, high] = material.lineLoadNPerMm;
  return fc.record({
    material: fc.constant(material),
    load: fc.double({ min: low, max: high, noNaN: true }),
    settings: fc.record({
      rollTemperatureC: fc.double({ min: 25, max: material.rollTemperatureC[1], noNaN: true }),
      lineSpeedMPerMin: fc.double({ min: 1, max: 100, noNaN: true }),
      coatingWeightGPerM2: fc.double({
        min: 0.6 * material.coatingWeightGPerM2,
        max: 1.5 * material.coatingWeightGPerM2,
        noNaN: true,
      }),
      passes: fc.constantFrom(1 as const, 2 as const),
    }),
  });
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;
const at = ({ material, settings }: Run, change: CalenderSettings) =>
  calender(material, { ...settings, ...change });

describe("calender, shape", () => {
  it("compacts more under more load: density rises, porosity falls, tortuosity rises", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 1.01, max: 1.5, noNaN: true }), (r, factor) => {
        const light = at(r, { lineLoadNPerMm: r.load });
        const heavy = at(r, { lineLoadNPerMm: r.load * factor });
        // Strict until the coating is as dense as it can be under load; never the other way round.
        const saturated = r.load * factor > 4 * heavy.resistanceNPerMm;
        const more = saturated ? -1e-9 : 0;
        expect(heavy.densityGPerCm3 - light.densityGPerCm3).toBeGreaterThan(more);
        expect(light.porosity - heavy.porosity).toBeGreaterThan(more);
        expect(heavy.tortuosity - light.tortuosity).toBeGreaterThan(more * 100);
      }),
    );
  });

  it("is concave in the line load from zero on", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 0.05, max: 0.5, noNaN: true }), (r, share) => {
        const step = share * r.load;
        const [a, b, c] = [r.load - step, r.load, r.load + step].map(
          (q) => at(r, { lineLoadNPerMm: q }).densityGPerCm3,
        );
        expect(c! - 2 * b! + a!).toBeLessThan(1e-9);
      }),
    );
  });

  it("compacts no less with warmer rolls", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 1, max: 40, noNaN: true }), (r, warmer) => {
        const cold = at(r, { lineLoadNPerMm: r.load });
        const warm = at(r, {
          lineLoadNPerMm: r.load,
          rollTemperatureC: r.settings.rollTemperatureC + warmer,
        });
        expect(warm.densityGPerCm3 - cold.densityGPerCm3).toBeGreaterThan(-1e-9);
        expect(warm.adhesionNPerM).toBeGreaterThan(cold.adhesionNPerM);
        expect(warm.springback).toBeLessThan(cold.springback);
      }),
    );
  });

  it("loses the effect of roll temperature with speed, from 20 m/min on", () => {
    // Slower, a thin coating takes the roll's temperature fully and there is nothing left to lose.
    fc.assert(
      fc.property(
        run,
        fc.double({ min: 20, max: 80, noNaN: true }),
        fc.double({ min: 1.1, max: 1.5, noNaN: true }),
        (r, speed, faster) => {
          const effect = (lineSpeedMPerMin: number): number => {
            const hot = at(r, {
              lineLoadNPerMm: r.load,
              lineSpeedMPerMin,
              rollTemperatureC: r.material.rollTemperatureC[1],
            });
            const cold = at(r, { lineLoadNPerMm: r.load, lineSpeedMPerMin, rollTemperatureC: 25 });
            return hot.densityGPerCm3 - cold.densityGPerCm3;
          };
          expect(effect(speed)).toBeGreaterThan(effect(speed * faster));
        },
      ),
    );
  });

  it("is restored at speed by preheating the web", () => {
    fc.assert(
      fc.property(run, (r) => {
        const hot = {
          lineLoadNPerMm: r.load,
          lineSpeedMPerMin: 80,
          rollTemperatureC: r.material.rollTemperatureC[1],
        };
        expect(at(r, { ...hot, preheating: 1 }).webTemperatureC).toBeCloseTo(hot.rollTemperatureC, 9);
        expect(at(r, { ...hot, preheating: 0.8 }).densityGPerCm3).toBeGreaterThan(
          at(r, hot).densityGPerCm3 - 1e-9,
        );
      }),
    );
  });

  it("cracks more particles under more load", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 1, max: 500, noNaN: true }), (r, more) => {
        const light = at(r, { lineLoadNPerMm: r.load });
        const heavy = at(r, { lineLoadNPerMm: r.load + more });
        expect(heavy.crackedShare).toBeGreaterThan(light.crackedShare);
      }),
    );
  });

  it("never makes a sample less dense, whatever is done to it after", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 0, max: 1, noNaN: true }), (r, lighter) => {
        const first = at(r, { lineLoadNPerMm: r.load });
        const second = at(r, {
          lineLoadNPerMm: lighter * r.load,
          previousDensityGPerCm3: first.densityGPerCm3,
        });
        expect(second.densityGPerCm3).toBeGreaterThanOrEqual(first.densityGPerCm3);
        expect(second.thicknessUm).toBeLessThanOrEqual(first.thicknessUm);
      }),
    );
  });

  it("keeps springback at most at 17 % and every share between 0 and 1", () => {
    fc.assert(
      fc.property(run, (r) => {
        const e = at(r, { lineLoadNPerMm: r.load });
        expect(e.springback).toBeLessThanOrEqual(0.17);
        for (const share of [
          e.porosity,
          e.crackedShare,
          e.wrinklingProbability,
          e.embrittlementProbability,
          e.relativeCompaction,
        ]) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThan(1);
        }
        expect(e.tortuosity).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe("calender, edges", () => {
  const nmc = findMaterial("NMC622")!;

  it("leaves an unloaded coating as it was", () => {
    const { densityGPerCm3, springback, foilElongation } = calender(nmc, { lineLoadNPerMm: 0 });
    expect([densityGPerCm3, springback, foilElongation]).toEqual([2.45, 0, 0]);
  });

  it("resists more when the coating is heavier and when the web is faster", () => {
    const resistance = (settings: Partial<CalenderSettings>): number =>
      calender(nmc, { lineLoadNPerMm: 600, ...settings }).resistanceNPerMm;
    expect(resistance({ coatingWeightGPerM2: 380 }) / resistance({})).toBeCloseTo(Math.SQRT2, 12);
    expect(resistance({ lineSpeedMPerMin: 100 })).toBeGreaterThan(resistance({ lineSpeedMPerMin: 5 }));
  });

  it("springs back less and is more even after two passes", () => {
    const once = calender(nmc, { lineLoadNPerMm: 600 });
    const twice = calender(nmc, { lineLoadNPerMm: 600, passes: 2 });
    expect(twice.springback / once.springback).toBeCloseTo(0.7, 12);
    expect(twice.heterogeneity).toBe(0.82);
    expect(twice.densityGPerCm3).toBeGreaterThan(once.densityGPerCm3);
  });

  it("flags what is wrong with an electrode", () => {
    expect(calender(nmc, { lineLoadNPerMm: 2600 }).flags).toEqual(
      expect.arrayContaining(["over_compaction", "cracking", "wrinkling", "line_load_limit"]),
    );
    const graphite = findMaterial("graphite")!;
    expect(calender(graphite, { lineLoadNPerMm: 10 }).flags).toEqual(["under_adhesion"]);
  });

  it("refuses every impossible setting at once, NaN among them", () => {
    const bad = {
      lineLoadNPerMm: -1,
      lineSpeedMPerMin: 0,
      coatingWeightGPerM2: NaN,
      initialDensityGPerCm3: 5,
    };
    expect(() => calender(nmc, bad)).toThrow(/line load.*line speed.*coating weight.*initial density/s);
  });
});
