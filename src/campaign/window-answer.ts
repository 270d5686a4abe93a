import type { Settings } from "../space/parameter.js";
import type { SealedOrigin } from "./suggestion.js";

/** The answer of `processWindow`: plain data, sealed. */
export interface ProcessWindow {
  readonly campaign: string;
  readonly createdAt: string;
  readonly provenance: SealedOrigin;
  /** The stated probability with which all covered specifications hold together, everywhere in the box. */
  readonly probability: number;
  readonly context: Settings;
  /** Half-widths within which context values vary, where they were stated; raw units. */
  readonly contextTolerance: Readonly<Record<string, number>>;
  /** Specifications that the window speaks for. */
  readonly covers: readonly WindowLimits[];
  /** Specifications that no model can judge: the window says nothing of them. */
  readonly uncovered: readonly UncoveredSpecification[];
  /** Null where no box could be certified. */
  readonly box: WindowBox | null;
  /** The best single setting that was found, held within its tolerance; null where there was nothing to judge. */
  readonly best: BestSetting | null;
  /** The best box for each combination of choices, before certification; empty without categorical parameters. */
  readonly choices: readonly ChoiceWindow[];
  /** Runs that would say most about the border of the window. */
  readonly next: readonly WideningRun[];
  /** Share by which the box would grow (1 is twice as large) if those runs came out as predicted; null if not known. */
  readonly widening: number | null;
  readonly maps: readonly WindowMap[];
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly messages: readonly string[];
}

/** Limits of one outcome, raw units; absent where there is none. */
export interface WindowLimits {
  readonly outcome: string;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

export interface UncoveredSpecification extends WindowLimits {
  /** How many past conditions held it; null where it was measured too rarely. */
  readonly baseRate: { readonly passed: number; readonly of: number; readonly interval95: Interval } | null;
}

export type Interval = readonly [number, number];

/** A certified box: settings between `from` and `to`, each held within its tolerance. */
export interface WindowBox {
  readonly sides: readonly WindowSide[];
  /** Choices that the box holds fast. */
  readonly choices: Settings;
  /** Complete settings at the centre. */
  readonly centre: Settings;
  /** Share of the allowed range of all free numbers that the box takes. */
  readonly volumeShare: number;
  readonly certificate: WindowCertificate;
  readonly yield: YieldAtCentre;
  readonly capability: readonly OutcomeCapability[];
}

export interface WindowSide {
  readonly parameter: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly centre: number;
  /** Half-width within which the machine holds the setting; 0 where none is stated. */
  readonly tolerance: number;
  /** What stops the side: the outcome that would leave its specification beyond it, or a bound, constraint or fixed value. */
  readonly below: string;
  readonly above: string;
}

/** Share of fresh joint draws in which every covered specification holds everywhere in the box. */
export interface WindowCertificate {
  readonly share: number;
  /** One-sided lower bound (Clopper–Pearson) at the error that this try was allowed. */
  readonly lower: number;
  readonly draws: number;
  /** Points of the box at which each draw was looked at. */
  readonly points: number;
  /** The try that succeeded, from 1, of the most there could have been. */
  readonly tries: number;
  readonly mostTries: number;
}

/** Share of runs in specification at the centre, with tolerance and run-to-run noise counted. */
export interface YieldAtCentre {
  /** Over draws of what the models do not know, with the central 95 % of the same draws. */
  readonly median: number;
  readonly interval95: Interval;
  /**
   * Probability that a next run is in specification: the average over the same draws. A few of them with hardly any run in
   * specification can bring it below the interval.
   */
  readonly mean: number;
}

/** Process capability of one outcome at the centre; null where a limit or the scatter it needs is missing. */
export interface OutcomeCapability {
  readonly outcome: string;
  readonly mean: number;
  readonly mean95: Interval;
  /** Run-to-run standard deviation: noise and what tolerances carry into the outcome. */
  readonly stdDev: number;
  readonly cp: number | null;
  readonly cp95: Interval | null;
  readonly cpk: number | null;
  readonly cpk95: Interval | null;
}

export interface BestSetting {
  readonly parameters: Settings;
  /** Probability that all covered specifications hold there and within the tolerance. */
  readonly probability: number;
  /** Of each covered specification alone. */
  readonly each: Readonly<Record<string, number>>;
  /** The specification that is least likely to hold; null where a constraint leaves no setting with its tolerance. */
  readonly limiting: string | null;
}

export interface ChoiceWindow {
  readonly choices: Settings;
  /** Share of the allowed range; 0 where no box was found. */
  readonly volumeShare: number;
  readonly probability: number;
}

export interface WideningRun {
  readonly parameters: Settings;
  /** The specification whose border is least known there. */
  readonly outcome: string;
  /** Probability that all covered specifications hold there. */
  readonly probability: number;
  /** 1.96 σ − distance to the limit, in standard deviations of the model at the point (straddle score over σ). */
  readonly straddle: number;
}

/** Probability that all covered specifications hold over one or two settings through the centre. */
export interface WindowMap {
  readonly x: string;
  /** Absent along one setting. */
  readonly y?: string;
  readonly held: Settings;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** `probability[j][i]` at `xs[i]`, `ys[j]`; one row along one setting. Null where a constraint does not hold. */
  readonly probability: readonly (readonly (number | null)[])[];
  /** Past runs in the asked context; `inside`: all covered specifications that were measured held. */
  readonly runs: readonly { readonly x: number; readonly y: number; readonly inside: boolean }[];
}
