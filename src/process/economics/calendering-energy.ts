import { pow } from "../../math/elementary.js";
import type { CalenderingSettings } from "./calendering-cost.js";
import { type Economics, REFERENCE_ECONOMICS } from "./economic-constants.js";

/** Growth of the hydraulics' energy with the line load (assumption). */
const LOAD_EXPONENT = 1.5;

/**
 * Energy of calendering per cell, kWh: .38 · passes (.55 v_ref/v + .20 (q/800)^1.5 + .25 (T − 25)/65).
 *
 * The .38 kWh were measured (Yuan et al. 2017, in Liu et al. 2021) on a 32 Ah LMO cell; the split is an assumption. The
 * work of compaction itself is below 2 % of it: the machine, not the compaction, costs the energy.
 */
export function calenderingEnergyKwhPerCell(
  settings: CalenderingSettings & { readonly lineLoadNPerMm: number },
  { values: c }: Economics = REFERENCE_ECONOMICS,
): number {
  const drives = (c.calendering_drive_share * c.reference_line_speed) / settings.lineSpeedMPerMin;
  const load = c.calendering_load_share * pow(settings.lineLoadNPerMm / c.reference_line_load, LOAD_EXPONENT);
  const heat = (c.calendering_heat_share * (settings.rollTemperatureC - 25)) / 65;
  return c.calendering_energy_per_cell * settings.passes * (drives + load + heat);
}

/** The same per electrode area, kWh/m2, by the cost plant's area per cell (assumption: it is of another cell). */
export function calenderingEnergyKwhPerM2(
  settings: CalenderingSettings & { readonly lineLoadNPerMm: number },
  economics: Economics = REFERENCE_ECONOMICS,
): number {
  const { cells_per_year: cells, electrode_area_per_year: area } = economics.values;
  return (calenderingEnergyKwhPerCell(settings, economics) * cells) / area;
}
