import type { FormedOutcome } from "./formed-outcome.js";
import type { GaussianLatent } from "../surrogates/surrogate.js";

/** An outcome that is computed from the settings by a formula, never learned. Raw units, encoded inputs. */
export interface KnownOutcome {
  readonly kind: "known";
  evaluate(x: Float64Array): number;
  /** ∂value/∂x, [d]; 0 for categorical columns. */
  gradient(x: Float64Array): Float64Array;
  /** Stated standard deviation of the formula at this value, raw units; absent: exact. */
  readonly error?: (value: number) => number;
}

/** What an outcome is judged by: a model that is Gaussian on its scale, a formula of the settings, or one of draws. */
export type OutcomeModel = GaussianLatent | KnownOutcome | FormedOutcome;

/** One objective. `target` and `threshold` (the point from which the objective counts) are in raw units. */
export interface ObjectiveTerm {
  readonly outcome: string;
  readonly goal: "maximize" | "minimize" | "target";
  readonly target?: number;
  readonly threshold?: number;
  readonly model: OutcomeModel;
}

/** Limits that an outcome must keep, raw units; either may be infinite. */
export interface SpecificationTerm {
  readonly outcome: string;
  readonly min: number;
  readonly max: number;
  readonly model: OutcomeModel;
}

export function isFormed(model: OutcomeModel): model is FormedOutcome {
  return "kind" in model && model.kind === "formed";
}

export function isKnown(model: OutcomeModel): model is KnownOutcome {
  return "kind" in model && model.kind === "known";
}
