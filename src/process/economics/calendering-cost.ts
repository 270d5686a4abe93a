import { pow } from "../../math/elementary.js";
import { type Economics, REFERENCE_ECONOMICS } from "./economic-constants.js";

export interface CalenderingSettings {
  readonly lineSpeedMPerMin: number;
  readonly rollTemperatureC: number;
  readonly passes: number;
}

/** A step's cost in its parts. */
export interface CostParts {
  readonly labour: number;
  readonly capital: number;
  readonly floor: number;
}

/**
 * Calendering cost a year, USD: C_ref [s_L r^.5 + s_K r^.7 (1 + .075 (T − 25)/65) + s_F r^.6], r = passes · v_ref / v.
 *
 * Reference values: Liu, Zhang, Wang & Wang (2021), iScience 24, 102332, Table 1; shares and exponents: BatPaC lineage.
 */
export function calenderingCostPerYear(
  settings: CalenderingSettings,
  { values: c }: Economics = REFERENCE_ECONOMICS,
): CostParts {
  const hours = (settings.passes * c.reference_line_speed) / settings.lineSpeedMPerMin;
  const heating = 1 + (c.heated_roll_capital * (settings.rollTemperatureC - 25)) / 65;
  const total = c.calendering_cost_per_year;
  return {
    labour: total * c.calendering_labour_share * pow(hours, c.calendering_labour_exponent),
    capital: total * c.calendering_capital_share * pow(hours, c.calendering_capital_exponent) * heating,
    floor: total * c.calendering_floor_share * pow(hours, c.calendering_floor_exponent),
  };
}

/**
 * Calendering cost per electrode area, USD/m2: the yearly cost over the yearly area, which come from two sources (ask
 * the plant).
 */
export function calenderingCostUsdPerM2(
  settings: CalenderingSettings,
  economics: Economics = REFERENCE_ECONOMICS,
): number {
  const { labour, capital, floor } = calenderingCostPerYear(settings, economics);
  return (labour + capital + floor) / economics.values.electrode_area_per_year;
}
