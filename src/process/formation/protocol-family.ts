import { CellwrightError } from "../../errors.js";
import { type NumberRule, numberProblems } from "../number-rules.js";
import type { Protocol, ProtocolStep, SingleStep } from "./protocol.js";

/**
 * One protocol of the family, in the names of campaign files: precharge and wetting, a first charge in two steps,
 * shallow cycles near full charge, a discharge, verification cycles, a rest. V, C, h, degC.
 */
export interface ProtocolParameters {
  readonly c_rate_cc1: number;
  readonly v_cutoff_cc1: number;
  readonly c_rate_cc2: number;
  readonly v_cutoff_cc2: number;
  /** Current at which the hold at the upper voltage ends, C. */
  readonly cv_cutoff: number;
  /** Longest hold at the upper voltage, h; 0 for none. */
  readonly cv_hold: number;
  readonly c_rate_discharge: number;
  readonly v_lower: number;
  readonly n_shallow_cycles: number;
  readonly v_lower_shallow: number;
  readonly n_verification_cycles: number;
  readonly precharge_voltage: number;
  readonly precharge_rest: number;
  readonly wetting_hold: number;
  readonly rest_ocv: number;
  readonly temperature: number;
}

export type ProtocolParameterName = keyof ProtocolParameters;

/** Units of the family's parameters. */
export const PROTOCOL_UNITS: Readonly<Record<ProtocolParameterName, string>> = {
  c_rate_cc1: "C",
  v_cutoff_cc1: "V",
  c_rate_cc2: "C",
  v_cutoff_cc2: "V",
  cv_cutoff: "C",
  cv_hold: "h",
  c_rate_discharge: "C",
  v_lower: "V",
  n_shallow_cycles: "1",
  v_lower_shallow: "V",
  n_verification_cycles: "1",
  precharge_voltage: "V",
  precharge_rest: "h",
  wetting_hold: "h",
  rest_ocv: "h",
  temperature: "degC",
};

/** Rate and longest time of the precharge, C and h (assumption: C/20 for at most two hours). */
const PRECHARGE = { rateC: 0.05, maxHours: 2 } as const;
/** LiPF6 electrolytes decompose above this, degC (assumption); never loosened. */
export const MAX_TEMPERATURE_C = 60;
/** Never charge below this, degC; never loosened. */
export const MIN_TEMPERATURE_C = 0;
/** A shallow cycle goes down at least this far below the upper voltage, V. */
export const LEAST_SHALLOW_DEPTH_V = 0.1;
/** Every charge and discharge ends after this many times what a whole capacity takes: a guard, not a setting. */
export const TIME_GUARD = 1.6;

/**
 * What the family does where a campaign leaves a parameter out: full window of the cell, C/20 current cut-off (at most
 * 4 h), C/5 discharge, no shallow or verification cycles, precharge to 1.5 V with 6 h rest and 24 h wetting
 * (voltage: Liu et al. 2021, p. 3; times and rates: assumption).
 */
export function familyDefaults(cell: {
  readonly upperVoltageV: number;
  readonly lowerVoltageV: number;
}): ProtocolParameters {
  return {
    c_rate_cc1: 0.1,
    v_cutoff_cc1: Math.min(3.7, cell.upperVoltageV),
    c_rate_cc2: 0.1,
    v_cutoff_cc2: cell.upperVoltageV,
    cv_cutoff: 0.05,
    cv_hold: 4,
    c_rate_discharge: 0.2,
    v_lower: cell.lowerVoltageV,
    n_shallow_cycles: 0,
    v_lower_shallow: cell.upperVoltageV - 0.3,
    n_verification_cycles: 0,
    precharge_voltage: 1.5,
    precharge_rest: 6,
    wetting_hold: 24,
    rest_ocv: 0,
    temperature: 25,
  };
}

/**
 * The protocol of a set of parameters. Charging voltages never fall from step to step of the first charge, and every
 * cycle stays below the upper voltage.
 *
 * @throws CellwrightError INVALID_OPTION with every parameter out of order, NaN among them.
 */
export function formationProtocol(p: ProtocolParameters): Protocol {
  const problems = numberProblems(rules(p));
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "These protocol parameters are out of order.", { problems });
  const hold: readonly SingleStep[] =
    p.cv_hold > 0
      ? [
          {
            mode: "constant-voltage",
            voltageV: p.v_cutoff_cc2,
            untilRateC: p.cv_cutoff,
            hours: p.cv_hold,
            purpose: "first charge",
          },
        ]
      : [];
  const shallow: readonly SingleStep[] = [
    current(-p.c_rate_cc2, p.v_lower_shallow, "shallow cycle"),
    current(p.c_rate_cc2, p.v_cutoff_cc2, "shallow cycle"),
  ];
  const verification: readonly SingleStep[] = [
    current(p.c_rate_discharge, p.v_cutoff_cc2, "verification"),
    ...hold.map((step) => ({ ...step, purpose: "verification" as const })),
    current(-p.c_rate_discharge, p.v_lower, "verification"),
  ];
  return {
    temperatureC: p.temperature,
    steps: [
      ...rest(p.wetting_hold, "wetting"),
      {
        mode: "constant-current",
        rateC: PRECHARGE.rateC,
        untilVoltageV: p.precharge_voltage,
        maxHours: PRECHARGE.maxHours,
        purpose: "precharge",
      },
      ...rest(p.precharge_rest, "wetting"),
      current(p.c_rate_cc1, p.v_cutoff_cc1, "first charge"),
      current(p.c_rate_cc2, p.v_cutoff_cc2, "first charge"),
      ...hold,
      ...repeat(p.n_shallow_cycles, shallow),
      current(-p.c_rate_discharge, p.v_lower, "discharge"),
      ...repeat(p.n_verification_cycles, verification),
      ...rest(p.rest_ocv, "rest"),
    ],
  };
}

function rules(p: ProtocolParameters): NumberRule[] {
  const rate = (name: ProtocolParameterName): NumberRule => ({
    name,
    value: p[name],
    unit: "C",
    min: 0,
    exclusive: true,
  });
  const hours = (name: ProtocolParameterName): NumberRule => ({ name, value: p[name], unit: "h", min: 0 });
  const voltage = (name: ProtocolParameterName, min: number, max: number): NumberRule => ({
    name,
    value: p[name],
    unit: "V",
    min,
    max,
  });
  const count = (name: ProtocolParameterName): NumberRule => ({
    name,
    value: p[name],
    unit: "1",
    min: 0,
    max: 100,
    whole: true,
  });
  return [
    ...(["c_rate_cc1", "c_rate_cc2", "c_rate_discharge", "cv_cutoff"] as const).map(rate),
    ...(["cv_hold", "precharge_rest", "wetting_hold", "rest_ocv"] as const).map(hours),
    voltage("precharge_voltage", 0, p.v_cutoff_cc1),
    voltage("v_cutoff_cc1", p.precharge_voltage, p.v_cutoff_cc2),
    voltage("v_cutoff_cc2", p.v_cutoff_cc1, 5),
    voltage("v_lower", 1.5, p.v_cutoff_cc2 - LEAST_SHALLOW_DEPTH_V), // copper dissolves in a cell discharged below 1.5 V
    count("n_shallow_cycles"),
    count("n_verification_cycles"),
    ...(p.n_shallow_cycles > 0
      ? [voltage("v_lower_shallow", p.v_lower, p.v_cutoff_cc2 - LEAST_SHALLOW_DEPTH_V)]
      : []),
    {
      name: "temperature",
      value: p.temperature,
      unit: "degC",
      min: MIN_TEMPERATURE_C,
      max: MAX_TEMPERATURE_C,
    },
  ];
}

function current(
  rateC: number,
  untilVoltageV: number,
  purpose: NonNullable<SingleStep["purpose"]>,
): SingleStep {
  return { mode: "constant-current", rateC, untilVoltageV, maxHours: TIME_GUARD / Math.abs(rateC), purpose };
}

function rest(hours: number, purpose: NonNullable<SingleStep["purpose"]>): SingleStep[] {
  return hours > 0 ? [{ mode: "rest", hours, purpose }] : [];
}

function repeat(times: number, steps: readonly SingleStep[]): ProtocolStep[] {
  return times > 0 ? [{ mode: "repeat", times, steps }] : [];
}
