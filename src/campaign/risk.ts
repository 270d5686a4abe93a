import { type FormedOutcome, identityForm, type PointForm } from "../acquisition/formed-outcome.js";
import {
  isFormed,
  isKnown,
  type KnownOutcome,
  type ObjectiveTerm,
  type OutcomeModel,
  type SpecificationTerm,
} from "../acquisition/outcome-terms.js";
import { overSettings, type Reduction } from "../acquisition/risk-form.js";
import { type RiskMeasure, riskOf } from "../acquisition/risk-measure.js";
import { CellwrightError } from "../errors.js";
import type { Campaign } from "./campaign.js";
import { heldSettings } from "./held-settings.js";

/** Judges outcomes over the settings that the plant may hold, one risk measure for each outcome by itself. */
export interface RiskJudgement {
  readonly measure: RiskMeasure;
  objective(term: ObjectiveTerm, form?: PointForm): ObjectiveTerm;
  /** A specification as a margin: how far the outcome stays inside its limits, at least 0. */
  specification(term: SpecificationTerm, form?: PointForm): SpecificationTerm;
}

/** Share of settings that a value at risk holds for where the file does not say. */
const DEFAULT_LEVEL = 0.9;

/**
 * The campaign's risk measure under its parameters' tolerances; null where it states none.
 *
 * Several objectives are judged one by one, not jointly.
 *
 * @see Cakmak, Astudillo, Frazier & Zhou (2020), NeurIPS 33
 */
export function riskJudgement({ spec, space }: Pick<Campaign, "spec" | "space">): RiskJudgement | null {
  if (spec.risk === undefined) return null;
  const measure: RiskMeasure = { measure: spec.risk.measure, level: spec.risk.level ?? DEFAULT_LEVEL };
  const heldAt = heldSettings(space, measure.measure === "worst-case");
  const judged = (model: OutcomeModel, form: PointForm | undefined, reduce: Reduction): FormedOutcome =>
    overSettings(form ?? formOf(model), heldAt, reduce);
  return {
    measure,
    objective: (term, form) => ({ ...term, model: judged(term.model, form, worthOver(term, measure)) }),
    specification: (term, form) => ({
      ...{ outcome: term.outcome, min: 0, max: Infinity },
      model: judged(term.model, form, marginOver(term, measure)),
    }),
  };
}

/** What an outcome is at one setting. @throws CellwrightError INTERNAL for a form that is judged over settings already */
function formOf(model: OutcomeModel): PointForm {
  if (isFormed(model))
    throw new CellwrightError("INTERNAL", "An outcome was to be judged twice over settings.");
  return isKnown(model) ? knownForm(model) : identityForm(model);
}

function knownForm(known: KnownOutcome): PointForm {
  return {
    models: [],
    value(x, _, slopes) {
      slopes?.bySetting.set(known.gradient(x));
      return known.evaluate(x);
    },
  };
}

/** The outcome's value at risk in its own unit: for a target, the target less the distance at risk. */
function worthOver({ goal, target }: ObjectiveTerm, measure: RiskMeasure): Reduction {
  if (goal === "maximize") return (values, weights) => riskOf(values, measure, weights);
  if (goal === "minimize")
    return (values, weights) =>
      -riskOf(
        values.map((y) => -y),
        measure,
        weights,
      );
  return (values, weights) => {
    const worth = riskOf(
      values.map((y) => -Math.abs(y - target!)),
      measure,
      weights,
    );
    weights?.forEach((w, p) => (weights[p] = w * -Math.sign(values[p]! - target!)));
    return target! + worth;
  };
}

/** The smaller of the margins at risk to the two limits. */
function marginOver({ min, max }: SpecificationTerm, measure: RiskMeasure): Reduction {
  const above: Reduction = (values, weights) =>
    riskOf(
      values.map((y) => y - min),
      measure,
      weights,
    );
  const below: Reduction = (values, weights) => {
    const margin = riskOf(
      values.map((y) => max - y),
      measure,
      weights,
    );
    weights?.forEach((w, p) => (weights[p] = -w));
    return margin;
  };
  if (min === -Infinity) return below;
  if (max === Infinity) return above;
  return (values, weights) => (above(values) <= below(values) ? above : below)(values, weights);
}

/** What the risk measure means in this campaign, in a sentence. */
export function riskMessage({ measure: { measure, level } }: RiskJudgement): string {
  return `Objectives and specifications are judged ${riskInWords(measure, level)}, each by itself; predictions are those at the settings as asked.`;
}

/** `by their mean over the settings that the plant may hold`, … */
function riskInWords(measure: RiskMeasure["measure"], level: number): string {
  const share = `${Number((100 * level).toPrecision(4))} %`;
  const over = "of the settings that the plant's tolerance may hold";
  if (measure === "mean") return `by the mean over the settings that the plant's tolerance may hold`;
  if (measure === "worst-case") return `by the worst ${over}`;
  return measure === "var"
    ? `by the value that ${share} ${over} reach (VaR)`
    : `by the mean of the values at and beyond what ${share} ${over} reach (CVaR)`;
}
