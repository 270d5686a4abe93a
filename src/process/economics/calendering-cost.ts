import { pow } from "../../math/elementary.js";

/** Calendering cost of the seed paper's plant, USD/m2: 4.849 MUSD a year over 67.67e6 m2 (two sources mixed: ask the plant). */
const REFERENCE_COST_USD_PER_M2 = 0.072;
/** Line speed of the reference plant, m/min: the middle of the 60–100 m/min of Liu et al. (2021), Table 1. */
const REFERENCE_SPEED_M_PER_MIN = 80;
/** Shares of labour, capital and floor in the step's cost, from BatPaC-lineage inputs under the seed's accounting rules. */
const SHARE = { labour: 0.14, capital: 0.18, floor: 0.68 } as const;
/** Scaling exponents of those shares with machine hours (BatPaC lineage). */
const EXPONENT = { labour: 0.5, capital: 0.7, floor: 0.6 } as const;
/** Extra capital for heated rolls, share per 65 K above 25 degC (assumption). */
const HEATED_ROLL_CAPITAL = 0.075;

export interface CalenderingSettings {
  readonly lineSpeedMPerMin: number;
  readonly rollTemperatureC: number;
  readonly passes: number;
}

/**
 * Calendering cost per electrode area, USD/m2:
 * c_ref [s_L r^.5 + s_K r^.7 (1 + .075 (T − 25)/65) + s_F r^.6], r = passes · v_ref / v.
 *
 * Reference values: Liu, Zhang, Wang & Wang (2021), iScience 24, 102332, Table 1; shares and exponents: BatPaC lineage.
 */
export function calenderingCostUsdPerM2(settings: CalenderingSettings): number {
  const hours = (settings.passes * REFERENCE_SPEED_M_PER_MIN) / settings.lineSpeedMPerMin;
  const heating = 1 + (HEATED_ROLL_CAPITAL * (settings.rollTemperatureC - 25)) / 65;
  const factor =
    SHARE.labour * pow(hours, EXPONENT.labour) +
    SHARE.capital * pow(hours, EXPONENT.capital) * heating +
    SHARE.floor * pow(hours, EXPONENT.floor);
  return REFERENCE_COST_USD_PER_M2 * factor;
}
