import { noiseLevelOf } from "../campaign/noise-levels.js";
import { CellwrightError, type Problem } from "../errors.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import { createSearchSpace, type SearchSpace } from "../space/search-space.js";
import type { MeanResolver } from "../surrogates/prior-mean.js";
import { loadSurrogate } from "../surrogates/load-surrogate.js";
import type { Surrogate } from "../surrogates/surrogate.js";
import type { ModelRecord, OutcomeRecord } from "./model-record.js";

/** Settings to predict. */
interface PredictionRow {
  readonly parameters: Settings;
  readonly context: Settings;
}

/** A predicted outcome in raw units: latent mean and standard deviation, 95 % interval of one new observed run. */
export interface PredictedValue {
  readonly mean: number;
  readonly stdDev: number;
  readonly interval95: readonly [number, number];
}

/** A saved model, ready to predict. */
export interface Predictor {
  readonly record: ModelRecord;
  readonly space: SearchSpace;
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  /**
   * Predicts every learned outcome at each row.
   *
   * @throws CellwrightError DATA_INVALID with every row that cannot be encoded.
   */
  predict(rows: readonly PredictionRow[]): Readonly<Record<string, readonly PredictedValue[]>>;
}

/**
 * Rebuilds encoding and surrogates of a saved model.
 *
 * @param resolveMean - Finds the laws of processes that outcomes were learned around, by the names in the record.
 * @throws CellwrightError MODEL_INVALID if a surrogate does not fit the encoding beside it.
 */
export function createPredictor(record: ModelRecord, resolveMean?: MeanResolver): Predictor {
  const { parameters, context, contextRanges } = record.space;
  const space = createSearchSpace({ parameters, context, contextRanges, constraints: [] });
  const surrogates = new Map(
    record.outcomes.map((outcome) => [outcome.name, rebuild(record, outcome, space, resolveMean)]),
  );
  return {
    record,
    space,
    surrogates,
    predict: (rows) => {
      const points = encodeRows(space, rows);
      return Object.fromEntries(
        record.outcomes.map((outcome) => [
          outcome.name,
          predictOutcome(outcome, surrogates.get(outcome.name)!, points, rows),
        ]),
      );
    },
  };
}

function rebuild(
  record: ModelRecord,
  outcome: OutcomeRecord,
  space: SearchSpace,
  resolveMean: MeanResolver | undefined,
): Surrogate {
  const surrogate = loadSurrogate(outcome.surrogate, resolveMean);
  const names = (inputs: readonly { readonly name: string }[]): string =>
    inputs.map(({ name }) => name).join(", ");
  if (names(surrogate.inputs) === names(space.inputs)) return surrogate;
  throw new CellwrightError(
    "MODEL_INVALID",
    `${record.campaign} ${record.version}: the surrogate of ${outcome.name} has inputs ${names(surrogate.inputs)}, its encoding ${names(space.inputs)}. Train again.`,
  );
}

function encodeRows(space: SearchSpace, rows: readonly PredictionRow[]): Matrix {
  const problems: Problem[] = [];
  const encoded = rows.map((row, i) => {
    try {
      return space.encode(row.parameters, row.context);
    } catch (error) {
      if (!(error instanceof CellwrightError)) throw error;
      const found = error.problems.length === 0 ? [unreadable(error)] : error.problems;
      problems.push(...found.map((problem) => ({ ...problem, where: `row ${i + 1}, ${problem.where}` })));
      return new Float64Array(space.inputs.length);
    }
  });
  if (problems.length === 0) return matrixFromRows(encoded, space.inputs.length);
  throw new CellwrightError("DATA_INVALID", "Some rows cannot be predicted.", { problems });
}

function unreadable(error: CellwrightError): Problem {
  return { where: "settings", found: error.message, expected: "settings that the model knows" };
}

function predictOutcome(
  outcome: OutcomeRecord,
  surrogate: Surrogate,
  points: Matrix,
  rows: readonly PredictionRow[],
): readonly PredictedValue[] {
  const { noise, knownNoiseVariance } = outcome;
  const posterior = surrogate.predict(points, {
    knownNoiseVariance,
    ...(noise && {
      noiseLevel: Int32Array.from(rows, (row) =>
        noiseLevelOf(noise, row.parameters[noise.variable] ?? row.context[noise.variable]),
      ),
    }),
  });
  const lo = posterior.quantile(0.025, "observed");
  const hi = posterior.quantile(0.975, "observed");
  return rows.map((_, i) => ({
    mean: posterior.mean[i]!,
    stdDev: posterior.stdDev[i]!,
    interval95: [lo[i]!, hi[i]!],
  }));
}
