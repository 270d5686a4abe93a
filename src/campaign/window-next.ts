import { matrixFromRows, matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import type { ConditionedProcess } from "../surrogates/gaussian-process-model.js";
import type { FittedOutcome } from "./fit-outcomes.js";
import type { WideningRun } from "./window-answer.js";
import { bestPoint, chooseBox, drawWhole } from "./window-choose.js";
import { isFormula, type WindowTerm } from "./window-draws.js";
import { probabilityOf, probabilityOfAll } from "./window-map.js";
import type { WindowRegion } from "./window-region.js";

/** Runs that are proposed, settings that are looked at, and how many of them are tried out in the models (assumptions). */
const RUNS = 3;
const CANDIDATES = 512;
const SHORTLIST = 8;
/** Points and draws of a box that is only compared with another one. */
const ROUGH = { points: 256, draws: 256, rounds: 0 };
const NORMAL_95 = 1.959963984540054;
/** A setting at which another specification is this unlikely to hold is not on the border of the window. */
const LEAST_OTHERS = 0.2;

export interface WideningQuestion {
  readonly region: WindowRegion;
  readonly set: FeasibleSet;
  readonly terms: readonly WindowTerm[];
  readonly fitted: ReadonlyMap<string, FittedOutcome>;
  readonly probability: number;
  readonly check: () => Promise<void>;
}

/**
 * Runs that would widen the window most. Settings on the border that is least known (straddle: 1.96 σ − |μ − limit|) are
 * tried out in the models, as if they came out as predicted; the one after which the largest box is largest is taken,
 * then the next one given it.
 *
 * @see Bryan, Nichol, Genovese, Schneider, Miller & Wasserman (2005), NIPS 18, section 3 (straddle)
 */
export async function wideningRuns(
  question: WideningQuestion,
  rng: Rng,
): Promise<{ readonly runs: WideningRun[]; readonly widening: number | null }> {
  const { region, terms, check } = question;
  const learned = new Map<string, ConditionedProcess>();
  for (const { outcome } of terms) {
    const one = question.fitted.get(outcome);
    if (one !== undefined) learned.set(outcome, one.model);
  }
  if (learned.size === 0) return { runs: [], widening: null };
  const pool = candidatesOf(question, rng.fork("candidates"));
  // All on the same draws and the fitted hyperparameters: only the difference counts.
  const before = roughWorth(question, learned, rng);
  let now = learned;
  let worth = before;
  const runs: WideningRun[] = [];
  while (runs.length < RUNS) {
    const ranked = shortlist(question, now, pool);
    let best: { x: Float64Array; models: typeof learned; worth: number; run: WideningRun } | null = null;
    for (const { x, outcome, straddle } of ranked) {
      await check();
      const models = imagined(question, now, x);
      const then = roughWorth(question, models, rng);
      if (best !== null && then <= best.worth) continue;
      const [probability] = probabilityOfAll(terms, matrixFromRows([x]));
      const { parameters } = region.space.decode(x);
      best = { x, models, worth: then, run: { parameters, outcome, straddle, probability: probability! } };
    }
    if (best === null) break;
    runs.push(best.run);
    ({ models: now, worth } = best);
  }
  return { runs, widening: before > 1 && runs.length > 0 ? (worth - before) / (before - 1) : null };
}

/** Allowed settings with the choices of the region. */
function candidatesOf({ region, set }: WideningQuestion, rng: Rng): Float64Array[] {
  const X = set.sample(CANDIDATES, rng);
  const rows = Array.from({ length: X.rows }, (_, i) => matrixRow(X, i).slice());
  const kept = rows.filter((x) => {
    const { parameters } = region.space.decode(x);
    return Object.entries(region.choices).every(([name, choice]) => parameters[name] === choice);
  });
  return [...new Map(kept.map((x) => [x.join(" "), x])).values()];
}

interface Ranked {
  readonly x: Float64Array;
  readonly outcome: string;
  readonly straddle: number;
}

/** The settings with the highest straddle score, apart from each other. */
function shortlist(
  { terms }: WideningQuestion,
  models: ReadonlyMap<string, ConditionedProcess>,
  pool: readonly Float64Array[],
): Ranked[] {
  if (pool.length === 0) return [];
  const X = matrixFromRows(pool);
  const each = terms.map((term) => probabilityOf(withModel(term, models), X));
  const scored = pool.flatMap((x, i): Ranked[] => {
    const scores = terms.flatMap((term, k) => {
      const model = models.get(term.outcome);
      const others = each.reduce((product, p, l) => (l === k ? product : product * p[i]!), 1);
      if (model === undefined || others < LEAST_OTHERS) return [];
      return [{ x, outcome: term.outcome, straddle: straddleAt(model, term, x) }];
    });
    return scores.length === 0 ? [] : [scores.reduce((a, b) => (b.straddle > a.straddle ? b : a))];
  });
  const sorted = scored.toSorted((a, b) => b.straddle - a.straddle);
  const chosen: Ranked[] = [];
  for (const apart of [APART, 0]) {
    for (const one of sorted) {
      if (chosen.length >= SHORTLIST) break;
      if (chosen.includes(one) || chosen.some(({ x }) => distance(x, one.x) <= apart)) continue;
      chosen.push(one);
    }
  }
  return chosen;
}

/** Encoded distance between settings of a shortlist, where there are enough (assumption). */
const APART = 0.1;

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, j) => Math.max(largest, Math.abs(value - b[j]!)), 0);
}

/** 1.96 σ − distance of μ to the nearer limit, over σ; model scale. */
function straddleAt(model: ConditionedProcess, { min, max }: WindowTerm, x: Float64Array): number {
  const { mean, variance } = model.latentAt(x);
  const sigma = Math.sqrt(variance);
  const limits = [min, max]
    .filter(Number.isFinite)
    .map((limit) => Math.abs(mean - model.modelScale.toModel(limit)));
  const nearest = limits.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return NORMAL_95 * sigma - nearest;
}

/** The models as if a run at x had come out at their medians. */
function imagined(
  { fitted, region }: WideningQuestion,
  models: ReadonlyMap<string, ConditionedProcess>,
  x: Float64Array,
): Map<string, ConditionedProcess> {
  const X = matrixFromRows([x]);
  return new Map(
    [...models].map(([outcome, model]) => {
      const { rows } = fitted.get(outcome)!;
      const noiseLevel = Int32Array.of(rows.noiseLevelAt(region.space.decode(x)));
      const knownNoiseVariance = Float64Array.of(rows.knownNoiseVariance);
      const y = model.predict(X).quantile(0.5, "latent");
      return [outcome, model.withObservations({ X, y, noiseLevel, knownNoiseVariance })];
    }),
  );
}

function withModel(term: WindowTerm, models: ReadonlyMap<string, ConditionedProcess>): WindowTerm {
  return isFormula(term.model) ? term : { ...term, model: models.get(term.outcome) ?? term.model };
}

/** 1 + the volume of the largest box; below 1 the probability of the best setting where there is none. */
function roughWorth(
  { region, terms, probability }: WideningQuestion,
  models: ReadonlyMap<string, ConditionedProcess>,
  rng: Rng,
): number {
  const own = rng.fork("rough");
  const judged = terms.map((term) => withModel(term, models));
  const box = chooseBox(region, judged, 1 - probability, own, ROUGH);
  return box === null ? 1 - bestPoint(drawWhole(region, judged, own, ROUGH)).failed : 1 + box.volume;
}
