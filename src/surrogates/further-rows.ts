import { CellwrightError } from "../errors.js";
import { type SettingStatistics, settingStatistics } from "./setting-statistics.js";
import type { InputDimension, SurrogateData } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import type { OutcomeTransform } from "./transform.js";

/**
 * Rows that join a fitted process, as statistics of their settings on its model scale.
 *
 * @param levels - Noise levels that were trained.
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID (every problem listed)
 */
export function furtherStatistics(
  rows: Omit<SurrogateData, "inputs">,
  inputs: readonly InputDimension[],
  transform: OutcomeTransform,
  levels: number,
): SettingStatistics {
  const arranged = arrangeRows({ ...rows, inputs });
  const unknown = arranged.noiseLevel.find((level) => level >= levels);
  if (unknown !== undefined) {
    throw new CellwrightError("DATA_INVALID", `Noise level ${unknown} was not trained: there are ${levels}.`);
  }
  const statistics = settingStatistics(arranged, transform);
  if (!statistics.mean.every(Number.isFinite)) {
    throw new CellwrightError("DATA_INVALID", "An outcome with scale log must be positive in every row.");
  }
  return { ...statistics, levels };
}
