import type { BaggedTree } from "./forest-weights.js";
import { createRecordReader, type RecordReader } from "./record-reader.js";
import { leafOf, type RegressionTree } from "./regression-tree.js";
import type { SettingStatistics } from "./setting-statistics.js";
import { readStatistics, statisticsRecord } from "./statistics-record.js";
import type { InputDimension, SurrogateRecord } from "./surrogate.js";
import type { TransformRecord } from "./transform.js";

/** Everything that determines a fitted forest, bit for bit. */
export interface ForestParts {
  readonly inputs: readonly InputDimension[];
  readonly transform: TransformRecord;
  readonly trainingRows: number;
  /** Variance within replicated settings, per noise level, model scale. */
  readonly noiseVariance: Float64Array;
  readonly trees: readonly BaggedTree[];
  readonly statistics: SettingStatistics;
}

export function forestRecord(parts: ForestParts): SurrogateRecord {
  return {
    schema: "cellwright.surrogate/1",
    kind: "random-forest",
    inputs: parts.inputs,
    transform: parts.transform,
    trainingRows: parts.trainingRows,
    noiseVariance: [...parts.noiseVariance],
    trees: parts.trees.map(({ tree, bag }) => ({ ...tree, bag: [...bag] })),
    settings: statisticsRecord(parts.statistics),
  };
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadForestParts(record: SurrogateRecord): ForestParts {
  const reader = createRecordReader(record);
  const inputs = reader.inputs();
  const noiseVariance = reader.numbers("noiseVariance", null, 0);
  const statistics = readStatistics(reader, inputs.length, noiseVariance.length);
  const parts = {
    inputs,
    transform: reader.transform(),
    trainingRows: reader.number("trainingRows", 1),
    noiseVariance,
    statistics,
    trees: reader.list("trees").map((_, t) => readTree(reader, `trees.${t}`, statistics, inputs)),
  };
  reader.finish();
  return parts;
}

/** Reads one tree and checks that it can be followed: children after their parent, a bagged setting in every leaf. */
function readTree(
  reader: RecordReader,
  path: string,
  statistics: SettingStatistics,
  inputs: readonly InputDimension[],
): BaggedTree {
  const input = [...reader.numbers(`${path}.input`, null, -1, inputs.length - 1)];
  const left = [...reader.numbers(`${path}.left`, input.length, -1, input.length - 2)];
  const threshold = [...reader.numbers(`${path}.threshold`, input.length)];
  const levels = input.map((_, node) => [...reader.numbers(`${path}.levels.${node}`, null, 0)]);
  const bag = reader.numbers(`${path}.bag`, statistics.X.rows, 0);
  const tree = { input, threshold, levels, left };
  const misplaced = input.findIndex((k, node) => k >= 0 && !(left[node]! > node));
  if (misplaced >= 0) reader.reject(`${path}.left.${misplaced}`, left[misplaced], "a node after its parent");
  else if (!everyLeafIsFilled(tree, bag, statistics)) reader.reject(path, "a leaf without settings", "none");
  return { tree, bag };
}

function everyLeafIsFilled(tree: RegressionTree, bag: Float64Array, { X }: SettingStatistics): boolean {
  if (X.data.length !== X.rows * X.cols) return false;
  const bagged = Array.from(bag.keys()).filter((g) => bag[g]! > 0);
  const filled = new Set(bagged.map((g) => leafOf(tree, X.data, g * X.cols)));
  return tree.input.every((k, node) => k >= 0 || filled.has(node));
}
