import { exp } from "../../math/elementary.js";

/** Thermal diffusivity of a porous coating, m2/s (assumption). */
const THERMAL_DIFFUSIVITY_M2_PER_S = 5e-7;
/** Share of the largest possible thickness reduction from which the length of the nip is estimated (assumption). */
const TYPICAL_REDUCTION = 0.7;
/** The nip is never shorter than for this reduction, um: keeps a coating that is already dense in contact with the roll. */
const MINIMUM_REDUCTION_UM = 1;
const PI_SQUARED = 9.869604401089358;

/** What decides how far the web takes the temperature of the rolls. */
export interface NipHeating {
  readonly rollTemperatureC: number;
  readonly lineSpeedMPerMin: number;
  /** Coating thickness before the nip, um. */
  readonly thicknessUm: number;
  /** Initial over maximum density of the coating. */
  readonly densityRatio: number;
  readonly rollRadiusM: number;
  readonly ambientTemperatureC: number;
  /** Share of the way from ambient to roll temperature that the web has before the nip, 0 to 1. */
  readonly preheating: number;
}

/**
 * Web temperature in the nip: T = T_amb + φ (T_roll − T_amb), φ = p + (1 − p)(1 − e^(−t_c/τ)), degC.
 *
 * Contact time t_c = √(R Δh)/v, heating time τ = 4 h²/(π² a). At line speed the contact is too short for the full
 * effect of the rolls, so roll temperature and speed interact and preheating restores the effect.
 *
 * @see Processes 2022, 10(8), 1667 (preheating of NMC622 cathodes); sizes are assumptions.
 */
export function webTemperatureC(nip: NipHeating): number {
  const reductionUm = nip.thicknessUm * (1 - nip.densityRatio) * TYPICAL_REDUCTION;
  const contactM = Math.sqrt(nip.rollRadiusM * Math.max(reductionUm, MINIMUM_REDUCTION_UM) * 1e-6);
  const contactS = contactM / (nip.lineSpeedMPerMin / 60);
  const thicknessM = nip.thicknessUm * 1e-6;
  const heatingS = (4 * thicknessM * thicknessM) / (PI_SQUARED * THERMAL_DIFFUSIVITY_M2_PER_S);
  const share = nip.preheating + (1 - nip.preheating) * (1 - exp(-contactS / heatingS));
  return nip.ambientTemperatureC + share * (nip.rollTemperatureC - nip.ambientTemperatureC);
}
