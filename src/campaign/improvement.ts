import { MOST_OBJECTIVES } from "../acquisition/create-acquisition.js";
import { hypervolume } from "../acquisition/hypervolume-value.js";
import {
  isFormed,
  isKnown,
  type ObjectiveTerm,
  type OutcomeModel,
  type SpecificationTerm,
} from "../acquisition/outcome-terms.js";
import type { FormedOutcome } from "../acquisition/formed-outcome.js";
import { nonDominated } from "../acquisition/pareto.js";
import { referencePoint } from "../acquisition/reference-point.js";
import { sampledHypervolume } from "../acquisition/sampled-hypervolume.js";
import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { sobolNormals } from "../math/sobol.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import { rawMeans, utility } from "./ask-problem.js";
import { formedImprovement, hasForms, shareKept } from "./formed-gain.js";
import { knownChance } from "./known-chance.js";

/** What has been reached so far, in raw units: the yardstick of every improvement that people are told. */
export interface Standing {
  readonly objectives: readonly ObjectiveTerm[];
  /** Tried settings whose predicted outcomes keep the specifications, [n × d]. */
  readonly feasible: Matrix;
  /** Their predicted outcomes in raw units, and as utilities (larger is better), [n × M] each. */
  readonly values: Matrix;
  readonly utilities: Matrix;
  /** The best of them in the first objective; −1 where there is none. */
  readonly best: number;
  /** Where the hypervolume begins, raw utilities, [M]. */
  readonly reference: Float64Array;
  /** Hypervolume reached (several objectives), or best utility (one); null where nothing feasible is known. */
  readonly reached: number | null;
  /** Spread of the first objective's utilities over all tried settings. */
  readonly range: number;
}

export interface Gain {
  /** Expected improvement over the standing, weighted by the probability of keeping the specifications. */
  readonly expected: number;
  /** Share of it that remains if the predicted means came true exactly: exploitation; the rest is exploration. */
  readonly exploited: number;
}

/** Draws of the outcomes at a candidate (assumption: expected gains to a few percent). */
const DRAWS = 256;

/** Where the campaign stands at its tried settings, by posterior means. */
export function standingOf(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  base: Matrix,
): Standing {
  const M = objectives.length;
  const columns = objectives.map((term) => rawMeans(term.model, base));
  const limits = specifications.map((term) => ({ term, values: rawMeans(term.model, base) }));
  const keeps = (i: number): boolean =>
    limits.every(({ term, values }) => values[i]! >= term.min && values[i]! <= term.max);
  const kept = Array.from({ length: base.rows }, (_, i) => i).filter(keeps);
  const values = matrixFromRows(
    kept.map((i) => columns.map((column) => column[i]!)),
    M,
  );
  const utilities = utilitiesOf(objectives, values);
  const first = (columns[0] ?? []).map((value) => utility(objectives[0]!, value));
  const range = first.length === 0 ? 0 : largest(first) + largest(first.map((u) => -u));
  const feasible = matrixFromRows(
    kept.map((i) => matrixRow(base, i)),
    base.cols,
  );
  const standing = { objectives, feasible, values, utilities, range };
  if (kept.length === 0 || M === 0)
    return { ...standing, best: -1, reference: new Float64Array(M), reached: null };
  const thresholds = objectives.map((term) =>
    term.threshold === undefined ? undefined : utility(term, term.threshold),
  );
  const reference = referencePoint(utilities, thresholds);
  const inFirst = kept.map((_, i) => utilities.data[i * M]!);
  const best = inFirst.indexOf(largest(inFirst));
  return {
    ...standing,
    best,
    reference,
    reached: M === 1 ? inFirst[best]! : reachedVolume(utilities, reference),
  };
}

/** Exact up to four objectives, sampled beyond. */
function reachedVolume(utilities: Matrix, reference: Float64Array): number {
  return reference.length > MOST_OBJECTIVES
    ? sampledHypervolume(utilities, reference).reached
    : hypervolume(utilities, reference);
}

function utilitiesOf(objectives: readonly ObjectiveTerm[], values: Matrix): Matrix {
  const M = objectives.length;
  return { ...values, data: values.data.map((value, at) => utility(objectives[at % M]!, value)) };
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Expected gain of running x, in the first objective's unit or in hypervolume; null where nothing is reached yet. */
export function gainAt(
  standing: Standing,
  specifications: readonly SpecificationTerm[],
  x: Float64Array,
  rng: Rng,
): Gain | null {
  const { objectives, reached } = standing;
  if (reached === null) return null;
  return expectedGain(objectives, specifications, improvementOver(standing, reached), x, rng);
}

/** Expected gain of what the learned outcomes are worth at fixed prices, over the best tried setting; null as above. */
export function pricedGainAt(
  standing: Standing,
  specifications: readonly SpecificationTerm[],
  prices: ReadonlyMap<string, number>,
  x: Float64Array,
  rng: Rng,
): Gain | null {
  const { objectives, reached, utilities } = standing;
  if (reached === null) return null;
  const weights = objectives.map((term) => prices.get(term.outcome) ?? 0);
  const worth = (u: Float64Array): number => u.reduce((sum, value, m) => sum + weights[m]! * value, 0);
  const best = largest(Array.from({ length: utilities.rows }, (_, i) => worth(matrixRow(utilities, i))));
  return expectedGain(objectives, specifications, (u) => Math.max(worth(u) - best, 0), x, rng);
}

function expectedGain(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  improvement: (utilities: Float64Array) => number,
  x: Float64Array,
  rng: Rng,
): Gain {
  const point = matrixFromRows([x]);
  const atMean = improvement(
    Float64Array.from(objectives, (term) => utility(term, rawMeans(term.model, point)[0]!)),
  );
  if (hasForms([...objectives, ...specifications])) {
    const { expected } = formedImprovement(objectives, specifications, x, (values) =>
      improvement(Float64Array.from(objectives, (term, m) => utility(term, values[m]!))),
    );
    const certain = atMean * shareKept(specifications, x);
    return { expected, exploited: expected > 0 ? Math.min(1, certain / expected) : 1 };
  }
  const normals = sobolNormals(DRAWS, objectives.length, rng);
  const draw = objectives.map(({ model }) => outcomeDraw(model as Exclude<OutcomeModel, FormedOutcome>, x));
  const M = objectives.length;
  const utilities = new Float64Array(M);
  let sum = 0;
  for (let s = 0; s < DRAWS; s++) {
    for (let m = 0; m < M; m++) utilities[m] = utility(objectives[m]!, draw[m]!(normals.data[s * M + m]!));
    sum += improvement(utilities);
  }
  const expected = sum / DRAWS;
  const feasible = specifications.reduce((product, term) => product * probabilityKept(term, x), 1);
  return { expected: expected * feasible, exploited: expected > 0 ? Math.min(1, atMean / expected) : 1 };
}

/** Improvement of utilities over what is reached: over the best one, or of the dominated hypervolume. */
function improvementOver(standing: Standing, reached: number): (utilities: Float64Array) => number {
  if (standing.objectives.length === 1) return (u) => Math.max(u[0]! - reached, 0);
  if (standing.objectives.length > MOST_OBJECTIVES)
    return sampledHypervolume(standing.utilities, standing.reference).added;
  const front = nonDominated(standing.utilities).map((i) => matrixRow(standing.utilities, i));
  return (u) => {
    if (!u.every((value, m) => value > standing.reference[m]!)) return 0;
    return Math.max(hypervolume(matrixFromRows([...front, u]), standing.reference) - reached, 0);
  };
}

/** The latent outcome at x as a function of a standard normal, raw units; a formula's error is not drawn. */
function outcomeDraw(
  model: Exclude<OutcomeModel, FormedOutcome>,
  x: Float64Array,
): (normal: number) => number {
  if (isKnown(model)) {
    const value = model.evaluate(x);
    return () => value;
  }
  const { mean, variance } = model.latentAt(x);
  const stdDev = Math.sqrt(variance);
  return (normal) => model.modelScale.toRaw(mean + stdDev * normal);
}

/** Probability that a latent outcome keeps its limits at x; 0 or 1 for an exact formula. */
export function probabilityKept(term: SpecificationTerm, x: Float64Array): number {
  const { model, min, max } = term;
  if (isFormed(model)) return shareKept([term], x);
  if (!isKnown(model))
    return (model as GaussianProcessModel).predict(matrixFromRows([x])).probabilityBetween(min, max)[0]!;
  return knownChance(model, term, x);
}
