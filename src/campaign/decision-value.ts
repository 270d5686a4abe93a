import { isFormed, isKnown } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import type { AskProblem } from "./ask-problem.js";
import {
  type Belief,
  type Beliefs,
  believedSettings,
  createMoments,
  type Moments,
  type Shift,
  shiftOf,
} from "./decision-beliefs.js";
import { createWorth, type Worth } from "./decision-worth.js";
import type { SafeMode } from "./safe-mode.js";

/** A measurement that could be made: one learned outcome at one setting. */
export interface PlannedMeasurement {
  readonly outcome: string;
  /** Encoded setting with its own context. */
  readonly x: Float64Array;
  /** Variance of the measurement on the model scale. */
  readonly noiseVariance: number;
}

/** The choice of the best setting, as it stands, and what measurements would change of it. */
export interface Decision {
  /**
   * Expected rise of the value of the setting that would be chosen, if these measurements were known: at least 0, in the
   * first objective's unit weighed by the chance to keep the specifications; of several objectives in shares of their
   * ranges.
   *
   * @param results - Quasi-random results over which it is averaged; default 512, of formed outcomes 32.
   */
  expectedRise(measurements: readonly PlannedMeasurement[], results?: number): number;
  /**
   * The same for parts of some measurements, given by their indices: all parts share the draws, so that their differences
   * are sharper than either.
   */
  risesOf(measurements: readonly PlannedMeasurement[], results?: number): (part: readonly number[]) => number;
}

/** Quasi-random results of measurements (assumption: ranks of rises settle; rises to a few percent). */
const RESULTS = 512;
/** Where outcomes are formed from draws, each result costs more. */
const FORMED_RESULTS = 32;

/**
 * The decision among settings. Outcomes are independent, as they are learned: a measurement changes what is believed of
 * its own outcome everywhere, and of everything that is formed from it. In safe mode only settings that are safe enough
 * under the beliefs of the day can be chosen, so that a result which proves safety is worth something.
 *
 * @param points - Encoded settings that could be chosen, [m × d].
 * @returns Null where there is nothing to decide by.
 * @see Frazier, Powell & Dayanik (2009), INFORMS J. Computing 21(4), for the knowledge gradient of correlated beliefs
 */
export function createDecision(
  problem: AskProblem,
  points: Matrix,
  rng: Rng,
  safe?: SafeMode,
): Decision | null {
  const { objectives, specifications } = problem;
  if (objectives.length + specifications.length === 0 || points.rows === 0) return null;
  const terms = [...objectives, ...specifications, ...(safe?.specifications ?? [])];
  const models = terms.map(({ model }) => model);
  const places = believedSettings(points, models);
  const moments = createMoments(places.rows);
  const decisive = new Set(
    models.flatMap((model): readonly GaussianLatent[] =>
      isFormed(model) ? model.models : isKnown(model) ? [] : [model],
    ),
  );
  const learned = new Map<string, GaussianLatent>();
  for (const { outcome, fitted } of problem.judged)
    if (fitted !== undefined && decisive.has(fitted.model)) learned.set(outcome.name, fitted.model);
  const worth = createWorth(problem, points, places, rng, safe);
  const allowedNow = worth((model) => ({ model, ...moments.at(model) })).allowed;
  const usual = models.some(isFormed) ? FORMED_RESULTS : RESULTS;
  const risesOf: Decision["risesOf"] = (measurements, count = usual) => {
    const useful = measurements.flatMap((one, index) =>
      learned.has(one.outcome) ? [{ ...one, index, model: learned.get(one.outcome)! }] : [],
    );
    if (useful.length === 0) return () => 0;
    const normals = sobolNormals(count, useful.length, rng.fork("results"));
    const measured = [...new Set(useful.map(({ model }) => model))].map((model) => {
      const own = useful.filter((one) => one.model === model);
      return { model, own, covariance: moments.covarianceWith(model, own) };
    });
    return (part) => {
      const known = new Set(part);
      const shifts = new Map(
        measured.map(({ model, own, covariance }) => {
          const chosen = own.flatMap(({ index }, k) => (known.has(index) ? [k] : []));
          const columns = chosen.map((k) => useful.indexOf(own[k]!));
          return [model, shiftOf(covariance, own, chosen, columns)];
        }),
      );
      if ([...shifts.values()].every(({ columns }) => columns.length === 0)) return 0;
      const results = Array.from({ length: count }, (_, s) =>
        worth(believed(moments, shifts, matrixRow(normals, s))),
      );
      return meanRise(results, allowedNow);
    };
  };
  return {
    risesOf,
    expectedRise: (measurements, count) => risesOf(measurements, count)(measurements.map((_, i) => i)),
  };
}

/**
 * Mean over trade-offs of (mean of the best) − (best of the means): what knowing first is worth. A setting that may not be
 * chosen is worth nothing.
 */
function meanRise(results: readonly Worth[], allowedNow: readonly boolean[]): number {
  const tradeOffs = results[0]!.values.length;
  let total = 0;
  for (let w = 0; w < tradeOffs; w++) {
    const means = new Float64Array(allowedNow.length);
    let best = 0;
    for (const { values, allowed } of results) {
      const row = values[w]!;
      best += largest(row, allowed) / results.length;
      row.forEach((v, i) => (means[i]! += v / results.length));
    }
    total += Math.max(0, best - largest(means, allowedNow)) / tradeOffs;
  }
  return total;
}

/** The largest of those that may be chosen; 0 where none may. */
function largest(values: Float64Array, allowed: readonly boolean[]): number {
  const best = values.reduce((a, b, i) => (allowed[i] === true ? Math.max(a, b) : a), -Infinity);
  return best === -Infinity ? 0 : best;
}

/** What is believed of surrogates once results are known. */
function believed(
  moments: Moments,
  shifts: ReadonlyMap<GaussianLatent, Shift>,
  normals: Float64Array,
): Beliefs {
  const known = new Map<GaussianLatent, Belief>();
  return (model) => {
    const found = known.get(model) ?? shifted(model, moments.at(model), shifts.get(model), normals);
    known.set(model, found);
    return found;
  };
}

function shifted(
  model: GaussianLatent,
  { mean, variance }: Omit<Belief, "model">,
  shift: Shift | undefined,
  normals: Float64Array,
): Belief {
  if (shift === undefined || shift.columns.length === 0) return { model, mean, variance };
  const moved = mean.slice();
  shift.columns.forEach((column, c) => {
    const move = shift.moves[c]!;
    const z = normals[column]!;
    for (let i = 0; i < moved.length; i++) moved[i]! += move[i]! * z;
  });
  return {
    model,
    mean: moved,
    variance: variance.map((value, i) => Math.max(0, value - shift.explained[i]!)),
  };
}
