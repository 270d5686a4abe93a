import { bestSettings } from "../acquisition/incumbents.js";
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
/** Tried settings that may be repeated: the best ones by prediction (assumption: another is never the answer). */
const MOST_REPEATED = 6;

/**
 * Repeats a tried setting in place of a new one wherever one more run there is expected to raise the best setting's value
 * more: results that scatter leave open which of the good settings is the best. Both are valued alike, by what the
 * decision gains once all learned outcomes of the run are known; no setting is repeated twice in a batch.
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
  { tried, rng, safe }: { readonly tried: TriedSettings; readonly rng: Rng; readonly safe?: SafeMode },
): readonly ChosenRun[] {
  const { base, objectives, specifications, noisy } = problem;
  if (!noisy || base.rows === 0 || objectives.length + specifications.length === 0) return runs;
  const open = rowsOf(set.sample(Math.min(OPEN_SETTINGS, set.size), rng.fork("replication")));
  const points = matrixFromRows([...rowsOf(base), ...runs.map(({ x }) => x), ...open], base.cols);
  const decision = createDecision(problem, points, rng.fork("replication"));
  if (decision === null) return runs;
  const rise = (x: Float64Array): number => riseAt(problem, decision, x);
  let repeatable = rowsOf(bestSettings({ objectives, specifications, data: base, count: MOST_REPEATED }))
    .filter((x) => set.contains(x) && (safe === undefined || safe.safety.holds(x)))
    .flatMap((x) => {
      const trial = tried.trialAt(x);
      return trial?.status === "completed" ? [{ x: Float64Array.from(x), trial, rise: rise(x) }] : [];
    })
    .toSorted((a, b) => b.rise - a.rise);
  return runs.map((run) => {
    const [best] = repeatable;
    if (run.origin !== "model" || run.repeats !== undefined || best === undefined) return run;
    const instead = rise(run.x);
    if (!(best.rise > instead)) return run;
    repeatable = repeatable.slice(1);
    return {
      ...{ x: best.x, origin: "model", repeats: best.trial },
      acquisition: { name: "replication", value: best.rise },
      replication: { of: best.trial.id, rise: best.rise, instead },
    };
  });
}

/** What the decision gains by one run at x. */
function riseAt(problem: AskProblem, decision: Decision, x: Float64Array): number {
  const { parameters, context } = problem.campaign.space.decode(x);
  const measured = problem.judged.flatMap(({ outcome, fitted }): PlannedMeasurement[] => {
    if (fitted === undefined) return [];
    const { noiseVariance } = fitted.model;
    const level = fitted.rows.noiseLevelAt({ parameters, context });
    return [{ outcome: outcome.name, x, noiseVariance: noiseVariance[level] ?? noiseVariance[0]! }];
  });
  return decision.expectedRise(measured);
}
