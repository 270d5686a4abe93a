import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../../src/errors.js";
import { FORMATION_CELLS, findFormationCell } from "../../../src/process/formation/formation-cell.js";
import type { Protocol } from "../../../src/process/formation/protocol.js";
import { simulateFormation } from "../../../src/process/formation/simulate-formation.js";
import { golden } from "../read-golden.js";
import { at, current, goldenProtocol, hold, rest, shallowProtocol } from "./protocols.js";

const nmc = findFormationCell("NMC622/graphite")!;

describe("simulateFormation, against the reference prototype", () => {
  it.each(golden.formation)("gives its values for $name", ({ name, T, steps, out }) => {
    const chemistry = ["LFP", "LCO", "NMC811"].find((c) => name.startsWith(c)) ?? "NMC622";
    const found = simulateFormation(findFormationCell(`${chemistry}/graphite`)!, goldenProtocol(T, steps));
    // Stated tolerances: times to .1 h, charges and losses to 1e-3 (steps end closer to their voltages here).
    expect(Math.abs(found.hours - out.time_h)).toBeLessThan(0.1);
    const charges: [number | null, number][] = [
      [found.firstCharge, out.Qc1],
      [found.lithiumLoss, out.LLI],
      [found.seiCharge, out.Qsei],
      [found.platedCharge, out.Qplate],
      [found.lowestAnodePotentialV, out.phi_min],
      [found.additiveShare, out.fA],
      [found.meanSeiRateC, out.rbar],
    ];
    for (const [value, expected] of charges) expect(Math.abs(value! - expected)).toBeLessThan(1e-3);
    // A discharge that ends on a steep voltage ends up to one step of time earlier.
    expect(Math.abs(found.firstDischarge! - out.Qd1)).toBeLessThan(4e-3);
    expect(Math.abs(found.lastDischarge! - out.Qd_last)).toBeLessThan(4e-3);
    expect(Math.abs(found.firstCycleEfficiency! - out.FCE)).toBeLessThan(4e-3);
    expect(Math.abs(found.seiThicknessNm / out.sei_nm - 1)).toBeLessThan(0.01);
    expect(Math.abs(found.chargeEnergyVh / out.energy_in - 1)).toBeLessThan(0.01);
    expect(Math.abs(found.resistiveLossVh / out.eloss - 1)).toBeLessThan(0.01);
    expect(found.plating).toBe(out.plating);
    if (found.lowSocResistance !== null) expect(found.lowSocResistance).toBeCloseTo(out.R5_rel, 2);
  });

  it("states a resistance only where its two points were calibrated", () => {
    const stated = golden.formation.filter((f) => {
      const found = simulateFormation(nmc, goldenProtocol(f.T, f.steps));
      return f.name !== "LFP_C10" && !/^L|811/.test(f.name) && found.lowSocResistance !== null;
    });
    expect(stated.map((f) => f.name)).toEqual(["weng_baseline", "3xC20"]);
  });
});

const protocols: fc.Arbitrary<Protocol> = fc
  .record({
    first: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    second: fc.double({ min: 0.05, max: 1, noNaN: true }),
    discharge: fc.double({ min: 0.05, max: 1, noNaN: true }),
    temperatureC: fc.double({ min: 10, max: 60, noNaN: true }),
    cycles: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ first, second, discharge, temperatureC, cycles }) =>
    at(temperatureC, [
      current(first, 3.35),
      current(second, 3.6),
      { mode: "constant-voltage", voltageV: 3.6, untilRateC: 0.02, hours: 3 },
      { mode: "repeat", times: cycles, steps: [current(-second, 3.2), current(second, 3.6)] },
      current(-discharge, 2.8),
      rest(1),
    ]),
  );

describe("simulateFormation, whatever the protocol", () => {
  it("gives finite numbers, conserves charge and ends each step where it should", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FORMATION_CELLS), protocols, (cell, protocol) => {
        const found = simulateFormation(cell, protocol);
        const { steps, ...numbers } = found;
        for (const value of Object.values(numbers))
          if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
        expect(found.hours).toBeCloseTo(
          steps.reduce((sum, s) => sum + s.hours, 0),
          6,
        );
        expect(found.lithiumLoss).toBeCloseTo(found.seiCharge + found.platedCharge, 12);
        expect(found.lithiumLoss).toBeGreaterThan(0);
        // A current step ends at its voltage: within what one step of time changes.
        for (const { step, endVoltageV } of steps) {
          if (step.mode !== "constant-current") continue;
          const beyond = step.rateC > 0 ? endVoltageV - step.untilVoltageV : step.untilVoltageV - endVoltageV;
          expect(beyond).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is deterministic", () => {
    expect(simulateFormation(nmc, shallowProtocol(35))).toEqual(simulateFormation(nmc, shallowProtocol(35)));
  });

  it("lets no step run past its voltage by more than some millivolts while charging", () => {
    for (const cell of FORMATION_CELLS) {
      const { steps } = simulateFormation(
        cell,
        at(25, [current(1, 3.5), current(0.5, 3.65), hold(3.65, 0.05)]),
      );
      for (const { step, endVoltageV } of steps) {
        if (step.mode === "constant-current") expect(endVoltageV - step.untilVoltageV).toBeLessThan(0.012);
      }
    }
  });
});

describe("simulateFormation, what changes what", () => {
  const loss = (protocol: Protocol, conditions = {}): number =>
    simulateFormation(nmc, protocol, conditions).lithiumLoss;

  it("makes more SEI in a warm chamber and less under a clamp", () => {
    expect(loss(shallowProtocol(45))).toBeGreaterThan(loss(shallowProtocol(25)));
    expect(loss(shallowProtocol(25), { clampPressure: 1 })).toBeLessThan(loss(shallowProtocol(25)));
  });

  it("makes more SEI where the electrolyte diffuses better through it, or where a fast rate left it open", () => {
    expect(loss(shallowProtocol(25), { diffusivityFactor: 1.2 })).toBeGreaterThan(loss(shallowProtocol(25)));
    expect(loss(shallowProtocol(25), { ratePermeability: 0.3 })).toBeGreaterThan(loss(shallowProtocol(25)));
  });

  it("takes a chamber temperature of its own for a step", () => {
    const warmRest: Protocol = at(25, [
      current(0.2, 4.2),
      { mode: "rest", hours: 20, temperatureC: 55 },
      current(-0.2, 3),
    ]);
    const coldRest: Protocol = at(25, [current(0.2, 4.2), rest(20), current(-0.2, 3)]);
    expect(loss(warmRest)).toBeGreaterThan(loss(coldRest));
  });

  it("does not count the wetting hold as time in which the cathode is wetted, as in its calibration", () => {
    const fresh = simulateFormation(nmc, at(25, [current(0.1, 4.2), current(-0.1, 3)]));
    const after = simulateFormation(
      nmc,
      at(25, [{ ...rest(24), purpose: "wetting" }, current(0.1, 4.2), current(-0.1, 3)]),
    );
    expect(after.firstDischarge).toBeCloseTo(fresh.firstDischarge!, 2);
    expect(after.hours - fresh.hours).toBeCloseTo(24, 1);
  });
});

describe("simulateFormation, what it refuses", () => {
  it("names every fault of a protocol at once", () => {
    const steps = [
      current(0, 4.2),
      current(0.1, NaN),
      { mode: "constant-voltage" as const, voltageV: 4.2 },
      rest(-1),
    ];
    try {
      simulateFormation(nmc, at(NaN, steps));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CellwrightError);
      const places = (error as CellwrightError).problems.map((p) => p.where);
      expect(places).toEqual(["temperature", "step 1, rate", "step 2, voltage", "step 3", "step 4, time"]);
    }
  });

  it("names the step that does not end", () => {
    const endless = { ...at(25, [current(1e-6, 4.2)]) };
    expect(() => simulateFormation(nmc, endless)).toThrow(/Step 1 does not reach 4.2 V/);
  });

  it("has no result where there is no charge", () => {
    const found = simulateFormation(nmc, at(25, [rest(1)]));
    expect([
      found.firstCharge,
      found.firstCycleEfficiency,
      found.lowestAnodePotentialV,
      found.plating,
    ]).toEqual([null, null, null, false]);
  });
});
