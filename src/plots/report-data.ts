import type { ChannelPlan } from "../campaign/plan-channels.js";
import type { RunPlan } from "../campaign/run-plan.js";
import type { Advice, Provenance, Suggestion } from "../campaign/suggestion.js";
import type { ProcessWindow } from "../campaign/window-answer.js";
import type { TrialStatus } from "../data/table.js";
import type { Settings, SettingValue } from "../space/parameter.js";

/** Everything that a report shows, as plain data: no models, no functions, ready to be kept as JSON. */
export interface ReportData {
  readonly campaign: string;
  readonly title: string;
  /** What the campaign asks, in one sentence. */
  readonly question: string;
  readonly createdAt: string;
  readonly provenance: Provenance;
  readonly inputs: readonly ReportInput[];
  readonly outcomes: readonly ReportOutcome[];
  /** The state for which suggestions are asked. */
  readonly context: Settings;
  readonly data: DataSummary;
  readonly quality: readonly OutcomeQuality[];
  readonly slices: readonly ResponseSlice[];
  readonly maps: readonly ResponseMap[];
  /** Present where there are two objectives or more; the first two. */
  readonly tradeOff?: TradeOff;
  /** Present where the campaign has specifications. */
  readonly window?: ProcessWindow;
  readonly history: readonly OutcomeHistory[];
  /** The same numbers as the answer of `ask`. */
  readonly suggestions: readonly Suggestion[];
  /** The order in which to make them, where changes of settings cost something. */
  readonly plan?: RunPlan;
  /** When each cell is on which channel, where channels were given. */
  readonly channels?: ReportChannels;
  readonly advice: Advice;
  readonly warnings: readonly string[];
  /** What must be read beside the answer: notes of the campaign and of its process. */
  readonly caveats: readonly string[];
  /** What was done with the data and the models: merged groups, chosen scales, noise levels. */
  readonly messages: readonly string[];
  readonly constraints: readonly { readonly text: string; readonly reason?: string }[];
  readonly commands: readonly { readonly command: string; readonly purpose: string }[];
}

/** Suggested and running trials on channels and in ovens. */
export interface ReportChannels {
  /** ISO time of hour 0. */
  readonly start: string;
  readonly channels: number;
  /** Of the ovens' temperatures; absent where there are no ovens. */
  readonly ovenUnit?: string;
  readonly plan: ChannelPlan;
}

/** A parameter, or a context that suggestions take as given. */
export interface ReportInput {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly role: "parameter" | "context";
  readonly scale: "linear" | "log";
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly values?: readonly number[];
  readonly choices?: readonly string[];
}

export interface ReportOutcome {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly goal?: "maximize" | "minimize" | "target";
  readonly target?: number;
  /** From where an objective counts; not a limit. */
  readonly threshold?: number;
  readonly specification?: { readonly min?: number; readonly max?: number };
  readonly source: "learned" | "known" | "composite";
  /** How a known or composite outcome is computed. */
  readonly formula?: string;
}

export interface DataSummary {
  readonly source: string;
  readonly citation?: string;
  readonly trials: number;
  readonly byStatus: Readonly<Partial<Record<TrialStatus, number>>>;
  /** The column that is never split, with its number of values. */
  readonly group?: { readonly name: string; readonly count: number };
  readonly measured: number;
  readonly synthetic: number;
  /** Trials in the state for which suggestions are asked. */
  readonly inContext: number;
  readonly outcomes: readonly OutcomeCount[];
  /** Why runs failed, the most frequent reason first. */
  readonly failures: readonly { readonly reason: string; readonly trials: readonly string[] }[];
}

export interface OutcomeCount {
  readonly outcome: string;
  /** Trials that hold a value. */
  readonly values: number;
  /** Independent measurements that count: one per group where the group was measured once. */
  readonly counted: number;
  readonly min: number;
  readonly max: number;
  /** Best measured group mean (or trial) in the asked state; objectives only. */
  readonly best?: { readonly value: number; readonly label: string };
}

/** How well held-out groups were predicted. */
export interface QualityFigures {
  readonly groups: number;
  /** Of group means; negative is worse than predicting the mean; null where it is not defined. */
  readonly r2: number | null;
  readonly rmse: number;
  /** Held-out measurements inside their 95 % interval. */
  readonly inside95: number;
  readonly of: number;
}

export interface OutcomeQuality {
  readonly outcome: string;
  /** What was held out at a time: `one condition_id at a time`. */
  readonly heldOut: string;
  readonly pooled: QualityFigures;
  /** Only groups in the state for which suggestions are asked; null without context or with too few groups. */
  readonly withinContext: QualityFigures | null;
  /** The same after leaving one parameter out of the model. */
  readonly without: readonly {
    readonly parameter: string;
    readonly pooledR2: number | null;
    readonly withinR2: number | null;
  }[];
  /** Where the model has no skill: past runs that held the specification. */
  readonly baseRate?: BaseRate;
  readonly parity: readonly ParityPoint[];
}

export interface BaseRate {
  readonly passed: number;
  readonly of: number;
  readonly interval95: readonly [number, number];
}

/** A held-out group: what was measured, and what the model without it had predicted for one new run. */
export interface ParityPoint {
  readonly label: string;
  readonly observed: number;
  readonly mean: number;
  readonly interval95: readonly [number, number];
  readonly inContext: boolean;
}

/** A predicted outcome along one parameter, all others held. */
export interface ResponseSlice {
  readonly outcome: string;
  readonly parameter: string;
  /** The settings and context held, without the parameter. */
  readonly held: Settings;
  /** Number or choice of the parameter, ascending. */
  readonly at: readonly SettingValue[];
  readonly mean: readonly number[];
  /** 95 % of the latent outcome. */
  readonly latent95: readonly (readonly [number, number])[];
  /** 95 % of one new run. */
  readonly observed95: readonly (readonly [number, number])[];
  readonly measured: readonly SlicePoint[];
}

export interface SlicePoint {
  readonly x: SettingValue;
  readonly y: number;
  /** All other settings are those held (else only the context is). */
  readonly onSlice: boolean;
}

/** A predicted mean over two numeric parameters, all others held. */
export interface ResponseMap {
  readonly outcome: string;
  readonly x: string;
  readonly y: string;
  readonly held: Settings;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** `mean[j][i]` at `xs[i]`, `ys[j]`. */
  readonly mean: readonly (readonly number[])[];
  /** Settings of the trials in the asked context, each once, with how often it was run. */
  readonly measured: readonly { readonly x: number; readonly y: number; readonly count: number }[];
}

export interface TradeOff {
  readonly x: string;
  readonly y: string;
  readonly measured: readonly TradeOffPoint[];
  /** Settings that the model believes to be the best compromises, along x. */
  readonly front: readonly FrontPoint[];
}

interface TradeOffPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly inContext: boolean;
}

export interface FrontPoint {
  readonly x: number;
  readonly y: number;
  /** 95 % of the latent outcomes. */
  readonly x95: readonly [number, number];
  readonly y95: readonly [number, number];
}

export interface OutcomeHistory {
  readonly outcome: string;
  readonly points: readonly {
    /** Running number in the order of the data, from 1. */
    readonly order: number;
    readonly label: string;
    readonly value: number | null;
    readonly status: TrialStatus;
    readonly inContext: boolean;
  }[];
}
