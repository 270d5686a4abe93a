import type { Hyperparameters } from "./hyperparameters.js";
import type { GaussianLatent, Surrogate, SurrogateData } from "./surrogate.js";

/** What a Gaussian process says at fixed hyperparameters. */
export interface ConditionedProcess
  extends GaussianLatent,
    Pick<Surrogate, "inputs" | "predict">,
    Required<Pick<Surrogate, "samples">> {
  /**
   * The process given further rows too, measured or imagined: hyperparameters and warp stay as they were fitted.
   *
   * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed), NOT_POSITIVE_DEFINITE
   */
  withObservations(rows: Omit<SurrogateData, "inputs">): ConditionedProcess;
}

/** A fitted Gaussian process, exact or approximate, or one task of a joint one. */
export interface GaussianProcessModel extends Surrogate, ConditionedProcess {
  readonly kind: "gaussian-process" | "multi-task-gaussian-process";
  readonly hyperparameters: Hyperparameters;
  readonly samples: NonNullable<Surrogate["samples"]>;
  /**
   * Raw predictions (medians) of some settings from all others, at the fitted hyperparameters, [settings].
   *
   * @param settings - Rows of `trainingInputs`.
   */
  leaveSettingsOut(settings: readonly number[]): Float64Array;
}
