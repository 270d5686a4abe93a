import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { exp, log } from "../math/elementary.js";
import type { Matrix } from "../math/matrix.js";
import { describeHyperparameters } from "./describe-gaussian-process.js";
import { furtherStatistics } from "./further-rows.js";
import {
  assembleGaussianProcess,
  fitGaussianProcess,
  type GaussianProcess,
  type GaussianProcessOptions,
} from "./gaussian-process.js";
import type { ConditionedProcess } from "./gaussian-process-model.js";
import { noiseFactors } from "./input-noise-model.js";
import {
  type InputNoiseParts,
  inputNoiseRecord,
  type NoiseVerdict,
  readInputNoiseRecord,
} from "./input-noise-record.js";
import {
  asKnown,
  fitInputNoise,
  type InputNoiseFit,
  type InputNoiseProblem,
  NOISE_PRIORS,
  rowNoise,
} from "./input-noise-search.js";
import { logPosteriorAt } from "./maximum-a-posteriori.js";
import type { ProcessPosterior } from "./posterior.js";
import { presets, withMean } from "./presets/presets.js";
import { conditionedProcess } from "./process-predictions.js";
import { logSuffix, readable, unitOfModelScale } from "./readable-scale.js";
import { isConstant } from "./setting-statistics.js";
import type { SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform, type OutcomeTransform } from "./transform.js";
import { checkPrediction, warpedPosterior } from "./warped-posterior.js";

export type InputNoiseOptions = Omit<GaussianProcessOptions, "robust" | "noise">;

/** A Gaussian process whose noise variance may depend on the settings. */
export interface InputNoiseGaussianProcess extends GaussianProcess {
  readonly noiseVerdict: NoiseVerdict;
  readonly messages: readonly string[];
  /** Noise variance of one row at points, [m], model scale; level 0 where none is named. */
  noiseVarianceAt(points: Matrix, noiseLevel?: Int32Array): Float64Array;
}

/** Fewest settings from which a noise curve is tried, as for warps of the outcome (transform.ts). */
const FEWEST_SETTINGS = 10;

/**
 * Nats of evidence that the noise curve must gain: a Bayes factor of 7, "positive" evidence (Kass & Raftery 1995, Journal
 * of the American Statistical Association 90(430), section 3.2), as for warps of the outcome.
 */
const LEAST_GAIN = 2;

/**
 * Fits a Gaussian process with noise variance σ²_level e^δ(x), δ a Gaussian process of its own (input-noise-search.ts).
 *
 * Where the evidence gains no more than 2 nats over constant noise, with fewer than 10 settings, or where the outcome does
 * not vary, it is `fitGaussianProcess` to the bit, and `noiseVerdict` says why. `noiseVariance`, of which acquisition
 * functions take one value per level, is the mean over the rows of the level; `predict` uses the noise at each point.
 *
 * @throws CellwrightError as `fitGaussianProcess`
 */
export function fitInputNoiseGaussianProcess(
  data: SurrogateData,
  options: InputNoiseOptions = {},
): InputNoiseGaussianProcess {
  const { preset = "default", scale = "auto", kernel = "matern-5/2" } = options;
  const plain = fitGaussianProcess(data, options);
  const rows = arrangeRows(data);
  const { statistics, kernel: covariance } = plain.posterior;
  const priors = withMean(presets[preset], options.mean);
  const problem = { statistics, kernel: covariance, preset: priors };
  const { verdict, fit } = judgeNoise(problem, plain, options.signal);
  const zeros = new Float64Array(statistics.mean.length);
  return assemble({
    inputs: data.inputs,
    preset,
    kernel,
    mean: priors.mean,
    transform: fitTransform(rows.y, rows.groupStart, scale).record,
    trainingRows: data.y.length,
    statistics,
    hyperparameters: fit?.hyperparameters ?? plain.hyperparameters,
    verdict,
    noisePrior: fit?.prior ?? NOISE_PRIORS[0]!,
    logFactors: fit?.logFactors ?? zeros,
    weights: fit?.weights ?? zeros,
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadInputNoiseGaussianProcess(record: SurrogateRecord): InputNoiseGaussianProcess {
  return assemble(readInputNoiseRecord(record));
}

/** The most likely noise curve if it pays, and why or why not. */
function judgeNoise(
  problem: InputNoiseProblem,
  plain: GaussianProcess,
  signal: AbortSignal | undefined,
): { verdict: NoiseVerdict; fit: InputNoiseFit | null } {
  const { statistics } = problem;
  const settings = statistics.mean.length;
  const constant = (gain: number, why: string): { verdict: NoiseVerdict; fit: null } => ({
    verdict: { noise: "constant", gain, reason: `The noise is taken as constant: ${why}.` },
    fit: null,
  });
  if (isConstant(statistics)) return constant(0, "the outcome does not vary");
  if (settings < FEWEST_SETTINGS)
    return constant(0, `${settings} distinct settings are too few, ${FEWEST_SETTINGS} are needed`);
  let best: InputNoiseFit | undefined;
  for (const prior of NOISE_PRIORS) {
    const { hyperparameters } = best ?? plain;
    const fit = fitInputNoise(problem, prior, { hyperparameters }, signal);
    if (fit.logEvidence > (best?.logEvidence ?? Number.NEGATIVE_INFINITY)) best = fit;
  }
  // All priors of the noise curve are equally likely; the best alone bounds their average from below.
  const evidence = (best?.logEvidence ?? Number.NEGATIVE_INFINITY) - log(NOISE_PRIORS.length);
  const gain = evidence - logPosteriorAt(statistics, problem.kernel, problem.preset, plain.hyperparameters);
  const nats = `${readable(gain)} nats`;
  if (best === undefined || !(gain > LEAST_GAIN))
    return constant(
      gain,
      `a noise that depends on the settings gains ${nats}, more than ${LEAST_GAIN} are asked`,
    );
  const reason = `The noise depends on the settings: that gains ${nats} over constant noise, more than the ${LEAST_GAIN} asked.`;
  return { verdict: { noise: "input-dependent", gain, reason }, fit: best };
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assemble(parts: InputNoiseParts): InputNoiseGaussianProcess {
  const { statistics, hyperparameters, verdict } = parts;
  const transform = createTransform(parts.transform);
  const varies = verdict.noise === "input-dependent";
  const kernel = createProductKernel(
    radialKernels[parts.kernel],
    parts.inputs.map(({ kind }) => kind),
  );
  const tau = rowNoise(statistics, hyperparameters.noiseVariance, parts.logFactors.map(exp));
  const [known, , noiseless] = asKnown(statistics, kernel, hyperparameters, tau);
  const process = assembleGaussianProcess(
    varies ? { ...parts, statistics: known, hyperparameters: noiseless } : parts,
  );
  const shared = {
    noiseVerdict: verdict,
    messages: [verdict.reason],
    toJSON: () => inputNoiseRecord(parts),
  };
  const { noiseVariance } = hyperparameters;
  if (!varies) {
    return {
      ...process,
      ...shared,
      noiseVarianceAt: (points, level) =>
        Float64Array.from({ length: points.rows }, (_, i) => noiseVariance[level?.[i] ?? 0]!),
      describe: () => ({ ...process.describe(), noise: verdict.reason }),
    };
  }
  const mean = meanNoise(parts);
  const noiseVarianceAt = (points: Matrix, level?: Int32Array): Float64Array =>
    noiseFactors(kernel, statistics.X, parts.noisePrior.lengthscale, parts.weights, points).map(
      (factor, i) => factor * noiseVariance[level?.[i] ?? 0]!,
    );
  return {
    ...process,
    ...varyingProcess(parts, process.posterior, transform, noiseVarianceAt),
    ...shared,
    hyperparameters: { ...hyperparameters, noiseVariance: mean },
    noiseVarianceAt,
    describe: () => ({
      ...describeHyperparameters(
        { ...parts, hyperparameters: { ...hyperparameters, noiseVariance: mean } },
        transform,
      ),
      ...describeNoise(parts, transform),
      "log marginal likelihood": process.describe()["log marginal likelihood"]!,
    }),
  };
}

/** As `conditionedProcess` of a posterior whose noise is all known variance, with the noise curve at new points. */
function varyingProcess(
  parts: InputNoiseParts,
  posterior: ProcessPosterior,
  transform: OutcomeTransform,
  noiseVarianceAt: InputNoiseGaussianProcess["noiseVarianceAt"],
): ConditionedProcess {
  const { inputs, statistics } = parts;
  return {
    ...conditionedProcess(posterior, inputs, transform),
    noiseVariance: meanNoise(parts),
    predict(points, options = {}) {
      checkPrediction(inputs, statistics.levels, points, options);
      const { mean, variance } = posterior.moments(points);
      const noiseVariance = noiseVarianceAt(points, options.noiseLevel);
      const marginals = { mean, latentVariance: variance, noiseVariance };
      return warpedPosterior(marginals, transform, options.knownNoiseVariance ?? 0);
    },
    withObservations(rows) {
      const further = furtherStatistics(rows, inputs, transform, statistics.levels);
      const inferred = noiseVarianceAt(further.X, further.noiseLevel);
      const knownVariance = further.knownVariance.map((known, g) => known + inferred[g]!);
      const extended = posterior.extended({ ...further, knownVariance });
      return varyingProcess(parts, extended, transform, noiseVarianceAt);
    },
  };
}

/** Mean of σ²_level e^δ over the rows of each level, [L]; σ²_level itself for a level without rows. */
function meanNoise({ statistics, hyperparameters, logFactors }: InputNoiseParts): Float64Array {
  return hyperparameters.noiseVariance.map((base, level) => {
    let rows = 0;
    let sum = 0;
    statistics.noiseLevel.forEach((own, g) => {
      if (own !== level) return;
      rows += statistics.count[g]!;
      sum += statistics.count[g]! * base * exp(logFactors[g]!);
    });
    return rows === 0 ? base : sum / rows;
  });
}

/** The verdict, and the least and largest noise at the settings in the outcome's unit. */
function describeNoise(
  { statistics, hyperparameters, logFactors, verdict }: InputNoiseParts,
  transform: OutcomeTransform,
): Record<string, number | string> {
  const unit = unitOfModelScale(transform);
  const stdDevs = logFactors.map(
    (delta, g) => unit * Math.sqrt(hyperparameters.noiseVariance[statistics.noiseLevel[g]!]! * exp(delta)),
  );
  const suffix = logSuffix(transform);
  return {
    noise: verdict.reason,
    [`smallest noise standard deviation at the settings${suffix}`]: readable(
      stdDevs.reduce((a, b) => Math.min(a, b)),
    ),
    [`largest noise standard deviation at the settings${suffix}`]: readable(
      stdDevs.reduce((a, b) => Math.max(a, b)),
    ),
  };
}
