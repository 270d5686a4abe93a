import type { ObjectiveTerm, OutcomeModel } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import { type Campaign, campaignInvalid, type Outcome } from "./campaign.js";
import { isReadable } from "./trial-groups.js";

/** What relative limits are judged against. */
export interface RelativeTo {
  readonly campaign: Campaign;
  readonly context: Settings;
  /** As they are judged at the settings as asked. */
  readonly objectives: readonly ObjectiveTerm[];
  /** Settings that were run, encoded in the asked context, [n × d]. */
  readonly base: Matrix;
  /** Predicted values at encoded rows, raw units. */
  means(model: OutcomeModel, points: Matrix): number[];
  /** Larger is better, raw units. */
  utility(term: ObjectiveTerm, value: number): number;
}

/**
 * Limits by the predicted value of the incumbent, or of a stated trial's settings in the asked context; infinite where
 * none is stated or nothing has been run.
 *
 * @throws CellwrightError CAMPAIGN_INVALID where a stated trial is unknown or lacks settings.
 */
export function relativeLimits(
  outcome: Outcome,
  model: OutcomeModel,
  to: RelativeTo,
): { readonly floor: number; readonly ceiling: number } {
  const { atLeast, atMost } = outcome;
  const floor = atLeast === undefined ? null : referenceValue("atLeast", atLeast.of, outcome, model, to);
  const ceiling = atMost === undefined ? null : referenceValue("atMost", atMost.of, outcome, model, to);
  return {
    floor: floor === null ? -Infinity : atLeast!.share * floor,
    ceiling: ceiling === null ? Infinity : atMost!.share * ceiling,
  };
}

function referenceValue(
  field: "atLeast" | "atMost",
  of: string,
  outcome: Outcome,
  model: OutcomeModel,
  to: RelativeTo,
): number | null {
  if (of === "incumbent") return incumbentValue(outcome, model, to);
  const { campaign, context } = to;
  const trial = campaign.trials.find(({ id }) => id === of);
  if (trial === undefined || !isReadable(campaign.space, trial)) {
    throw campaignInvalid([
      {
        where: `outcomes.${outcome.name}.${field}.of`,
        found: trial === undefined ? `the unknown trial ${of}` : `trial ${of}, which lacks settings`,
        expected: "incumbent, or the id of a trial whose settings are all known",
        remedy: "Record the trial, or correct its id.",
      },
    ]);
  }
  return to.means(model, matrixFromRows([campaign.space.encode(trial.parameters, context)]))[0]!;
}

/** Value of an outcome at the best tried setting: its own best where it has a goal, else where the first objective is best. */
function incumbentValue(outcome: Outcome, model: OutcomeModel, to: RelativeTo): number | null {
  const { objectives, base } = to;
  if (base.rows === 0) return null;
  const own = to.means(model, base);
  const first = objectives[0];
  if (outcome.goal === "minimize") return own.reduce((a, b) => Math.min(a, b));
  if (outcome.goal !== undefined || first === undefined) return own.reduce((a, b) => Math.max(a, b));
  const worth = to.means(first.model, base).map((value) => to.utility(first, value));
  return own[worth.indexOf(worth.reduce((a, b) => Math.max(a, b)))]!;
}
