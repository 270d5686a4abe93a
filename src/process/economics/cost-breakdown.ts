import { type CalenderingSettings, calenderingCostPerYear } from "./calendering-cost.js";
import { calenderingEnergyKwhPerCell } from "./calendering-energy.js";
import { CYCLING_SHARE_RANGE, type Economics } from "./economic-constants.js";
import {
  channelsNeeded,
  formationCostPerYear,
  formationCostTotal,
  type FormationTimes,
  type RangedValue,
} from "./formation-cost.js";

/** One line of a breakdown: the reference plant beside a setting. */
export interface BreakdownRow {
  readonly section: "setting" | "per m2" | "per cell" | "per year";
  readonly label: string;
  readonly unit: string;
  readonly baseline: RangedValue;
  readonly setting: RangedValue;
}

/** What a setting costs against the baseline, and what must be read beside it. */
export interface CostBreakdown {
  readonly rows: readonly BreakdownRow[];
  readonly notes: readonly string[];
}

/** Settings of the calender that cost and energy depend on. */
export interface CalenderingCostSettings extends CalenderingSettings {
  readonly lineLoadNPerMm: number;
}

/** The reference plant's calender: middle line speed, one pass, cold rolls, 800 N/mm. */
export function referenceCalendering({ values }: Economics): CalenderingCostSettings {
  return {
    lineSpeedMPerMin: values.reference_line_speed,
    passes: 1,
    rollTemperatureC: 25,
    lineLoadNPerMm: values.reference_line_load,
  };
}

/** Cost and energy of calendering at a setting against the reference plant. */
export function calenderingBreakdown(setting: CalenderingCostSettings, economics: Economics): CostBreakdown {
  const { cells_per_year: cells, electrode_area_per_year: area } = economics.values;
  const [before, after] = [referenceCalendering(economics), setting].map((settings) => {
    const parts = calenderingCostPerYear(settings, economics);
    const total = parts.labour + parts.capital + parts.floor;
    return { settings, parts, total, energy: calenderingEnergyKwhPerCell(settings, economics) };
  });
  const rows = createRows(before!, after!);
  return {
    rows: [
      rows("setting", "line speed", "m/min", (s) => s.settings.lineSpeedMPerMin),
      rows("setting", "passes", "1", (s) => s.settings.passes),
      rows("setting", "roll temperature", "degC", (s) => s.settings.rollTemperatureC),
      rows("setting", "line load", "N/mm", (s) => s.settings.lineLoadNPerMm),
      rows("per m2", "calendering", "USD/m2", (s) => s.total / area),
      rows("per cell", "labour", "USD/cell", (s) => s.parts.labour / cells),
      rows("per cell", "capital", "USD/cell", (s) => s.parts.capital / cells),
      rows("per cell", "floor", "USD/cell", (s) => s.parts.floor / cells),
      rows("per cell", "calendering", "USD/cell", (s) => s.total / cells),
      rows("per cell", "energy", "kWh/cell", (s) => s.energy),
      rows("per year", "labour", "MUSD", (s) => s.parts.labour / 1e6),
      rows("per year", "capital", "MUSD", (s) => s.parts.capital / 1e6),
      rows("per year", "floor", "MUSD", (s) => s.parts.floor / 1e6),
      rows("per year", "calendering", "MUSD", (s) => s.total / 1e6),
      rows("per year", "energy", "MWh", (s) => (s.energy * cells) / 1e3),
    ],
    notes: [
      "Cost: Liu et al. (2021), Table 1 (67 Ah NMC622 cells); area and cells a year from another source (BatteryCost): ask your plant.",
      "Energy: the same table, measured on 32 Ah LMO cells and taken to hold at 90 degC; not of the cells of the cost. Its split is an assumption.",
    ],
  };
}

/** Cost of formation and ageing at hours against the reference plant, as ranges until the cycling share is stated. */
export function formationBreakdown(setting: FormationTimes, economics: Economics): CostBreakdown {
  const {
    cells_per_year: cells,
    reference_cycler_time,
    reference_ageing_time,
    cycling_share,
  } = economics.values;
  const reference = { cyclerHours: reference_cycler_time, ageingHours: reference_ageing_time };
  const [before, after] = [reference, setting].map((times) => ({
    times,
    parts: formationCostPerYear(times, economics),
    total: formationCostTotal(times, economics),
  }));
  const rows = createRows(before!, after!);
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const asked = economics.stated.has("cycling_share")
    ? []
    : [
        `Which part of formation and ageing scales with the hours on the cycler? Nobody has published it. ${percent(cycling_share)} is assumed; the ranges hold for ${CYCLING_SHARE_RANGE.map(percent).join(" to ")}. Answer with --set cycling_share=….`,
      ];
  return {
    rows: [
      rows("setting", "on the cycler", "h", (s) => s.times.cyclerHours),
      rows("setting", "ageing", "h", (s) => s.times.ageingHours),
      rows("per cell", "cycling: labour", "USD/cell", (s) => s.parts.cyclingLabour / cells),
      rows(
        "per cell",
        "cycling: capital and floor",
        "USD/cell",
        (s) => s.parts.cyclingCapitalAndFloor / cells,
      ),
      rows("per cell", "ageing", "USD/cell", (s) => s.parts.ageing / cells),
      rows("per cell", "formation and ageing", "USD/cell", (s) => scaled(s.total, 1 / cells)),
      rows("per year", "cycling: labour", "MUSD", (s) => s.parts.cyclingLabour / 1e6),
      rows("per year", "cycling: capital and floor", "MUSD", (s) => s.parts.cyclingCapitalAndFloor / 1e6),
      rows("per year", "ageing", "MUSD", (s) => s.parts.ageing / 1e6),
      rows("per year", "formation and ageing", "MUSD", (s) => scaled(s.total, 1e-6)),
      rows("per year", "channels needed", "1", (s) => channelsNeeded(s.times.cyclerHours, economics)),
    ],
    notes: [
      ...asked,
      "Cost: Liu et al. (2021), Table 1 (67 Ah NMC622 cells); cells a year from another source (BatteryCost): ask your plant.",
      "Energy is not the matter: .07 kWh/cell are .5 % of the plant's. Cost follows the hours.",
    ],
  };
}

function createRows<T>(before: T, after: T) {
  return (
    section: BreakdownRow["section"],
    label: string,
    unit: string,
    of: (side: T) => number | RangedValue,
  ): BreakdownRow => ({ section, label, unit, baseline: ranged(of(before)), setting: ranged(of(after)) });
}

const ranged = (value: number | RangedValue): RangedValue => (typeof value === "number" ? { value } : value);

function scaled({ value, range }: RangedValue, factor: number): RangedValue {
  return range === undefined
    ? { value: value * factor }
    : { value: value * factor, range: [range[0] * factor, range[1] * factor] };
}
