import { fitGaussianProcess, type GaussianProcessOptions } from "./gaussian-process.js";
import { fitMultiFidelity, type MultiFidelityOptions } from "./multi-fidelity.js";
import { fitMultiTask } from "./multi-task.js";
import { fitRandomForest, type RandomForestOptions } from "./random-forest.js";
import { fitResponseSurface, type ResponseSurfaceOptions } from "./response-surface.js";
import type { Surrogate, SurrogateData, SurrogateKind } from "./surrogate.js";

/** Options of every kind; each takes what concerns it. */
export type FitSurrogateOptions = GaussianProcessOptions &
  ResponseSurfaceOptions &
  RandomForestOptions &
  MultiFidelityOptions;

/**
 * Fits the surrogate of the given kind.
 *
 * @throws CellwrightError as the fit of that kind
 */
export function fitSurrogateKind(
  kind: SurrogateKind,
  data: SurrogateData,
  options: FitSurrogateOptions = {},
): Surrogate {
  return FITS[kind](data, options);
}

const FITS: Readonly<
  Record<SurrogateKind, (data: SurrogateData, options: FitSurrogateOptions) => Surrogate>
> = {
  "gaussian-process": fitGaussianProcess,
  "response-surface": fitResponseSurface,
  "random-forest": fitRandomForest,
  "multi-task-gaussian-process": (data, options) =>
    fitMultiTask({ outcomes: [{ name: "outcome", data, scale: options.scale ?? "auto" }] }, options).task(
      "outcome",
    ),
  "multi-fidelity-gaussian-process": (data, options) => fitMultiFidelity(data, options).at(1),
};
