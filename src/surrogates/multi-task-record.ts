import type { RadialKernelName } from "../kernels/kernel.js";
import type { MultiTaskHyperparameters } from "./multi-task-search.js";
import type { SiteStatistics } from "./multi-task-model.js";
import { statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Everything that determines a fitted joint model, bit for bit. */
export interface MultiTaskParts {
  readonly across: "outcomes" | "sources";
  readonly tasks: readonly string[];
  readonly inputs: readonly InputDimension[];
  readonly kernel: RadialKernelName;
  /** One per task; equal for sources. */
  readonly transforms: readonly TransformRecord[];
  /** [T] */
  readonly trainingRows: readonly number[];
  /** Noise levels of each task, [T]. */
  readonly levels: readonly number[];
  readonly hyperparameters: MultiTaskHyperparameters;
  readonly statistics: SiteStatistics;
}

/** The parts as plain JSON with the task that is looked at: every task's record holds what the whole model needs. */
export function multiTaskRecord(parts: MultiTaskParts, task: string): SurrogateRecord {
  const { lengthscales, coregionalization, noiseVariance } = parts.hyperparameters;
  return {
    schema: "cellwright.surrogate/1",
    kind: "multi-task-gaussian-process",
    task,
    across: parts.across,
    tasks: parts.tasks,
    inputs: parts.inputs,
    kernel: parts.kernel,
    transforms: parts.transforms,
    trainingRows: parts.trainingRows,
    levels: parts.levels,
    hyperparameters: {
      lengthscales: [...lengthscales],
      rank: coregionalization.loadings.cols,
      loadings: [...coregionalization.loadings.data],
      specific: [...coregionalization.specific],
      noiseVariance: [...noiseVariance],
    },
    settings: { ...statisticsRecord(parts.statistics), site: [...parts.statistics.site] },
  };
}
