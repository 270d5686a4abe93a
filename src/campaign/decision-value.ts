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
}

/** Quasi-random results of measurements (assumption: ranks of rises settle; rises to a few percent). */
const RESULTS = 512;
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
  return {
    expectedRise(measurements, count = RESULTS) {
      const useful = measurements.filter(({ outcome }) => learned.has(outcome));
      if (useful.length === 0) return 0;
      const normals = sobolNormals(count, useful.length, rng.fork("results"));
      const shifts = useful.map((one) => shiftOf(learned.get(one.outcome)!, points, one));
      const results = Array.from({ length: count }, (_, s) => {
        const row = matrixRow(normals, s);
        return value((outcome) => believed(learned.get(outcome)!, points, useful, shifts, outcome, row));
      });
      return meanRise(results);
    },
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

/** How a result of one standard deviation above its expectation moves the means, [m]. */
function shiftOf(
  model: GaussianLatent,
  points: Matrix,
  { x, noiseVariance }: PlannedMeasurement,
): Float64Array {
  const m = points.rows;
  const among = rowsOf(points).findIndex((row) => row.every((value, k) => value === x[k]));
  const { covariance } =
    among < 0 ? model.joint(matrixFromRows([...rowsOf(points), x])) : jointOf(model, points);
  const at = among < 0 ? m : among;
  const own = covariance.data[at * covariance.cols + at]! + noiseVariance;
  const scale = own > 0 ? 1 / Math.sqrt(own) : 0;
  return Float64Array.from({ length: m }, (_, i) => covariance.data[i * covariance.cols + at]! * scale);
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

/** What is believed of an outcome at the points once results are known. */
function believed(
  model: GaussianLatent,
  points: Matrix,
  measurements: readonly PlannedMeasurement[],
  shifts: readonly Float64Array[],
  outcome: string,
  normals: Float64Array,
): Belief {
  const { mean, variance } = momentsOf(model, points);
  const own = measurements.findIndex((one) => one.outcome === outcome);
  if (own < 0) return { model, mean, variance };
  const shift = shifts[own]!;
  return {
    model,
    mean: mean.map((value, i) => value + shift[i]! * normals[own]!),
    variance: variance.map((value, i) => Math.max(0, value - shift[i]! * shift[i]!)),
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
      return [...mean].map((z) => utility(term, model.modelScale.toRaw(z)));
    });
    if (objectives.length === 1)
      return [Float64Array.from(kept, (p, i) => p * (utilities[0]![i]! - floors[0]!))];
    return weights.map((weight) =>
      Float64Array.from(kept, (p, i) => {
        const shares = utilities.map((column, m) => (column[i]! - floors[m]!) / ranges[m]! / weight[m]!);
        return (
          p *
          Math.max(
            0,
            shares.reduce((a, b) => Math.min(a, b)),
          )
        );
      }),
    );
  };
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
