import type { RadialKernelName } from "../kernels/kernel.js";
import type { BayesianPresetName } from "./bayesian-coordinates.js";
import type { HyperparameterIntervals, SamplingReport } from "./bayesian-sampling.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { MeanFunction } from "./presets/preset.js";
import type { RecordReader } from "./record-reader.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Why draws were taken instead of one set of hyperparameters. */
export interface InferenceChoice {
  /** `auto`: because leave-one-out log density gains; `nuts`: on request. */
  readonly inference: "nuts" | "auto";
  /** Sum over settings, draws minus maximum a posteriori, nats; 0 on request. */
  readonly gain: number;
  readonly standardError: number;
}

/** Everything that determines a fully Bayesian Gaussian process, bit for bit. */
export interface BayesianGaussianProcessParts {
  readonly inputs: readonly InputDimension[];
  readonly preset: BayesianPresetName;
  readonly kernel: RadialKernelName;
  readonly mean: MeanFunction;
  readonly transform: TransformRecord;
  readonly trainingRows: number;
  readonly draws: readonly Hyperparameters[];
  readonly intervals: HyperparameterIntervals;
  readonly sampling: SamplingReport;
  readonly choice: InferenceChoice;
  readonly statistics: SettingStatistics;
}

/** The parts as plain JSON; numbers keep every bit in JSON's shortest decimal form. */
export function bayesianRecord(parts: BayesianGaussianProcessParts): SurrogateRecord {
  const { draws, intervals } = parts;
  return {
    schema: "cellwright.surrogate/1",
    kind: "bayesian-gaussian-process",
    inputs: parts.inputs,
    preset: parts.preset,
    kernel: parts.kernel,
    mean: parts.mean,
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    levels: parts.statistics.levels,
    draws: {
      lengthscales: draws.flatMap(({ lengthscales }) => [...lengthscales]),
      signalVariance: draws.map(({ signalVariance }) => signalVariance),
      noiseVariance: draws.flatMap(({ noiseVariance }) => [...noiseVariance]),
    },
    intervals: {
      lengthscales: [...intervals.lengthscales],
      signalVariance: [...intervals.signalVariance],
      noiseVariance: [...intervals.noiseVariance],
    },
    sampling: parts.sampling,
    choice: parts.choice,
    settings: statisticsRecord(parts.statistics),
  };
}

/** The parts of a record; what is missing or malformed is noted in the reader. */
export function readBayesianParts(
  reader: RecordReader,
  presets: readonly BayesianPresetName[],
): BayesianGaussianProcessParts {
  const inputs = reader.inputs();
  const levels = reader.number("levels", 1);
  const d = inputs.length;
  return {
    inputs,
    preset: reader.oneOf("preset", presets),
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    mean: reader.oneOf("mean", ["zero", "estimated"]),
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    draws: readDraws(reader, d, levels),
    intervals: {
      lengthscales: reader.numbers("intervals.lengthscales", 3 * d, 0),
      signalVariance: reader.numbers("intervals.signalVariance", 3, 0),
      noiseVariance: reader.numbers("intervals.noiseVariance", 3 * levels, 0),
    },
    sampling: {
      chains: reader.number("sampling.chains", 0),
      warmup: reader.number("sampling.warmup", 0),
      samples: reader.number("sampling.samples", 0),
      divergences: reader.number("sampling.divergences", 0),
      rHat: reader.number("sampling.rHat", 0),
      bulkEss: reader.number("sampling.bulkEss", 0),
      tailEss: reader.number("sampling.tailEss", 0),
      evaluations: reader.number("sampling.evaluations", 0),
    },
    choice: {
      inference: reader.oneOf("choice.inference", ["nuts", "auto"]),
      gain: reader.number("choice.gain"),
      standardError: reader.number("choice.standardError", 0),
    },
    statistics: readStatistics(reader, d, levels),
  };
}

function readDraws(reader: RecordReader, d: number, levels: number): Hyperparameters[] {
  const signalVariance = reader.numbers("draws.signalVariance", null, Number.MIN_VALUE);
  const count = signalVariance.length;
  if (count === 0) reader.reject("draws.signalVariance", [], "at least one draw");
  const lengthscales = reader.numbers("draws.lengthscales", count * d, Number.MIN_VALUE);
  const noiseVariance = reader.numbers("draws.noiseVariance", count * levels, 0);
  return Array.from({ length: count }, (_, s) => ({
    lengthscales: lengthscales.slice(s * d, (s + 1) * d),
    signalVariance: signalVariance[s]!,
    noiseVariance: noiseVariance.slice(s * levels, (s + 1) * levels),
  }));
}
