import { logistic } from "../logistic.js";

/** Crushing of particles. */
export interface CrackingLaw {
  /** Line load at which half of the particles are cracked at 25 degC, N/mm. */
  readonly lineLoadNPerMm: number;
  /** Width of the transition, N/mm. */
  readonly widthNPerMm: number;
}

/** Relative gain in crushing load per K of web temperature: a warm binder spreads the load (assumption). */
const CRUSHING_GAIN_PER_K = 0.002;

/**
 * Share of cracked particles, 0 to 1: logistic in the line load.
 *
 * Rearrangement, moderate fracture and complete crushing are seen in simulations (arXiv 2601.02879); sizes are assumptions.
 */
export function crackedShare(law: CrackingLaw, lineLoadNPerMm: number, webTemperatureC: number): number {
  const crushing = law.lineLoadNPerMm * (1 + CRUSHING_GAIN_PER_K * (webTemperatureC - 25));
  return logistic((lineLoadNPerMm - crushing) / law.widthNPerMm);
}

/** What decides whether the web comes out flat and whole. */
export interface WebState {
  /** (ρ − ρ_0)/(ρ_max − ρ_0). */
  readonly relativeCompaction: number;
  readonly lineSpeedMPerMin: number;
  readonly webTemperatureC: number;
}

/** Probability that the edge of the coating wrinkles: rises with compaction and speed, falls with temperature (assumption). */
export function wrinklingProbability(web: WebState): number {
  const compaction = Math.max(web.relativeCompaction - 0.6, 0) / 0.4;
  return logistic(
    -4.5 + 9 * compaction + 0.012 * (web.lineSpeedMPerMin - 60) - 0.01 * (web.webTemperatureC - 25),
  );
}

/** Probability that the coating cracks when it is bent: rises with compaction, falls with temperature (assumption). */
export function embrittlementProbability(web: WebState): number {
  const compaction = Math.max(web.relativeCompaction - 0.75, 0) / 0.25;
  return logistic(-5 + 6 * compaction - 0.015 * (web.webTemperatureC - 25));
}

/**
 * Elongation of the foil along the web, a share: 1 % on aluminium at 35 % thickness reduction, a tenth of it on copper.
 *
 * Aluminium elongates about 1 %, copper does not (batterydesign.net, calendering); proportionality is an assumption.
 */
export function foilElongation(foil: "aluminium" | "copper", thicknessReduction: number): number {
  return 0.01 * (thicknessReduction / 0.35) * (foil === "aluminium" ? 1 : 0.1);
}

/** Elongation from which foil tears or coils run off centre. */
export const MAX_FOIL_ELONGATION = 0.01;
