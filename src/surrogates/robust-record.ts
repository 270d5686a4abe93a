import { gaussianProcessRecord, type GaussianProcessParts } from "./gaussian-process-record.js";
import { PRESET_NAMES } from "./presets/preset.js";
import { createRecordReader } from "./record-reader.js";
import { readStatistics } from "./statistics-record.js";
import type { SurrogateRecord } from "./surrogate.js";

/** Everything that determines a robust Gaussian process, bit for bit; ρ is part of the settings' known variance. */
export interface RobustParts extends GaussianProcessParts {
  /** Rows of the training data that are outliers, ascending, [k]. */
  readonly outlierRows: readonly number[];
  /** Setting of each, [k], and its extra noise variance ρ, model scale, [k]. */
  readonly outlierSettings: readonly number[];
  readonly extraVariance: Float64Array;
}

/** Whether a record of kind "gaussian-process" is of a robust fit. */
export function isRobustRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record["robust"] !== undefined;
}

/** The parts as plain JSON. What a plain process would need is inside `robust`: it cannot be mistaken. */
export function robustRecord(parts: RobustParts): SurrogateRecord {
  const { hyperparameters, settings, ...plain } = gaussianProcessRecord(parts);
  return {
    ...plain,
    robust: {
      outlierRows: parts.outlierRows,
      outlierSettings: parts.outlierSettings,
      extraVariance: [...parts.extraVariance],
      hyperparameters,
      settings,
    },
  };
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readRobustRecord(record: SurrogateRecord): RobustParts {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const within = (field: string): string => `robust.${field}`;
  const noiseVariance = reader.numbers(within("hyperparameters.noiseVariance"), null, 0);
  const statistics = readStatistics(reader, inputs.length, noiseVariance.length, within("settings"));
  const extraVariance = reader.numbers(within("extraVariance"), null, 0);
  const outliers = extraVariance.length;
  const trainingRows = reader.number("trainingRows", 1);
  const parts: RobustParts = {
    inputs,
    preset: reader.oneOf("preset", PRESET_NAMES),
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    mean: reader.oneOf("mean", ["zero", "estimated"]),
    transform: reader.transform(),
    trainingRows,
    hyperparameters: {
      lengthscales: reader.numbers(within("hyperparameters.lengthscales"), inputs.length, Number.MIN_VALUE),
      signalVariance: reader.number(within("hyperparameters.signalVariance"), Number.MIN_VALUE),
      noiseVariance,
    },
    statistics,
    outlierRows: [...reader.numbers(within("outlierRows"), outliers, 0, trainingRows - 1)],
    outlierSettings: [...reader.numbers(within("outlierSettings"), outliers, 0, statistics.X.rows - 1)],
    extraVariance,
  };
  reader.finish();
  return parts;
}
