import { exp } from "../math/elementary.js";
import { matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import { fitSuccessProbability, type SuccessProbability } from "../surrogates/success-probability.js";
import type { Campaign } from "./campaign.js";
import { sortById } from "./settings-key.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

/** One way in which runs fail, and the probability that a run does not. */
export interface FailureRisk {
  /** The reason as it was first written; `no reason stated`; or `other reasons`, where there are too many. */
  readonly reason: string;
  /** Runs that failed so, by id. */
  readonly trials: readonly string[];
  readonly model: SuccessProbability;
}

/** Reasons with a model of their own, the most frequent first; each costs at every evaluation (assumption). */
const MOST_REASONS = 6;
const UNSTATED = "no reason stated";
const OTHER = "other reasons";

/**
 * Learns from failed runs where runs fail, apart for each reason: a completed run tells that none of them happened
 * there, a run that failed for one reason tells nothing of the others.
 *
 * @param context - Stands in for context that a trial lacks.
 */
export function failureRisks(campaign: Campaign, context: Settings): FailureRisk[] {
  const { space } = campaign;
  const ended = sortById(campaign.trials).filter(
    (trial) => (trial.status === "completed" || trial.status === "failed") && isReadable(space, trial),
  );
  const completed = ended.filter((trial) => trial.status === "completed");
  return reasonsOf(ended).map(({ reason, failed }) => {
    const rows = [...completed, ...failed];
    const X = matrixFromRows(
      rows.map((trial) => space.encode(trial.parameters, { ...context, ...trial.context })),
      space.inputs.length,
    );
    const succeeded = rows.map((trial) => trial.status === "completed");
    const model = fitSuccessProbability({ inputs: space.inputs, X, succeeded });
    return { reason, trials: failed.map(({ id }) => id), model };
  });
}

interface FailureReason {
  readonly reason: string;
  readonly failed: readonly Trial[];
}

/** Failed runs by reason, upper and lower case alike; the rarest are joined. */
function reasonsOf(trials: readonly Trial[]): FailureReason[] {
  const byKey = new Map<string, { reason: string; failed: Trial[] }>();
  for (const trial of trials) {
    if (trial.status !== "failed") continue;
    const reason = trial.reason?.trim() ?? "";
    const key = reason.toLowerCase();
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { reason: reason === "" ? UNSTATED : reason, failed: [trial] });
    else known.failed.push(trial);
  }
  const all = [...byKey.values()].sort((a, b) => b.failed.length - a.failed.length);
  if (all.length <= MOST_REASONS) return all;
  const rest = all.slice(MOST_REASONS - 1).flatMap(({ failed }) => failed);
  return [...all.slice(0, MOST_REASONS - 1), { reason: OTHER, failed: sortById(rest) }];
}

/** Probability that a run fails at x for each reason, and that it succeeds. */
export function riskAt(
  risks: readonly FailureRisk[],
  x: Float64Array,
): { readonly success: number; readonly byReason: Readonly<Record<string, number>> } {
  const successes = risks.map(({ model }) => exp(model.logAt(x)));
  return {
    success: successes.reduce((product, p) => product * p, 1),
    byReason: Object.fromEntries(risks.map(({ reason }, i) => [reason, 1 - successes[i]!])),
  };
}

/** What was learned from, in a sentence; none without failures. */
export function failureMessages(risks: readonly FailureRisk[]): string[] {
  if (risks.length === 0) return [];
  const counts = risks.map(({ reason, trials }) => `${reason} ${trials.length}`).join(", ");
  const failed = risks.reduce((sum, { trials }) => sum + trials.length, 0);
  const runs = failed === 1 ? "1 failed run" : `${failed} failed runs`;
  return [
    `Failures: ${runs} (${counts}) teach where runs succeed; every suggestion is weighed by that probability.`,
  ];
}
