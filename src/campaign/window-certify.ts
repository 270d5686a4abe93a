import type { Rng } from "../math/rng.js";
import { betaQuantile } from "./incomplete-beta.js";
import type { WindowCertificate } from "./window-answer.js";
import { drawFailures, failuresAnywhere, type WindowTerm } from "./window-draws.js";
import { encodedEnds, type LevelBox, spreadIn, type WindowRegion } from "./window-region.js";

/** Boxes that may be tried, each smaller than the one before. */
export const MOST_TRIES = 6;
/** Error allowed over all tries together: that no box is wrongly certified for its draws, by the union bound. */
const ERROR = 0.05;
/** Points of the box at which every draw is looked at (assumption; outcomes are smooth between them). */
const POINTS = 529;
/** Least draws, and draws a unit of the stated failure: 12/(1 − p) without a failure still certify p at ERROR/6. */
const LEAST_DRAWS = 2048;
const DRAWS_OF_FAILURE = 12;

/**
 * Certifies a box on draws that it was not chosen on: the share of joint draws in which every specification holds at all
 * points of the box and its tolerance, and a lower bound of it that counts the tries.
 *
 * @param attempt - From 1; every try has draws of its own.
 * @see Clopper & Pearson (1934), Biometrika 26(4); the tries share the error equally (Bonferroni)
 */
export function certify(
  region: WindowRegion,
  specifications: readonly WindowTerm[],
  box: LevelBox,
  probability: number,
  attempt: number,
  rng: Rng,
): WindowCertificate {
  const own = rng.fork(`certify ${attempt}`);
  const { low, high } = encodedEnds(region, box);
  const points = spreadIn(low, high, POINTS, own);
  const draws = Math.max(LEAST_DRAWS, Math.ceil(DRAWS_OF_FAILURE / (1 - probability)));
  const held = draws - failuresAnywhere(drawFailures(region, specifications, points, draws, own));
  return {
    share: held / draws,
    lower: held === 0 ? 0 : betaQuantile(ERROR / MOST_TRIES, held, draws - held + 1),
    ...{ draws, points: points.length, tries: attempt, mostTries: MOST_TRIES },
  };
}
