import type { Column } from "./encode.js";
import type { Settings } from "./parameter.js";

/** A known outcome that a process can compute from settings and context, in `unit`. */
export interface KnownFormula {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Names that must be parameters or context of the campaign, in these units. */
  readonly inputs: readonly { readonly name: string; readonly unit: string; readonly default?: number }[];
  /** Standard deviation of an estimate, a share of the value or in `unit`; absent: exact. A campaign's `error` replaces it. */
  readonly error?: { readonly relative?: number; readonly absolute?: number };
  /** Values arrive in the units of `inputs`; the result is in `unit`. */
  evaluate(values: Readonly<Record<string, number>>): number;
}

/** A hard limit that no suggestion crosses: an expression among parameters, with the reason it exists. */
export interface SafetyLimit {
  readonly name: string;
  /** In the campaign's expression language. */
  readonly expression: string;
  readonly reason: string;
  /** Where the limit comes from, or `assumption`. */
  readonly source: string;
  /** Never loosened, whatever reason a campaign gives. */
  readonly absolute?: boolean;
}

/** A parameter that a process brings, used where the campaign file leaves bounds out. */
export interface ParameterDefault {
  readonly name: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly scale?: "linear" | "log";
}

/** A mean function over encoded inputs with parameters to be fitted, in raw units: what `surrogates/` calls a prior mean. */
export interface ParametricMean {
  /** Name and version. */
  readonly name: string;
  /** Plain JSON from which the same mean is built again. */
  readonly arguments: unknown;
  readonly parameters: readonly {
    readonly name: string;
    readonly unit: string;
    readonly start: number;
    readonly lower: number;
    readonly upper: number;
    readonly prior: { readonly kind: "log-normal"; readonly median: number; readonly logStdDev: number };
  }[];
  /** Value, ∂/∂θ [p] and ∂/∂x [d] at one encoded setting. */
  evaluate(
    x: Float64Array,
    theta: Float64Array,
  ): {
    readonly value: number;
    readonly parameterGradient: Float64Array;
    readonly inputGradient: Float64Array;
  };
}

/** What a mean is wanted for. */
export interface MeanRequest {
  readonly outcome: { readonly name: string; readonly unit: string };
  /** Inputs of the surrogate, in order. */
  readonly columns: readonly Column[];
  /** Numbers that the campaign file states for this mean. */
  readonly options: Readonly<Record<string, number>>;
}

/** A mean for the request, or why there is none. */
export type MeanAnswer =
  | {
      readonly mean: ParametricMean;
      /** Whether it needs nothing but what the campaign states, so that it may be tried without being asked for. */
      readonly offered: boolean;
    }
  | { readonly why: string };

/** A law of the process that an outcome may be learned around. */
export interface KnowledgeMean {
  readonly name: string;
  /** Names of the numbers that a campaign file may state, with their units. */
  readonly options: Readonly<Record<string, string>>;
  build(request: MeanRequest): MeanAnswer;
}

/** A direction that an outcome never goes against when one input rises and all others stay. */
export interface MonotoneRule {
  /** Names of the outcome in campaigns. */
  readonly outcomes: readonly string[];
  readonly input: string;
  readonly direction: "increasing" | "decreasing";
  readonly source: string;
}

/** How far single results of an outcome scatter at the same settings, as measured elsewhere. */
export interface OutcomeScatter {
  /** Names of the outcome in campaigns. */
  readonly outcomes: readonly string[];
  /** Standard deviation as a share of the value. */
  readonly relative: number;
  readonly source: string;
}

/** A scale on which a law is nearly linear, for inputs whose scale the campaign file leaves out. */
export interface InputFeature {
  readonly name: string;
  readonly scale: "log";
  readonly reason: string;
}

/** One measured run: numbers of its settings, context and outcomes by name. */
export interface MeasuredRun {
  readonly values: ReadonlyMap<string, { readonly value: number; readonly unit: string }>;
  /** Why someone accepted what contradicts itself in it. */
  readonly accepted?: string;
}

/** What a process finds in a run: refused unless accepted, or a warning. */
export interface RunFinding {
  readonly verdict: "warned" | "refused";
  readonly message: string;
}

/** What a process knows: supplied to `createCampaign` as a value, so that the optimiser needs no physics. */
export interface Knowledge {
  readonly name: string;
  readonly version: number;
  readonly formulas: readonly KnownFormula[];
  readonly limits: readonly SafetyLimit[];
  readonly parameters: readonly ParameterDefault[];
  readonly priorMeans?: readonly KnowledgeMean[];
  readonly monotone?: readonly MonotoneRule[];
  readonly features?: readonly InputFeature[];
  /** Used where a campaign states no error of its own and its replicates are too few to tell. */
  readonly scatter?: readonly OutcomeScatter[];
  /** Problems of the settings that only the process can see (empty: none). */
  check(settings: Settings): readonly string[];
  /** What a measured run says against itself (absent: nothing is checked). */
  checkRun?(run: MeasuredRun): readonly RunFinding[];
  /** Sentences that must be printed with every suggestion of this process. */
  readonly notes: readonly string[];
}
