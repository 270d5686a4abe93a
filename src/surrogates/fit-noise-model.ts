import { CellwrightError, type Problem } from "../errors.js";
import type { GaussianProcessModel } from "./gaussian-process-model.js";
import type { GaussianProcessOptions } from "./gaussian-process.js";
import { fitInputNoiseGaussianProcess } from "./input-noise-gaussian-process.js";
import { PRESET_NAMES } from "./presets/preset.js";
import { fitRobustGaussianProcess } from "./robust-gaussian-process.js";
import type { SurrogateData } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";

/** Most distinct settings of a fit with a noise model of its own: it takes several exact fits. */
const MOST_NOISE_MODEL_SETTINGS = 2000;

const SUPPORTED =
  "robust: true or noise: input-dependent, one of the two, with inference map, for kind gaussian-process up to 2,000 distinct settings";

interface NoiseOptions {
  readonly robust?: boolean;
  readonly noise?: string;
  readonly inference?: string;
  readonly preset?: string;
}

/** Whether the options ask for more than one noise variance per level. */
export function hasNoiseModel({ robust = false, noise = "constant" }: NoiseOptions): boolean {
  return robust || noise !== "constant";
}

/** @throws CellwrightError INVALID_OPTION if the options ask for a noise model, which `kind` has none of */
export function refuseNoiseModel(kind: string, options: NoiseOptions): void {
  if (!hasNoiseModel(options)) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `A ${kind} has no robust fit and no input-dependent noise. Supported: ${SUPPORTED}.`,
  );
}

/**
 * Fits an exact Gaussian process whose noise differs from row to row: outliers, or noise that depends on the settings.
 *
 * @throws CellwrightError INVALID_OPTION for combinations that are not supported (all listed), and as `fitGaussianProcess`
 */
export function fitNoiseModel(
  data: SurrogateData,
  options: Omit<GaussianProcessOptions, "preset"> & NoiseOptions,
): GaussianProcessModel {
  const { preset = "default", robust = false, noise = "constant", inference = "map", ...rest } = options;
  const settings = data.y.length > MOST_NOISE_MODEL_SETTINGS ? arrangeRows(data).X.rows : 0;
  const problems: Problem[] = [];
  const problem = (where: string, found: string, expected: string): void => {
    problems.push({ where, found, expected });
  };
  if (typeof robust !== "boolean") problem("robust", String(robust), "true or false");
  if (noise !== "constant" && noise !== "input-dependent")
    problem("noise", String(noise), "constant or input-dependent");
  if (robust && noise === "input-dependent") problem("robust and noise", "both", "one of the two");
  if (inference !== "map") problem("inference", inference, "map");
  const known = PRESET_NAMES.find((name) => name === preset);
  if (known === undefined) problem("preset", preset, PRESET_NAMES.join(", "));
  if (settings > MOST_NOISE_MODEL_SETTINGS)
    problem("distinct settings", `${settings}`, `up to ${MOST_NOISE_MODEL_SETTINGS}`);
  if (problems.length > 0 || known === undefined) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `These options do not go together. Supported: ${SUPPORTED}.`,
      {
        problems,
      },
    );
  }
  return robust
    ? fitRobustGaussianProcess(data, { ...rest, preset: known })
    : fitInputNoiseGaussianProcess(data, { ...rest, preset: known });
}
