import { finite } from "../acquisition/formed-draws.js";
import type { FormedOutcome } from "../acquisition/formed-outcome.js";
import {
  isFormed,
  isKnown,
  type OutcomeModel,
  type SpecificationTerm,
} from "../acquisition/outcome-terms.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import { normalCdf } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import { type AskProblem, rawMeans, rowsOf, utility } from "./ask-problem.js";
import type { Belief, Beliefs, BelievedSettings } from "./decision-beliefs.js";
import { riskAt } from "./failure-risks.js";
import { probabilityKept } from "./improvement.js";
import type { SafeMode } from "./safe-mode.js";

/** Values by trade-off and point, one array each. */
export type Values = readonly Float64Array[];

/** What every point is worth under beliefs, and whether it may be chosen at all. */
export interface Worth {
  readonly values: Values;
  /** [m] */
  readonly allowed: readonly boolean[];
}

/** Trade-offs between several objectives over which a rise is averaged. */
const TRADE_OFFS = 12;
/** Draws of what beliefs leave open, for outcomes that are formed from several (assumption: ranks of rises settle). */
const FORM_DRAWS = 24;

/**
 * The value of every point under beliefs, for each trade-off: how far the objective is above the worst point's, times the
 * chance to keep the specifications and to succeed. Formed outcomes are averaged over draws of what the beliefs leave open,
 * settings held near one another drawn fully correlated, as acquisition functions draw them.
 */
export function createWorth(
  { objectives, specifications, risks }: AskProblem,
  points: Matrix,
  places: BelievedSettings,
  rng: Rng,
  safe?: SafeMode,
): (beliefs: Beliefs) => Worth {
  const succeeds = rowsOf(points).map((x) => riskAt(risks, x).success);
  const now = objectives.map((term) => rawMeans(term.model, points).map((value) => utility(term, value)));
  const floors = now.map((column) => column.reduce((a, b) => Math.min(a, b)));
  const ranges = now.map((column, m) => column.reduce((a, b) => Math.max(a, b)) - floors[m]! || 1);
  const weights = tradeOffs(objectives.length, rng);
  const safety = safe?.specifications ?? [];
  const draws = createDraws([...objectives, ...specifications, ...safety], places, rng);
  const keptAll = chancesOf(specifications, points, draws);
  const safeAll = chancesOf(safety, points, draws);
  return (beliefs) => {
    const m = points.rows;
    const kept = keptAll(beliefs).map((p, i) => succeeds[i]! * p);
    const values = valuesOf();
    if (safe === undefined) return { values, allowed: Array.from({ length: m }, () => true) };
    const chances = safeAll(beliefs);
    return { values, allowed: chances.map((p, i) => p * succeeds[i]! >= safe.safety.floor) };

    function valuesOf(): Values {
      if (objectives.length === 0) return [Float64Array.from(kept)];
      const utilities = objectives.map((term, k) =>
        isKnown(term.model) ? now[k]! : meansOf(term.model, beliefs).map((value) => utility(term, value)),
      );
      if (objectives.length === 1)
        return [Float64Array.from(kept, (p, i) => p * (utilities[0]![i]! - floors[0]!))];
      const shares = utilities.map((column, k) => column.map((value) => (value - floors[k]!) / ranges[k]!));
      return weights.map((weight) => leastShares(shares, weight, kept));
    }

    function meansOf(model: GaussianLatent | FormedOutcome, of: Beliefs): number[] {
      if (isFormed(model)) return draws(model, of).map((row) => row.reduce((a, b) => a + b, 0) / row.length);
      const { mean } = of(model);
      return Array.from({ length: m }, (_, i) => model.modelScale.toRaw(mean[i]!));
    }
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

type Draws = (formed: FormedOutcome, beliefs: Beliefs) => readonly Float64Array[];

/** Draws of a formed outcome at every point, [m][S]; one normal a surrogate and draw, the same for all that share it. */
function createDraws(
  terms: readonly { readonly model: OutcomeModel }[],
  places: BelievedSettings,
  rng: Rng,
): Draws {
  const formed = terms.map(({ model }) => model).filter(isFormed);
  const models = [...new Set(formed.flatMap((one) => one.models))];
  const normals = sobolNormals(FORM_DRAWS, Math.max(1, models.length), rng.fork("form draws"));
  return (one, beliefs) => {
    const K = one.models.length;
    const columns = one.models.map((model) => models.indexOf(model));
    const believed = one.models.map((model) => beliefs(model));
    return Array.from({ length: places.count }, (_, i) => {
      const { held, at } = places.heldAt(one, i);
      const outcomes = new Float64Array(held.length * K);
      return Float64Array.from({ length: FORM_DRAWS }, (_row, s) => {
        at.forEach((row, p) =>
          believed.forEach(({ model, mean, variance }, k) => {
            const z = normals.data[s * normals.cols + columns[k]!]!;
            outcomes[p * K + k] = model.modelScale.toRaw(mean[row]! + Math.sqrt(variance[row]!) * z);
          }),
        );
        return finite(one.value(held, outcomes));
      });
    });
  };
}

/** The chance that every point keeps limits: joint over draws for formed ones, independent of the others. */
function chancesOf(
  terms: readonly SpecificationTerm[],
  points: Matrix,
  draws: Draws,
): (beliefs: Beliefs) => number[] {
  const known = terms.map((term) =>
    isKnown(term.model) ? rowsOf(points).map((x) => probabilityKept(term, x)) : null,
  );
  const formed = terms.flatMap((term) => (isFormed(term.model) ? [{ ...term, model: term.model }] : []));
  return (beliefs) => {
    const values = formed.map(({ model }) => draws(model, beliefs));
    return Array.from({ length: points.rows }, (_, i) => {
      const single = terms.reduce((product, term, k) => {
        const { model } = term;
        if (isFormed(model)) return product;
        return product * (known[k]?.[i] ?? probabilityInside(term, beliefs(model as GaussianLatent), i));
      }, 1);
      if (formed.length === 0) return single;
      let kept = 0;
      for (let s = 0; s < FORM_DRAWS; s++)
        if (formed.every(({ min, max }, k) => values[k]![i]![s]! >= min && values[k]![i]![s]! <= max)) kept++;
      return (single * kept) / FORM_DRAWS;
    });
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
