import type { RadialKernelName } from "../kernels/kernel.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { type GaussianProcessPresetName, type MeanFunction, PRESET_NAMES } from "./presets/preset.js";
import type { RecordReader } from "./record-reader.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
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

/** The parts of a process whose mean is no constant. */
export type PartsWithoutMean = Omit<GaussianProcessParts, "mean">;

/** The parts as plain JSON; numbers keep every bit in JSON's shortest decimal form. */
export function gaussianProcessRecord(
  parts: PartsWithoutMean & Partial<Pick<GaussianProcessParts, "mean">>,
): SurrogateRecord {
  const { hyperparameters, statistics, mean } = parts;
  return {
    schema: "cellwright.surrogate/1",
    kind: "gaussian-process",
    inputs: parts.inputs,
    preset: parts.preset,
    kernel: parts.kernel,
    ...(mean === undefined ? {} : { mean }),
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

/**
 * The record of a process that is more than a plain one: what a plain one would need is inside `field`, below what is its
 * own, so that it cannot be mistaken.
 */
export function nestedProcessRecord(
  parts: Parameters<typeof gaussianProcessRecord>[0],
  field: string,
  own: Readonly<Record<string, unknown>>,
): SurrogateRecord {
  const { hyperparameters, settings, ...plain } = gaussianProcessRecord(parts);
  return { ...plain, [field]: { ...own, hyperparameters, settings } };
}

const KERNELS: readonly RadialKernelName[] = ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"];

/** Where a record keeps hyperparameters and settings, and which kernels its process takes. */
interface ReadOptions {
  /** As of `nestedProcessRecord`; absent: the record of a plain process. */
  readonly field?: string;
  readonly kernels?: readonly RadialKernelName[];
}

/** Reads back what `gaussianProcessRecord` or `nestedProcessRecord` wrote. */
export function readGaussianProcessParts(
  reader: RecordReader,
  options: ReadOptions = {},
): GaussianProcessParts {
  return { ...readPartsWithoutMean(reader, options), mean: reader.oneOf("mean", ["zero", "estimated"]) };
}

/** As `readGaussianProcessParts` of a process whose mean is no constant. */
export function readPartsWithoutMean(
  reader: RecordReader,
  { field, kernels = KERNELS }: ReadOptions,
): PartsWithoutMean {
  const within = (name: string): string => (field === undefined ? name : `${field}.${name}`);
  const inputs = reader.inputs();
  const noiseVariance = reader.numbers(within("hyperparameters.noiseVariance"), null, 0);
  return {
    inputs,
    preset: reader.oneOf("preset", PRESET_NAMES),
    kernel: reader.oneOf("kernel", kernels),
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    hyperparameters: {
      lengthscales: reader.numbers(within("hyperparameters.lengthscales"), inputs.length, Number.MIN_VALUE),
      signalVariance: reader.number(within("hyperparameters.signalVariance"), Number.MIN_VALUE),
      noiseVariance,
    },
    statistics: readStatistics(reader, inputs.length, noiseVariance.length, within("settings")),
  };
}
