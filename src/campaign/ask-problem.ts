import type { ObjectiveTerm, OutcomeModel, SpecificationTerm } from "../acquisition/outcome-terms.js";
import { atSetting, type PointForm } from "../acquisition/formed-outcome.js";
import { sampleOutcomes } from "../acquisition/form-samples.js";
import { isFormed, isKnown } from "../acquisition/outcome-terms.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import type { Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";
import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import type { Campaign, Outcome } from "./campaign.js";
import { compositeForm } from "./composite-outcome.js";
import { baseRate, type FittedOutcome, type FittedOutcomes, hasSkill, lowestR2 } from "./fit-outcomes.js";
import { type FailureRisk, failureRisks } from "./failure-risks.js";
import { isInsideLimits } from "./inside-limits.js";
import { FORM_DRAWS } from "./formed-gain.js";
import { knownOutcome } from "./known-outcome.js";
import { type RelativeTo, relativeLimits } from "./relative-limits.js";
import { type RiskJudgement, riskJudgement } from "./risk.js";
import { isSameContext } from "./same-context.js";
import { sortById } from "./settings-key.js";
import type { SpecificationOutlook } from "./suggestion.js";
import type { Trial } from "./trial.js";
import { isReadable } from "./trial-groups.js";

type BaseRate = Extract<SpecificationOutlook, { kind: "base-rate" }>;

/** What is asked of an outcome and what answers: a surrogate, a formula, or a formula of what surrogates draw. */
export interface JudgedOutcome {
  readonly outcome: Outcome;
  readonly model: OutcomeModel;
  /** Present where the outcome is learned. */
  readonly fitted?: FittedOutcome;
  /** Present where it is composite: the formula at one setting. */
  readonly form?: PointForm;
}

/** One question to the optimiser, in the asked context: what to improve, what to keep, and what is tried already. */
export interface AskProblem {
  readonly campaign: Campaign;
  readonly context: Settings;
  /** Every outcome with an answer, in the campaign's order. */
  readonly judged: readonly JudgedOutcome[];
  readonly objectives: readonly ObjectiveTerm[];
  /** How both are judged over the plant's setting tolerance; null where only the settings as asked count. */
  readonly risk: RiskJudgement | null;
  /** Specifications that a surrogate or a formula can judge. */
  readonly specifications: readonly SpecificationTerm[];
  /** Specifications whose surrogate has no skill, by outcome: how many past conditions kept them. */
  readonly baseRates: ReadonlyMap<string, BaseRate>;
  /** Surrogates to explore where the campaign has no goal. */
  readonly explore: readonly GaussianProcessModel[];
  /** Settings that were run, in the asked context and inside bounds and constraints where any are, [n × d]. */
  readonly base: Matrix;
  /** Settings that are being run or were suggested, in the asked context, [p × d]. */
  readonly pending: Matrix;
  readonly noisy: boolean;
  /** Ways in which runs have failed, with the probability that they do not. */
  readonly risks: readonly FailureRisk[];
  readonly warnings: readonly string[];
}

/** Noise variance on the model scale (data have variance 1) from which repeated runs count as different (assumption). */
const NOISY = 1e-4;

/** Gathers objectives, specifications and tried settings of a campaign for the asked context. */
export function createAskProblem(
  campaign: Campaign,
  context: Settings,
  fits: FittedOutcomes,
  pending: readonly Trial[],
): AskProblem {
  const judged = judgedOutcomes(campaign, fits);
  const base = baseSettings(campaign, context);
  const risk = riskJudgement(campaign);
  const nominal = judged.flatMap((j) => (j.outcome.goal === undefined ? [] : [objectiveTerm(j)]));
  const split = splitSpecifications(campaign, context, judged, nominal, base);
  const formOf = ({ outcome }: { readonly outcome: string }): PointForm | undefined =>
    judged.find((j) => j.outcome.name === outcome)?.form;
  const objectives = nominal.map((term) => risk?.objective(term, formOf(term)) ?? term);
  const specifications = split.specifications.map((term) => risk?.specification(term, formOf(term)) ?? term);
  const { baseRates } = split;
  const learned = judged.flatMap((j) => (j.fitted === undefined ? [] : [j.fitted.model]));
  const doubtful = judged.filter((j) => j.outcome.goal !== undefined && j.fitted !== undefined);
  return {
    ...{ campaign, context, judged, objectives, specifications, baseRates, base, risk },
    explore: objectives.length > 0 ? [] : learned,
    pending: pendingSettings(campaign.space, context, pending),
    noisy: learned.some((model) => model.noiseVariance.some((variance) => variance > NOISY)),
    risks: failureRisks(campaign, context),
    warnings: [
      ...unfittedWarnings(campaign, fits),
      ...doubtful.flatMap((j) => skillWarning(campaign, j.fitted!, context)),
      ...baseRateWarnings(baseRates),
    ],
  };
}

/** Every outcome with an answer, in the campaign's order. */
export function judgedOutcomes(campaign: Campaign, fits: FittedOutcomes): JudgedOutcome[] {
  return campaign.outcomes.flatMap<JudgedOutcome>((outcome) => {
    if (outcome.formula?.known === true) return [{ outcome, model: knownOutcome(campaign, outcome) }];
    if (outcome.composite === true) {
      const form = compositeForm(campaign, outcome, (name) => fits.fitted.get(name)?.model);
      return form === null ? [] : [{ outcome, model: atSetting(form), form }];
    }
    const fitted = fits.fitted.get(outcome.name);
    return fitted === undefined ? [] : [{ outcome, model: fitted.model, fitted }];
  });
}

/** Specifications that can be judged, and those of which only past conditions can tell. */
function splitSpecifications(
  campaign: Campaign,
  context: Settings,
  judged: readonly JudgedOutcome[],
  objectives: readonly ObjectiveTerm[],
  base: Matrix,
): Pick<AskProblem, "specifications" | "baseRates"> {
  const specifications: SpecificationTerm[] = [];
  const baseRates = new Map<string, BaseRate>();
  for (const one of judged) {
    const limits = limitsOf(one, { campaign, context, objectives, base, means: rawMeans, utility });
    if (limits === null) continue;
    const { outcome, fitted, model } = one;
    const blind = fitted !== undefined && outcome.spec !== undefined && !hasSkill(campaign, fitted, context);
    if (blind) baseRates.set(outcome.name, baseRate(fitted, limits.min, limits.max));
    else specifications.push({ outcome: outcome.name, ...limits, model });
  }
  return { specifications, baseRates };
}

function baseRateWarnings(baseRates: ReadonlyMap<string, BaseRate>): string[] {
  return [...baseRates].map(
    ([name, { passed, of }]) =>
      `${name} cannot be predicted from these settings: instead of a probability, ${passed} of ${of} past conditions kept its specification.`,
  );
}

function unfittedWarnings(campaign: Campaign, fits: FittedOutcomes): string[] {
  return [...fits.unfitted].flatMap(([name, settings]) => {
    const outcome = campaign.outcomes.find((o) => o.name === name)!;
    const role =
      outcome.goal !== undefined ? "objective" : outcome.spec !== undefined ? "specification" : null;
    if (role === null || campaign.trials.length === 0) return [];
    const measured = settings === 0 ? "was never measured" : "was measured at one setting only";
    return [`${name} ${measured}: suggestions do not take this ${role} into account.`];
  });
}

function objectiveTerm({ outcome, model }: JudgedOutcome): ObjectiveTerm {
  const { target, threshold } = outcome;
  return {
    outcome: outcome.name,
    goal: outcome.goal!,
    ...(target === undefined ? {} : { target }),
    ...(threshold === undefined ? {} : { threshold }),
    model,
  };
}

function skillWarning(campaign: Campaign, fitted: FittedOutcome, context: Settings): string[] {
  const r2 = lowestR2(campaign, fitted.skill, context);
  if (r2 === null || r2 > 0) return [];
  const pooled = fitted.skill.r2 ?? 0;
  const { name } = fitted.outcome;
  return pooled > 0
    ? [
        `${name}: the model tells contexts apart (R² ${pooled.toFixed(2)}), but within the asked context it predicts left-out conditions worse than their mean (R² ${r2.toFixed(2)}). Take its suggestions as exploration.`,
      ]
    : [
        `${name}: the model predicts left-out conditions worse than their mean (R² ${r2.toFixed(2)}). Take its suggestions as exploration.`,
      ];
}

/** Limits of an outcome: its specification, and shares of the incumbent or of a trial. */
function limitsOf(
  { outcome, model }: JudgedOutcome,
  to: RelativeTo,
): { readonly min: number; readonly max: number } | null {
  const { floor, ceiling } = relativeLimits(outcome, model, to);
  if (outcome.spec === undefined && !(floor > -Infinity) && !(ceiling < Infinity)) return null;
  return specificationLimits(outcome, floor, ceiling);
}

/** Limits of an outcome's specification on raw units, at least `floor` and at most `ceiling`. */
export function specificationLimits(
  { spec, scale }: Outcome,
  floor = -Infinity,
  ceiling = Infinity,
): { readonly min: number; readonly max: number } {
  const min = Math.max(spec?.min ?? -Infinity, floor);
  const max = Math.min(spec?.max ?? Infinity, ceiling);
  // A logarithmic scale has no image of 0 and below: every value is above such a limit.
  return { min: scale === "log" && min <= 0 ? -Infinity : min, max: Math.max(max, min) };
}

/** Larger is better, raw units: y, −y, or −|y − target|. */
export function utility({ goal, target }: Pick<ObjectiveTerm, "goal" | "target">, value: number): number {
  if (goal === "maximize") return value;
  return goal === "minimize" ? -value : -Math.abs(value - target!);
}

/** Posterior means in raw units at encoded rows, or the formula's values. */
export function rawMeans(model: OutcomeModel, points: Matrix): number[] {
  if (points.rows === 0) return [];
  if (isKnown(model)) return rowsOf(points).map((x) => model.evaluate(x));
  if (isFormed(model)) return rowsOf(points).map((x) => meanOf(sampleOutcomes([model], x, FORM_DRAWS)[0]!));
  return [...(model as GaussianProcessModel).predict(points).mean];
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function rowsOf(matrix: Matrix): Float64Array[] {
  return Array.from({ length: matrix.rows }, (_, i) =>
    matrix.data.slice(i * matrix.cols, (i + 1) * matrix.cols),
  );
}

/**
 * Distinct settings of trials with a result, as they would be run in the asked context. Those outside bounds and
 * constraints teach, but are nothing to beat: they are left out unless there are no others.
 */
function baseSettings(campaign: Campaign, context: Settings): Matrix {
  const { space } = campaign;
  const run = sortById(campaign.trials)
    .filter((trial) => Object.keys(trial.observations).length > 0)
    .filter((trial) => trial.status === "completed" || trial.status === "running")
    .filter((trial) => isReadable(space, trial));
  const points = run.map((trial) => ({ trial, x: space.encode(trial.parameters, context) }));
  const inside = points.filter(({ trial }) => isInsideLimits(space, trial.parameters, context));
  return distinct(
    space,
    (inside.length > 0 ? inside : points).map(({ x }) => x),
  );
}

function distinct(space: SearchSpace, points: readonly Float64Array[]): Matrix {
  const rows = new Map(points.map((x) => [x.join(" "), x]));
  return matrixFromRows([...rows.values()], space.inputs.length);
}

/** Pending runs in the asked context; what runs in another state tells little here and is nothing to beat. */
function pendingSettings(space: SearchSpace, context: Settings, pending: readonly Trial[]): Matrix {
  const points = sortById(pending)
    .filter((trial) => isReadable(space, trial))
    .filter((trial) => isSameContext(space, { ...context, ...trial.context }, context))
    .map((trial) => space.encode(trial.parameters, context));
  return distinct(space, points);
}

/** Whether every outcome is a known formula of the settings, so that no run is needed to learn one. */
export function isComputed({ campaign }: AskProblem): boolean {
  return campaign.outcomes.every(({ formula }) => formula?.known === true);
}
