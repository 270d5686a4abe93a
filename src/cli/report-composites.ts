import type { FormedOutcome, PointForm } from "../acquisition/formed-outcome.js";
import { isFormed } from "../acquisition/outcome-terms.js";
import type { JudgedOutcome } from "../campaign/ask-problem.js";
import type { Campaign, Outcome } from "../campaign/campaign.js";
import { learnedInputs } from "../campaign/composite-outcome.js";
import type { ReportTrial } from "./report-trials.js";

/** A composite outcome: its formula at one setting, and what is drawn of it. */
export interface CompositeOutcome {
  readonly outcome: Outcome;
  readonly form: PointForm;
  readonly formed: FormedOutcome;
}

/** The composite outcomes that can be predicted, by name. */
export function compositesOf(judged: readonly JudgedOutcome[]): ReadonlyMap<string, CompositeOutcome> {
  return new Map(
    judged.flatMap(({ outcome, form, model }): [string, CompositeOutcome][] =>
      form === undefined || !isFormed(model) ? [] : [[outcome.name, { outcome, form, formed: model }]],
    ),
  );
}

/** Adds what a composite outcome came to in trials where all that its formula names was measured. */
export function withMeasuredComposites(
  { space, outcomes }: Campaign,
  composites: ReadonlyMap<string, CompositeOutcome>,
  trials: readonly ReportTrial[],
): readonly ReportTrial[] {
  if (composites.size === 0) return trials;
  return trials.map((one) => {
    const { trial } = one;
    const settings = { ...trial.parameters, ...trial.context };
    if (space.columns.some(({ name }) => settings[name] === undefined)) return one;
    const x = space.encode(trial.parameters, trial.context);
    const added = [...composites.values()].flatMap(({ outcome, form }) => {
      const values = learnedInputs({ outcomes }, outcome).map((name) => trial.observations[name]?.value);
      if (values.some((value) => value === undefined)) return [];
      const value = form.value(x, Float64Array.from(values as number[]));
      return Number.isFinite(value) ? [[outcome.name, { value }] as const] : [];
    });
    const observations = { ...trial.observations, ...Object.fromEntries(added) };
    return { ...one, trial: { ...trial, observations } };
  });
}
