import { fitBayesianGaussianProcess } from "./bayesian-gaussian-process.js";
import { fitByInference, type InferenceOptions } from "./bayesian-inference.js";
import { needsNeighbours } from "./fit-gaussian-process.js";
import { fitNoiseModel, hasNoiseModel, refuseNoiseModel } from "./fit-noise-model.js";
import { fitMultiFidelity, type MultiFidelityOptions } from "./multi-fidelity.js";
import { fitMultiTask } from "./multi-task.js";
import { fitRandomForest, type RandomForestOptions } from "./random-forest.js";
import { fitResponseSurface, type ResponseSurfaceOptions } from "./response-surface.js";
import type { Surrogate, SurrogateData, SurrogateKind } from "./surrogate.js";
import { fitVecchiaGaussianProcess } from "./vecchia-gaussian-process.js";

/** Options of every kind; each takes what concerns it. */
export type FitSurrogateOptions = InferenceOptions &
  ResponseSurfaceOptions &
  RandomForestOptions &
  MultiFidelityOptions;

/**
 * Fits the surrogate of the given kind. A Gaussian process under inference `nuts`, or `auto` where that pays, comes back
 * as kind "bayesian-gaussian-process"; one of more than 2,000 distinct settings is approximated by nearest neighbours.
 *
 * @throws CellwrightError as the fit of that kind; INVALID_OPTION for robust or input-dependent noise of another kind
 */
export function fitSurrogateKind(
  kind: SurrogateKind,
  data: SurrogateData,
  options: FitSurrogateOptions = {},
): Surrogate {
  if (kind !== "gaussian-process") refuseNoiseModel(kind, options);
  return FITS[kind](data, options);
}

/** Draws of hyperparameters are for few settings; their fit says so itself. */
function fitProcess(data: SurrogateData, options: FitSurrogateOptions): Surrogate {
  const { preset, inference = "map" } = options;
  if (hasNoiseModel(options)) return fitNoiseModel(data, options);
  if (inference === "nuts" || preset === "saas-2021" || !needsNeighbours(data))
    return fitByInference(data, options);
  return fitVecchiaGaussianProcess(data, { ...options, preset: preset ?? "default" });
}

const FITS: Readonly<
  Record<SurrogateKind, (data: SurrogateData, options: FitSurrogateOptions) => Surrogate>
> = {
  "gaussian-process": fitProcess,
  "bayesian-gaussian-process": fitBayesianGaussianProcess,
  "response-surface": fitResponseSurface,
  "random-forest": fitRandomForest,
  "multi-task-gaussian-process": (data, options) =>
    fitMultiTask({ outcomes: [{ name: "outcome", data, scale: options.scale ?? "auto" }] }, options).task(
      "outcome",
    ),
  "multi-fidelity-gaussian-process": (data, options) => fitMultiFidelity(data, options).at(1),
};
