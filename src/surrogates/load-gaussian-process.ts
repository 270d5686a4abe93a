import { assembleGaussianProcess, type GaussianProcess } from "./gaussian-process.js";
import { readGaussianProcessParts } from "./gaussian-process-record.js";
import { createRecordReader } from "./record-reader.js";
import type { SurrogateRecord } from "./surrogate.js";

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadGaussianProcess(record: SurrogateRecord): GaussianProcess {
  const reader = createRecordReader(record);
  const parts = readGaussianProcessParts(reader);
  reader.finish();
  return assembleGaussianProcess(parts);
}
