import type { RecordReader } from "./record-reader.js";
import type { SettingStatistics } from "./setting-statistics.js";

/** The settings that a surrogate was trained on as plain JSON. */
export function statisticsRecord(statistics: SettingStatistics): Readonly<Record<string, readonly number[]>> {
  return {
    X: [...statistics.X.data],
    mean: [...statistics.mean],
    count: [...statistics.count],
    scatter: [...statistics.scatter],
    knownVariance: [...statistics.knownVariance],
    noiseLevel: [...statistics.noiseLevel],
  };
}

/** Reads them back from under `path`; `levels` is the number of noise levels. */
export function readStatistics(
  reader: RecordReader,
  dimension: number,
  levels: number,
  path = "settings",
): SettingStatistics {
  const mean = reader.numbers(`${path}.mean`, null);
  const settings = mean.length;
  const X = reader.numbers(`${path}.X`, settings * dimension);
  return {
    X: { rows: settings, cols: dimension, data: X },
    mean,
    count: reader.numbers(`${path}.count`, settings, 1),
    scatter: reader.numbers(`${path}.scatter`, settings, 0),
    knownVariance: reader.numbers(`${path}.knownVariance`, settings, 0),
    noiseLevel: Int32Array.from(reader.numbers(`${path}.noiseLevel`, settings, 0, levels - 1)),
    levels,
  };
}
