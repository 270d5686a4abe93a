import { assembleGaussianProcess, type GaussianProcess } from "./gaussian-process.js";
import { PRESET_NAMES } from "./presets/preset.js";
import { createRecordReader } from "./record-reader.js";
import { readStatistics } from "./statistics-record.js";
import type { SurrogateRecord } from "./surrogate.js";

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadGaussianProcess(record: SurrogateRecord): GaussianProcess {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const noiseVariance = reader.numbers("hyperparameters.noiseVariance", null, 0);
  const parts = {
    inputs,
    preset: reader.oneOf("preset", PRESET_NAMES),
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    mean: reader.oneOf("mean", ["zero", "estimated"]),
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    hyperparameters: {
      lengthscales: reader.numbers("hyperparameters.lengthscales", inputs.length, Number.MIN_VALUE),
      signalVariance: reader.number("hyperparameters.signalVariance", Number.MIN_VALUE),
      noiseVariance,
    },
    statistics: readStatistics(reader, inputs.length, noiseVariance.length),
  };
  reader.finish();
  return assembleGaussianProcess(parts);
}
