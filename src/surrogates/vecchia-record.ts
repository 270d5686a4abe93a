import type { GaussianProcessParts } from "./gaussian-process-record.js";
import { PRESET_NAMES } from "./presets/preset.js";
import { createRecordReader } from "./record-reader.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
import type { SurrogateRecord } from "./surrogate.js";

/** Everything that determines a fitted nearest-neighbour Gaussian process, bit for bit. */
export interface VecchiaParts extends GaussianProcessParts {
  readonly neighbours: VecchiaNeighbourCounts;
  /** The constant mean on the model scale. */
  readonly constant: number;
  /** Approximate log marginal likelihood. */
  readonly logLikelihood: number;
  /** Settings of the exact fit that the hyperparameters are from, where those predicted better than all settings'. */
  readonly subset?: number;
}

interface VecchiaNeighbourCounts {
  /** Earlier settings that each setting is conditioned on in the likelihood. */
  readonly likelihood: number;
  /** Settings that a prediction is conditioned on. */
  readonly prediction: number;
}

/** Whether a record of kind "gaussian-process" is one of these. */
export function isVecchiaRecord(record: SurrogateRecord): boolean {
  return record["nearestNeighbours"] !== undefined;
}

/** The parts as plain JSON. What an exact process would also need is inside `nearestNeighbours`: it cannot be mistaken. */
export function vecchiaRecord(parts: VecchiaParts): SurrogateRecord {
  const { hyperparameters, statistics, neighbours } = parts;
  return {
    schema: "cellwright.surrogate/1",
    kind: "gaussian-process",
    inputs: parts.inputs,
    preset: parts.preset,
    kernel: parts.kernel,
    mean: parts.mean,
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    nearestNeighbours: {
      likelihood: neighbours.likelihood,
      prediction: neighbours.prediction,
      constant: parts.constant,
      logLikelihood: parts.logLikelihood,
      ...(parts.subset === undefined ? {} : { subset: parts.subset }),
      hyperparameters: {
        lengthscales: [...hyperparameters.lengthscales],
        signalVariance: hyperparameters.signalVariance,
        noiseVariance: [...hyperparameters.noiseVariance],
      },
      settings: statisticsRecord(statistics),
    },
  };
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readVecchiaRecord(record: SurrogateRecord): VecchiaParts {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const within = (field: string): string => `nearestNeighbours.${field}`;
  const noiseVariance = reader.numbers(within("hyperparameters.noiseVariance"), null, 0);
  const parts: VecchiaParts = {
    inputs,
    preset: reader.oneOf("preset", PRESET_NAMES),
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    mean: reader.oneOf("mean", ["zero", "estimated"]),
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    hyperparameters: {
      lengthscales: reader.numbers(within("hyperparameters.lengthscales"), inputs.length, Number.MIN_VALUE),
      signalVariance: reader.number(within("hyperparameters.signalVariance"), Number.MIN_VALUE),
      noiseVariance,
    },
    statistics: readStatistics(reader, inputs.length, noiseVariance.length, within("settings")),
    neighbours: {
      likelihood: reader.number(within("likelihood"), 1),
      prediction: reader.number(within("prediction"), 1),
    },
    constant: reader.number(within("constant")),
    logLikelihood: reader.number(within("logLikelihood")),
    ...(hasSubset(record) ? { subset: reader.number(within("subset"), 1) } : {}),
  };
  reader.finish();
  return parts;
}

function hasSubset({ nearestNeighbours }: SurrogateRecord): boolean {
  return (nearestNeighbours as { readonly subset?: unknown } | null | undefined)?.subset !== undefined;
}
