import type { RadialKernelName } from "../kernels/kernel.js";
import type { MultiFidelityHyperparameters } from "./multi-fidelity-search.js";
import type { SiteStatistics } from "./multi-task-model.js";
import { statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Everything that determines a fitted multi-fidelity model, bit for bit. */
export interface MultiFidelityParts {
  /** Name of the input that held the fidelity. */
  readonly fidelity: string;
  /** Fidelities in the data, ascending: the sites. */
  readonly fidelities: readonly number[];
  /** Without the fidelity. */
  readonly inputs: readonly InputDimension[];
  readonly kernel: RadialKernelName;
  readonly transform: TransformRecord;
  /** Rows at each fidelity. */
  readonly trainingRows: readonly number[];
  /** Noise levels of mature runs; early ones have as many. */
  readonly levels: number;
  readonly hyperparameters: MultiFidelityHyperparameters;
  readonly statistics: SiteStatistics;
}

/** The parts as plain JSON with the fidelity that is looked at. */
export function multiFidelityRecord(parts: MultiFidelityParts, at: number): SurrogateRecord {
  const { lengthscales, discrepancyLengthscales, coupling, noiseVariance } = parts.hyperparameters;
  return {
    schema: "cellwright.surrogate/1",
    kind: "multi-fidelity-gaussian-process",
    at,
    fidelity: parts.fidelity,
    fidelities: parts.fidelities,
    inputs: parts.inputs,
    kernel: parts.kernel,
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    levels: parts.levels,
    hyperparameters: {
      lengthscales: [...lengthscales],
      discrepancyLengthscales: [...discrepancyLengthscales],
      coupling: { ...coupling },
      noiseVariance: [...noiseVariance],
    },
    settings: { ...statisticsRecord(parts.statistics), site: [...parts.statistics.site] },
  };
}
