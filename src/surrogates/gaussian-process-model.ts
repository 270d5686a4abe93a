import type { SmoothFunction } from "../kernels/prior-function.js";
import type { Rng } from "../math/rng.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { GaussianLatent, Surrogate, SurrogateData } from "./surrogate.js";

/** What a Gaussian process says at fixed hyperparameters. */
export interface ConditionedProcess
  extends GaussianLatent,
    Pick<Surrogate, "inputs" | "predict">,
    Required<Pick<Surrogate, "samples">> {
  /**
   * Functions drawn from the posterior, model scale; the same generator gives the same functions. Absent where the prior
   * has no functions to draw.
   *
   * @throws CellwrightError INVALID_OPTION unless `count` is a whole number from 1 to 65,536
   */
  samplePaths?(count: number, rng: Rng): readonly SmoothFunction[];
  /**
   * The process given further rows too, measured or imagined: hyperparameters and warp stay as they were fitted.
   *
   * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed), NOT_POSITIVE_DEFINITE
   */
  withObservations(rows: Omit<SurrogateData, "inputs">): ConditionedProcess;
}

/** A fitted Gaussian process, exact or approximate. */
export interface GaussianProcessModel extends Surrogate, ConditionedProcess {
  readonly kind: "gaussian-process";
  readonly hyperparameters: Hyperparameters;
  readonly samples: NonNullable<Surrogate["samples"]>;
  /**
   * Raw predictions (medians) of some settings from all others, at the fitted hyperparameters, [settings].
   *
   * @param settings - Rows of `trainingInputs`.
   */
  leaveSettingsOut(settings: readonly number[]): Float64Array;
}
