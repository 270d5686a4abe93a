import { exp } from "../../math/elementary.js";

/** Elastic recovery of a coating. */
export interface SpringbackLaw {
  /** Springback at high load and 25 degC, share of the loaded thickness. */
  readonly maximum: number;
  /** Line load at which 63 % of it is reached, N/mm. */
  readonly lineLoadNPerMm: number;
}

/** Largest viscoelastic recovery in the simulations of Sangrós Giménez et al. (2019); more is a fault of the data. */
export const SPRINGBACK_LIMIT = 0.17;
/** Relative loss of springback per K of web temperature (assumption). */
const SOFTENING_PER_K = 0.006;

/**
 * Springback s = (h_after − h_loaded)/h_loaded right after the nip: s_max (1 − e^(−q/q_s)) e^(−.006 (T_web − 25)).
 *
 * Recovery goes on for hours, but no law over time is known: record when the thickness was measured as context.
 * Directions are published, sizes are assumptions.
 */
export function springback(law: SpringbackLaw, lineLoadNPerMm: number, webTemperatureC: number): number {
  const loaded = 1 - exp(-lineLoadNPerMm / law.lineLoadNPerMm);
  return Math.min(SPRINGBACK_LIMIT, law.maximum * loaded * exp(-SOFTENING_PER_K * (webTemperatureC - 25)));
}
