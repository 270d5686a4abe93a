import { fitGaussianProcess } from "./gaussian-process.js";
import { compareDensities, gainWords } from "./multi-task-transfer.js";
import {
  fitMultiFidelity,
  matureRows,
  type MultiFidelityGaussianProcess,
  type MultiFidelityOptions,
} from "./multi-fidelity.js";
import type { GaussianProcessSurrogate, SurrogateData } from "./surrogate.js";

/** An outcome of which some runs are mature and others are only begun. */
export interface MaturingResult {
  /** The mature outcome as a function of the other inputs. */
  readonly surrogate: GaussianProcessSurrogate;
  /** The multi-fidelity model; null where early signals are left out. */
  readonly model: MultiFidelityGaussianProcess | null;
  /** What the log density of left-out mature settings gains by the early signals, nats; null if nothing is mature. */
  readonly gain: number | null;
  readonly standardError: number | null;
  readonly words: string;
}

/**
 * Fits the mature outcome with its early signals where they help, and from the mature runs alone where they do not.
 *
 * Both are fitted anew and compared by the exact leave-one-out log density of the mature settings, each left out with
 * its own early signals: what a new setting would gain. Where nothing is mature yet there is nothing to compare, and the
 * early signals are used.
 *
 * @throws CellwrightError as `fitMultiFidelity` and `fitGaussianProcess`
 */
export function fitMaturing(data: SurrogateData, options: MultiFidelityOptions = {}): MaturingResult {
  const model = fitMultiFidelity(data, options);
  const joint = model.at(1);
  const mature = matureRows(data, options.fidelity ?? "fidelity");
  if (mature.y.length === 0) {
    const words = "Nothing is mature yet: predictions rest on early signals alone.";
    return { surrogate: joint, model, gain: null, standardError: null, words };
  }
  const alone = fitGaussianProcess(mature, {
    scale: options.scale ?? "auto",
    ...(options.kernel && { kernel: options.kernel }),
    ...(options.signal && { signal: options.signal }),
  });
  const baseline = alone.leaveOneOut().logDensity;
  const compared = compareDensities(joint.leaveOneOut().logDensity, baseline);
  const { gain, standardError } = compared;
  const helps = gain >= 0;
  const measured = `With early signals, the log density of left-out mature settings ${gainWords(gain, standardError, baseline.length)}`;
  return {
    surrogate: helps ? joint : alone,
    model: helps ? model : null,
    ...compared,
    words: `${measured}: they are ${helps ? "used" : "left out, since they would mislead"}.`,
  };
}
