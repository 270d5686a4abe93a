import {
  type GaussianProcessParts,
  nestedProcessRecord,
  readGaussianProcessParts,
} from "./gaussian-process-record.js";
import { createRecordReader } from "./record-reader.js";
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

/** The parts as plain JSON. */
export function robustRecord(parts: RobustParts): SurrogateRecord {
  return nestedProcessRecord(parts, "robust", {
    outlierRows: parts.outlierRows,
    outlierSettings: parts.outlierSettings,
    extraVariance: [...parts.extraVariance],
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readRobustRecord(record: SurrogateRecord): RobustParts {
  const reader = createRecordReader(record);
  const process = readGaussianProcessParts(reader, { field: "robust" });
  const { trainingRows, statistics } = process;
  const extraVariance = reader.numbers("robust.extraVariance", null, 0);
  const outliers = extraVariance.length;
  const parts: RobustParts = {
    ...process,
    outlierRows: [...reader.numbers("robust.outlierRows", outliers, 0, trainingRows - 1)],
    outlierSettings: [...reader.numbers("robust.outlierSettings", outliers, 0, statistics.X.rows - 1)],
    extraVariance,
  };
  reader.finish();
  return parts;
}
