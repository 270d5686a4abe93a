import type { Prior } from "../prior.js";

/** Bounds and starting value of one hyperparameter, natural units. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
  readonly start: number;
}

/** What is believed about a Gaussian process before data, on the standardised outcome and unit-cube inputs. */
export interface GaussianProcessPreset {
  readonly name: GaussianProcessPresetName;
  /** `zero` on the standardised outcome, or the generalised-least-squares estimate at each set of hyperparameters. */
  readonly mean: MeanFunction;
  /** Prior and range of every lengthscale, for d inputs. */
  lengthscale(dimension: number): { readonly prior: Prior; readonly range: Range };
  /** `null` fixes the signal variance at 1. */
  readonly signalVariance: { readonly prior: Prior; readonly range: Range } | null;
  /** Inferred noise variance, one per noise level. */
  readonly noiseVariance: { readonly prior: Prior; readonly range: Range };
  /** Variance of the error that rows of one whole plot share; absent: none. */
  readonly plotVariance?: { readonly prior: Prior; readonly range: Range };
}

/** Every preset under which a maximum a posteriori is found. */
export const PRESET_NAMES = ["default", "hvarfner-2024", "sparse-axes"] as const;

export type GaussianProcessPresetName = (typeof PRESET_NAMES)[number];

export type MeanFunction = "zero" | "estimated";
