import { CellwrightError } from "../errors.js";
import { linearEvidence, linearPrediction } from "./linear-evidence.js";
import { BLOCKS, designMatrix, quadraticTerms, type QuadraticTerm } from "./quadratic-features.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import { createRecordReader } from "./record-reader.js";
import {
  linearHyperparameters,
  maximizeEvidence,
  type ResponseSurfaceHyperparameters,
} from "./response-surface-evidence.js";
import { type SettingStatistics, settingStatistics } from "./setting-statistics.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
import type { InputDimension, OutcomeScale, Surrogate, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform, type TransformRecord } from "./transform.js";
import { checkPrediction, warpedPosterior } from "./warped-posterior.js";

export interface ResponseSurfaceOptions {
  readonly scale?: OutcomeScale;
  readonly signal?: AbortSignal;
}

/** Everything that determines a fitted response surface, bit for bit. */
interface ResponseSurfaceParts {
  readonly inputs: readonly InputDimension[];
  readonly transform: TransformRecord;
  readonly trainingRows: number;
  readonly hyperparameters: ResponseSurfaceHyperparameters;
  readonly statistics: SettingStatistics;
}

/**
 * Fits a full quadratic response surface by Bayesian linear regression.
 *
 * Main effects, squares and interactions each shrink by a common prior variance that the evidence chooses (ridge with
 * three learned penalties), so that there may be more terms than rows. Where settings are replicated the deviation of
 * their means from the quadratic is lack of fit, apart from the pure error within. The predictive variance of a new
 * run is that of the coefficients, the lack of fit and the noise.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID, CANCELLED, NOT_POSITIVE_DEFINITE
 * @see MacKay (1992), Neural Computation 4(3), "Bayesian interpolation"; Myers, Montgomery & Anderson-Cook (2016)
 */
export function fitResponseSurface(data: SurrogateData, options: ResponseSurfaceOptions = {}): Surrogate {
  if (options.signal?.aborted === true) {
    throw new CellwrightError("CANCELLED", "Fitting the response surface was cancelled.");
  }
  const rows = arrangeRows(data);
  const transform = fitTransform(rows.y, rows.groupStart, options.scale ?? "auto");
  const statistics = settingStatistics(rows, transform);
  const terms = quadraticTerms(data.inputs);
  return assembleResponseSurface({
    inputs: data.inputs,
    transform: transform.record,
    trainingRows: data.y.length,
    hyperparameters: maximizeEvidence(terms, statistics),
    statistics,
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadResponseSurface(record: SurrogateRecord): Surrogate {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const noiseVariance = reader.numbers("hyperparameters.noiseVariance", null, Number.MIN_VALUE);
  const parts: ResponseSurfaceParts = {
    inputs,
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    hyperparameters: {
      blockVariance: reader.numbers("hyperparameters.blockVariance", BLOCKS.length - 1, Number.MIN_VALUE),
      lackOfFit: reader.number("hyperparameters.lackOfFit", 0),
      noiseVariance,
    },
    statistics: readStatistics(reader, inputs.length, noiseVariance.length),
  };
  reader.finish();
  return assembleResponseSurface(parts);
}

/** Builds the surrogate from its parts, the same way after a fit and after loading. */
function assembleResponseSurface(parts: ResponseSurfaceParts): Surrogate {
  const { inputs, hyperparameters, statistics } = parts;
  const terms = quadraticTerms(inputs);
  const evidence = linearEvidence(
    designMatrix(terms, statistics.X),
    statistics,
    linearHyperparameters(terms, hyperparameters),
  );
  if (evidence === null) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "The normal equations of the response surface are singular.",
    );
  }
  const transform = createTransform(parts.transform);
  return {
    kind: "response-surface",
    inputs,
    trainingRows: parts.trainingRows,
    predict(points, options = {}) {
      checkPrediction(inputs, hyperparameters.noiseVariance.length, points, options);
      const { mean, variance } = linearPrediction(designMatrix(terms, points), evidence.posterior);
      const marginals = {
        mean,
        latentVariance: variance.map((value) => value + hyperparameters.lackOfFit),
        noiseVariance: mean.map((_, i) => hyperparameters.noiseVariance[options.noiseLevel?.[i] ?? 0]!),
      };
      return warpedPosterior(marginals, transform, options.knownNoiseVariance ?? 0);
    },
    describe: () => describe(parts, terms, evidence.posterior.coefficients, evidence.value),
    toJSON: () => ({
      schema: "cellwright.surrogate/1",
      kind: "response-surface",
      inputs,
      transform: parts.transform,
      trainingRows: parts.trainingRows,
      hyperparameters: {
        blockVariance: [...hyperparameters.blockVariance],
        lackOfFit: hyperparameters.lackOfFit,
        noiseVariance: [...hyperparameters.noiseVariance],
      },
      settings: statisticsRecord(statistics),
    }),
  };
}

/** Effects per half range of the parameters, in the outcome's unit (of its logarithm on a log scale). */
function describe(
  parts: ResponseSurfaceParts,
  terms: readonly QuadraticTerm[],
  coefficients: Float64Array,
  logEvidence: number,
): Record<string, number | string> {
  const { hyperparameters, statistics } = parts;
  const transform = createTransform(parts.transform);
  const unit = unitOfModelScale(transform);
  const suffix = logSuffix(transform);
  const description: Record<string, number | string> = {
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows,
    settings: statistics.X.rows,
  };
  terms.forEach(({ name, block }, j) => {
    if (block > 0) description[`effect of ${name}${suffix}`] = readable(unit * coefficients[j]!);
  });
  description[`lack of fit standard deviation${suffix}`] = readable(
    unit * Math.sqrt(hyperparameters.lackOfFit),
  );
  hyperparameters.noiseVariance.forEach((variance, level) => {
    const which = hyperparameters.noiseVariance.length === 1 ? "" : `, level ${level}`;
    description[`noise standard deviation${suffix}${which}`] = readable(unit * Math.sqrt(variance));
  });
  description["log evidence"] = readable(logEvidence);
  return description;
}
