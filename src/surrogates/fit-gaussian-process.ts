import { CellwrightError } from "../errors.js";
import { finish, type Steps } from "../math/steps.js";
import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { fitNoiseModel, hasNoiseModel } from "./fit-noise-model.js";
import { fitGaussianProcessInSteps } from "./gaussian-process.js";
import {
  asksForShape,
  checkShapeOptions,
  fitShapedGaussianProcess,
  refuseShape,
  type ShapedGaussianProcessOptions,
} from "./shaped-gaussian-process.js";
import type { ShapeOptions } from "./shaped-prior.js";
import { fitMonotoneGaussianProcess, hasDirections } from "./monotone-gaussian-process.js";
import type { SurrogateData } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { fitWholePlotGaussianProcess } from "./whole-plot-gaussian-process.js";
import { fitVecchiaGaussianProcessInSteps } from "./vecchia-gaussian-process.js";

/** Most distinct settings of an exact fit: 2,000 take seconds, and time grows with their cube. */
export const MOST_EXACT_SETTINGS = 2000;

/**
 * Fits a Gaussian process of the size of the data: exact up to 2,000 distinct settings, by nearest neighbours beyond;
 * `describe().method` says so there. With warped inputs, a linear mean or a sum of kernels it is exact and takes up to
 * 1,000.
 *
 * With directions (`monotone`) it is exact and takes up to 500.
 *
 * With `robust` or `noise: "input-dependent"` the fit is exact always, and refuses more settings than that.
 *
 * Rows that name their whole plots share errors by plots; that takes up to 1,000.
 *
 * @throws CellwrightError as `fitGaussianProcess`, TOO_MANY_ROWS with such a shape only; as `fitNoiseModel`;
 *   INVALID_OPTION for a shape together with a noise model, directions with either, or whole plots with any of them
 */
export function fitGaussianProcessOfAnySize(
  data: SurrogateData,
  options: ShapedGaussianProcessOptions = {},
): GaussianProcessModel {
  return finish(fitGaussianProcessOfAnySizeInSteps(data, options));
}

/** As `fitGaussianProcessOfAnySize`; the plain processes, which may take minutes, pause before every iteration. */
export function* fitGaussianProcessOfAnySizeInSteps(
  data: SurrogateData,
  options: ShapedGaussianProcessOptions,
): Steps<GaussianProcessModel> {
  checkShapeOptions(options, data.inputs);
  if (data.wholePlot !== undefined) {
    refusePlotsBeside(options);
    return fitWholePlotGaussianProcess(data, withoutShape(options));
  }
  if (hasDirections(options)) {
    refuseShape(options, "monotone directions");
    return fitMonotoneGaussianProcess(data, withoutShape(options));
  }
  if (hasNoiseModel(options)) {
    refuseShape(options, "robust and input-dependent noise");
    return fitNoiseModel(data, withoutShape(options));
  }
  if (asksForShape(options)) return fitShapedGaussianProcess(data, options);
  const plain = withoutShape(options);
  return needsNeighbours(data)
    ? yield* fitVecchiaGaussianProcessInSteps(data, plain)
    : yield* fitGaussianProcessInSteps(data, plain);
}

/** @throws CellwrightError INVALID_OPTION for options that do not go with the errors of whole plots */
export function refusePlotsBeside(options: ShapedGaussianProcessOptions): void {
  refuseShape(options, "the errors of whole plots");
  if (!hasNoiseModel(options) && !hasDirections(options)) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    "robust, input-dependent noise and monotone directions are not supported with the errors of whole plots: leave them out, or the plots.",
  );
}

/** Options that ask for no shape as those of a plain fit. */
export function withoutShape<Options extends ShapeOptions>(
  options: Options,
): Omit<Options, "mean"> & { readonly mean?: "constant" } {
  const { mean, ...rest } = options;
  return mean === "constant" ? { ...rest, mean } : rest;
}

/**
 * Whether data have more distinct settings than an exact process takes.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID if there are that many rows and they cannot be learned from
 */
export function needsNeighbours(data: SurrogateData): boolean {
  return data.y.length > MOST_EXACT_SETTINGS && arrangeRows(data).X.rows > MOST_EXACT_SETTINGS;
}
