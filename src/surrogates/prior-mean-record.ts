import {
  nestedProcessRecord,
  type PartsWithoutMean,
  readPartsWithoutMean,
} from "./gaussian-process-record.js";
import { checkPriorMean, type MeanResolver, type PriorMean } from "./prior-mean.js";
import { createRecordReader, type RecordReader } from "./record-reader.js";
import type { SurrogateRecord } from "./surrogate.js";

/** Everything that determines a fitted Gaussian process with a parametric mean, bit for bit. */
export interface PriorMeanParts extends PartsWithoutMean {
  readonly priorMean: PriorMean;
  /** Parameters of the mean, [p]. */
  readonly theta: Float64Array;
  /** Standard deviation of each in its standard coordinate, [p]; 0 where fixed. */
  readonly coordinateStdDev: Float64Array;
  /** 1/variance of each without the priors of the parameters, [p]; 0 where the rows alone say nothing. */
  readonly rowsPrecision: Float64Array;
}

/** Whether a record of kind "gaussian-process" has a parametric mean. */
export function isPriorMeanRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record["priorMean"] !== undefined;
}

/** The parts as plain JSON. */
export function priorMeanRecord(parts: PriorMeanParts): SurrogateRecord {
  const { priorMean } = parts;
  return nestedProcessRecord(parts, "priorMean", {
    name: priorMean.name,
    arguments: priorMean.arguments,
    parameters: priorMean.parameters.map(({ name }) => name),
    theta: [...parts.theta],
    coordinateStdDev: [...parts.coordinateStdDev],
    rowsPrecision: [...parts.rowsPrecision],
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed, or if the mean is not known */
export function readPriorMeanRecord(record: SurrogateRecord, resolveMean: MeanResolver): PriorMeanParts {
  const reader = createRecordReader(record);
  const priorMean = resolvedMean(reader, record, resolveMean);
  const parameters = priorMean.parameters.length;
  const parts: PriorMeanParts = {
    ...readPartsWithoutMean(reader, { field: "priorMean" }),
    priorMean,
    theta: reader.numbers("priorMean.theta", parameters),
    coordinateStdDev: reader.numbers("priorMean.coordinateStdDev", parameters, 0),
    rowsPrecision: reader.numbers("priorMean.rowsPrecision", parameters, 0),
  };
  reader.finish();
  return parts;
}

/** The mean that the record names, or one without parameters after noting why there is none. */
function resolvedMean(reader: RecordReader, record: SurrogateRecord, resolveMean: MeanResolver): PriorMean {
  const fields = record["priorMean"] as Readonly<Record<string, unknown>>;
  const { name } = fields;
  const mean = typeof name === "string" ? resolveMean(name, fields["arguments"]) : null;
  if (mean === null) {
    reader.reject("priorMean.name", name, "a mean that the loader knows (it takes a resolver of names)");
    return unknownMean;
  }
  checkPriorMean(mean);
  const names = mean.parameters.map((parameter) => parameter.name);
  const saved = reader.list("priorMean.parameters");
  if (names.length !== saved.length || names.some((parameter, k) => parameter !== saved[k])) {
    reader.reject("priorMean.parameters", saved, names.join(", "));
  }
  return mean;
}

const unknownMean: PriorMean = {
  name: "unknown",
  arguments: null,
  parameters: [],
  evaluate: (x) => ({
    value: 0,
    parameterGradient: new Float64Array(0),
    inputGradient: new Float64Array(x.length),
  }),
};
