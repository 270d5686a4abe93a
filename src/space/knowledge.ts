import type { Settings } from "./parameter.js";

/** A known outcome that a process can compute from settings and context, in `unit`. */
export interface KnownFormula {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Names that must be parameters or context of the campaign, in these units. */
  readonly inputs: readonly { readonly name: string; readonly unit: string; readonly default?: number }[];
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

/** What a process knows: supplied to `createCampaign` as a value, so that the optimiser needs no physics. */
export interface Knowledge {
  readonly name: string;
  readonly version: number;
  readonly formulas: readonly KnownFormula[];
  readonly limits: readonly SafetyLimit[];
  readonly parameters: readonly ParameterDefault[];
  /** Problems of the settings that only the process can see (empty: none). */
  check(settings: Settings): readonly string[];
  /** Sentences that must be printed with every suggestion of this process. */
  readonly notes: readonly string[];
}
