import { defaultPreset } from "./default.js";
import { hvarfner2024 } from "./hvarfner-2024.js";
import type { GaussianProcessPreset, GaussianProcessPresetName } from "./preset.js";
import { sparseAxes } from "./sparse-axes.js";

/** Every preset by name; a new name fails compilation until it is listed here. */
export const presets: Readonly<Record<GaussianProcessPresetName, GaussianProcessPreset>> = {
  default: defaultPreset,
  "hvarfner-2024": hvarfner2024,
  "sparse-axes": sparseAxes,
};

/** The preset with the mean that options ask for. */
export function withMean(preset: GaussianProcessPreset, mean: "constant" | undefined): GaussianProcessPreset {
  return mean === "constant" ? { ...preset, mean: "estimated" } : preset;
}
