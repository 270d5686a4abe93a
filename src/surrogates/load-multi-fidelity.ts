import { assembleMultiFidelity } from "./multi-fidelity.js";
import { createRecordReader } from "./record-reader.js";
import { readStatistics } from "./statistics-record.js";
import type { GaussianProcessSurrogate, SurrogateRecord } from "./surrogate.js";

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadMultiFidelity(record: SurrogateRecord): GaussianProcessSurrogate {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const fidelities = [...reader.numbers("fidelities", null, 0, 1)];
  let levels = reader.number("levels", 1);
  if (!Number.isInteger(levels)) {
    reader.reject("levels", levels, "a whole number");
    levels = 1;
  }
  const at = reader.number("at", 0);
  if (at > 1) reader.reject("at", at, "a fidelity from 0 to 1");
  const fidelity = record["fidelity"];
  if (typeof fidelity !== "string") reader.reject("fidelity", fidelity, "the name of an input");
  const statistics = readStatistics(reader, inputs.length, 2 * levels);
  const parts = {
    fidelity: String(fidelity),
    fidelities,
    inputs,
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    transform: reader.transform(),
    trainingRows: [...reader.numbers("trainingRows", fidelities.length, 1)],
    levels,
    hyperparameters: {
      lengthscales: reader.numbers("hyperparameters.lengthscales", inputs.length, Number.MIN_VALUE),
      discrepancyLengthscales: reader.numbers(
        "hyperparameters.discrepancyLengthscales",
        inputs.length,
        Number.MIN_VALUE,
      ),
      coupling: {
        signalVariance: reader.number("hyperparameters.coupling.signalVariance", Number.MIN_VALUE),
        carriedShare: reader.number("hyperparameters.coupling.carriedShare"),
        discrepancyVariance: reader.number("hyperparameters.coupling.discrepancyVariance", Number.MIN_VALUE),
      },
      noiseVariance: reader.numbers("hyperparameters.noiseVariance", 2 * levels, 0),
    },
    statistics: {
      ...statistics,
      site: Int32Array.from(
        reader.numbers("settings.site", statistics.X.rows, 0, Math.max(0, fidelities.length - 1)),
      ),
    },
  };
  reader.finish();
  return assembleMultiFidelity(parts).at(at);
}
