import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { fitGaussianProcess, type GaussianProcessOptions } from "./gaussian-process.js";
import { fitNoiseModel, hasNoiseModel } from "./fit-noise-model.js";
import type { SurrogateData } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { fitVecchiaGaussianProcess } from "./vecchia-gaussian-process.js";

/** Most distinct settings of an exact fit: 2,000 take seconds, and time grows with their cube. */
export const MOST_EXACT_SETTINGS = 2000;

/**
 * Fits a Gaussian process of the size of the data: exact up to 2,000 distinct settings, by nearest neighbours beyond;
 * `describe().method` says so there.
 *
 * With `robust` or `noise: "input-dependent"` the fit is exact always, and refuses more settings than that.
 *
 * @throws CellwrightError as `fitGaussianProcess`, but never TOO_MANY_ROWS; as `fitNoiseModel`
 */
export function fitGaussianProcessOfAnySize(
  data: SurrogateData,
  options: GaussianProcessOptions = {},
): GaussianProcessModel {
  if (hasNoiseModel(options)) return fitNoiseModel(data, options);
  return needsNeighbours(data) ? fitVecchiaGaussianProcess(data, options) : fitGaussianProcess(data, options);
}

/**
 * Whether data have more distinct settings than an exact process takes.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID if there are that many rows and they cannot be learned from
 */
export function needsNeighbours(data: SurrogateData): boolean {
  return data.y.length > MOST_EXACT_SETTINGS && arrangeRows(data).X.rows > MOST_EXACT_SETTINGS;
}
