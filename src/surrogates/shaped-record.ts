import type { KernelStructure } from "../kernels/kernel-terms.js";
import { type GaussianProcessPresetName, PRESET_NAMES } from "./presets/preset.js";
import { createRecordReader } from "./record-reader.js";
import type { SettingStatistics } from "./setting-statistics.js";
import {
  createShapedModel,
  type Shape,
  shapedHyperparameters,
  type ShapedHyperparameters,
} from "./shaped-prior.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Everything that determines a fitted shaped process, bit for bit. */
export interface ShapedParts {
  readonly inputs: readonly InputDimension[];
  readonly preset: GaussianProcessPresetName;
  readonly shape: Shape;
  readonly transform: TransformRecord;
  readonly trainingRows: number;
  readonly hyperparameters: ShapedHyperparameters;
  readonly statistics: SettingStatistics;
}

const STRUCTURES: readonly KernelStructure[] = ["product", "sum", "sum-and-product"];

/** Whether a record is of a shaped process: only those name a structure. */
export function isShapedRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record["structure"] !== undefined;
}

/** The parts as plain JSON; numbers keep every bit in JSON's shortest decimal form. */
export function shapedRecord(parts: ShapedParts): SurrogateRecord {
  const { shape, hyperparameters } = parts;
  const { warp } = hyperparameters;
  return {
    schema: "cellwright.surrogate/1",
    kind: "gaussian-process",
    inputs: parts.inputs,
    preset: parts.preset,
    kernel: shape.kernel,
    structure: shape.structure,
    mean: shape.mean,
    inputWarp: warp === null ? "none" : "kumaraswamy",
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    hyperparameters: {
      terms: hyperparameters.terms.map(({ lengthscales, signalVariance }) => ({
        lengthscales: [...lengthscales],
        signalVariance,
      })),
      noiseVariance: [...hyperparameters.noiseVariance],
      ...(warp && { warp: { a: [...warp.a], b: [...warp.b] } }),
    },
    settings: statisticsRecord(parts.statistics),
  };
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readShapedRecord(record: SurrogateRecord): ShapedParts {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const shape: Shape = {
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    structure: reader.oneOf("structure", STRUCTURES),
    mean: reader.oneOf("mean", ["zero", "estimated", "linear"]),
    inputWarp: reader.oneOf("inputWarp", ["none", "kumaraswamy"]) === "kumaraswamy",
  };
  const model = createShapedModel(inputs, shape);
  const least = Number.MIN_VALUE;
  const noiseVariance = reader.numbers("hyperparameters.noiseVariance", null, 0);
  const terms = model.terms.map(({ columns }, t) => ({
    lengthscales: reader.numbers(`hyperparameters.terms.${t}.lengthscales`, columns.length, least),
    signalVariance: reader.number(`hyperparameters.terms.${t}.signalVariance`, least),
  }));
  const concentrations = (name: string): Float64Array =>
    reader.numbers(`hyperparameters.warp.${name}`, inputs.length, least);
  const warp = shape.inputWarp ? { a: concentrations("a"), b: concentrations("b") } : null;
  const parts = {
    inputs,
    preset: reader.oneOf("preset", PRESET_NAMES),
    shape,
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    hyperparameters: shapedHyperparameters(model, { terms, noiseVariance, warp }),
    statistics: readStatistics(reader, inputs.length, noiseVariance.length),
  };
  reader.finish();
  return parts;
}
