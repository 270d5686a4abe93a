import { gaussianProcessRecord, type GaussianProcessParts } from "./gaussian-process-record.js";
import type { NoisePrior } from "./input-noise-model.js";
import { PRESET_NAMES } from "./presets/preset.js";
import { createRecordReader } from "./record-reader.js";
import { readStatistics } from "./statistics-record.js";
import type { SurrogateRecord } from "./surrogate.js";

/** Why the noise depends on the inputs, or does not. */
export interface NoiseVerdict {
  readonly noise: "constant" | "input-dependent";
  /** Nats that the evidence gains by it; 0 where it was not tried. */
  readonly gain: number;
  readonly reason: string;
}

/** Everything that determines a process with input-dependent noise; `hyperparameters.noiseVariance` is of e^δ = 1. */
export interface InputNoiseParts extends GaussianProcessParts {
  readonly verdict: NoiseVerdict;
  readonly noisePrior: NoisePrior;
  /** δ at the settings and the weights between them, [g]; zeros where the noise is constant. */
  readonly logFactors: Float64Array;
  readonly weights: Float64Array;
}

/** Whether a record of kind "gaussian-process" is of a fit that looked for input-dependent noise. */
export function isInputNoiseRecord(record: SurrogateRecord): boolean {
  return record.kind === "gaussian-process" && record["inputNoise"] !== undefined;
}

/** The parts as plain JSON. What a plain process would need is inside `inputNoise`: it cannot be mistaken. */
export function inputNoiseRecord(parts: InputNoiseParts): SurrogateRecord {
  const { hyperparameters, settings, ...plain } = gaussianProcessRecord(parts);
  return {
    ...plain,
    inputNoise: {
      verdict: parts.verdict,
      prior: parts.noisePrior,
      logFactors: [...parts.logFactors],
      weights: [...parts.weights],
      hyperparameters,
      settings,
    },
  };
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readInputNoiseRecord(record: SurrogateRecord): InputNoiseParts {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const within = (field: string): string => `inputNoise.${field}`;
  const noiseVariance = reader.numbers(within("hyperparameters.noiseVariance"), null, 0);
  const statistics = readStatistics(reader, inputs.length, noiseVariance.length, within("settings"));
  const noise = reader.oneOf(within("verdict.noise"), ["constant", "input-dependent"]);
  const { verdict = {} } = record["inputNoise"] as { readonly verdict?: { readonly reason?: unknown } };
  const reason = typeof verdict.reason === "string" ? verdict.reason : "";
  if (reason === "") reader.reject(within("verdict.reason"), verdict.reason, "a sentence");
  const parts: InputNoiseParts = {
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
    statistics,
    verdict: { noise, gain: reader.number(within("verdict.gain")), reason },
    noisePrior: {
      lengthscale: reader.number(within("prior.lengthscale"), Number.MIN_VALUE),
      stdDev: reader.number(within("prior.stdDev"), Number.MIN_VALUE),
    },
    logFactors: reader.numbers(within("logFactors"), statistics.X.rows),
    weights: reader.numbers(within("weights"), statistics.X.rows),
  };
  reader.finish();
  return parts;
}
