import type { Problem } from "../../errors.js";
import { costOf, energyOf } from "./seed-table.js";

/** A number of the cost model that a plant replaces by its own. */
export interface EconomicConstant {
  readonly value: number;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  readonly meaning: string;
  /** Where the default comes from, or `assumption`. */
  readonly source: string;
}

const TABLE = "Liu et al. (2021), Table 1";
const BATPAC = "baseline inputs of the BatPaC lineage (BatteryCost)";
const SPLIT = `${BATPAC} under the accounting rules of Liu et al. (2021)`;
const share = { unit: "1", min: 0, max: 1 } as const;

/** Every constant of the cost and energy model, by its name in campaign files and in `--set`. */
export const ECONOMIC_CONSTANTS = {
  cells_per_year: {
    value: 25_263_158,
    unit: "cell",
    meaning: "cells a year, yield included",
    source: BATPAC,
  },
  electrode_area_per_year: { value: 67.67e6, unit: "m2", meaning: "electrode area a year", source: BATPAC },
  calendering_cost_per_year: {
    value: costOf("calendering").usdPerYear,
    unit: "USD",
    meaning: "calendering a year",
    source: TABLE,
  },
  calendering_labour_share: { value: 0.14, ...share, meaning: "labour in calendering", source: SPLIT },
  calendering_capital_share: { value: 0.18, ...share, meaning: "capital in calendering", source: SPLIT },
  calendering_floor_share: { value: 0.68, ...share, meaning: "floor in calendering", source: SPLIT },
  calendering_labour_exponent: {
    value: 0.5,
    ...share,
    meaning: "growth of labour with machine hours",
    source: BATPAC,
  },
  calendering_capital_exponent: {
    value: 0.7,
    ...share,
    meaning: "growth of capital with machine hours",
    source: BATPAC,
  },
  calendering_floor_exponent: {
    value: 0.6,
    ...share,
    meaning: "growth of floor with machine hours",
    source: BATPAC,
  },
  heated_roll_capital: {
    value: 0.075,
    ...share,
    meaning: "more capital for rolls 65 K above 25 degC",
    source: "assumption",
  },
  reference_line_speed: {
    value: 80,
    unit: "m/min",
    meaning: "line speed of the reference plant",
    source: `middle of the 60–100 m/min of ${TABLE}`,
  },
  reference_line_load: {
    value: 800,
    unit: "N/mm",
    meaning: "line load of the reference energy",
    source: "assumption",
  },
  calendering_energy_per_cell: {
    value: energyOf("calendering").kwhPerCell,
    unit: "kWh/cell",
    meaning: "energy of calendering",
    source: `${TABLE}, another cell than the cost`,
  },
  calendering_drive_share: {
    value: 0.55,
    ...share,
    meaning: "drives in the energy of calendering",
    source: "assumption",
  },
  calendering_load_share: {
    value: 0.2,
    ...share,
    meaning: "hydraulics in the energy of calendering",
    source: "assumption",
  },
  calendering_heat_share: {
    value: 0.25,
    ...share,
    meaning: "rolls at 90 degC in the energy of calendering",
    source: "assumption",
  },
  line_hour_cost: {
    value: 250,
    unit: "USD",
    meaning: "an hour of the line while settings are changed",
    source: "assumption",
  },
  scrap_metre_cost: {
    value: 3,
    unit: "USD",
    meaning: "a metre of coated web lost with a change",
    source: "assumption",
  },
  formation_cost_per_year: {
    value: costOf("formation and ageing").usdPerYear,
    unit: "USD",
    meaning: "formation and ageing a year",
    source: TABLE,
  },
  formation_labour_share: { value: 0.07, ...share, meaning: "labour in formation", source: SPLIT },
  formation_capital_share: { value: 0.34, ...share, meaning: "capital in formation", source: SPLIT },
  formation_floor_share: { value: 0.59, ...share, meaning: "floor in formation", source: SPLIT },
  formation_labour_exponent: {
    value: 0.7,
    ...share,
    meaning: "growth of labour with cycler hours",
    source: BATPAC,
  },
  formation_capital_exponent: {
    value: 0.8,
    ...share,
    meaning: "growth of capital and floor with hours",
    source: BATPAC,
  },
  cycling_share: {
    value: 0.6,
    ...share,
    meaning: "part of formation and ageing that scales with cycler hours",
    source: "assumption",
  },
  reference_cycler_time: {
    value: 120,
    unit: "h",
    meaning: "cycler hours of the reference plant",
    source: "assumption: three C/20 cycles",
  },
  reference_ageing_time: {
    value: 336,
    unit: "h",
    meaning: "ageing hours of the reference plant",
    source: `assumption: two of the ${TABLE}'s 1.5–3 weeks`,
  },
  channel_utilisation: {
    value: 0.9,
    unit: "1",
    min: 0.01,
    max: 1,
    meaning: "hours that a channel works",
    source: "assumption",
  },
} as const satisfies Readonly<Record<string, EconomicConstant>>;

export type EconomicConstantName = keyof typeof ECONOMIC_CONSTANTS;

/** Values of the constants. `stated` are those that the plant gave itself. */
export interface Economics {
  readonly values: Readonly<Record<EconomicConstantName, number>>;
  readonly stated: ReadonlySet<EconomicConstantName>;
}

/** Between these lies the cycling share where nobody stated it (assumption). */
export const CYCLING_SHARE_RANGE = [0.3, 0.9] as const;

const NAMES = Object.keys(ECONOMIC_CONSTANTS) as readonly EconomicConstantName[];

/** The defaults: the reference plant. */
export const REFERENCE_ECONOMICS: Economics = {
  values: Object.fromEntries(NAMES.map((name) => [name, ECONOMIC_CONSTANTS[name].value])) as Record<
    EconomicConstantName,
    number
  >,
  stated: new Set(),
};

/** Shares that make a whole. */
const WHOLES = [
  ["calendering_labour_share", "calendering_capital_share", "calendering_floor_share"],
  ["calendering_drive_share", "calendering_load_share", "calendering_heat_share"],
  ["formation_labour_share", "formation_capital_share", "formation_floor_share"],
] as const;

/** Replaces constants by a plant's own; unknown names, impossible numbers and shares that are no whole become problems. */
export function overrideEconomics(
  given: Readonly<Record<string, unknown>>,
  base: Economics = REFERENCE_ECONOMICS,
): { readonly economics: Economics; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const values: Record<EconomicConstantName, number> = { ...base.values };
  const stated = new Set(base.stated);
  for (const [name, value] of Object.entries(given)) {
    if (!isConstant(name)) {
      problems.push({
        where: `economics.${name}`,
        found: `the unknown constant ${name.slice(0, 60)}`,
        expected: `one of ${NAMES.join(", ")}`,
      });
      continue;
    }
    const problem = valueProblem(name, value);
    if (problem === null) {
      values[name] = value as number;
      stated.add(name);
    } else problems.push(problem);
  }
  for (const names of WHOLES) {
    const sum = names.reduce((total, name) => total + values[name], 0);
    if (names.some((name) => stated.has(name)) && !(Math.abs(sum - 1) <= 0.01)) {
      problems.push({
        where: `economics.${names[0]}`,
        found: `${names.join(" + ")} = ${Number(sum.toFixed(4))}`,
        expected: "1",
        remedy: "State all three.",
      });
    }
  }
  return { economics: { values, stated }, problems };
}

function isConstant(name: string): name is EconomicConstantName {
  return Object.hasOwn(ECONOMIC_CONSTANTS, name);
}

function valueProblem(name: EconomicConstantName, value: unknown): Problem | null {
  const { unit, min, max = Infinity }: EconomicConstant = ECONOMIC_CONSTANTS[name];
  const enough = typeof value === "number" && (min === undefined ? value > 0 : value >= min);
  if (enough && value <= max && Number.isFinite(value)) return null;
  const bounds = min === undefined ? "a number above 0" : `a number from ${min} to ${max}`;
  return {
    where: `economics.${name}`,
    found: JSON.stringify(value)?.slice(0, 60) ?? "nothing",
    expected: unit === "1" ? bounds : `${bounds} in ${unit}`,
  };
}
