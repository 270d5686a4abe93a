import { bestSettings } from "../acquisition/incumbents.js";
import { movedNear } from "../acquisition/raw-points.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { type AskProblem, rowsOf } from "./ask-problem.js";
import type { ChosenRun } from "./choose-runs.js";
import { createDecision, type Decision, type PlannedMeasurement } from "./decision-value.js";
import type { SafeMode } from "./safe-mode.js";
import type { TriedSettings } from "./tried-settings.js";

/** Settings beside the tried and the suggested ones among which the best could lie (assumption). */
const OPEN_SETTINGS = 64;
/** Tried settings that may still turn out the best, by prediction (assumption); each costs at every result that is looked at. */
const MOST_COMPARED = 64;
/** Tried settings that may be repeated: the best ones by prediction (assumption: another is never the answer). */
const MOST_REPEATED = 6;
/**
 * New settings beside each of them, from a third to a hundredth of the ranges away: what a repeat has to beat. Compared with
 * the suggested run alone, which was chosen by another value, repeats look better than they are: on Branin with a noise
 * of 0.5 the regret after 50 runs was 0.073 with them and 0.003 without (`npm run bench -- replication`).
 */
const NEAR_WIDTHS = [0.3, 0.1, 0.1, 0.03, 0.03, 0.01] as const;
/** Results by which settings are ranked; those of the best two are counted on more. */
const RANKING_RESULTS = 64;
/**
 * Share of the results' variance that is noise, from which repeats are looked for unasked: below it none was worth more in
 * `npm run bench -- replication`, and looking costs time.
 */
const NOISE_SHARE = 0.1;

export interface ReplicationOptions {
  readonly tried: TriedSettings;
  readonly rng: Rng;
  readonly safe?: SafeMode;
}

/**
 * Whether repeats are looked for where nobody asks for them: one objective, as was measured, and a judged outcome of whose
 * results noise is a large share.
 */
export function isWorthLooking({ objectives, specifications, judged }: AskProblem): boolean {
  const names = [...objectives, ...specifications].map(({ outcome }) => outcome);
  return (
    objectives.length === 1 &&
    judged.some(
      ({ outcome, fitted }) =>
        fitted !== undefined &&
        names.includes(outcome.name) &&
        fitted.model.noiseVariance.some((variance) => variance >= NOISE_SHARE),
    )
  );
}

/**
 * Repeats a tried setting in place of a new one wherever one more run there is expected to raise the best setting's value
 * more than the run that was chosen and than any new setting beside the best tried ones: results that scatter leave open
 * which of the good settings is the best. All are valued alike, by what the decision gains once all learned outcomes of
 * the run are known; no setting is repeated twice in a batch.
 *
 * Each run is valued as if the others of the batch were not made.
 *
 * @see Frazier, Powell & Dayanik (2009), INFORMS J. Computing 21(4), the knowledge gradient; Binois, Huang, Gramacy &
 *   Ludkovski (2019), Technometrics 61(1), on replication as a choice that is compared with exploration
 */
export function withReplicates(
  problem: AskProblem,
  set: FeasibleSet,
  runs: readonly ChosenRun[],
  { tried, rng, safe }: ReplicationOptions,
): readonly ChosenRun[] {
  const { base, objectives, specifications, noisy } = problem;
  if (!noisy || base.rows === 0 || objectives.length + specifications.length === 0) return runs;
  const own = rng.fork("replication");
  const best = rowsOf(bestSettings({ objectives, specifications, data: base, count: MOST_REPEATED }));
  const near = newBeside(best, set, tried, own.fork("near"));
  const open = rowsOf(set.sample(Math.min(OPEN_SETTINGS, set.size), own));
  const rivals =
    base.rows <= MOST_COMPARED
      ? base
      : bestSettings({ objectives, specifications, data: base, count: MOST_COMPARED });
  const points = matrixFromRows([...rowsOf(rivals), ...runs.map(({ x }) => x), ...open, ...near], base.cols);
  const decision = createDecision(problem, points, own);
  if (decision === null) return runs;
  const rise = (x: Float64Array): number => riseAt(problem, decision, x, RANKING_RESULTS);
  let repeatable = best
    .filter((x) => set.contains(x) && (safe === undefined || safe.safety.holds(x)))
    .flatMap((x) => {
      const trial = tried.trialAt(x);
      return trial?.status === "completed" ? [{ x: Float64Array.from(x), trial, rise: rise(x) }] : [];
    })
    .toSorted((a, b) => b.rise - a.rise);
  const byNew = repeatable.length === 0 ? 0 : Math.max(0, ...near.map(rise));
  return runs.map((run) => {
    const [first] = repeatable;
    if (run.origin !== "model" || run.repeats !== undefined || first === undefined) return run;
    if (!(first.rise > byNew && first.rise > rise(run.x))) return run;
    const [there, instead] = [riseAt(problem, decision, first.x), riseAt(problem, decision, run.x)];
    if (!(there > instead)) return run;
    repeatable = repeatable.slice(1);
    return {
      ...{ x: first.x, origin: "model", repeats: first.trial },
      acquisition: { name: "replication", value: there },
      replication: { of: first.trial.id, rise: there, instead },
    };
  });
}

/** Allowed settings beside good ones that were not tried. */
function newBeside(
  centers: readonly Float64Array[],
  set: FeasibleSet,
  tried: TriedSettings,
  rng: Rng,
): Float64Array[] {
  if (set.free.length === 0) return []; // everything is fixed
  const found = new Map<string, Float64Array>();
  for (const center of centers)
    for (const width of NEAR_WIDTHS) {
      const moved = movedNear(set, center, width, rng);
      const x = moved === null ? undefined : set.round(moved)[0];
      if (x !== undefined && tried.trialAt(x) === undefined) found.set(x.join(" "), Float64Array.from(x));
    }
  return [...found.values()];
}

/** What the decision gains by one run at x. */
function riseAt(problem: AskProblem, decision: Decision, x: Float64Array, results?: number): number {
  const { parameters, context } = problem.campaign.space.decode(x);
  const measured = problem.judged.flatMap(({ outcome, fitted }): PlannedMeasurement[] => {
    if (fitted === undefined) return [];
    const { noiseVariance } = fitted.model;
    const level = fitted.rows.noiseLevelAt({ parameters, context });
    return [{ outcome: outcome.name, x, noiseVariance: noiseVariance[level] ?? noiseVariance[0]! }];
  });
  return decision.expectedRise(measured, results);
}
