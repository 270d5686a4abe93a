import { CellwrightError } from "../../errors.js";
import { exp } from "../../math/elementary.js";

/**
 * What the literature disagrees on, and nobody knows: which voltage window makes the SEI.
 *
 * neutral: the window does not matter. lee: the SEI is complete at 3.7 V, so a first charge that reached it is enough
 * (Lee et al. 2004, LCO/graphite). an: the SEI forms at a high state of charge, so charging above 3.9 V helps, and
 * staying below costs (An et al. 2017, NMC/graphite).
 */
export const FORMATION_WORLDS = ["neutral", "lee", "an"] as const;
export type FormationWorld = (typeof FORMATION_WORLDS)[number];

/**
 * Scatter of the lives of single cells within a protocol, a share of the mean: pooled over the 178 cells of 62 protocols of
 * Cui et al. (2024).
 */
export const CYCLE_LIFE_SCATTER = 0.085;

export interface CycleLifeInput {
  /** C-rates of the first charge below and above its first cut-off. */
  readonly firstRateC: number;
  readonly secondRateC: number;
  readonly temperatureC: number;
  /** Irreversibly plated charge, multiples of the nominal capacity. */
  readonly platedCharge?: number;
  /** Share of cracked particles and heterogeneity index, from calendering. */
  readonly crackedShare?: number;
  readonly heterogeneity?: number;
  /** Life of this cell relative to the cells behind the formula. */
  readonly lifeFactor?: number;
  readonly world?: FormationWorld;
  /** Highest voltage of formation, V, and charge that passed above 3.9 V; the worlds need them. */
  readonly upperCutoffV?: number;
  readonly chargeAbove3p9V?: number;
}

/**
 * Mean cycle life after formation:
 * ln N = 6.367 − .287 s(c1) + .078 s(c2) + .954 s(c1) s(c2) + e^((T−55)/8) (.633 − .511 s(c2)), s(z) = z/(z + .5).
 *
 * Regression on the 62 protocol means of Cui et al. (2024), NMC/graphite at 4.4 V: R² .68 and 8.6 % mean error with
 * each protocol left out and the form (best of 7) chosen anew. Penalties for plating, cracks and heterogeneity and
 * the worlds' factors are assumptions. Cells of one protocol scatter by 8.5 %.
 *
 * @throws CellwrightError INVALID_OPTION if a world is asked for without the voltages that it is about.
 */
export function cycleLife(input: CycleLifeInput): number {
  const {
    firstRateC,
    secondRateC,
    temperatureC,
    platedCharge = 0,
    crackedShare = 0,
    heterogeneity = 1,
  } = input;
  const [s1, s2] = [saturating(firstRateC), saturating(secondRateC)];
  const warm = exp((temperatureC - 55) / 8);
  const measured = 6.367 - 0.287 * s1 + 0.078 * s2 + 0.954 * s1 * s2 + warm * (0.633 - 0.511 * s2);
  const penalty = -12 * platedCharge - 0.8 * crackedShare - (heterogeneity - 1);
  return (input.lifeFactor ?? 1) * exp(measured + penalty) * worldFactor(input);
}

const saturating = (rateC: number): number => rateC / (rateC + 0.5);

/** Voltages and sizes of the worlds' effects (sizes: assumption). */
const LEE = { completeV: 3.7, lossPerV: 2 } as const;
const AN = { shallowV: 3.9, gain: 0.15, charge: 0.5, lossPerV: 2 } as const;

function worldFactor({ world = "neutral", upperCutoffV, chargeAbove3p9V }: CycleLifeInput): number {
  if (world === "neutral") return 1;
  if (upperCutoffV === undefined || chargeAbove3p9V === undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `The world "${world}" needs the highest voltage and the charge above 3.9 V.`,
    );
  }
  if (world === "lee") return exp(-LEE.lossPerV * Math.max(LEE.completeV - upperCutoffV, 0));
  // Five shallow cycles pass about 1.5 times the capacity above 3.9 V: 95 % of the gain.
  const gain = 1 + AN.gain * (1 - exp(-chargeAbove3p9V / AN.charge));
  return gain * exp(-AN.lossPerV * Math.max(AN.shallowV - upperCutoffV, 0));
}
