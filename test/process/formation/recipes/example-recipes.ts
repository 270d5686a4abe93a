import fc from "fast-check";
import {
  formationProtocol,
  type ProtocolParameters,
} from "../../../../src/process/formation/protocol-family.js";
import { buildRecipe } from "../../../../src/process/formation/recipes/build-recipe.js";
import type { Recipe } from "../../../../src/process/formation/recipes/recipe.js";

const round = (digits: number) => (value: number) => Number(value.toFixed(digits));
const range = (min: number, max: number, digits = 6) =>
  fc.double({ min, max, noNaN: true }).map(round(digits));

/** Any protocol of the family inside the limits of NMC622/graphite at 25 degC. */
export const anyParameters: fc.Arbitrary<ProtocolParameters> = fc.record({
  c_rate_cc1: range(0.02, 1),
  v_cutoff_cc1: range(3.5, 4),
  c_rate_cc2: range(0.02, 0.6),
  v_cutoff_cc2: range(4, 4.2),
  cv_cutoff: range(0.01, 0.1),
  cv_hold: fc.oneof(fc.constant(0), range(0.5, 6)),
  c_rate_discharge: range(0.05, 0.6),
  v_lower: range(2.8, 3.1),
  n_shallow_cycles: fc.integer({ min: 0, max: 6 }),
  v_lower_shallow: range(3.2, 3.85),
  n_verification_cycles: fc.integer({ min: 0, max: 4 }),
  precharge_voltage: range(1.2, 2),
  precharge_rest: fc.oneof(fc.constant(0), range(0.1, 24)),
  wetting_hold: fc.oneof(fc.constant(0), range(0.1, 48)),
  rest_ocv: fc.oneof(fc.constant(0), range(0.1, 72)),
  temperature: range(25, 45, 1),
});

/** Coin cells to production cells, Ah. */
export const anyCapacity = range(0.002, 120);

export const CELL = { upperVoltageV: 4.2, lowerVoltageV: 2.8, capacityAh: 5 } as const;

export function recipeOf(parameters: ProtocolParameters, capacityAh: number = CELL.capacityAh): Recipe {
  return buildRecipe({
    name: "example",
    protocol: formationProtocol(parameters),
    cell: { ...CELL, capacityAh },
    provenance: {
      software: "cellwright 0.0.0",
      campaign: "example",
      campaignHash: "0".repeat(64),
      createdAt: "2026-01-02T03:04:05Z",
      settings: { c_rate_cc1: { value: parameters.c_rate_cc1, unit: "C" } },
    },
    notes: ["Cut & <dried> – a note."],
  });
}
