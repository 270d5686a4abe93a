import type { RadialKernelName } from "../kernels/kernel.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { GaussianProcessPresetName, MeanFunction } from "./presets/preset.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Everything that determines a fitted Gaussian process, bit for bit. */
export interface GaussianProcessParts {
  readonly inputs: readonly InputDimension[];
  readonly preset: GaussianProcessPresetName;
  readonly kernel: RadialKernelName;
  readonly mean: MeanFunction;
  readonly transform: TransformRecord;
  readonly trainingRows: number;
  readonly hyperparameters: Hyperparameters;
  readonly statistics: SettingStatistics;
}

/** The parts as plain JSON; numbers keep every bit in JSON's shortest decimal form. */
export function gaussianProcessRecord(parts: GaussianProcessParts): SurrogateRecord {
  const { hyperparameters, statistics } = parts;
  return {
    schema: "cellwright.surrogate/1",
    kind: "gaussian-process",
    inputs: parts.inputs,
    preset: parts.preset,
    kernel: parts.kernel,
    mean: parts.mean,
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    hyperparameters: {
      lengthscales: [...hyperparameters.lengthscales],
      signalVariance: hyperparameters.signalVariance,
      noiseVariance: [...hyperparameters.noiseVariance],
    },
    settings: statisticsRecord(statistics),
  };
}
