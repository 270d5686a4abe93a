import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../../../src/errors.js";
import { formationFeatures } from "../../../../src/process/formation/features/formation-features.js";
import { halfCycles } from "../../../../src/process/formation/features/half-cycles.js";
import { familyDefaults, formationProtocol } from "../../../../src/process/formation/protocol-family.js";
import { syntheticTest } from "../../../data/cycler-files.js";

const DEFAULTS = familyDefaults({ upperVoltageV: 4.2, lowerVoltageV: 2.8 });

type Rows = readonly (readonly [seconds: number, amps: number, volts: number])[];
const cellOf = (rows: Rows) => ({
  timeS: Float64Array.from(rows, ([t]) => t),
  currentA: Float64Array.from(rows, ([, i]) => i),
  voltageV: Float64Array.from(rows, ([, , v]) => v),
});

function featuresOf(rows: Rows): Readonly<Record<string, number | null>> {
  return Object.fromEntries(formationFeatures(cellOf(rows)).map(({ name, value }) => [name, value]));
}

const synthetic = (change: Partial<typeof DEFAULTS>) => {
  const { rows, result, capacityAh } = syntheticTest(formationProtocol({ ...DEFAULTS, ...change }));
  return {
    result,
    capacityAh,
    found: featuresOf(rows.map((r) => [r.seconds, r.amps, r.volts])),
  };
};

describe("formationFeatures", () => {
  it("finds the capacities, the efficiency and the hours of a SYNTHETIC test", () => {
    const { found, result, capacityAh } = synthetic({ n_verification_cycles: 1, rest_ocv: 2 });
    const relative = (value: number | null, truth: number): number => Math.abs(value! / truth - 1);
    expect(relative(found["first_charge_capacity"]!, result.firstCharge! * capacityAh)).toBeLessThan(2e-3);
    expect(relative(found["first_discharge_capacity"]!, result.firstDischarge! * capacityAh)).toBeLessThan(
      2e-3,
    );
    expect(relative(found["last_discharge_capacity"]!, result.lastDischarge! * capacityAh)).toBeLessThan(
      2e-3,
    );
    expect(relative(found["first_cycle_efficiency"]!, 100 * result.firstCycleEfficiency!)).toBeLessThan(2e-3);
    expect(found["formation_time"]).toBeCloseTo(result.hours, 6);
    expect(found["rest_time"]).toBeCloseTo(24 + 6 + 2, 1);
    expect(found["low_soc_resistance"]).toBeNull(); // rows at rest are 60 s apart
    expect(found["charge_peak_voltage"]).toBeGreaterThan(3.3);
    expect(found["discharge_peak_voltage"]).toBeLessThan(4.2);
  });

  it("takes the first full discharge, and counts shallow cycles into the charge before it", () => {
    const { found, result, capacityAh } = synthetic({ n_shallow_cycles: 3, v_lower_shallow: 3.9 });
    const discharged = result.lastDischarge! * capacityAh;
    expect(Math.abs(found["first_discharge_capacity"]! / discharged - 1)).toBeLessThan(2e-3);
    expect(found["first_cycle_efficiency"]).toBeGreaterThan(60);
    expect(found["first_cycle_efficiency"]).toBeLessThan(100);
  });

  it("counts charge exactly where the current is constant", () => {
    const found = featuresOf([
      [0, 0, 0.2],
      [10, 0, 3],
      [10, 2, 3],
      [3610, 2, 4],
      [3610, -1, 3.9],
      [7210, -1, 3],
      [7211, 0, 3.1],
      [7215, 0, 3.2],
      [7225, 0, 3.3],
    ]);
    expect(found).toMatchObject({
      first_charge_capacity: 2,
      first_discharge_capacity: 1,
      first_cycle_efficiency: 50,
      low_soc_resistance: expect.closeTo(0.25, 12) as number,
    });
    expect(found["formation_time"]).toBeCloseTo(7225 / 3600, 12);
  });

  it("says what a test does not hold instead of guessing it", () => {
    const missing = formationFeatures(
      cellOf([
        [0, 1, 3],
        [3600, 1, 4],
      ]),
    );
    expect(missing.find(({ name }) => name === "first_cycle_efficiency")).toMatchObject({
      value: null,
      missing: "the test holds no discharge",
    });
  });

  it("refuses a test without current, and one with its signs the wrong way round", () => {
    expect(() =>
      featuresOf([
        [0, 0, 3],
        [1, 0, 3],
      ]),
    ).toThrow(/No current flows/u);
    const reversed = () =>
      featuresOf([
        [0, -1, 3],
        [3600, -1, 4],
      ]);
    expect(reversed).toThrow(CellwrightError);
    expect(reversed).toThrow(/wrong way round/u);
  });

  it("finds the voltage of a peak of dQ/dV where the voltage hardly moves", () => {
    const voltage = (q: number): number =>
      q < 0.4 ? 3.4 + q / 2 : q < 0.6 ? 3.6 + (q - 0.4) / 50 : 3.604 + (q - 0.6);
    const rows: Rows = Array.from({ length: 1001 }, (_, i) => [3.6 * i, 1, voltage(i / 1000)]);
    expect(featuresOf(rows)["charge_peak_voltage"]).toBeCloseTo(3.602, 2);
  });

  it("lets a switched current flow from the end of the step before", () => {
    const found = featuresOf([
      [0, 0, 3],
      [30, 1, 3.1],
      [3600, 1, 4],
      [3630, 0, 3.9],
    ]);
    expect(found["first_charge_capacity"]).toBeCloseTo(1, 12);
    expect(found["rest_time"]).toBeCloseTo(30 / 3600, 12);
  });

  it("takes noise at rest for no current", () => {
    const halves = halfCycles(
      cellOf([
        [0, 1, 3],
        [10, 1, 3.1],
        [10, 0.001, 3.1],
        [20, -0.001, 3.1],
        [30, 0, 3.1],
      ]),
    );
    expect(halves).toHaveLength(1);
  });
});
