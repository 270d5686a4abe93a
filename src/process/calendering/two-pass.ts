import { log, pow } from "../../math/elementary.js";

/** What a second pass does to springback, heterogeneity and density under load (assumption, set to reproduce Park et al. 2019). */
export const SECOND_PASS = {
  springback: 0.7,
  heterogeneity: 0.82,
  density: 1.004,
  firstLoadShare: 0.4,
} as const;

/** Swelling and capacity loss of one pass and of two, LCO/graphite full cells: Park et al. 2019 as cited by Liu et al. 2021. */
const ONE_PASS = { swellingPercent: 5.0, lossPercent: 17.23 } as const;
const TWO_PASSES = { swellingPercent: 4.47, lossPercent: 14.17 } as const;
const SWELLING_DROP = 1 - TWO_PASSES.swellingPercent / ONE_PASS.swellingPercent;
/** Capacity lost faster where particles are cracked: relative increase when all of them are (assumption). */
const CRACKING_LOSS = 1.5;

/**
 * Swelling after 25 cycles and capacity retention after 200, in percent, from the heterogeneity index (1 after one
 * pass, .82 after two).
 *
 * Calibrated on two points, so equal to them by construction; between and beyond it is no law.
 */
export function swellingAndRetention(
  heterogeneity: number,
  cracked = 0,
): { readonly swellingPercent: number; readonly retention200Percent: number } {
  const share = (1 - heterogeneity) / (1 - SECOND_PASS.heterogeneity);
  const swelling = ONE_PASS.swellingPercent * (1 - SWELLING_DROP * share);
  const exponent =
    log(TWO_PASSES.lossPercent / ONE_PASS.lossPercent) /
    log(TWO_PASSES.swellingPercent / ONE_PASS.swellingPercent);
  const loss = ONE_PASS.lossPercent * pow(swelling / ONE_PASS.swellingPercent, exponent);
  return { swellingPercent: swelling, retention200Percent: 100 - loss * (1 + CRACKING_LOSS * cracked) };
}
