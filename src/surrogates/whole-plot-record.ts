import {
  type GaussianProcessParts,
  nestedProcessRecord,
  readGaussianProcessParts,
} from "./gaussian-process-record.js";
import { createRecordReader } from "./record-reader.js";
import type { SurrogateRecord } from "./surrogate.js";

/** Everything that determines a process with the errors of whole plots, bit for bit. */
export interface WholePlotParts extends GaussianProcessParts {
  readonly hyperparameters: GaussianProcessParts["hyperparameters"] & { readonly plotVariance: number };
  readonly statistics: GaussianProcessParts["statistics"] & { readonly plot: Int32Array };
  /** Nats that the log posterior gains over the same rows without such errors. */
  readonly gain: number;
}

const FIELD = "wholePlot";

/** Whether a record of kind "gaussian-process" is of a process with the errors of whole plots. */
export function isWholePlotRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record[FIELD] !== undefined;
}

/** The parts as plain JSON. */
export function wholePlotRecord(parts: WholePlotParts): SurrogateRecord {
  return nestedProcessRecord(parts, FIELD, {
    variance: parts.hyperparameters.plotVariance,
    gain: parts.gain,
    plot: [...parts.statistics.plot],
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readWholePlotRecord(record: SurrogateRecord): WholePlotParts {
  const reader = createRecordReader(record);
  const process = readGaussianProcessParts(reader, { field: FIELD });
  const plot = Int32Array.from(reader.numbers(`${FIELD}.plot`, process.statistics.X.rows, 0));
  const plotVariance = reader.number(`${FIELD}.variance`, 0);
  const parts: WholePlotParts = {
    ...process,
    hyperparameters: { ...process.hyperparameters, plotVariance },
    statistics: { ...process.statistics, plot },
    gain: reader.number(`${FIELD}.gain`),
  };
  reader.finish();
  return parts;
}
