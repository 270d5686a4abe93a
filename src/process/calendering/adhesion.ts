import { exp } from "../../math/elementary.js";

/** Peel adhesion of a coating to its foil. */
export interface AdhesionLaw {
  /** Of the uncalendered coating, N/m. */
  readonly initialNPerM: number;
  /** Gain at high load, N/m. */
  readonly gainNPerM: number;
  /** Line load at which 63 % of the gain is reached, N/mm. */
  readonly lineLoadNPerMm: number;
  /** Below this the coating comes off in winding and cutting, N/m. */
  readonly leastNPerM: number;
}

/** Relative gain per K of web temperature (assumption; direction: Meyer et al. 2019, Billot et al. 2019). */
const GAIN_PER_K = 0.004;
/** Adhesion lost when every particle is cracked (assumption). */
const CRACKING_LOSS = 0.4;

/**
 * Peel adhesion, N/m: (a_0 + a_1 (1 − e^(−q/q_a)))(1 + .004 (T_web − 25))(1 − .4 f_crack); sizes are assumptions.
 *
 * Peel (N/m) and pull-off (kPa) are different tests and are never converted into each other.
 */
export function peelAdhesionNPerM(
  law: AdhesionLaw,
  state: { readonly lineLoadNPerMm: number; readonly webTemperatureC: number; readonly crackedShare: number },
): number {
  const bonded = law.initialNPerM + law.gainNPerM * (1 - exp(-state.lineLoadNPerMm / law.lineLoadNPerMm));
  return bonded * (1 + GAIN_PER_K * (state.webTemperatureC - 25)) * (1 - CRACKING_LOSS * state.crackedShare);
}
