import {
  type GaussianProcessParts,
  nestedProcessRecord,
  readGaussianProcessParts,
} from "./gaussian-process-record.js";
import type { NoisePrior } from "./input-noise-model.js";
import { createRecordReader } from "./record-reader.js";
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

/** The parts as plain JSON. */
export function inputNoiseRecord(parts: InputNoiseParts): SurrogateRecord {
  return nestedProcessRecord(parts, "inputNoise", {
    verdict: parts.verdict,
    prior: parts.noisePrior,
    logFactors: [...parts.logFactors],
    weights: [...parts.weights],
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function readInputNoiseRecord(record: SurrogateRecord): InputNoiseParts {
  const reader = createRecordReader(record);
  const process = readGaussianProcessParts(reader, { field: "inputNoise" });
  const within = (name: string): string => `inputNoise.${name}`;
  const noise = reader.oneOf(within("verdict.noise"), ["constant", "input-dependent"]);
  const { verdict = {} } = record["inputNoise"] as { readonly verdict?: { readonly reason?: unknown } };
  const reason = typeof verdict.reason === "string" ? verdict.reason : "";
  if (reason === "") reader.reject(within("verdict.reason"), verdict.reason, "a sentence");
  const settings = process.statistics.X.rows;
  const parts: InputNoiseParts = {
    ...process,
    verdict: { noise, gain: reader.number(within("verdict.gain")), reason },
    noisePrior: {
      lengthscale: reader.number(within("prior.lengthscale"), Number.MIN_VALUE),
      stdDev: reader.number(within("prior.stdDev"), Number.MIN_VALUE),
    },
    logFactors: reader.numbers(within("logFactors"), settings),
    weights: reader.numbers(within("weights"), settings),
  };
  reader.finish();
  return parts;
}
