import type { Hyperparameters } from "./hyperparameters.js";
import type { GaussianProcessSurrogate } from "./surrogate.js";

/** A fitted Gaussian process, exact or approximate. */
export interface GaussianProcessModel extends GaussianProcessSurrogate {
  readonly kind: "gaussian-process";
  readonly hyperparameters: Hyperparameters;
  /**
   * Raw predictions (medians) of some settings from all others, at the fitted hyperparameters, [settings].
   *
   * @param settings - Rows of `trainingInputs`.
   */
  leaveSettingsOut(settings: readonly number[]): Float64Array;
}
