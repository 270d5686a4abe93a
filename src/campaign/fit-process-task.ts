import type { Task } from "../surrogates/executor.js";
import {
  fitGaussianProcessOfAnySize,
  fitGaussianProcessOfAnySizeInSteps,
} from "../surrogates/fit-gaussian-process.js";
import { fitWork } from "../surrogates/fit-work.js";
import { hasNoiseModel } from "../surrogates/fit-noise-model.js";
import { asksForShape, type ShapedGaussianProcessOptions } from "../surrogates/shaped-gaussian-process.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import { loadGaussianProcess } from "../surrogates/load-gaussian-process.js";
import { loadVecchiaGaussianProcess } from "../surrogates/vecchia-gaussian-process.js";
import { loadWholePlotGaussianProcess } from "../surrogates/whole-plot-gaussian-process.js";
import { isWholePlotRecord } from "../surrogates/whole-plot-record.js";
import { isVecchiaRecord } from "../surrogates/vecchia-record.js";
import type { SurrogateData, SurrogateRecord } from "../surrogates/surrogate.js";

export interface FitProcessInput {
  readonly data: SurrogateData;
  readonly options: Omit<ShapedGaussianProcessOptions, "signal">;
}

/** Fits the Gaussian process that `ask` decides from; it comes back from another thread as its record. */
export const fitProcessTask: Task<FitProcessInput, GaussianProcessModel> = {
  name: "fit-process",
  run: ({ data, options }, signal) =>
    fitGaussianProcessOfAnySize(data, { ...options, ...(signal === undefined ? {} : { signal }) }),
  steps: ({ data, options }, signal) => fitGaussianProcessOfAnySizeInSteps(data, { ...options, signal }),
  work: ({ data }) => fitWork("gaussian-process", data.y.length),
  // Only exact processes without a shape or noise model and nearest-neighbour processes come back from a record with all that `ask` needs.
  stays: ({ options }) => hasNoiseModel(options) || asksForShape(options),
  travel: {
    pack: (model) => model.toJSON(),
    unpack(packed) {
      const record = packed as SurrogateRecord;
      if (isWholePlotRecord(record)) return loadWholePlotGaussianProcess(record);
      return isVecchiaRecord(record) ? loadVecchiaGaussianProcess(record) : loadGaussianProcess(record);
    },
  },
};
