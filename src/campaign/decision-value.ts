import {
  isFormed,
  isKnown,
  type ObjectiveTerm,
  type SpecificationTerm,
} from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import { normalCdf } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import { type AskProblem, rawMeans, rowsOf, utility } from "./ask-problem.js";
import { riskAt } from "./failure-risks.js";
import { probabilityKept } from "./improvement.js";

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
   * @param results - Quasi-random results over which it is averaged; default 512.
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
/** As many tell which of several measurements are worth a closer look (assumption). */
export const ROUGH_RESULTS = 64;
/** Trade-offs between several objectives over which the rise is averaged. */
const TRADE_OFFS = 12;

/** Means and variances of one learned outcome at the points, model scale. */
interface Belief {
  readonly model: GaussianLatent;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * The decision among settings. Outcomes are independent, as they are learned: a measurement changes what is believed of
 * its own outcome everywhere.
 *
 * @param points - Encoded settings that could be chosen, [m × d].
 * @returns Null where there is nothing to decide by, or by a composite of outcomes or a risk measure.
 * @see Frazier, Powell & Dayanik (2009), INFORMS J. Computing 21(4), for the knowledge gradient of correlated beliefs
 */
export function createDecision(problem: AskProblem, points: Matrix, rng: Rng): Decision | null {
  const { objectives, specifications, risks } = problem;
  if (objectives.length + specifications.length === 0 || points.rows === 0) return null;
  if ([...objectives, ...specifications].some(({ model }) => isFormed(model))) return null;
  const succeeds = rowsOf(points).map((x) => riskAt(risks, x).success);
  const learned = new Map<string, GaussianLatent>();
  for (const { outcome, model } of [...objectives, ...specifications])
    if (!isKnown(model) && !isFormed(model)) learned.set(outcome, model);
  const value = valuer(objectives, specifications, points, succeeds, rng);
  const risesOf: Decision["risesOf"] = (measurements, count = RESULTS) => {
    const useful = measurements.flatMap((one, index) =>
      learned.has(one.outcome) ? [{ ...one, index }] : [],
    );
    if (useful.length === 0) return () => 0;
    const normals = sobolNormals(count, useful.length, rng.fork("results"));
    const covariances = new Map(
      [...new Set(useful.map(({ outcome }) => outcome))].map((outcome) => {
        const own = useful.filter((one) => one.outcome === outcome);
        return [outcome, covarianceWith(learned.get(outcome)!, points, own)];
      }),
    );
    return (part) => {
      const known = new Set(part);
      const shifts = new Map(
        [...covariances].map(([outcome, covariance]) => {
          const own = useful.filter((one) => one.outcome === outcome);
          const chosen = own.flatMap(({ index }, k) => (known.has(index) ? [k] : []));
          const columns = chosen.map((k) => useful.indexOf(own[k]!));
          return [outcome, shiftOf(covariance, points.rows, own, chosen, columns)];
        }),
      );
      if ([...shifts.values()].every(({ columns }) => columns.length === 0)) return 0;
      const results = Array.from({ length: count }, (_, s) => {
        const row = matrixRow(normals, s);
        return value((outcome) => believed(learned.get(outcome)!, points, shifts.get(outcome), row));
      });
      return meanRise(results);
    };
  };
  return {
    risesOf,
    expectedRise: (measurements, count) => risesOf(measurements, count)(measurements.map((_, i) => i)),
  };
}

/** Values by trade-off and point, one array each. */
type Values = readonly Float64Array[];

/** Mean over trade-offs of (mean of the best) − (best of the means): what knowing first is worth. */
function meanRise(results: readonly Values[]): number {
  const tradeOffs = results[0]!.length;
  let total = 0;
  for (let w = 0; w < tradeOffs; w++) {
    const means = new Float64Array(results[0]![w]!.length);
    let best = 0;
    for (const result of results) {
      const values = result[w]!;
      best += largest(values) / results.length;
      values.forEach((v, i) => (means[i]! += v / results.length));
    }
    total += Math.max(0, best - largest(means)) / tradeOffs;
  }
  return total;
}

const largest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** Joint latent covariance of the points and of measured settings that are none of them. */
interface Measured {
  readonly covariance: Matrix;
  /** Row of each measured setting, [k]. */
  readonly at: readonly number[];
}

function covarianceWith(
  model: GaussianLatent,
  points: Matrix,
  measurements: readonly PlannedMeasurement[],
): Measured {
  const rows = rowsOf(points);
  const others: Float64Array[] = [];
  const at = measurements.map(({ x }) => {
    const among = rows.findIndex((row) => row.every((value, k) => value === x[k]));
    return among < 0 ? rows.length + others.push(x) - 1 : among;
  });
  const { covariance } =
    others.length === 0 ? jointOf(model, points) : model.joint(matrixFromRows([...rows, ...others]));
  return { covariance, at };
}

const joints = new WeakMap<Matrix, Map<GaussianLatent, ReturnType<GaussianLatent["joint"]>>>();

/** The joint posterior at the points, kept as long as the points are. */
function jointOf(model: GaussianLatent, points: Matrix): ReturnType<GaussianLatent["joint"]> {
  const known = joints.get(points) ?? new Map<GaussianLatent, ReturnType<GaussianLatent["joint"]>>();
  joints.set(points, known);
  const found = known.get(model) ?? model.joint(points);
  known.set(model, found);
  return found;
}

/** How results move the means of the points: W with Cov(points, results) = W Lᵀ, where L Lᵀ is the results' covariance. */
interface Shift {
  /** Draw that each result follows, [k]. */
  readonly columns: readonly number[];
  /** W, [k][m]. */
  readonly moves: readonly Float64Array[];
  /** Variance that the results take away at each point, [m]. */
  readonly explained: Float64Array;
}

/** @param chosen - Which of the outcome's measurements are made. @param columns - The draw of each. */
function shiftOf(
  { covariance, at }: Measured,
  m: number,
  measurements: readonly PlannedMeasurement[],
  chosen: readonly number[],
  columns: readonly number[],
): Shift {
  const entry = (i: number, j: number): number => covariance.data[i * covariance.cols + j]!;
  const moves: Float64Array[] = [];
  // Rows of L below the points: the same elimination gives W for the points and L for the results that come later.
  const rows = [...Array.from({ length: m }, (_, i) => i), ...chosen.map((k) => at[k]!)];
  const eliminated: Float64Array[] = [];
  chosen.forEach((k, c) => {
    const column = Float64Array.from(rows, (row, r) => {
      const noise = r === m + c ? measurements[k]!.noiseVariance : 0;
      return eliminated.reduce((left, one) => left - one[r]! * one[m + c]!, entry(row, at[k]!) + noise);
    });
    const own = column[m + c]!;
    const scale = own > 0 ? 1 / Math.sqrt(own) : 0;
    const scaled = column.map((value) => value * scale);
    eliminated.push(scaled);
    moves.push(scaled.subarray(0, m));
  });
  const explained = new Float64Array(m);
  for (const move of moves) move.forEach((value, i) => (explained[i]! += value * value));
  return { columns, moves, explained };
}

/** What is believed of an outcome at the points once results are known. */
function believed(
  model: GaussianLatent,
  points: Matrix,
  shift: Shift | undefined,
  normals: Float64Array,
): Belief {
  const { mean, variance } = momentsOf(model, points);
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

const moments = new WeakMap<Matrix, Map<GaussianLatent, { mean: Float64Array; variance: Float64Array }>>();

/** Latent moments at the points, kept as long as the points are. */
function momentsOf(model: GaussianLatent, points: Matrix): { mean: Float64Array; variance: Float64Array } {
  const known =
    moments.get(points) ?? new Map<GaussianLatent, { mean: Float64Array; variance: Float64Array }>();
  moments.set(points, known);
  const found = known.get(model);
  if (found !== undefined) return found;
  const each = rowsOf(points).map((x) => model.latentAt(x));
  const made = {
    mean: Float64Array.from(each, ({ mean }) => mean),
    variance: Float64Array.from(each, ({ variance }) => variance),
  };
  known.set(model, made);
  return made;
}

type Beliefs = (outcome: string) => Belief;

/** The value of every point under beliefs, for each trade-off. */
function valuer(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  points: Matrix,
  succeeds: readonly number[],
  rng: Rng,
): (beliefs: Beliefs) => Values {
  const now = objectives.map((term) => rawMeans(term.model, points).map((value) => utility(term, value)));
  const floors = now.map((column) => column.reduce((a, b) => Math.min(a, b)));
  const ranges = now.map((column, m) => column.reduce((a, b) => Math.max(a, b)) - floors[m]! || 1);
  const known = specifications.map((term) =>
    isKnown(term.model) ? rowsOf(points).map((x) => probabilityKept(term, x)) : null,
  );
  const weights = tradeOffs(objectives.length, rng);
  return (beliefs) => {
    const kept = succeeds.map((success, i) =>
      specifications.reduce(
        (product, term, k) => product * (known[k]?.[i] ?? probabilityInside(term, beliefs(term.outcome), i)),
        success,
      ),
    );
    if (objectives.length === 0) return [Float64Array.from(kept)];
    const utilities = objectives.map((term, m) => {
      if (isKnown(term.model)) return now[m]!;
      const { model, mean } = beliefs(term.outcome);
      return Array.from(mean, (z) => utility(term, model.modelScale.toRaw(z)));
    });
    if (objectives.length === 1)
      return [Float64Array.from(kept, (p, i) => p * (utilities[0]![i]! - floors[0]!))];
    const shares = utilities.map((column, m) => column.map((value) => (value - floors[m]!) / ranges[m]!));
    return weights.map((weight) => leastShares(shares, weight, kept));
  };
}

/** The least share of the objectives at each point under a trade-off, at least 0, times the chance that it counts. */
function leastShares(
  shares: readonly (readonly number[])[],
  weight: Float64Array,
  kept: readonly number[],
): Float64Array {
  const values = new Float64Array(kept.length);
  for (let i = 0; i < kept.length; i++) {
    let least = Infinity;
    for (let m = 0; m < shares.length; m++) {
      const share = shares[m]![i]! / weight[m]!;
      if (share < least) least = share;
    }
    values[i] = kept[i]! * Math.max(0, least);
  }
  return values;
}

function probabilityInside(
  { min, max }: SpecificationTerm,
  { model, mean, variance }: Belief,
  i: number,
): number {
  const stdDev = Math.sqrt(Math.max(variance[i]!, 1e-18));
  const at = (limit: number): number => (model.modelScale.toModel(limit) - mean[i]!) / stdDev;
  const upper = max === Infinity ? 1 : normalCdf(at(max));
  const lower = min === -Infinity ? 0 : normalCdf(at(min));
  return Math.max(0, upper - lower);
}

/** Directions of the positive unit sphere, 1 for a single objective. */
function tradeOffs(objectives: number, rng: Rng): readonly Float64Array[] {
  if (objectives < 2) return [Float64Array.from([1])];
  const normals = sobolNormals(TRADE_OFFS, objectives, rng.fork("trade-offs"));
  return Array.from({ length: TRADE_OFFS }, (_, w) => {
    const row = matrixRow(normals, w).map((z) => Math.abs(z) + 0.05);
    const norm = Math.sqrt(row.reduce((sum, z) => sum + z * z, 0));
    return row.map((z) => z / norm);
  });
}
