import type { Campaign } from "../campaign/campaign.js";
import type { OutcomeEvaluation } from "../evaluation/cross-validation.js";
import type { Scores } from "../evaluation/scores.js";
import { readableName } from "../plots/format.js";
import type { BaseRate, OutcomeQuality, QualityFigures } from "../plots/report-data.js";
import type { Settings } from "../space/parameter.js";
import type { JudgedOutcome } from "./evaluate-campaign.js";
import { levelOf } from "./quality-table.js";
import type { ReportTrial } from "./report-trials.js";

/** Skill of one outcome's surrogate on groups that it had not seen, as the report shows it. */
export function reportQuality(
  { evaluation, dropped }: JudgedOutcome,
  about: {
    readonly campaign: Campaign;
    readonly context: Settings;
    readonly trials: readonly ReportTrial[];
    readonly baseRate: BaseRate | null;
  },
): OutcomeQuality {
  const within = levelOf(evaluation, about.context);
  const here = new Set(about.trials.filter(({ inContext }) => inContext).map(({ group }) => group));
  return {
    outcome: evaluation.outcome,
    heldOut: heldOutText(evaluation, about.campaign),
    pooled: figuresOf(evaluation),
    withinContext: within === undefined ? null : figuresOf(within),
    without: dropped.map((drop) => ({
      parameter: drop.parameter,
      pooledR2: drop.evaluation.r2,
      withinR2: levelOf(drop.evaluation, about.context)?.r2 ?? null,
    })),
    ...(about.baseRate === null ? {} : { baseRate: about.baseRate }),
    parity: evaluation.groupPredictions.map((p) => ({
      label: p.group,
      observed: p.observed,
      mean: p.mean,
      interval95: [p.lo, p.hi],
      inContext: here.has(p.group),
    })),
  };
}

function figuresOf(scores: Scores): QualityFigures {
  return {
    groups: scores.groups,
    r2: scores.r2,
    rmse: scores.rmseGroups,
    inside95: Math.round(scores.coverage95 * scores.observations),
    of: scores.observations,
  };
}

/** `one condition at a time`, `in 10 parts that split no condition`. */
function heldOutText({ folds }: OutcomeEvaluation, { group }: Campaign): string {
  const noun = group === undefined ? "setting" : readableName(group).replace(/ id$/, "");
  return folds === "leave-one-group-out"
    ? `one ${noun} at a time`
    : `in ${folds} parts that split no ${noun}`;
}
