import { CellwrightError, type Problem } from "../errors.js";
import { createRng } from "../math/rng.js";
import { conditionShaped } from "./condition-shaped.js";
import { describeShaped } from "./describe-shaped.js";
import { type GaussianProcessOptions, randomStarts } from "./gaussian-process.js";
import type { GaussianProcessModel } from "./gaussian-process-model.js";
import { conditionProcess, type ProcessPosterior } from "./posterior.js";
import { presets } from "./presets/presets.js";
import { processPredictions } from "./process-predictions.js";
import { isConstant, settingStatistics } from "./setting-statistics.js";
import {
  createShapedModel,
  profiledMean,
  type Shape,
  type ShapedHyperparameters,
  type ShapedModel,
  type ShapeOptions,
} from "./shaped-prior.js";
import { shapedPriorFunctions } from "./shaped-prior-functions.js";
import { readShapedRecord, type ShapedParts, shapedRecord } from "./shaped-record.js";
import { defaultShapedHyperparameters, maximizeShapedPosterior } from "./shaped-search.js";
import type { InputDimension, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform } from "./transform.js";

/** Options of a Gaussian process with or without a shape of its own. */
export type ShapedGaussianProcessOptions = Omit<GaussianProcessOptions, "mean"> & ShapeOptions;

/** A fitted Gaussian process with warped inputs, a linear mean or a sum of kernels. */
export interface ShapedGaussianProcess extends GaussianProcessModel {
  readonly hyperparameters: ShapedHyperparameters;
  readonly posterior: ProcessPosterior;
}

/** Most distinct settings: covariances are filled in plain code, and a fit of 1,000 takes minutes. */
export const MOST_SHAPED_SETTINGS = 1000;

/** Whether options ask for more than a product kernel with a constant mean, which other fits are faster at. */
export function asksForShape({ inputWarp, mean, structure }: ShapeOptions): boolean {
  return inputWarp === true || mean === "linear" || (structure !== undefined && structure !== "product");
}

/**
 * Checks the options of a shape against the inputs.
 *
 * @throws CellwrightError INVALID_OPTION with every problem
 */
export function checkShapeOptions(options: ShapeOptions, inputs: readonly InputDimension[]): void {
  const { inputWarp = false, mean = "constant", structure = "product" } = options;
  const problems: Problem[] = [];
  const expectOneOf = (where: string, found: unknown, choices: readonly unknown[]): void => {
    if (!choices.includes(found))
      problems.push({ where, found: String(found), expected: choices.join(", ") });
  };
  const needs = (kind: InputDimension["kind"], where: string, found: string, remedy: string): void => {
    if (inputs.some((input) => input.kind === kind)) return;
    problems.push({ where, found, expected: `at least one ${kind} input`, remedy });
  };
  expectOneOf("inputWarp", inputWarp, [true, false]);
  expectOneOf("mean", mean, ["constant", "linear"]);
  expectOneOf("structure", structure, ["product", "sum", "sum-and-product"]);
  if (inputWarp) needs("continuous", "inputWarp", "true", "Leave inputWarp out.");
  if (mean === "linear") needs("continuous", "mean", "linear", "Use mean: constant.");
  if (structure !== "product") needs("categorical", "structure", structure, "Leave structure out.");
  if (problems.length === 0) return;
  throw new CellwrightError("INVALID_OPTION", "This shape does not fit these inputs.", { problems });
}

/**
 * Refuses a shape beside an option that has none.
 *
 * @throws CellwrightError INVALID_OPTION
 */
export function refuseShape(options: ShapeOptions, beside: string): void {
  if (!asksForShape(options) && options.mean === undefined) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `inputWarp, mean and structure are not supported with ${beside}: they are for hyperparameters by maximum a posteriori under the presets default and hvarfner-2024, with constant noise.`,
  );
}

/**
 * Fits an exact Gaussian process with warped inputs, a linear mean or a sum of kernels; otherwise as
 * `fitGaussianProcess`, with the same ladder for little data: where the outcome does not vary its spread is a guess,
 * which gives slopes no scale, and a linear mean gives way to the preset's own.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed), INVALID_OPTION, TOO_MANY_ROWS beyond
 *   1,000 distinct settings, CANCELLED, NOT_POSITIVE_DEFINITE
 */
export function fitShapedGaussianProcess(
  data: SurrogateData,
  options: ShapedGaussianProcessOptions,
): ShapedGaussianProcess {
  const { preset: presetName = "default", scale = "auto", seed = 0, warmStart } = options;
  const rows = arrangeRows(data);
  checkShapeOptions(options, data.inputs);
  const starts = options.starts ?? (warmStart === undefined ? randomStarts(rows.X.rows) : 0);
  checkSize(rows.X.rows, starts);
  const preset = presets[presetName];
  const transform = fitTransform(rows.y, rows.groupStart, scale);
  const statistics = settingStatistics(rows, transform);
  const learnsTrend = options.mean === "linear" && !isConstant(statistics);
  const shape: Shape = {
    kernel: options.kernel ?? "matern-5/2",
    structure: options.structure ?? "product",
    inputWarp: options.inputWarp ?? false,
    mean: learnsTrend ? "linear" : options.mean === "constant" ? "estimated" : preset.mean,
  };
  const model = createShapedModel(data.inputs, shape);
  const hyperparameters = isConstant(statistics)
    ? defaultShapedHyperparameters(model, preset, statistics.levels)
    : maximizeShapedPosterior(model, statistics, preset, {
        randomStarts: starts,
        rng: createRng(seed),
        ...(warmStart && { warmStart }),
        ...(options.signal && { signal: options.signal }),
      });
  return assemble(
    {
      inputs: data.inputs,
      preset: presetName,
      shape,
      transform: transform.record,
      trainingRows: data.y.length,
      hyperparameters,
      statistics,
    },
    model,
  );
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadShapedGaussianProcess(record: SurrogateRecord): ShapedGaussianProcess {
  const parts = readShapedRecord(record);
  return assemble(parts, createShapedModel(parts.inputs, parts.shape));
}

function checkSize(settings: number, starts: number): void {
  if (!(Number.isInteger(starts) && starts >= 0)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `starts must be a whole number of 0 or more, found ${starts}.`,
    );
  }
  if (settings <= MOST_SHAPED_SETTINGS) return;
  throw new CellwrightError(
    "TOO_MANY_ROWS",
    `A Gaussian process with inputWarp, mean: linear or a structure other than product takes up to ${MOST_SHAPED_SETTINGS} distinct settings, found ${settings}: leave those options out or use fewer rows.`,
    { details: { settings, most: MOST_SHAPED_SETTINGS } },
  );
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assemble(parts: ShapedParts, model: ShapedModel): ShapedGaussianProcess {
  const { inputs, hyperparameters, statistics } = parts;
  const transform = createTransform(parts.transform);
  const posterior = conditionShapedProcess(model, hyperparameters, statistics);
  return {
    ...processPredictions(posterior, inputs, parts.trainingRows, transform),
    hyperparameters,
    posterior,
    describe: () => describeShaped(parts, model, transform, posterior),
    toJSON: () => shapedRecord(parts),
  };
}

/** The posterior of a shaped process at given hyperparameters. @throws CellwrightError NOT_POSITIVE_DEFINITE */
export function conditionShapedProcess(
  model: ShapedModel,
  hyperparameters: ShapedHyperparameters,
  statistics: ShapedParts["statistics"],
): ProcessPosterior {
  return conditionProcess(
    statistics,
    hyperparameters,
    profiledMean(model.shape),
    (X, noise) => conditionShaped(model, hyperparameters, X, noise),
    shapedPriorFunctions(model, hyperparameters),
  );
}
