import { CellwrightError } from "../../errors.js";
import type { SafetyLimit } from "../../space/knowledge.js";
import { converter } from "../../units.js";
import type { CellChemistry } from "./chemistries.js";
import type { FamilyNames } from "./family-names.js";
import {
  LEAST_SHALLOW_DEPTH_V,
  MAX_TEMPERATURE_C,
  MIN_TEMPERATURE_C,
  type ProtocolParameterName,
} from "./protocol-family.js";

/** The cell's own rating, which a campaign must state. */
export interface CellRating {
  readonly upperVoltageV: number;
  readonly lowerVoltageV: number;
}

/** Temperature that the plating guard assumes where the campaign has none, degC (assumption). */
const DEFAULT_TEMPERATURE_C = 25;
/** Plating guard: rate ≤ slope (T − 5), C per K (assumption). The second step ends near full charge, so it is stricter. */
const GUARD_ORIGIN_C = 5;
const GUARD_C_PER_K = { c_rate_cc1: 0.05, c_rate_cc2: 0.03, c_rate_discharge: 0.03 } as const;
/** Copper dissolves in a cell that is discharged below this, V. */
const COPPER_VOLTAGE_V = 1.5;
/** Discharge rate of the search ranges, C (assumption). */
const MAX_DISCHARGE_RATE_C = 1;

/** The hard limits of a formation campaign on the parameters that it has; nothing learned relaxes them. */
export function formationLimits(
  chemistry: CellChemistry | undefined,
  cell: CellRating | undefined,
  family: FamilyNames,
): readonly SafetyLimit[] {
  return [
    ...temperatureLimits(chemistry, family),
    ...voltageLimits(chemistry, cell, family),
    ...orderLimits(family),
    ...rateLimits(chemistry, family),
  ];
}

function temperatureLimits(chemistry: CellChemistry | undefined, family: FamilyNames): SafetyLimit[] {
  const name = family.of("temperature");
  if (name === undefined) return [];
  const limits: SafetyLimit[] = [];
  if (chemistry !== undefined && chemistry.maxTemperatureC < MAX_TEMPERATURE_C) {
    limits.push({
      name: `${name} upper limit`,
      expression: `${name} <= ${chemistry.maxTemperatureC} degC`,
      reason: "gas and electrolyte decomposition",
      source: "assumption",
    });
  }
  return [
    ...limits,
    {
      name: `${name} highest`,
      expression: `${name} <= ${MAX_TEMPERATURE_C} degC`,
      reason: "LiPF6 electrolytes decompose",
      source: "assumption",
      absolute: true,
    },
    {
      name: `${name} lowest`,
      expression: `${name} >= ${MIN_TEMPERATURE_C} degC`,
      reason: "no charging below 0 degC",
      source: "assumption",
      absolute: true,
    },
  ];
}

function voltageLimits(
  chemistry: CellChemistry | undefined,
  cell: CellRating | undefined,
  family: FamilyNames,
): SafetyLimit[] {
  const upper = Math.min(chemistry?.upperVoltageV ?? Infinity, cell?.upperVoltageV ?? Infinity);
  const lower = Math.max(
    chemistry?.lowerVoltageV ?? COPPER_VOLTAGE_V,
    cell?.lowerVoltageV ?? COPPER_VOLTAGE_V,
  );
  const source = "chemistry table, cell rating";
  const limits: SafetyLimit[] = [];
  for (const parameter of [
    "v_cutoff_cc1",
    "v_cutoff_cc2",
    "v_lower",
    "v_lower_shallow",
    "precharge_voltage",
  ] as const) {
    const name = family.of(parameter);
    if (name === undefined) continue;
    if (upper < Infinity) {
      limits.push({
        name: `${name} upper limit`,
        expression: `${name} <= ${upper} V`,
        reason: "the smaller of the chemistry's limit and the cell's rating",
        source,
      });
    }
    if (parameter === "precharge_voltage") continue; // a fresh cell starts near 0 V
    limits.push({
      name: `${name} lower limit`,
      expression: `${name} >= ${lower} V`,
      reason: "never below the cell's lower voltage",
      source,
    });
  }
  return limits;
}

/** Voltages in the order of the protocol, between parameters that the campaign chooses both. */
function orderLimits(family: FamilyNames): SafetyLimit[] {
  const pairs = [
    ["precharge_voltage", "v_cutoff_cc1", 0],
    ["v_cutoff_cc1", "v_cutoff_cc2", 0],
    ["v_lower", "v_cutoff_cc2", LEAST_SHALLOW_DEPTH_V],
    ["v_lower_shallow", "v_cutoff_cc2", LEAST_SHALLOW_DEPTH_V],
    ["v_lower", "v_lower_shallow", 0],
  ] as const satisfies readonly (readonly [ProtocolParameterName, ProtocolParameterName, number])[];
  return pairs.flatMap(([below, above, distance]): SafetyLimit[] => {
    const [low, high] = [family.of(below), family.of(above)];
    if (low === undefined || high === undefined) return [];
    return [
      {
        name: `${low} before ${high}`,
        expression: `${low} <= ${high}${distance === 0 ? "" : ` - ${distance} V`}`,
        reason: "order of the protocol's voltages",
        source: "protocol family",
        absolute: true,
      },
    ];
  });
}

function rateLimits(chemistry: CellChemistry | undefined, family: FamilyNames): SafetyLimit[] {
  const steps = [
    { parameter: "c_rate_cc1", max: chemistry?.maxFirstRateC, source: "chemistry table" },
    { parameter: "c_rate_cc2", max: chemistry?.maxSecondRateC, source: "chemistry table" },
    { parameter: "c_rate_discharge", max: MAX_DISCHARGE_RATE_C, source: "assumption" },
  ] as const;
  return steps.flatMap(({ parameter, max, source }): SafetyLimit[] => {
    const name = family.of(parameter);
    if (name === undefined) return [];
    const guard: SafetyLimit = {
      name: `${name} plating guard`,
      expression: `${name} <= ${platingGuard(parameter, family)}`,
      reason: "lithium plating at high rate and low temperature",
      source: "assumption",
    };
    if (max === undefined) return [guard];
    const rate = {
      name: `${name} rate limit`,
      expression: `${name} <= ${max} C`,
      reason: "C-rate limit of the chemistry",
      source,
    };
    return [rate, guard];
  });
}

/** The guard's right side with its bare numbers in the campaign's units: 0.05 (T − 5) holds in degC alone. */
function platingGuard(parameter: keyof typeof GUARD_C_PER_K, family: FamilyNames): string {
  const slope = GUARD_C_PER_K[parameter];
  const rateUnit = family.unitOf(parameter);
  const temperature = family.of("temperature");
  if (temperature === undefined) return `${decimal(slope * (DEFAULT_TEMPERATURE_C - GUARD_ORIGIN_C))} C`;
  try {
    const rate = converter("C", rateUnit).scale;
    const { scale, offset } = converter("degC", family.unitOf("temperature"));
    return `${decimal((slope * rate) / scale)} * (${temperature} - ${decimal(GUARD_ORIGIN_C * scale + offset)})`;
  } catch (error) {
    // Explicit units, so that reading the campaign reports the parameter whose unit cannot be.
    if (error instanceof CellwrightError)
      return `${decimal(slope * (DEFAULT_TEMPERATURE_C - GUARD_ORIGIN_C))} C`;
    throw error;
  }
}

/** A coefficient without the noise of a conversion. */
const decimal = (value: number): number => Number(value.toPrecision(12));
