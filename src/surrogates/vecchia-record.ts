import {
  type GaussianProcessParts,
  nestedProcessRecord,
  readGaussianProcessParts,
} from "./gaussian-process-record.js";
import { createRecordReader } from "./record-reader.js";
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

/** The parts as plain JSON. */
export function vecchiaRecord(parts: VecchiaParts): SurrogateRecord {
  return nestedProcessRecord(parts, FIELD, {
    likelihood: parts.neighbours.likelihood,
    prediction: parts.neighbours.prediction,
    constant: parts.constant,
    logLikelihood: parts.logLikelihood,
    ...(parts.subset === undefined ? {} : { subset: parts.subset }),
  });
}

const FIELD = "nearestNeighbours";

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readVecchiaRecord(record: SurrogateRecord): VecchiaParts {
  const reader = createRecordReader(record);
  const parts: VecchiaParts = {
    ...readGaussianProcessParts(reader, { field: FIELD }),
    neighbours: {
      likelihood: reader.number(`${FIELD}.likelihood`, 1),
      prediction: reader.number(`${FIELD}.prediction`, 1),
    },
    constant: reader.number(`${FIELD}.constant`),
    logLikelihood: reader.number(`${FIELD}.logLikelihood`),
    ...(hasSubset(record) ? { subset: reader.number(`${FIELD}.subset`, 1) } : {}),
  };
  reader.finish();
  return parts;
}

function hasSubset({ nearestNeighbours }: SurrogateRecord): boolean {
  return (nearestNeighbours as { readonly subset?: unknown } | null | undefined)?.subset !== undefined;
}
