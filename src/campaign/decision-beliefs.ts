import type { FormedOutcome, HeldSetting } from "../acquisition/formed-outcome.js";
import { isFormed, type OutcomeModel } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import { rowsOf } from "./ask-problem.js";

/** Means and variances of one learned outcome at settings, model scale. */
export interface Belief {
  readonly model: GaussianLatent;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What is believed of a surrogate once results are known. */
export type Beliefs = (model: GaussianLatent) => Belief;

/** Settings that could be chosen, and those at which what is formed from draws must be known too, as rows of one matrix. */
export interface BelievedSettings {
  /** The settings that could be chosen come first, in their order. */
  readonly rows: Matrix;
  /** Settings that could be chosen. */
  readonly count: number;
  /** Of a formed outcome at the i-th setting: its held settings, and their rows. */
  heldAt(
    formed: FormedOutcome,
    i: number,
  ): { readonly held: readonly HeldSetting[]; readonly at: Int32Array };
}

/** Gathers the settings that beliefs are needed at. */
export function believedSettings(points: Matrix, models: readonly OutcomeModel[]): BelievedSettings {
  const found = new Map(rowsOf(points).map((x, i) => [x.join(" "), i]));
  const extra: Float64Array[] = [];
  const rowOf = (x: Float64Array): number => {
    const key = x.join(" ");
    const known = found.get(key) ?? points.rows + extra.length;
    if (!found.has(key)) {
      found.set(key, known);
      extra.push(x);
    }
    return known;
  };
  const places = new Map(
    [...new Set(models.filter(isFormed))].map((formed) => [
      formed,
      rowsOf(points).map((x) => {
        const held = formed.heldAt(x);
        return { held, at: Int32Array.from(held, (one) => rowOf(one.x)) };
      }),
    ]),
  );
  const rows = extra.length === 0 ? points : matrixFromRows([...rowsOf(points), ...extra], points.cols);
  return { rows, count: points.rows, heldAt: (formed, i) => places.get(formed)![i]! };
}

/** A result that a surrogate may be told: where, and with what variance, model scale. */
interface Result {
  readonly x: Float64Array;
  readonly noiseVariance: number;
}

/** Joint latent covariance of the settings and of measured ones that are none of them. */
interface Measured {
  readonly covariance: Matrix;
  /** Settings, which come first. */
  readonly rows: number;
  /** Row of each measured setting, [k]. */
  readonly at: readonly number[];
}

/** Posterior moments of surrogates at settings, computed once a surrogate. */
export interface Moments {
  at(model: GaussianLatent): Omit<Belief, "model">;
  covarianceWith(model: GaussianLatent, results: readonly Result[]): Measured;
}

export function createMoments(rows: Matrix): Moments {
  const known = new Map<GaussianLatent, Omit<Belief, "model">>();
  const joints = new Map<GaussianLatent, Matrix>();
  const each = rowsOf(rows);
  const jointOf = (model: GaussianLatent): Matrix => {
    const covariance = joints.get(model) ?? model.joint(rows).covariance;
    joints.set(model, covariance);
    return covariance;
  };
  return {
    at(model) {
      const found = known.get(model);
      if (found !== undefined) return found;
      const latent = each.map((x) => model.latentAt(x));
      const made = {
        mean: Float64Array.from(latent, ({ mean }) => mean),
        variance: Float64Array.from(latent, ({ variance }) => variance),
      };
      known.set(model, made);
      return made;
    },
    covarianceWith(model, results) {
      const others: Float64Array[] = [];
      const at = results.map(({ x }) => {
        const among = each.findIndex((row) => row.every((value, k) => value === x[k]));
        return among < 0 ? each.length + others.push(x) - 1 : among;
      });
      const covariance =
        others.length === 0 ? jointOf(model) : model.joint(matrixFromRows([...each, ...others])).covariance;
      return { covariance, rows: each.length, at };
    },
  };
}

/** How results move the means of the settings: W with Cov(settings, results) = W Lᵀ, where L Lᵀ is the results' covariance. */
export interface Shift {
  /** Draw that each result follows, [k]. */
  readonly columns: readonly number[];
  /** W, [k][m]. */
  readonly moves: readonly Float64Array[];
  /** Variance that the results take away at each setting, [m]. */
  readonly explained: Float64Array;
}

/** @param chosen - Which of the surrogate's results are known. @param columns - The draw of each. */
export function shiftOf(
  { covariance, rows: m, at }: Measured,
  results: readonly Result[],
  chosen: readonly number[],
  columns: readonly number[],
): Shift {
  const entry = (i: number, j: number): number => covariance.data[i * covariance.cols + j]!;
  const moves: Float64Array[] = [];
  // Rows of L below the settings: the same elimination gives W for them and L for the results that come later.
  const rows = [...Array.from({ length: m }, (_, i) => i), ...chosen.map((k) => at[k]!)];
  const eliminated: Float64Array[] = [];
  chosen.forEach((k, c) => {
    const column = Float64Array.from(rows, (row, r) => {
      const noise = r === m + c ? results[k]!.noiseVariance : 0;
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
