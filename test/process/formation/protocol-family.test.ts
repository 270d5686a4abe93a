import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellwrightError } from "../../../src/errors.js";
import { expandSteps, protocolProblems } from "../../../src/process/formation/protocol.js";
import {
  familyDefaults,
  formationProtocol,
  PROTOCOL_UNITS,
} from "../../../src/process/formation/protocol-family.js";
import { formationKnowledge } from "../../../src/process/formation/knowledge.js";
import { compileExpression } from "../../../src/space/expression.js";

const rating = { upperVoltageV: 4.2, lowerVoltageV: 2.8 };
const defaults = familyDefaults(rating);

describe("formationProtocol", () => {
  it("writes the steps in their order: wetting, precharge, first charge, shallow cycles, discharge, verification, rest", () => {
    const protocol = formationProtocol({
      ...defaults,
      n_shallow_cycles: 1,
      n_verification_cycles: 1,
      rest_ocv: 2,
    });
    expect(expandSteps(protocol).map((s) => s.purpose)).toEqual([
      ...["wetting", "precharge", "wetting"],
      ...["first charge", "first charge", "first charge"],
      ...["shallow cycle", "shallow cycle"],
      "discharge",
      ...["verification", "verification", "verification"],
      "rest",
    ]);
    expect(protocolProblems(protocol)).toEqual([]);
  });

  it("gives every current step a time guard beside its voltage", () => {
    for (const step of expandSteps(formationProtocol(defaults))) {
      if (step.mode === "constant-current" && step.purpose !== "precharge")
        expect(step.maxHours).toBeGreaterThan(1 / Math.abs(step.rateC));
    }
  });

  it("refuses every voltage out of order at once, cold charging and the cell's end", () => {
    const wrong = {
      ...defaults,
      v_cutoff_cc1: 4.3,
      precharge_voltage: 4.5,
      v_lower: 1.2,
      temperature: -5,
      n_shallow_cycles: 1.5,
      c_rate_cc1: NaN,
    };
    try {
      formationProtocol(wrong);
      expect.unreachable();
    } catch (error) {
      const places = (error as CellwrightError).problems.map((p) => p.where);
      expect(places).toEqual(
        expect.arrayContaining([
          "c_rate_cc1",
          "v_cutoff_cc1",
          "precharge_voltage",
          "v_lower",
          "temperature",
          "n_shallow_cycles",
        ]),
      );
    }
  });

  it("follows from every setting that the knowledge's limits allow, inside the cell's rating", () => {
    const names = new Set([
      "c_rate_cc1",
      "v_cutoff_cc1",
      "c_rate_cc2",
      "v_cutoff_cc2",
      "v_lower_shallow",
      "precharge_voltage",
      "temperature",
    ]);
    const { limits } = formationKnowledge({ chemistry: "NMC622/graphite", cell: rating, names });
    const units = new Map(Object.entries(PROTOCOL_UNITS));
    const compiled = limits.map((limit) => compileExpression(limit.expression, { names: units }));
    // Evenly spread: fc.double prefers numbers near zero.
    const between = (low: number, high: number) =>
      fc.integer({ min: 0, max: 1000 }).map((k) => low + ((high - low) * k) / 1000);
    const voltage = between(2.7, 4.3);
    const rate = between(0.02, 2);
    let allowed = 0;
    fc.assert(
      fc.property(
        fc.record({
          c_rate_cc1: rate,
          c_rate_cc2: rate,
          v_cutoff_cc1: voltage,
          v_cutoff_cc2: voltage,
          v_lower_shallow: voltage,
          precharge_voltage: between(1, 3),
          temperature: between(-10, 70),
        }),
        (settings) => {
          if (!compiled.every((limit) => limit.evaluate(settings) >= 0)) return;
          allowed += 1;
          const steps = expandSteps(formationProtocol({ ...defaults, ...settings, n_shallow_cycles: 2 }));
          for (const step of steps) {
            if (step.mode === "constant-current" && step.purpose !== "precharge") {
              expect(step.untilVoltageV).toBeGreaterThanOrEqual(rating.lowerVoltageV);
              expect(step.untilVoltageV).toBeLessThanOrEqual(rating.upperVoltageV);
            }
          }
        },
      ),
      { numRuns: 20000 },
    );
    expect(allowed).toBeGreaterThan(20);
  });
});
