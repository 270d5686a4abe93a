import type { RowPrediction } from "./held-out.js";

/** How often central intervals of one level held. */
interface CalibrationLevel {
  /** Promised share, such as 0.8. */
  readonly level: number;
  /** Share that was held. */
  readonly held: number;
  readonly of: number;
}

export interface Calibration {
  readonly levels: readonly CalibrationLevel[];
  /** Counts of the probability integral transform in ten equal bins: flat if calibrated, U-shaped if overconfident. */
  readonly histogram: readonly number[];
  /** Mean of the transform: below ½ the outcomes came out lower than predicted. */
  readonly meanPit: number;
  /** Variance of the transform over that of a uniform (1/12): above 1 overconfident, below 1 too cautious. */
  readonly dispersion: number;
}

/** Levels at which coverage is stated. */
const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99];
const BINS = 10;

/**
 * Checks whether intervals hold as often as they promise, by the probability integral transform.
 *
 * @see Gneiting, Balabdaoui & Raftery (2007), Journal of the Royal Statistical Society B 69(2), section 3
 */
export function calibrate(predictions: readonly Pick<RowPrediction, "pit">[]): Calibration {
  const pits = predictions.map(({ pit }) => pit);
  const n = pits.length;
  const histogram = new Array<number>(BINS).fill(0);
  let sum = 0;
  for (const pit of pits) {
    const bin = Math.min(BINS - 1, Math.floor(pit * BINS));
    histogram[bin] = histogram[bin]! + 1;
    sum += pit;
  }
  const meanPit = sum / n;
  let squares = 0;
  for (const pit of pits) squares += (pit - meanPit) * (pit - meanPit);
  return {
    levels: LEVELS.map((level) => ({
      level,
      held: pits.filter((pit) => Math.abs(pit - 0.5) <= level / 2).length / n,
      of: n,
    })),
    histogram,
    meanPit,
    dispersion: (12 * squares) / n,
  };
}
