import { loadBayesianGaussianProcess } from "./bayesian-gaussian-process.js";
import { loadInputNoiseGaussianProcess } from "./input-noise-gaussian-process.js";
import { isInputNoiseRecord } from "./input-noise-record.js";
import { loadGaussianProcess } from "./load-gaussian-process.js";
import { loadMultiFidelity } from "./load-multi-fidelity.js";
import { loadMultiTask } from "./load-multi-task.js";
import { loadMonotoneGaussianProcess } from "./monotone-gaussian-process.js";
import { isMonotoneRecord } from "./monotone-record.js";
import type { MeanResolver } from "./prior-mean.js";
import { loadGaussianProcessWithMean } from "./prior-mean-gaussian-process.js";
import { isPriorMeanRecord } from "./prior-mean-record.js";
import { loadRandomForest } from "./random-forest.js";
import { loadResponseSurface } from "./response-surface.js";
import { loadRobustGaussianProcess } from "./robust-gaussian-process.js";
import { isRobustRecord } from "./robust-record.js";
import { loadVecchiaGaussianProcess } from "./vecchia-gaussian-process.js";
import { isVecchiaRecord } from "./vecchia-record.js";
import { loadWholePlotGaussianProcess } from "./whole-plot-gaussian-process.js";
import { isWholePlotRecord } from "./whole-plot-record.js";
import { requireRecord } from "./record-reader.js";
import { loadShapedGaussianProcess } from "./shaped-gaussian-process.js";
import { isShapedRecord } from "./shaped-record.js";
import type { Surrogate, SurrogateKind, SurrogateRecord } from "./surrogate.js";

/**
 * Rebuilds a surrogate from its record: the same predictions, bit for bit.
 *
 * @param resolveMean - Finds a parametric prior mean by the name in the record (prior-mean.ts).
 * @throws CellwrightError MODEL_INVALID with every field that is missing or malformed, or where a prior mean is not known
 */
export function loadSurrogate(record: SurrogateRecord, resolveMean: MeanResolver = () => null): Surrogate {
  requireRecord(record);
  if (isPriorMeanRecord(record)) return loadGaussianProcessWithMean(record, resolveMean);
  if (isInputNoiseRecord(record)) return loadInputNoiseGaussianProcess(record);
  if (isRobustRecord(record)) return loadRobustGaussianProcess(record);
  if (isWholePlotRecord(record)) return loadWholePlotGaussianProcess(record);
  if (isMonotoneRecord(record)) return loadMonotoneGaussianProcess(record);
  return LOADERS[record.kind](record);
}

const LOADERS: Readonly<Record<SurrogateKind, (record: SurrogateRecord) => Surrogate>> = {
  "gaussian-process": (record) => {
    if (isShapedRecord(record)) return loadShapedGaussianProcess(record);
    return isVecchiaRecord(record) ? loadVecchiaGaussianProcess(record) : loadGaussianProcess(record);
  },
  "bayesian-gaussian-process": loadBayesianGaussianProcess,
  "response-surface": loadResponseSurface,
  "random-forest": loadRandomForest,
  "multi-task-gaussian-process": loadMultiTask,
  "multi-fidelity-gaussian-process": loadMultiFidelity,
};
