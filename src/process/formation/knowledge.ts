import type { Knowledge } from "../../space/knowledge.js";
import { CYCLING_SHARE_RANGE, type Economics, REFERENCE_ECONOMICS } from "../economics/economic-constants.js";
import { type CellChemistry, findChemistry } from "./chemistries.js";
import { CYCLE_LIFE_SCATTER } from "./cycle-life.js";
import { FAMILY_PARAMETERS, type FamilyNames, familyNames } from "./family-names.js";
import { patentNotes } from "./patented-families.js";
import { type CellRating, formationLimits } from "./safety-limits.js";
import { cyclerHours, timeFormulas } from "./time-formulas.js";

/** Charge takes 1/C-rate hours, and lithium plating and the layer's growth follow ratios of rates. */
const RATE_FEATURES = (["c_rate_cc1", "c_rate_cc2", "c_rate_discharge"] as const).map((name) => ({
  name,
  scale: "log" as const,
  reason: "hours are proportional to 1/C-rate, so ratios of rates matter",
}));

const LIFE_SCATTER = {
  outcomes: ["cycle_life"],
  relative: CYCLE_LIFE_SCATTER,
  source: "178 cells of Cui et al. (2024)",
} as const;

export interface FormationKnowledgeOptions {
  readonly chemistry?: string;
  readonly cell?: CellRating;
  /** The campaign's parameters and context; limits on absent names are left out. */
  readonly names: ReadonlySet<string>;
  /** Units of those names, where the campaign states them. */
  readonly units?: ReadonlyMap<string, string>;
  /** The file's `protocol:`: the campaign's name to the family's. */
  readonly protocol?: ReadonlyMap<string, string>;
  /** Constants of the cost model, the plant's own where it stated them. */
  readonly economics?: Economics;
  /** Areal capacity of the anode over that of the cathode, where the cell states it. */
  readonly nPRatio?: number;
  /** Whether an outcome of the campaign is `formation.cost`. */
  readonly costWanted?: boolean;
}

/** What formation knows: voltage limits of chemistry and cell, C-rate limits, plating guards, order of voltages, known times. */
export function formationKnowledge(options: FormationKnowledgeOptions): Knowledge {
  const chemistry = options.chemistry === undefined ? undefined : findChemistry(options.chemistry);
  const family = familyNames(options);
  const economics = options.economics ?? REFERENCE_ECONOMICS;
  const hours = chemistry === undefined ? null : cyclerHours(chemistry, options.cell, family);
  return {
    name: "formation",
    version: 1,
    formulas: hours === null ? [] : timeFormulas(hours, economics),
    limits: formationLimits(chemistry, options.cell, family),
    parameters: chemistry === undefined ? [] : defaults(chemistry, options.cell, family),
    features: RATE_FEATURES.map((feature) => ({ ...feature, name: family.of(feature.name) ?? feature.name })),
    scatter: [LIFE_SCATTER],
    check: () => [],
    notes: [
      "The plating guard is a rule of thumb, not a measurement: inspect opened cells before raising it.",
      "Every suggestion is a proposal for a person to check; no cycler safety window, degassing or ageing step is part of it.",
      ...balanceNotes(options.nPRatio),
      ...(options.costWanted === true ? costNotes(economics) : []),
      ...patentNotes(new Set(FAMILY_PARAMETERS.filter((parameter) => family.of(parameter) !== undefined))),
    ],
  };
}

/** Usual ratios of areal capacities (assumption). */
const N_P_RANGE = [1.05, 1.2] as const;

/** What the balance of the electrodes means for formation, where it is outside the usual. */
function balanceNotes(nPRatio: number | undefined): readonly string[] {
  if (nPRatio === undefined) return [];
  const [least, most] = N_P_RANGE;
  const usual = `${least} to ${most} is usual (assumption)`;
  if (nPRatio < 1)
    return [
      `n_p_ratio ${nPRatio}: the anode holds less than the cathode gives, so that lithium plates at full charge whatever the rate; ${usual}.`,
    ];
  if (nPRatio < least)
    return [
      `n_p_ratio ${nPRatio}: ${usual}. The anode is nearly full at the end of charge, and plates lithium there at rates and temperatures that others stand: keep the second step slow and inspect opened cells.`,
    ];
  if (nPRatio > most)
    return [
      `n_p_ratio ${nPRatio}: ${usual}. The larger anode binds more lithium in its first layer: expect a lower first-cycle efficiency and less capacity to sell.`,
    ];
  return [];
}

/** The question that decides nearly all of a saving, while nobody has answered it. */
function costNotes({ values, stated }: Economics): readonly string[] {
  if (stated.has("cycling_share")) return [];
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const [least, most] = CYCLING_SHARE_RANGE.map(percent);
  return [
    `formation.cost assumes that ${percent(values.cycling_share)} of the cost of formation and ageing scales with the hours on the cycler. Nothing published says so: it may be ${least} to ${most}. Ask your plant and state economics: { cycling_share: … }.`,
  ];
}

/** Search ranges by chemistry (assumption but for the limits), under the campaign's own names. */
function defaults(
  chemistry: CellChemistry,
  cell: CellRating | undefined,
  family: FamilyNames,
): Knowledge["parameters"] {
  const upper = Math.min(chemistry.upperVoltageV, cell?.upperVoltageV ?? Infinity);
  const lower = Math.max(chemistry.lowerVoltageV, cell?.lowerVoltageV ?? -Infinity);
  const [lowest, highest] = chemistry.firstCutoffV;
  const ranges = [
    { parameter: "c_rate_cc1", unit: "C", min: 0.02, max: chemistry.maxFirstRateC, scale: "log" },
    { parameter: "v_cutoff_cc1", unit: "V", min: lowest, max: Math.min(highest, upper) },
    { parameter: "c_rate_cc2", unit: "C", min: 0.02, max: chemistry.maxSecondRateC, scale: "log" },
    { parameter: "v_cutoff_cc2", unit: "V", min: Math.min(highest, upper), max: upper },
    { parameter: "cv_cutoff", unit: "C", min: 0.01, max: 0.1, scale: "log" },
    { parameter: "c_rate_discharge", unit: "C", min: 0.05, max: 1, scale: "log" },
    { parameter: "v_lower_shallow", unit: "V", min: lower, max: highest },
    { parameter: "precharge_voltage", unit: "V", min: 1.2, max: 2 },
    { parameter: "precharge_rest", unit: "h", min: 0, max: 24 },
    { parameter: "rest_ocv", unit: "h", min: 0, max: 72 },
    { parameter: "temperature", unit: "degC", min: 15, max: chemistry.maxTemperatureC },
  ] as const;
  return ranges.map(({ parameter, ...range }) => ({ ...range, name: family.of(parameter) ?? parameter }));
}
