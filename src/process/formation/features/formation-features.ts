import { CellwrightError } from "../../../errors.js";
import { dqdvPeakVoltage } from "./dqdv-peak.js";
import { type CycledCell, type HalfCycle, halfCycles, leastCurrent } from "./half-cycles.js";

/** One number that a formation test tells, with what it means. */
export interface FormationFeature {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  readonly definition: string;
  /** Why there is no value. */
  readonly missing?: string;
}

/** A discharge within this of the lowest one is a full one, V (assumption). */
const FULL_DISCHARGE_V = 0.05;
/** Time after the interruption at which a resistance is read, s (10 s pulses: Weng et al. 2021). */
const PULSE_S = 10;
/** A row must lie this near to that time on both sides, s (assumption). */
const PULSE_GAP_S = 30;
/** Voltages at which solvents and additives are reduced while graphite still holds little lithium, V (assumption). */
const SEI_WINDOW_V = [1.8, 3.3] as const;
const ABOVE_SEI_V = [3.3, 5] as const;
/** A first charge that lowers the voltage by more than this has the wrong sign, V. */
const REVERSED_V = 0.05;

/**
 * What a formation test of one cell tells: capacities, efficiency, hours, resistance, peaks of dQ/dV. A number that the
 * test does not hold is null, with the reason.
 *
 * @throws CellwrightError DATA_INVALID if no current flows, or charging and discharging are the wrong way round.
 */
export function formationFeatures(cell: CycledCell): readonly FormationFeature[] {
  const halves = halfCycles(cell);
  checkTest(cell, halves);
  const first = halves.find(({ direction }) => direction > 0);
  const discharges = halves.filter(({ direction }) => direction < 0);
  const full = fullDischarges(cell, discharges);
  const [firstFull] = full;
  const lastFull = full.at(-1);
  const net = firstFull === undefined ? null : netChargeBefore(halves, firstFull);
  const hours = hoursOf(cell);
  const noCharge = first === undefined ? "the test holds no charge" : undefined;
  const noDischarge = firstFull === undefined ? "the test holds no discharge" : undefined;
  const resistance = restResistance(cell, full);
  const peak = (half: HalfCycle | undefined, window: readonly [number, number]): number | null =>
    half === undefined ? null : dqdvPeakVoltage(cell, half, window);
  const efficiency =
    net !== null && net > 0 && firstFull !== undefined ? (100 * firstFull.chargeAh) / net : null;
  return [
    feature(
      "first_charge_capacity",
      "Ah",
      first?.chargeAh ?? null,
      "charge that passed before the first discharge, rests included",
      noCharge,
    ),
    feature(
      "first_discharge_capacity",
      "Ah",
      firstFull?.chargeAh ?? null,
      "charge of the first discharge that ends within 50 mV of the lowest one",
      noDischarge,
    ),
    feature(
      "last_discharge_capacity",
      "Ah",
      lastFull?.chargeAh ?? null,
      "charge of the last such discharge",
      noDischarge,
    ),
    feature(
      "first_cycle_efficiency",
      "%",
      efficiency,
      "first discharge capacity over the charge that the cell had taken up until then (charges less partial discharges)",
      noCharge ?? noDischarge ?? "no net charge before the first full discharge",
    ),
    feature("formation_time", "h", hours.elapsed, "from the first to the last row, rests included"),
    feature("current_time", "h", hours.current, "time with a current above 0.2 % of the largest one"),
    feature("rest_time", "h", hours.elapsed - hours.current, "the remainder"),
    feature(
      "low_soc_resistance",
      "Ohm",
      resistance,
      "rise of voltage 10 s after the last full discharge is interrupted, over its current; not a pulse at 5 % state of charge",
      noDischarge ?? "no rest with rows around 10 s follows a full discharge",
    ),
    feature(
      "sei_peak_voltage",
      "V",
      peak(first, SEI_WINDOW_V),
      "highest peak of dQ/dV between 1.8 and 3.3 V in the first charge",
      noCharge ?? "no peak there",
    ),
    feature(
      "charge_peak_voltage",
      "V",
      peak(first, ABOVE_SEI_V),
      "highest peak of dQ/dV above 3.3 V in the first charge",
      noCharge ?? "no peak there",
    ),
    feature(
      "discharge_peak_voltage",
      "V",
      peak(firstFull, ABOVE_SEI_V),
      "highest peak of dQ/dV above 3.3 V in the first full discharge",
      noDischarge ?? "no peak there",
    ),
  ];
}

function feature(
  name: string,
  unit: string,
  value: number | null,
  definition: string,
  missing = "not in this test",
): FormationFeature {
  return value === null ? { name, unit, value, definition, missing } : { name, unit, value, definition };
}

function checkTest(cell: CycledCell, halves: readonly HalfCycle[]): void {
  const [first] = halves;
  if (first === undefined) {
    throw new CellwrightError("DATA_INVALID", "No current flows in this test.", {
      problems: [{ where: "current", found: "0 A in every row", expected: "a test that charges a cell" }],
    });
  }
  const rise = cell.voltageV[first.last]! - cell.voltageV[first.first]!;
  if (first.direction * rise >= -REVERSED_V) return;
  const words = first.direction > 0 ? ["falls", "positive"] : ["rises", "negative"];
  throw new CellwrightError("DATA_INVALID", "Charging and discharging seem to be the wrong way round.", {
    problems: [
      {
        where: `row ${first.first + 1} to ${first.last + 1}`,
        found: `a voltage that ${words[0]} by ${Math.abs(rise).toFixed(3)} V under a ${words[1]} current`,
        expected: "positive currents that charge",
        remedy: "Export with charging currents positive, or with the cycler's column of states.",
      },
    ],
  });
}

function fullDischarges(cell: CycledCell, discharges: readonly HalfCycle[]): readonly HalfCycle[] {
  const lowest = discharges.reduce((least, { last }) => Math.min(least, cell.voltageV[last]!), Infinity);
  return discharges.filter(({ last }) => cell.voltageV[last]! <= lowest + FULL_DISCHARGE_V);
}

function netChargeBefore(halves: readonly HalfCycle[], end: HalfCycle): number {
  let net = 0;
  for (const half of halves) {
    if (half === end) break;
    net += half.direction * half.chargeAh;
  }
  return net;
}

function hoursOf({ timeS, currentA }: CycledCell): { readonly elapsed: number; readonly current: number } {
  const least = leastCurrent(currentA);
  let current = 0;
  for (let i = 1; i < timeS.length; i++)
    if (Math.abs(currentA[i]!) > least) current += timeS[i]! - timeS[i - 1]!;
  return { elapsed: (timeS[timeS.length - 1]! - timeS[0]!) / 3600, current: current / 3600 };
}

/** Of the last full discharge that a rest follows. */
function restResistance(cell: CycledCell, discharges: readonly HalfCycle[]): number | null {
  const least = leastCurrent(cell.currentA);
  for (const { last } of [...discharges].reverse()) {
    const at = voltageAfter(cell, last, least);
    if (at !== null) return (at - cell.voltageV[last]!) / -cell.currentA[last]!;
  }
  return null;
}

/** Voltage 10 s after the last row with current, straight between the rows around it; null without such rows at rest. */
function voltageAfter({ timeS, currentA, voltageV }: CycledCell, last: number, least: number): number | null {
  // the rest begins with its first row, which may repeat the time of the last one with current
  const start = timeS[last]!;
  const target = start + PULSE_S;
  let after = last + 1;
  while (after < timeS.length && timeS[after]! < target && Math.abs(currentA[after]!) <= least) after += 1;
  const before = after - 1;
  if (after >= timeS.length || Math.abs(currentA[after]!) > least) return null;
  if (timeS[after]! > target + PULSE_GAP_S || before === last) {
    return timeS[after] === target ? voltageV[after]! : null;
  }
  const share = (target - timeS[before]!) / (timeS[after]! - timeS[before]!);
  return voltageV[before]! + share * (voltageV[after]! - voltageV[before]!);
}
