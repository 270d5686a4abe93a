import type { KnownFormula } from "../../space/knowledge.js";
import type { Economics } from "../economics/economic-constants.js";
import { formationCostUsdPerCell } from "../economics/formation-cost.js";
import type { CellChemistry } from "./chemistries.js";
import { CYCLER_TIME_RELATIVE_ERROR, cyclerTimeH } from "./cycler-time.js";
import { ESTIMATE_RELATIVE_ERROR, estimateCyclerHours } from "./estimate-hours.js";
import { FAMILY_PARAMETERS, type FamilyNames } from "./family-names.js";
import { findFormationCell } from "./formation-cell.js";
import {
  familyDefaults,
  PROTOCOL_UNITS,
  type ProtocolParameterName,
  type ProtocolParameters,
} from "./protocol-family.js";
import { type ReferenceCycle, referenceCycle } from "./reference-cycle.js";
import type { CellRating } from "./safety-limits.js";

/** Hours on the cycler as a function of a campaign's settings; absent ones take the family's defaults. */
export interface CyclerHours {
  readonly description: string;
  readonly inputs: KnownFormula["inputs"];
  /** Standard deviation as a share of the hours. */
  readonly relativeError: number;
  hours(values: Readonly<Record<string, number>>): number;
}

/** Standard deviation over mean absolute error of a normal error, √(π/2): the estimates state the latter. */
const DEVIATION_PER_MEAN_ERROR = 1.2533;

/** Parameters without which no time can be said. */
const NEEDED: ReadonlySet<ProtocolParameterName> = new Set(["c_rate_cc1", "v_cutoff_cc1", "c_rate_cc2"]);

/** The hours of a chemistry's protocols, or null where neither a fit nor a model cell is known. */
export function cyclerHours(
  chemistry: CellChemistry,
  rating: CellRating | undefined,
  family: FamilyNames,
): CyclerHours | null {
  const fitted = chemistry.name === "NMC-4.4V/graphite" && family.of("n_shallow_cycles") === undefined;
  return fitted ? fittedHours(family) : modelHours(chemistry, rating, family);
}

/** The formula that was fitted to measured hours of these cells. */
function fittedHours(family: FamilyNames): CyclerHours {
  const inputs = inputsOf(family, ["c_rate_cc1", "v_cutoff_cc1", "c_rate_cc2", "n_verification_cycles"], {
    n_verification_cycles: 0,
  });
  const read = reader(family);
  return {
    description: `hours on the cycler, without wetting, rest, degassing and ageing; within ${Math.round(100 * CYCLER_TIME_RELATIVE_ERROR)} % of measured cells on average`,
    inputs,
    relativeError: DEVIATION_PER_MEAN_ERROR * CYCLER_TIME_RELATIVE_ERROR,
    hours: (values) =>
      cyclerTimeH({
        firstRateC: read(values, "c_rate_cc1"),
        firstCutoffV: read(values, "v_cutoff_cc1"),
        secondRateC: read(values, "c_rate_cc2"),
        verificationCycles: read(values, "n_verification_cycles"),
      }),
  };
}

function modelHours(
  chemistry: CellChemistry,
  rating: CellRating | undefined,
  family: FamilyNames,
): CyclerHours | null {
  const cell = findFormationCell(chemistry.name);
  if (cell === undefined) return null;
  const window = {
    upperVoltageV: Math.min(rating?.upperVoltageV ?? Infinity, chemistry.upperVoltageV),
    lowerVoltageV: Math.max(rating?.lowerVoltageV ?? -Infinity, chemistry.lowerVoltageV),
  };
  const defaults = familyDefaults(window);
  const read = reader(family);
  let reference: ReferenceCycle | null = null; // some milliseconds, only for campaigns that use the formula
  return {
    description: `hours on the cycler, without wetting, rest, degassing and ageing; estimated within ${Math.round(100 * ESTIMATE_RELATIVE_ERROR)} % of a simulated cell on average (${cell.calibration})`,
    inputs: inputsOf(family, FAMILY_PARAMETERS, defaults),
    relativeError: DEVIATION_PER_MEAN_ERROR * ESTIMATE_RELATIVE_ERROR,
    hours(values) {
      reference ??= referenceCycle(cell, window.upperVoltageV, window.lowerVoltageV);
      const entries = FAMILY_PARAMETERS.map((name) => [name, read(values, name)] as const);
      return estimateCyclerHours(
        cell,
        reference,
        Object.fromEntries(entries) as unknown as ProtocolParameters,
      );
    },
  };
}

function inputsOf(
  family: FamilyNames,
  parameters: readonly ProtocolParameterName[],
  defaults: Partial<ProtocolParameters>,
): KnownFormula["inputs"] {
  return parameters.map((parameter) => {
    const input = { name: family.of(parameter) ?? parameter, unit: PROTOCOL_UNITS[parameter] };
    const fallback = defaults[parameter];
    return fallback === undefined || NEEDED.has(parameter) ? input : { ...input, default: fallback };
  });
}

function reader(family: FamilyNames) {
  return (values: Readonly<Record<string, number>>, parameter: ProtocolParameterName): number =>
    values[family.of(parameter) ?? parameter]!;
}

/** What a formation campaign knows of a protocol without running it: its hours, and what they cost. */
export function timeFormulas(hours: CyclerHours, economics: Economics): readonly KnownFormula[] {
  const { description, inputs, relativeError } = hours;
  const evaluate = (values: Readonly<Record<string, number>>): number => hours.hours(values);
  const times = ["formation.time", "formation.channel_hours"].map((name) => ({
    name,
    unit: "h",
    description,
    inputs,
    error: { relative: relativeError },
    evaluate,
  }));
  const cost: KnownFormula = {
    name: "formation.cost",
    unit: "USD/cell",
    description: `cost of formation and ageing, of which ${Math.round(100 * economics.values.cycling_share)} % scales with the hours on the cycler${economics.stated.has("cycling_share") ? "" : " (assumption)"}`,
    // The share that scales with the hours is off as they are, at most: the rest of the cost does not depend on them.
    error: { relative: economics.values.cycling_share * relativeError },
    inputs: [...inputs, { name: "ageing_time", unit: "h", default: economics.values.reference_ageing_time }],
    evaluate: (values) =>
      formationCostUsdPerCell(
        { cyclerHours: evaluate(values), ageingHours: values["ageing_time"]! },
        economics,
      ),
  };
  return [...times, cost];
}
