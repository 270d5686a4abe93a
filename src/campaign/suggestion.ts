import type { Settings } from "../space/parameter.js";
import type { RunPlan } from "./run-plan.js";
import type { Explanation } from "./explanation.js";

/** A predicted outcome in the campaign's unit: latent mean and standard deviation, interval of one new observed run. */
export interface OutcomePrediction {
  readonly mean: number;
  readonly stdDev: number;
  readonly interval95: readonly [number, number];
  readonly unit: string;
  /**
   * `learned` by a surrogate, `known` from a formula of settings and context, or `composite`: a formula of joint draws of
   * learned outcomes, whose interval is that of the latent value.
   */
  readonly source: "learned" | "known" | "composite";
}

export interface Suggestion {
  readonly trial: string;
  readonly parameters: Settings;
  readonly context: Settings;
  readonly predictions: Readonly<Record<string, OutcomePrediction>>;
  /** Joint over the specifications, latent; null where there is none or no model yet. */
  readonly probabilityFeasible: number | null;
  /** Per specified outcome: a model's probability, or past runs that passed where the model has no skill. */
  readonly specifications: Readonly<Record<string, SpecificationOutlook>>;
  /** Present once a run has failed: the probability that this one succeeds, and its risk by reason of failure. */
  readonly success?: {
    readonly probability: number;
    readonly risks: Readonly<Record<string, number>>;
  };
  /**
   * Where the campaign judges by risk: every objective by that measure over the settings that the plant may hold, with
   * the 95 % interval of its latent value; `predictions` are those at the settings as asked.
   */
  readonly risk?: {
    readonly measure: "mean" | "var" | "cvar" | "worst-case";
    readonly level: number;
    readonly objectives: Readonly<Record<string, OutcomePrediction>>;
  };
  /** Where the campaign states desirabilities: that of each single outcome, expected over its draws, 0 … 1. */
  readonly desirabilities?: Readonly<Record<string, number>>;
  /** In safe mode: the joint probability of keeping the safety specifications and of not failing, and the floor asked. */
  readonly safety?: { readonly probability: number; readonly floor: number };
  readonly acquisition: { readonly name: string; readonly value: number };
  /**
   * Present where the run repeats a trial on purpose: by how much one more run there is expected to raise the best
   * setting's value, and how much less the new setting would that it stands in for.
   */
  readonly replication?: { readonly of: string; readonly rise: number; readonly instead: number };
  readonly origin: "initial-design" | "model";
  readonly reasons: readonly string[];
  readonly hours?: number;
  readonly cost?: number;
  /** Of the cost; absent: USD. */
  readonly currency?: "EUR";
  /** Where it was asked for; not sealed, since it follows from what is. */
  readonly explanation?: Explanation;
}

export type SpecificationOutlook =
  | { readonly kind: "model"; readonly probability: number }
  | {
      readonly kind: "base-rate";
      readonly passed: number;
      readonly of: number;
      /** Jeffreys 95 % interval of the share. */
      readonly interval95: readonly [number, number];
    };

export interface Advice {
  readonly stop: boolean;
  /** Expected improvement of the best next run in the first objective's unit (hypervolume share for several). */
  readonly expectedImprovement: number | null;
  readonly why: string;
  /** Where the campaign states prices and what runs cost: what the best next run is worth in a year, and its cost. */
  readonly money?: { readonly worth: number; readonly cost: number; readonly currency: "USD" | "EUR" };
}

/** What an answer was made from, and the seal by which anyone can check it. */
export interface SealedOrigin {
  readonly cellwright: string;
  readonly campaignHash: string;
  readonly dataHash: string;
  readonly modelId: string;
  readonly seed: number;
  /** Present where the kernels were not the strict ones: another machine may find other bytes. */
  readonly kernels?: "relaxed";
  /** SHA-256 of the canonical JSON of everything but `createdAt`, `cellwright` and the seal itself. */
  readonly seal: string;
}

export interface Provenance extends SealedOrigin {
  /** Evaluations of acquisition functions. */
  readonly workUnits: number;
  /** The count at which the search was cut short, by a limit of time or of work: asked again, it gives the same bytes. */
  readonly workLimit?: number;
}

export interface AskResult {
  readonly campaign: string;
  readonly createdAt: string;
  readonly provenance: Provenance;
  readonly suggestions: readonly Suggestion[];
  /** Present where a parameter says what a change costs: the order in which to make the runs. */
  readonly plan?: RunPlan;
  readonly advice: Advice;
  readonly warnings: readonly string[];
  /** What must be read beside every answer: the campaign's and the process's caveats, loosened limits among them. */
  readonly notes: readonly string[];
  /** What the data and the models are worth: counts, merged groups, noise levels, chosen warps. */
  readonly messages: readonly string[];
}
