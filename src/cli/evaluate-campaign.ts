import type { Campaign } from "../campaign/campaign.js";
import { DEFAULT_PRESET } from "../campaign/choose-preset.js";
import type { FittedOutcomes } from "../campaign/fit-outcomes.js";
import { type OutcomeEvaluation, planCrossValidation } from "../evaluation/cross-validation.js";
import { type DroppedParameter, dropParameters } from "../evaluation/dropped-parameters.js";
import { runPlans } from "../evaluation/held-out-task.js";
import type { Executor } from "../surrogates/executor.js";
import type { CliEffects } from "./effects.js";
import type { Progress } from "./progress.js";

/** How well an outcome is predicted, and what dropping each parameter does to that. */
export interface JudgedOutcome {
  readonly evaluation: OutcomeEvaluation;
  /** The same under the default preset, where another one was taken. */
  readonly byDefault: OutcomeEvaluation | null;
  readonly dropped: readonly DroppedParameter[];
}

/** Beyond this many groups ten folds say as much as leaving out one group at a time, in less time (assumption). */
const MOST_GROUPS_LEFT_OUT = 70;
const FOLDS = 10;
/** Fewer groups than this cannot be split into something to learn from and something to test on. */
const FEWEST_GROUPS = 3;

/** Cross-validates every measured outcome by groups, with all parameters and without each. */
export async function evaluateCampaign(
  campaign: Campaign,
  fits: FittedOutcomes,
  effects: CliEffects,
  progress: Progress,
  executor: Executor,
): Promise<readonly JudgedOutcome[]> {
  const learned = campaign.outcomes.filter((outcome) => outcome.formula?.known !== true);
  const judged: JudgedOutcome[] = [];
  for (const { name } of learned) {
    const groups = measuredGroups(campaign, name);
    const { preset = DEFAULT_PRESET, priorMean, sharedError } = fits.fitted.get(name) ?? {};
    if (groups < FEWEST_GROUPS) continue;
    const options = {
      kind: "gaussian-process" as const,
      preset,
      ...(priorMean === undefined ? {} : { priorMean }),
      ...(sharedError === undefined ? {} : { wholePlot: true as const }),
      folds: groups > MOST_GROUPS_LEFT_OUT ? FOLDS : ("leave-one-group-out" as const),
      seed: 1,
      signal: effects.signal,
      onProgress: (done: number, total: number) =>
        progress.update(`checking how well ${name} is predicted`, done, total),
    };
    const plans = [preset, ...(preset === DEFAULT_PRESET ? [] : [DEFAULT_PRESET])].map((one) =>
      planCrossValidation(campaign, name, { ...options, preset: one }),
    );
    const [evaluation, byDefault = null] = await runPlans(plans, executor, {
      signal: options.signal,
      onDone: options.onProgress,
    });
    const dropped = await dropParameters(campaign, evaluation!, { ...options, executor });
    judged.push({ evaluation: evaluation!, byDefault, dropped });
  }
  return judged;
}

function measuredGroups(campaign: Campaign, outcome: string): number {
  const measured = campaign.trials.filter(
    (t) => t.status === "completed" && t.observations[outcome] !== undefined,
  );
  const settings = measured.map((t) => t.group ?? JSON.stringify([t.parameters, t.context]));
  return new Set(settings).size;
}
