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

/** Reads them back; `levels` is the number of noise levels. */
export function readStatistics(reader: RecordReader, dimension: number, levels: number): SettingStatistics {
  const mean = reader.numbers("settings.mean", null);
  const settings = mean.length;
  const X = reader.numbers("settings.X", settings * dimension);
  return {
    X: { rows: settings, cols: dimension, data: X },
    mean,
    count: reader.numbers("settings.count", settings, 1),
    scatter: reader.numbers("settings.scatter", settings, 0),
    knownVariance: reader.numbers("settings.knownVariance", settings, 0),
    noiseLevel: Int32Array.from(reader.numbers("settings.noiseLevel", settings, 0, levels - 1)),
    levels,
  };
}
