import { exp } from "../../math/elementary.js";
import type { FormationCell } from "./formation-cell.js";
import type { SingleStep } from "./protocol.js";
import { kineticsAt, RELAXATION_S } from "./sei-kinetics.js";
import { simulateFormation } from "./simulate-formation.js";

/** Charge over voltage of one half-cycle at the reference rate, both ascending. */
export interface ChargeCurve {
  readonly voltages: Float64Array;
  readonly charges: Float64Array;
}

/** What one slow cycle of a cell says about the charges of every other protocol. */
export interface ReferenceCycle {
  readonly upperVoltageV: number;
  /** First charge of the fresh cell, and a later charge: charge since the start of the half-cycle, hours at 1C. */
  readonly first: ChargeCurve;
  readonly later: ChargeCurve;
  /** First discharge: charge that is left above a voltage on the way down, counted from the lower voltage. */
  readonly discharge: ChargeCurve;
  /** Charge of the whole first discharge, and the hours at which it ended. */
  readonly firstDischarge: number;
  readonly firstDischargeEndH: number;
  /** First and second discharge at 55 degC over those at 25 degC: a warm cell loses more lithium. */
  readonly warmShare: readonly [number, number];
}

const REFERENCE_RATE_C = 0.1;
const REFERENCE_TEMPERATURE_C = 25;
const WARM_TEMPERATURE_C = 55;
const VOLTAGE_STEP_V = 0.02;
/** The curves go on beyond the window: a hold charges to where its small current would have led. */
const BEYOND_V = 0.06;

/** Two C/10 cycles at 25 degC with voltages noted every 20 mV: some milliseconds, once per cell and window. */
export function referenceCycle(
  cell: FormationCell,
  upperVoltageV: number,
  lowerVoltageV: number,
): ReferenceCycle {
  const marks = voltageMarks(lowerVoltageV, upperVoltageV + BEYOND_V);
  const at =
    (rateC: number) =>
    (v: number): SingleStep => ({ mode: "constant-current", rateC, untilVoltageV: v });
  const charging = marks.map(at(REFERENCE_RATE_C));
  const falling = voltageMarks(lowerVoltageV - BEYOND_V, upperVoltageV).reverse();
  const full: SingleStep[] = [
    at(REFERENCE_RATE_C)(upperVoltageV),
    { mode: "constant-voltage", voltageV: upperVoltageV, untilRateC: 0.05 },
  ];
  const run = (steps: readonly SingleStep[], temperatureC = REFERENCE_TEMPERATURE_C) =>
    simulateFormation(cell, { temperatureC, steps }).steps;
  const cycle = [...full, at(-REFERENCE_RATE_C)(lowerVoltageV)];
  const [cold, warm] = [REFERENCE_TEMPERATURE_C, WARM_TEMPERATURE_C].map((t) => run([...cycle, ...cycle], t));
  const warmShare = (cycles: number): number =>
    warm![cycles * cycle.length - 1]!.charge / cold![cycles * cycle.length - 1]!.charge;
  const first = run(charging);
  const later = run([...cycle, ...charging]);
  const down = run([...full, ...falling.map(at(-REFERENCE_RATE_C))]).slice(full.length);
  const whole = later[full.length]!;
  const passed = curveOf(
    falling,
    down.map((s) => -s.charge),
  );
  return {
    upperVoltageV,
    first: curveOf(
      marks,
      first.map((s) => s.charge),
    ),
    later: curveOf(
      marks,
      later.slice(cycle.length).map((s) => s.charge),
    ),
    discharge: {
      voltages: passed.voltages.reverse(),
      charges: passed.charges.reverse().map((q) => -whole.charge - q),
    },
    firstDischarge: -whole.charge,
    firstDischargeEndH: later.slice(0, cycle.length).reduce((sum, s) => sum + s.hours, 0),
    warmShare: [warmShare(1), warmShare(2)],
  };
}

function voltageMarks(from: number, to: number): number[] {
  const count = Math.ceil((to - from) / VOLTAGE_STEP_V);
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
}

function curveOf(marks: readonly number[], charges: readonly number[]): ChargeCurve {
  let sum = 0;
  return { voltages: Float64Array.from(marks), charges: Float64Array.from(charges, (q) => (sum += q)) };
}

/**
 * Charge at which a charging current meets a voltage: that of the reference curve at the voltage less the difference of
 * the overpotentials. Beyond the ends of the curve its last slope goes on.
 */
export function chargeAtVoltage(curve: ChargeCurve, voltageV: number, overpotentialV: number): number {
  return Math.max(0, interpolate(curve, voltageV - overpotentialV + referenceOverpotentialV()));
}

/** Charge of a discharge from full to a voltage, hours at 1C. */
export function dischargeToVoltage(
  reference: ReferenceCycle,
  voltageV: number,
  overpotentialV: number,
): number {
  const left = interpolate(reference.discharge, voltageV + overpotentialV - referenceOverpotentialV());
  return Math.max(0, reference.firstDischarge - left);
}

function referenceOverpotentialV(): number {
  return REFERENCE_RATE_C * fullResistance(REFERENCE_TEMPERATURE_C);
}

function interpolate(curve: ChargeCurve, target: number): number {
  const { voltages, charges } = curve;
  let upper = 1;
  while (upper < voltages.length - 1 && voltages[upper]! < target) upper++;
  const [v0, v1] = [voltages[upper - 1]!, voltages[upper]!];
  const [q0, q1] = [charges[upper - 1]!, charges[upper]!];
  return q0 + ((q1 - q0) * (target - v0)) / (v1 - v0);
}

/** Slow and fast resistance of both electrodes, V/C. */
export function fullResistance(temperatureC: number): number {
  const { anode, cathode } = kineticsAt(temperatureC, {});
  return anode.fast + cathode.fast + anode.slow + cathode.slow;
}

/** Slow resistance of both electrodes, V/C. */
export function slowResistance(temperatureC: number): number {
  const { anode, cathode } = kineticsAt(temperatureC, {});
  return anode.slow + cathode.slow;
}

/** Overpotential at the end of a current step, V, from the slow one that it found. */
export function overpotentialAfter(
  temperatureC: number,
  rateC: number,
  hours: number,
  slowBeforeV: number,
): { readonly slowV: number; readonly totalV: number } {
  const slow = slowResistance(temperatureC);
  const keep = exp((-hours * 3600) / RELAXATION_S);
  const slowV = slowBeforeV * keep + rateC * slow * (1 - keep);
  return { slowV, totalV: slowV + rateC * (fullResistance(temperatureC) - slow) };
}

/** What temperature makes of a later charge or discharge: the loss grows with the root of the SEI's growth constant. */
export function warmFactor(reference: ReferenceCycle, cycle: 1 | 2, temperatureC: number): number {
  const grown = (t: number): number => Math.sqrt(kineticsAt(t, {}).growth) - 1;
  return 1 + ((reference.warmShare[cycle - 1]! - 1) * grown(temperatureC)) / grown(WARM_TEMPERATURE_C);
}
