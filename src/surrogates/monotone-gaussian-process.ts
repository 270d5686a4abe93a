import { CellwrightError } from "../errors.js";
import { log } from "../math/elementary.js";
import { createMatrix } from "../math/matrix.js";
import { createRng } from "../math/rng.js";
import { describeGaussianProcess } from "./describe-gaussian-process.js";
import {
  fitGaussianProcessParts,
  type GaussianProcess,
  type GaussianProcessOptions,
  kernelOf,
} from "./gaussian-process.js";
import type { GaussianProcessParts } from "./gaussian-process-record.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { maximizeLikelihoodTimesPrior, searchCoordinates } from "./maximum-a-posteriori.js";
import { checkDirections, directionWords, type MonotoneDirection } from "./monotone.js";
import { createMarginalLikelihood } from "./marginal-likelihood.js";
import { createMonotoneLikelihood } from "./monotone-likelihood.js";
import {
  type JudgedDirection,
  type MonotoneParts,
  monotoneRecord,
  readMonotoneRecord,
} from "./monotone-record.js";
import { conditionGaussianProcess, type GaussianPosterior, withSlopes } from "./posterior.js";
import { presets } from "./presets/presets.js";
import { processPredictions } from "./process-predictions.js";
import { readable } from "./readable-scale.js";
import { isConstant } from "./setting-statistics.js";
import { logProbabilityOfSigns, placeSigns } from "./sign-placement.js";
import { slopeBeliefs, type SlopeCandidates, slopeCandidates, spreadSlopes } from "./slope-candidates.js";
import type { SlopeObservations } from "./slope-conditioning.js";
import type { InputDimension, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, type OutcomeTransform } from "./transform.js";

/** A Gaussian process that knows in which direction the outcome moves. */
export interface MonotoneGaussianProcess extends GaussianProcess {
  readonly directions: readonly JudgedDirection[];
  /** Directions that the data contradict, in words; none is the usual case. */
  readonly contradictions: readonly string[];
}

/** Places in which directions are judged, all together and at most each: enough to see a fall anywhere (assumption). */
const JUDGED_PLACES = { together: 48, each: 24 } as const;

/**
 * Most settings from which hyperparameters are learned with the directions. With more the rows decide: restricted and
 * unrestricted likelihood have asymptotically the same maximum (Bachoc, Lagnoux & López-Lopera 2019, Electron. J. Stat.
 * 13(2), theorems 4.4 and 4.5), and each step of the search costs seconds.
 */
const MOST_LEARNED_FROM = 200;

/** Limits of the search for hyperparameters, which begins at the optimum without directions. */
const SEARCH_WITH_DIRECTIONS = { maxIterations: 40, functionTolerance: 1e-5 } as const;

/** Start of a second search, which explains falls as noise: the first cannot leave an optimum that follows every row. */
const SMOOTH_START = { lengthscale: 0.5, noiseVariance: 0.7 } as const;

/** A log Bayes factor below −3 is strong evidence against (Kass & Raftery 1995, JASA 90, section 3.2). */
const CONTRADICTED = -3;

/**
 * Fits an exact Gaussian process whose outcome never falls (or never rises) along the named inputs.
 *
 * Signs of partial derivatives at chosen points are observed through a probit likelihood, and expectation propagation
 * replaces them by Gaussian pseudo-observations of the derivatives, so that the posterior is a Gaussian process like any
 * other. Hyperparameters are the maximum a posteriori of rows and signs (monotone-likelihood.ts), beyond 200 settings of
 * the rows alone. Signs hold on the model scale, hence of medians in raw units: warps increase strictly. Leaving settings
 * out keeps the pseudo-observations, as it keeps the hyperparameters.
 *
 * An outcome that does not vary is fitted without directions: they would invent a slope of arbitrary size.
 *
 * @throws CellwrightError as `fitGaussianProcess`; INVALID_OPTION for directions that cannot be imposed; TOO_MANY_ROWS
 *   beyond 500 distinct settings
 * @see Riihimäki & Vehtari (2010), AISTATS: "Gaussian processes with monotonicity information"
 */
export function fitMonotoneGaussianProcess(
  data: SurrogateData,
  options: GaussianProcessOptions,
): MonotoneGaussianProcess {
  const { monotone = [], kernel = "matern-5/2", ...rest } = options;
  checkDirections(monotone, data.inputs, kernel, arrangeRows(data).X.rows);
  const plain = fitGaussianProcessParts(data, { ...rest, kernel });
  if (isConstant(plain.statistics)) {
    const slopes = nothingSeen(data.inputs.length);
    const report = { imposed: 0, sweeps: 0, converged: true, leastProbability: 0.5 };
    return assemble({
      ...plain,
      directions: monotone.map((one) => ({ ...one, logBayesFactor: 0 })),
      slopes,
      report,
    });
  }
  const parts = { ...plain, hyperparameters: hyperparametersOf(plain, monotone, options.signal) };
  const posterior = posteriorOf(parts);
  const candidates = slopeCandidates(parts.statistics.X, parts.inputs, monotone);
  const { observations, ...placed } = placeSigns(slopeBeliefs(posterior, candidates));
  const factors = logBayesFactors(parts, plain, monotone);
  return assemble({
    ...parts,
    directions: monotone.map(({ input, direction }, k) => ({
      input,
      direction,
      logBayesFactor: factors[k]!,
    })),
    slopes: observations,
    report: placed,
  });
}

/** Whether options name directions. */
export function hasDirections({ monotone = [] }: Pick<GaussianProcessOptions, "monotone">): boolean {
  return monotone.length > 0;
}

/** @throws CellwrightError INVALID_OPTION if the options name directions, which `kind` cannot keep */
export function refuseDirections(kind: string, options: Pick<GaussianProcessOptions, "monotone">): void {
  if (!hasDirections(options)) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `A ${kind} keeps no directions: monotone is for kind gaussian-process with inference map, constant noise and no other shape.`,
  );
}

/** The maximum a posteriori of rows and signs, the better of two searches. */
function hyperparametersOf(
  plain: GaussianProcessParts,
  directions: readonly MonotoneDirection[],
  signal: AbortSignal | undefined,
): Hyperparameters {
  const { statistics, inputs, mean } = plain;
  if (statistics.X.rows > MOST_LEARNED_FROM) return plain.hyperparameters;
  const kernel = kernelOf(inputs, plain.kernel);
  const likelihood = createMonotoneLikelihood(statistics, kernel, mean, placesOf(inputs, directions));
  const { lengthscales, noiseVariance } = plain.hyperparameters;
  const smooth = {
    ...plain.hyperparameters,
    lengthscales: lengthscales.map((value) => Math.max(value, SMOOTH_START.lengthscale)),
    noiseVariance: noiseVariance.map((value) => Math.max(value, SMOOTH_START.noiseVariance)),
  };
  const [fromRows, fromNoise] = [plain.hyperparameters, smooth].map((warmStart) =>
    maximizeLikelihoodTimesPrior(likelihood, inputs.length, statistics.levels, presets[plain.preset], {
      randomStarts: 0,
      rng: createRng(0),
      warmStart,
      warmStartOnly: true,
      ...SEARCH_WITH_DIRECTIONS,
      ...(signal && { signal }),
    }),
  );
  return (fromNoise!.logPosterior > fromRows!.logPosterior ? fromNoise! : fromRows!).hyperparameters;
}

function placesOf(
  inputs: readonly InputDimension[],
  directions: readonly MonotoneDirection[],
): SlopeCandidates {
  const { together, each } = JUDGED_PLACES;
  return spreadSlopes(inputs, directions, Math.min(each, Math.ceil(together / directions.length)));
}

function posteriorOf({
  statistics,
  inputs,
  kernel,
  hyperparameters,
  mean,
}: GaussianProcessParts): GaussianPosterior {
  return conditionGaussianProcess(statistics, kernelOf(inputs, kernel), hyperparameters, mean);
}

function nothingSeen(dimension: number): SlopeObservations {
  return {
    X: createMatrix(0, dimension),
    input: new Int32Array(0),
    value: new Float64Array(0),
    variance: new Float64Array(0),
  };
}

/**
 * log p(rows, θ | directions)/p(rows, θ′ | direction k turned over), with θ of this fit and the better θ′ of this fit and
 * of the one without directions; before data both are equally probable. The other side is not searched for, so that the
 * factor errs in favour of the direction.
 */
function logBayesFactors(
  told: GaussianProcessParts,
  plain: GaussianProcessParts,
  directions: readonly MonotoneDirection[],
): number[] {
  const evidence = (parts: GaussianProcessParts, signs: readonly MonotoneDirection[]): number =>
    logPosteriorOf(parts) +
    logProbabilityOfSigns(slopeBeliefs(posteriorOf(parts), placesOf(parts.inputs, signs)));
  const stated = evidence(told, directions);
  return directions.map((turned) => {
    const opposite = turned.direction === "increasing" ? "decreasing" : "increasing";
    const others = directions.map((one) =>
      one === turned ? ({ ...one, direction: opposite } as const) : one,
    );
    return stated - Math.max(evidence(told, others), evidence(plain, others));
  });
}

/** log p(z | θ) p(θ) of the rows alone. */
function logPosteriorOf(parts: GaussianProcessParts): number {
  const { statistics, inputs, hyperparameters } = parts;
  const { lengthscales, signalVariance, noiseVariance } = hyperparameters;
  const gradient = new Float64Array(inputs.length + 1 + statistics.levels);
  const kernel = kernelOf(inputs, parts.kernel);
  const coordinates = searchCoordinates(presets[parts.preset], inputs.length, statistics.levels);
  let sum = createMarginalLikelihood(statistics, kernel, parts.mean).evaluate(hyperparameters, gradient);
  for (const { prior, role, index } of coordinates) {
    const value =
      role === "signal" ? signalVariance : role === "noise" ? noiseVariance[index]! : lengthscales[index]!;
    sum += prior.logDensity(log(value));
  }
  return sum;
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadMonotoneGaussianProcess(record: SurrogateRecord): MonotoneGaussianProcess {
  return assemble(readMonotoneRecord(record));
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assemble(parts: MonotoneParts): MonotoneGaussianProcess {
  const plain = posteriorOf(parts);
  const posterior = parts.slopes.value.length === 0 ? plain : withSlopes(plain, parts.slopes);
  const transform = createTransform(parts.transform);
  const contradictions = contradictionsOf(parts);
  return {
    ...processPredictions(posterior, parts.inputs, parts.trainingRows, transform),
    posterior,
    directions: parts.directions,
    contradictions,
    describe: () => describe(parts, transform, posterior, contradictions),
    toJSON: () => monotoneRecord(parts),
  };
}

function contradictionsOf({ directions }: MonotoneParts): string[] {
  return directions
    .filter(({ logBayesFactor: factor }) => factor < CONTRADICTED)
    .map(
      (direction) =>
        `the data contradict ${directionWords(direction)}: log Bayes factor against the opposite ${readable(direction.logBayesFactor)}, strong evidence below ${CONTRADICTED}`,
    );
}

function describe(
  parts: MonotoneParts,
  transform: OutcomeTransform,
  posterior: GaussianPosterior,
  contradictions: readonly string[],
): Record<string, number | string> {
  const { report, directions } = parts;
  const description: Record<string, number | string> = describeGaussianProcess(parts, transform, posterior);
  for (const direction of directions) {
    description[`direction of ${direction.input}`] = direction.direction;
    description[`log Bayes factor of ${directionWords(direction)}`] = readable(direction.logBayesFactor);
  }
  if (contradictions.length > 0) description["contradiction"] = contradictions.join("; ");
  description["signs of derivatives imposed"] = report.imposed;
  description["smallest probability of a direction"] = readable(report.leastProbability);
  description["expectation propagation"] =
    `${report.converged ? "converged after" : "not converged after"} ${report.sweeps} sweeps`;
  return description;
}
