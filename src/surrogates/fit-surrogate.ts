import { CellwrightError } from "../errors.js";
import { sampled } from "./bayesian-coordinates.js";
import { fitBayesianGaussianProcess } from "./bayesian-gaussian-process.js";
import { fitByInference, type InferenceOptions } from "./bayesian-inference.js";
import { fitGaussianProcessOfAnySize, needsNeighbours, withoutShape } from "./fit-gaussian-process.js";
import { fitNoiseModel, hasNoiseModel, refuseNoiseModel } from "./fit-noise-model.js";
import { fitMonotoneGaussianProcess, hasDirections, refuseDirections } from "./monotone-gaussian-process.js";
import { fitMultiFidelity, type MultiFidelityOptions } from "./multi-fidelity.js";
import { fitMultiTask } from "./multi-task.js";
import { fitRandomForest, type RandomForestOptions } from "./random-forest.js";
import { fitResponseSurface, type ResponseSurfaceOptions } from "./response-surface.js";
import {
  asksForShape,
  checkShapeOptions,
  fitShapedGaussianProcess,
  refuseShape,
} from "./shaped-gaussian-process.js";
import type { ShapeOptions } from "./shaped-prior.js";
import type { Surrogate, SurrogateData, SurrogateKind } from "./surrogate.js";
import { fitVecchiaGaussianProcess } from "./vecchia-gaussian-process.js";

/** Options of every kind; each takes what concerns it. */
export type FitSurrogateOptions = Omit<InferenceOptions, "mean"> &
  ShapeOptions &
  ResponseSurfaceOptions &
  RandomForestOptions &
  MultiFidelityOptions;

/**
 * Fits the surrogate of the given kind. A Gaussian process under inference `nuts`, or `auto` where that pays, comes back
 * as kind "bayesian-gaussian-process"; one of more than 2,000 distinct settings is approximated by nearest neighbours.
 * Warped inputs, a mean and a structure are for the maximum a posteriori.
 *
 * @throws CellwrightError as the fit of that kind; INVALID_OPTION for robust or input-dependent noise of another kind, and
 *   for a shape beside those or where hyperparameters are drawn
 */
export function fitSurrogateKind(
  kind: SurrogateKind,
  data: SurrogateData,
  options: FitSurrogateOptions = {},
): Surrogate {
  if (kind !== "gaussian-process") {
    refusePlots(kind, data);
    refuseNoiseModel(kind, options);
    refuseDirections(kind, options);
  }
  return FITS[kind](data, options);
}

/** Draws of hyperparameters are for few settings; their fit says so itself. */
function fitProcess(data: SurrogateData, options: FitSurrogateOptions): Surrogate {
  const { preset, inference = "map" } = options;
  if (inference !== "map" || preset === "saas-2021") refuseShape(options, "drawn hyperparameters");
  checkShapeOptions(options, data.inputs);
  if (data.wholePlot !== undefined) {
    if (inference !== "map" || preset === "saas-2021") refusePlots("process of drawn hyperparameters", data);
    else return fitGaussianProcessOfAnySize(data, { ...options, preset: preset ?? "default" });
  }
  if (hasDirections(options)) {
    if (inference !== "map" || preset === "saas-2021")
      refuseDirections("process of drawn hyperparameters", options);
    else {
      refuseShape(options, "monotone directions");
      return fitMonotoneGaussianProcess(data, withoutShape({ ...options, preset: preset ?? "default" }));
    }
  }
  if (hasNoiseModel(options)) {
    refuseShape(options, "robust and input-dependent noise");
    return fitNoiseModel(data, withoutShape(options));
  }
  if (asksForShape(options) && preset !== "saas-2021")
    return fitShapedGaussianProcess(data, { ...options, preset: preset ?? "default" });
  const plain = withoutShape(options);
  if (inference === "nuts" || preset === "saas-2021" || !needsNeighbours(data))
    return fitByInference(data, plain);
  return fitVecchiaGaussianProcess(data, { ...plain, preset: preset ?? "default" });
}

/** @throws CellwrightError INVALID_OPTION if the rows name whole plots, whose errors `kind` does not know */
function refusePlots(kind: string, { wholePlot }: SurrogateData): void {
  if (wholePlot === undefined) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `A ${kind} knows no errors of whole plots: they are for kind gaussian-process with inference map.`,
  );
}

function fitDrawn(data: SurrogateData, options: FitSurrogateOptions): Surrogate {
  refuseShape(options, "drawn hyperparameters");
  return fitBayesianGaussianProcess(data, sampled(options));
}

const FITS: Readonly<
  Record<SurrogateKind, (data: SurrogateData, options: FitSurrogateOptions) => Surrogate>
> = {
  "gaussian-process": fitProcess,
  "bayesian-gaussian-process": fitDrawn,
  "response-surface": fitResponseSurface,
  "random-forest": fitRandomForest,
  "multi-task-gaussian-process": (data, options) =>
    fitMultiTask({ outcomes: [{ name: "outcome", data, scale: options.scale ?? "auto" }] }, options).task(
      "outcome",
    ),
  "multi-fidelity-gaussian-process": (data, options) => fitMultiFidelity(data, options).at(1),
};
