import type { Settings, SettingValue } from "../space/parameter.js";

/** What a person can argue with: consequences of changing a suggestion, of moving a limit, and of its result. */
export interface Explanation {
  /** One entry a free parameter and direction, or choice. */
  readonly steps: readonly StepEffect[];
  /** Limits that hold the suggestion back, the one that costs most first. */
  readonly relaxations: readonly Relaxation[];
  /** One entry a learned objective, or the first learned specification where there is none; at most two. */
  readonly turningPoints: readonly TurningPoint[];
  /** All of it in words. */
  readonly sentences: readonly string[];
}

/** What the models say of a suggestion with one parameter moved by one step. */
export interface StepEffect {
  readonly parameter: string;
  readonly from: SettingValue;
  readonly to: SettingValue;
  readonly direction: "down" | "up" | "other";
  /** Change of the predicted mean of every judged outcome, raw units. */
  readonly changes: Readonly<Record<string, number>>;
  /** Joint over the specifications, and its change; null where there is none. */
  readonly probabilityFeasible: number | null;
  readonly feasibilityChange: number | null;
  /** Limits that the step would break; empty where it is allowed. */
  readonly breaks: readonly string[];
}

/** What moving one limit by one step would bring. */
export interface Relaxation {
  readonly kind: "bound" | "constraint" | "specification";
  /** The limit: a parameter's bound, a constraint as written, or an outcome's limit. */
  readonly limit: string;
  /** Settings beyond the limit, or for a specification the ones that it would then favour. */
  readonly settings: Settings;
  /** Where the limit would have to be, where it is one number. */
  readonly to?: number;
  /** Expected gain beyond the limit less the most within one step inside all limits; in `of`. */
  readonly gain: number;
  readonly of: GainMeasure;
}

/** An outcome's unit; the share of what is reached in several objectives; or the probability of keeping all limits. */
export type GainMeasure =
  | { readonly kind: "outcome"; readonly outcome: string; readonly unit: string }
  | { readonly kind: "share" }
  | { readonly kind: "probability" };

/** Which results of a suggestion would change what is advised next. */
export interface TurningPoint {
  readonly outcome: string;
  readonly unit: string;
  /** From this result on, in the direction of `from`, the setting counts as one of the best; null if no plausible result decides it. */
  readonly threshold: number | null;
  readonly from: "above" | "below";
  /** Whether it already counts as one of the best at the low and at the high end. */
  readonly low: ImaginedResult;
  readonly high: ImaginedResult;
}

/** A result at the edge of what is plausible (one run in twenty lies beyond), and what would be suggested after it. */
export interface ImaginedResult {
  readonly value: number;
  /** Whether the setting would then be on the front of the tried ones (the best one, with a single objective). */
  readonly isBest: boolean;
  /** The next suggestion; null where nothing is left. */
  readonly next: Settings | null;
  /** Whether that is near this one: correlation of the outcome between them of one half and more. */
  readonly near: boolean;
}
