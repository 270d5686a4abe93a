import {
  type GaussianProcessParts,
  nestedProcessRecord,
  readGaussianProcessParts,
} from "./gaussian-process-record.js";
import type { MonotoneDirection } from "./monotone.js";
import { createRecordReader, type RecordReader } from "./record-reader.js";
import type { SlopeObservations } from "./slope-conditioning.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";

/** A direction, and what the data say about it. */
export interface JudgedDirection extends MonotoneDirection {
  /** log p(rows | direction)/p(rows | its opposite), see monotone-gaussian-process.ts: negative where the rows speak against it. */
  readonly logBayesFactor: number;
}

/** How signs were imposed. */
export interface SignReport {
  readonly imposed: number;
  readonly sweeps: number;
  readonly converged: boolean;
  readonly leastProbability: number;
}

/** Everything that determines a fitted process with directions, bit for bit. */
export interface MonotoneParts extends GaussianProcessParts {
  readonly directions: readonly JudgedDirection[];
  readonly slopes: SlopeObservations;
  readonly report: SignReport;
}

/** Whether a record of kind "gaussian-process" has directions. */
export function isMonotoneRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record["monotone"] !== undefined;
}

/** The parts as plain JSON. */
export function monotoneRecord(parts: MonotoneParts): SurrogateRecord {
  const { slopes, report } = parts;
  return nestedProcessRecord(parts, "monotone", {
    directions: parts.directions.map(({ input, direction }) => ({ input, direction })),
    logBayesFactors: parts.directions.map(({ logBayesFactor }) => logBayesFactor),
    slopes: {
      X: [...slopes.X.data],
      input: [...slopes.input],
      value: [...slopes.value],
      variance: [...slopes.variance],
    },
    report: { ...report, converged: report.converged ? "yes" : "no" },
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readMonotoneRecord(record: SurrogateRecord): MonotoneParts {
  const reader = createRecordReader(record);
  const process = readGaussianProcessParts(reader, { field: "monotone", kernels: ["matern-5/2", "rbf"] });
  const within = (name: string): string => `monotone.${name}`;
  const { inputs } = process;
  const value = reader.numbers(within("slopes.value"), null);
  const slopes = value.length;
  const parts: MonotoneParts = {
    ...process,
    directions: readDirections(reader, inputs),
    slopes: {
      X: {
        rows: slopes,
        cols: inputs.length,
        data: reader.numbers(within("slopes.X"), slopes * inputs.length),
      },
      input: Int32Array.from(reader.numbers(within("slopes.input"), slopes, 0, inputs.length - 1)),
      value,
      variance: reader.numbers(within("slopes.variance"), slopes, Number.MIN_VALUE),
    },
    report: {
      imposed: reader.number(within("report.imposed"), 0),
      sweeps: reader.number(within("report.sweeps"), 0),
      converged: reader.oneOf(within("report.converged"), ["yes", "no"]) === "yes",
      leastProbability: reader.number(within("report.leastProbability"), 0),
    },
  };
  reader.finish();
  return parts;
}

function readDirections(reader: RecordReader, inputs: readonly InputDimension[]): JudgedDirection[] {
  const list = reader.list("monotone.directions");
  const factors = reader.numbers("monotone.logBayesFactors", list.length);
  return list.map((_, i) => ({
    input: reader.oneOf(
      `monotone.directions.${i}.input`,
      inputs.map(({ name }) => name),
    ),
    direction: reader.oneOf(`monotone.directions.${i}.direction`, ["increasing", "decreasing"]),
    logBayesFactor: factors[i]!,
  }));
}
