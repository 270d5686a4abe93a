import { CellwrightError } from "../errors.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";
import { atSetting, type FormedOutcome, identityForm } from "./formed-outcome.js";
import { formAtMeans } from "./formed-draws.js";
import { type Interval, type Utility, utilityOf } from "./objective-gain.js";
import {
  isFormed,
  isKnown,
  type KnownOutcome,
  type ObjectiveTerm,
  type OutcomeModel,
  type SpecificationTerm,
} from "./outcome-terms.js";

/** What an outcome counts as an objective: which one, how it is judged, and the utility of its threshold. */
interface ObjectiveRole {
  readonly index: number;
  readonly utility: Utility;
  readonly threshold: number | undefined;
}

/** One model and all that is asked of it, on its own scale: an objective, limits, or both at once. */
export interface OutcomeRole {
  readonly source:
    | { readonly kind: "learned"; readonly model: GaussianLatent }
    | {
        readonly kind: "known";
        readonly known: KnownOutcome;
        readonly scale: number;
        readonly width: number;
      }
    | {
        readonly kind: "formed";
        readonly formed: FormedOutcome;
        readonly scale: number;
        readonly width: number;
      };
  readonly objective: ObjectiveRole | null;
  readonly limits: Interval | null;
}

/** Width over which formulas are smoothed, as a share of their spread over the data: assumption. */
const SMOOTHING = 1e-3;
/** The same where draws are smoothed, which gives a gradient between them: assumption. */
const DRAW_SMOOTHING = 1e-2;
/** A smoothed limit never fills more than a twentieth of its own interval: assumption. */
const INTERVAL_SHARE = 0.05;

/**
 * Gathers objectives and specifications by model: an outcome that is both is one Gaussian, not two.
 *
 * @throws CellwrightError INVALID_OPTION for a target that is missing, a bound that is NaN or a model with two objectives.
 */
export function outcomeRoles(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
  base: Matrix,
): OutcomeRole[] {
  const roles: OutcomeRole[] = [];
  const aligned = alignForms(objectives, specifications);
  aligned.objectives.forEach((term, index) => {
    if (aligned.objectives.some((other, k) => k < index && other.model === term.model)) {
      throw new CellwrightError(
        "INVALID_OPTION",
        `Outcome ${term.outcome} is an objective twice; expected once.`,
      );
    }
    const source = roleSource(term.model, base);
    const toScale = scaleOf(source);
    roles.push({ source, objective: objectiveRole(term, index, toScale), limits: null });
  });
  for (const term of aligned.specifications) {
    if (!(term.min <= term.max)) {
      const found = `from ${term.min} to ${term.max}`;
      throw new CellwrightError(
        "INVALID_OPTION",
        `Specification of ${term.outcome}: expected min ≤ max, got ${found}.`,
      );
    }
    addLimits(roles, term, base);
  }
  return roles;
}

/**
 * Where outcomes are formed from draws, a learned outcome that they read is judged by the same draws, as a form of its
 * own: their dependence counts.
 */
function alignForms(
  objectives: readonly ObjectiveTerm[],
  specifications: readonly SpecificationTerm[],
): { readonly objectives: readonly ObjectiveTerm[]; readonly specifications: readonly SpecificationTerm[] } {
  const shared = new Map(
    [...objectives, ...specifications]
      .flatMap(({ model }) => (isFormed(model) ? model.models : []))
      .map((model): [OutcomeModel, FormedOutcome] => [model, atSetting(identityForm(model))]),
  );
  if (shared.size === 0) return { objectives, specifications };
  const align = <T extends { readonly model: OutcomeModel }>(term: T): T => ({
    ...term,
    model: shared.get(term.model) ?? term.model,
  });
  return { objectives: objectives.map(align), specifications: specifications.map(align) };
}

function objectiveRole(term: ObjectiveTerm, index: number, toScale: (raw: number) => number): ObjectiveRole {
  const utility = utilityOfGoal(term, toScale);
  if (term.threshold === undefined) return { index, utility, threshold: undefined };
  const threshold = utilityOf(utility, toScale(term.threshold));
  if (!Number.isFinite(threshold)) throw outsideScale(term.outcome, "threshold", term.threshold);
  return { index, utility, threshold };
}

function utilityOfGoal(term: ObjectiveTerm, toScale: (raw: number) => number): Utility {
  if (term.goal !== "target") return { goal: term.goal };
  const target = term.target === undefined ? Number.NaN : toScale(term.target);
  if (!Number.isFinite(target)) throw outsideScale(term.outcome, "target", term.target);
  return { goal: "target", target };
}

function outsideScale(outcome: string, what: string, found: number | undefined): CellwrightError {
  const got = found ?? "none";
  return new CellwrightError(
    "INVALID_OPTION",
    `Objective ${outcome}: expected a finite ${what} inside the outcome's scale, got ${got}.`,
  );
}

/** Limits of a learned outcome join its role; a formula keeps a role of its own, since its objective has no error. */
function addLimits(roles: OutcomeRole[], term: SpecificationTerm, base: Matrix): void {
  const source = roleSource(term.model, base);
  const toScale = scaleOf(source);
  const limits = { lower: toScale(term.min), upper: toScale(term.max) };
  const same = roles.findIndex(({ source: other }) => modelOf(other) === term.model);
  if (same >= 0) {
    roles[same] = { ...roles[same]!, limits: intersect(roles[same]!.limits, limits) };
  } else if (source.kind !== "learned") {
    const width = Math.min(source.width, INTERVAL_SHARE * (limits.upper - limits.lower));
    // An interval of one value has no width to share out: the smoothing stays, and the value is approached.
    roles.push({ source: { ...source, width: width > 0 ? width : source.width }, objective: null, limits });
  } else roles.push({ source, objective: null, limits });
}

/** The model of a role whose objective and limits are one; null for formulas, which keep two roles. */
function modelOf(source: OutcomeRole["source"]): OutcomeModel | null {
  if (source.kind === "known") return null;
  return source.kind === "learned" ? source.model : source.formed;
}

function intersect(a: Interval | null, b: Interval): Interval {
  if (a === null) return b;
  return { lower: Math.max(a.lower, b.lower), upper: Math.min(a.upper, b.upper) };
}

function roleSource(model: OutcomeModel, base: Matrix): OutcomeRole["source"] {
  if (isFormed(model)) {
    const scale = spread((x) => formAtMeans(model, x), base);
    return { kind: "formed", formed: model, scale, width: DRAW_SMOOTHING };
  }
  if (!isKnown(model)) return { kind: "learned", model };
  return { kind: "known", known: model, scale: spread((x) => model.evaluate(x), base), width: SMOOTHING };
}

/** Standard deviation of a formula over the base points; its size, or one, where it does not vary. */
function spread(evaluate: (x: Float64Array) => number, base: Matrix): number {
  const values = Array.from({ length: base.rows }, (_, i) => evaluate(matrixRow(base, i)));
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const stdDev = Math.sqrt(variance / Math.max(values.length - 1, 1));
  if (stdDev > 1e-12 * Math.abs(mean)) return stdDev;
  return Math.abs(mean) > 0 ? Math.abs(mean) : 1;
}

function scaleOf(source: OutcomeRole["source"]): (raw: number) => number {
  if (source.kind !== "learned") return (raw) => raw / source.scale;
  const { modelScale } = source.model;
  return (raw) => {
    if (!Number.isFinite(raw)) return raw;
    const z = modelScale.toModel(raw);
    return Number.isNaN(z) ? -Infinity : z; // below the domain of a logarithmic scale
  };
}
