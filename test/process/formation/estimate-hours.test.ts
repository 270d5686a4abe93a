import { describe, expect, it } from "vitest";
import { createRng } from "../../../src/math/rng.js";
import { CELL_CHEMISTRIES } from "../../../src/process/formation/chemistries.js";
import {
  ESTIMATE_RELATIVE_ERROR,
  estimateCyclerHours,
} from "../../../src/process/formation/estimate-hours.js";
import { findFormationCell } from "../../../src/process/formation/formation-cell.js";
import { familyDefaults, formationProtocol } from "../../../src/process/formation/protocol-family.js";
import { referenceCycle } from "../../../src/process/formation/reference-cycle.js";
import { simulateFormation } from "../../../src/process/formation/simulate-formation.js";

/** Usual windows of the chemistries, V. */
const WINDOW: Readonly<Record<string, readonly [number, number]>> = {
  "NMC622/graphite": [2.8, 4.2],
  "NMC811/graphite": [2.8, 4.2],
  "LFP/graphite": [2.5, 3.65],
  "LCO/graphite": [3, 4.2],
  "NMC-4.4V/graphite": [3, 4.4],
};
const OVERHEADS = ["wetting", "rest", "precharge"];

describe("estimateCyclerHours", () => {
  it.each(CELL_CHEMISTRIES)("lies within its stated mean error of the simulator for $name", (chemistry) => {
    const [lower, upper] = WINDOW[chemistry.name]!;
    const cell = findFormationCell(chemistry.name)!;
    const reference = referenceCycle(cell, upper, lower);
    const rng = createRng(5).fork(chemistry.name);
    const log = (low: number, high: number): number => low * (high / low) ** rng.uniform();
    const errors = Array.from({ length: 60 }, () => {
      const [low, high] = chemistry.firstCutoffV;
      const p = {
        ...familyDefaults({ upperVoltageV: upper, lowerVoltageV: lower }),
        c_rate_cc1: log(0.02, chemistry.maxFirstRateC),
        c_rate_cc2: log(0.02, chemistry.maxSecondRateC),
        c_rate_discharge: log(0.05, 1),
        v_cutoff_cc1: low + (high - low) * rng.uniform(),
        temperature: 15 + (chemistry.maxTemperatureC - 15) * rng.uniform(),
        n_shallow_cycles: upper > 4 ? 2 * rng.integer(3) : 0,
        n_verification_cycles: rng.integer(3),
      };
      const simulated = simulateFormation(cell, formationProtocol(p)).steps.filter(
        (s) => !OVERHEADS.includes(s.step.purpose ?? ""),
      );
      const hours = simulated.reduce((sum, s) => sum + s.hours, 0);
      return Math.abs(estimateCyclerHours(cell, reference, p) / hours - 1);
    }).sort((a, b) => a - b);
    expect(errors.reduce((sum, e) => sum + e, 0) / errors.length).toBeLessThan(ESTIMATE_RELATIVE_ERROR);
    expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThan(0.11);
  });

  it("falls with every charging rate", () => {
    const cell = findFormationCell("NMC622/graphite")!;
    const reference = referenceCycle(cell, 4.2, 2.8);
    const hours = (change: object): number =>
      estimateCyclerHours(cell, reference, {
        ...familyDefaults({ upperVoltageV: 4.2, lowerVoltageV: 2.8 }),
        ...change,
      });
    for (const name of ["c_rate_cc1", "c_rate_cc2", "c_rate_discharge"])
      expect(hours({ [name]: 0.4 })).toBeLessThan(hours({ [name]: 0.3 }));
    expect(hours({ n_verification_cycles: 1 })).toBeGreaterThan(hours({}) + 9);
  });
});
