import type { GaussianProcessModel } from "../surrogates/gaussian-process-model.js";
import type { GaussianProcessPresetName } from "../surrogates/presets/preset.js";

/** Priors of the surrogates by name, or `auto`: those that predict left-out conditions clearly better. */
export type PresetChoice = GaussianProcessPresetName | "auto";

/** Log density per setting that another preset gains over the default, exact leave-one-out, with its standard error. */
export interface PresetGain {
  readonly mean: number;
  readonly standardError: number;
}

/** The preset of the engine, and the one that `auto` compares it with. */
export const DEFAULT_PRESET: GaussianProcessPresetName = "default";
export const OTHER_PRESET: GaussianProcessPresetName = "hvarfner-2024";

/** Fewer settings cannot tell two priors apart (assumption). */
export const FEWEST_TO_COMPARE = 10;

/** Compares two fits of the same rows by exact leave-one-out log density, setting by setting. */
export function presetGain(base: GaussianProcessModel, other: GaussianProcessModel): PresetGain {
  const before = base.leaveOneOut().logDensity;
  const after = other.leaveOneOut().logDensity;
  const n = before.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += after[i]! - before[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const deviation = after[i]! - before[i]! - mean;
    squares += deviation * deviation;
  }
  return { mean, standardError: Math.sqrt(squares / (n * (n - 1))) };
}

/**
 * A gain counts from one standard error on, the rule by which `train` compares surrogates; within it the default stays.
 *
 * @see Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4.3
 */
export function isClear({ mean, standardError }: PresetGain): boolean {
  return mean > standardError;
}
