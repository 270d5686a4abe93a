import { loadBayesianGaussianProcess } from "./bayesian-gaussian-process.js";
import { loadGaussianProcess } from "./load-gaussian-process.js";
import { loadMultiFidelity } from "./load-multi-fidelity.js";
import { loadMultiTask } from "./load-multi-task.js";
import { loadRandomForest } from "./random-forest.js";
import { loadResponseSurface } from "./response-surface.js";
import { loadVecchiaGaussianProcess } from "./vecchia-gaussian-process.js";
import { isVecchiaRecord } from "./vecchia-record.js";
import { requireRecord } from "./record-reader.js";
import type { Surrogate, SurrogateKind, SurrogateRecord } from "./surrogate.js";

/**
 * Rebuilds a surrogate from its record: the same predictions, bit for bit.
 *
 * @throws CellwrightError MODEL_INVALID with every field that is missing or malformed
 */
export function loadSurrogate(record: SurrogateRecord): Surrogate {
  requireRecord(record);
  return LOADERS[record.kind](record);
}

const LOADERS: Readonly<Record<SurrogateKind, (record: SurrogateRecord) => Surrogate>> = {
  "gaussian-process": (record) =>
    isVecchiaRecord(record) ? loadVecchiaGaussianProcess(record) : loadGaussianProcess(record),
  "bayesian-gaussian-process": loadBayesianGaussianProcess,
  "response-surface": loadResponseSurface,
  "random-forest": loadRandomForest,
  "multi-task-gaussian-process": loadMultiTask,
  "multi-fidelity-gaussian-process": loadMultiFidelity,
};
