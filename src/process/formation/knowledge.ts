import type { KnownFormula, Knowledge, SafetyLimit } from "../../space/knowledge.js";
import { type CellChemistry, findChemistry } from "./chemistries.js";
import { cyclerTimeH } from "./cycler-time.js";

export interface CellRating {
  readonly upperVoltageV: number;
  readonly lowerVoltageV: number;
}

/** LiPF6 electrolytes decompose above this, degC (assumption); never loosened. */
const MAX_TEMPERATURE_C = 60;
/** Never charge below this, degC; never loosened. */
const MIN_TEMPERATURE_C = 0;
/** Temperature that the plating guard assumes where the campaign has none, degC (assumption). */
const DEFAULT_TEMPERATURE_C = 25;

/**
 * What formation knows: voltage limits of chemistry and cell, C-rate limits, plating guards, known times.
 *
 * @param options.names - The campaign's parameters and context; limits on absent names are left out.
 */
export function formationKnowledge(options: {
  readonly chemistry?: string;
  readonly cell?: CellRating;
  readonly names: ReadonlySet<string>;
}): Knowledge {
  const chemistry = options.chemistry === undefined ? undefined : findChemistry(options.chemistry);
  return {
    name: "formation",
    version: 1,
    formulas: chemistry?.name === "NMC-4.4V/graphite" ? timeFormulas() : [],
    limits: limits(chemistry, options.cell, options.names),
    parameters: chemistry === undefined ? [] : defaults(chemistry),
    check: () => [],
    notes: [
      "The plating guard is a rule of thumb, not a measurement: inspect opened cells before raising it.",
      "Every suggestion is a proposal for a person to check; no cycler safety window, degassing or ageing step is part of it.",
    ],
  };
}

function limits(
  chemistry: CellChemistry | undefined,
  cell: CellRating | undefined,
  names: ReadonlySet<string>,
): SafetyLimit[] {
  const found: SafetyLimit[] = [];
  const add = (name: string, expression: string, reason: string, source: string): void => {
    found.push({ name, expression, reason, source });
  };
  if (names.has("temperature")) {
    const maxC = Math.min(chemistry?.maxTemperatureC ?? MAX_TEMPERATURE_C, MAX_TEMPERATURE_C);
    add(
      "temperature upper limit",
      `temperature <= ${maxC} degC`,
      "gas and electrolyte decomposition",
      "assumption",
    );
    add(
      "temperature lower limit",
      `temperature >= ${MIN_TEMPERATURE_C} degC`,
      "no charging below 0 degC",
      "assumption",
    );
  }
  addVoltageLimits(add, chemistry, cell, names);
  addRateLimits(add, chemistry, names);
  return found;
}

type AddLimit = (name: string, expression: string, reason: string, source: string) => void;

function addVoltageLimits(
  add: AddLimit,
  chemistry: CellChemistry | undefined,
  cell: CellRating | undefined,
  names: ReadonlySet<string>,
): void {
  const upper = Math.min(chemistry?.upperVoltageV ?? Infinity, cell?.upperVoltageV ?? Infinity);
  const lower = Math.max(chemistry?.lowerVoltageV ?? -Infinity, cell?.lowerVoltageV ?? -Infinity);
  for (const name of ["v_cutoff_cc1", "v_cutoff_cc2"].filter((n) => names.has(n))) {
    if (upper < Infinity) {
      add(
        `${name} upper limit`,
        `${name} <= ${upper} V`,
        "the smaller of the chemistry's limit and the cell's rating",
        "chemistry table, cell rating",
      );
    }
    if (lower > -Infinity) {
      add(
        `${name} lower limit`,
        `${name} >= ${lower} V`,
        "never below the cell's lower voltage",
        "chemistry table, cell rating",
      );
    }
  }
}

function addRateLimits(
  add: AddLimit,
  chemistry: CellChemistry | undefined,
  names: ReadonlySet<string>,
): void {
  const temperature = names.has("temperature") ? "temperature" : `${DEFAULT_TEMPERATURE_C} degC`;
  const steps = [
    { name: "c_rate_cc1", max: chemistry?.maxFirstRateC, perKelvin: 0.05 },
    { name: "c_rate_cc2", max: chemistry?.maxSecondRateC, perKelvin: 0.03 },
  ];
  for (const step of steps.filter((s) => names.has(s.name))) {
    if (step.max !== undefined) {
      add(
        `${step.name} rate limit`,
        `${step.name} <= ${step.max}`,
        "C-rate limit of the chemistry",
        "chemistry table",
      );
    }
    const guard =
      temperature === "temperature"
        ? `${step.perKelvin} * (temperature - 5)`
        : `${step.perKelvin * (DEFAULT_TEMPERATURE_C - 5)}`;
    add(
      `${step.name} plating guard`,
      `${step.name} <= ${guard}`,
      "lithium plating at high rate and low temperature",
      "assumption",
    );
  }
}

function timeFormulas(): KnownFormula[] {
  const inputs = [
    { name: "c_rate_cc1", unit: "C" },
    { name: "v_cutoff_cc1", unit: "V" },
    { name: "c_rate_cc2", unit: "C" },
    { name: "n_verification_cycles", unit: "1", default: 0 },
  ];
  const evaluate = (values: Readonly<Record<string, number>>): number =>
    cyclerTimeH({
      firstRateC: values["c_rate_cc1"]!,
      firstCutoffV: values["v_cutoff_cc1"]!,
      secondRateC: values["c_rate_cc2"]!,
      verificationCycles: values["n_verification_cycles"]!,
    });
  return ["formation.time", "formation.channel_hours"].map((name) => ({
    name,
    unit: "h",
    description:
      "hours on the cycler, without wetting, rest, degassing and ageing; estimated to 2 % on the shipped cells",
    inputs,
    evaluate,
  }));
}

function defaults(chemistry: CellChemistry): Knowledge["parameters"] {
  return [
    { name: "c_rate_cc1", unit: "C", min: 0.02, max: chemistry.maxFirstRateC, scale: "log" },
    { name: "c_rate_cc2", unit: "C", min: 0.02, max: chemistry.maxSecondRateC, scale: "log" },
    { name: "temperature", unit: "degC", min: 15, max: chemistry.maxTemperatureC },
  ];
}
