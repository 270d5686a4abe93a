/** A value of a parameter or a context: a number in the campaign's unit, or the name of a choice. */
export type SettingValue = number | string;

/** One value per name. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** What it costs to change a setting between runs. */
export interface ChangeEffort {
  readonly effort: "easy" | "medium" | "hard";
  readonly minutes?: number;
  /** Metres of web lost. */
  readonly scrap?: number;
}

interface ParameterBase {
  readonly name: string;
  readonly unit: string;
  readonly change?: ChangeEffort;
  /** Largest distance of a suggestion from today's setting, in the parameter's unit; of numbers only. */
  readonly maxMove?: number;
}

interface HeldParameter extends ParameterBase {
  /** Half-width of the band in which the machine holds the setting, in the parameter's unit: 95 % of the time. */
  readonly tolerance?: number;
}

/** A number between bounds; with `step`, only min + k·step (and never beyond max). */
export interface ContinuousParameter extends HeldParameter {
  readonly kind: "continuous";
  readonly min: number;
  readonly max: number;
  readonly scale: "linear" | "log";
  readonly step?: number;
}

/** A whole number between bounds. */
export interface IntegerParameter extends ParameterBase {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
  readonly scale: "linear" | "log";
}

/** A number from a fixed, ascending set. */
export interface DiscreteParameter extends HeldParameter {
  readonly kind: "discrete";
  readonly values: readonly number[];
  readonly scale: "linear" | "log";
}

/** One of several names without an order. */
export interface CategoricalParameter extends ParameterBase {
  readonly kind: "categorical";
  readonly choices: readonly string[];
}

export type Parameter = ContinuousParameter | IntegerParameter | DiscreteParameter | CategoricalParameter;

/** A state that is measured but not chosen. Without bounds its encoding takes the range of the data. */
export type ContextVariable =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly unit: string;
      readonly min?: number;
      readonly max?: number;
      readonly scale: "linear" | "log";
      /** The state for which suggestions are asked. */
      readonly value?: number;
    }
  | {
      readonly kind: "categorical";
      readonly name: string;
      readonly unit: string;
      readonly choices: readonly string[];
      readonly value?: string;
    };
