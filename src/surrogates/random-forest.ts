import { CellwrightError } from "../errors.js";
import { createRng, type Rng } from "../math/rng.js";
import { type ForestParts, loadForestParts, forestRecord } from "./random-forest-record.js";
import { forestWeights } from "./forest-weights.js";
import { mixturePosterior } from "./mixture-posterior.js";
import { growTree } from "./regression-tree.js";
import { type SettingStatistics, settingStatistics } from "./setting-statistics.js";
import type { OutcomeScale, Surrogate, SurrogateData, SurrogateRecord } from "./surrogate.js";
import { arrangeRows } from "./training-rows.js";
import { createTransform, fitTransform } from "./transform.js";
import { checkPrediction } from "./warped-posterior.js";

export interface RandomForestOptions {
  /** `auto` is `identity`: splits do not depend on a monotone warp. */
  readonly scale?: OutcomeScale;
  /** Default 100. */
  readonly trees?: number;
  /** Seed of bootstrap samples and splits; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Fewest distinct settings in a leaf (Breiman 2001 takes 5 for regression; less for the few settings here). */
const LEAF_SETTINGS = 3;

/**
 * Fits a random forest: trees on bootstrap samples of the settings, each split on a random two thirds of the inputs.
 *
 * Settings are resampled, not rows, so that replicates do not pose as independent evidence; within a tree a setting
 * counts with its number of rows. The latent mean is the average over trees and its variance that between them; the
 * distribution of a new run weighs the settings by how often they share a leaf with the point.
 *
 * @throws CellwrightError SHAPE_MISMATCH, DATA_INVALID, INVALID_OPTION, CANCELLED
 * @see Breiman (2001), Machine Learning 45(1); Meinshausen (2006), J. Mach. Learn. Res. 7, "Quantile regression forests"
 */
export function fitRandomForest(data: SurrogateData, options: RandomForestOptions = {}): Surrogate {
  const { scale = "auto", trees = 100, seed = 0 } = options;
  if (!(Number.isInteger(trees) && trees >= 2)) {
    throw new CellwrightError("INVALID_OPTION", `trees must be a whole number of 2 or more, found ${trees}.`);
  }
  const rows = arrangeRows(data);
  const transform = fitTransform(rows.y, rows.groupStart, scale === "auto" ? "identity" : scale);
  const statistics = settingStatistics(rows, transform);
  const rng = createRng(seed);
  const triedInputs = Math.max(1, Math.ceil((2 * data.inputs.length) / 3));
  const grown = Array.from({ length: trees }, (_, t) => {
    if (options.signal?.aborted === true)
      throw new CellwrightError("CANCELLED", "Growing the forest was cancelled.");
    const treeRng = rng.fork(`tree ${t}`);
    const bag = bootstrap(statistics.X.rows, treeRng);
    const weights = statistics.count.map((count, g) => count * bag[g]!);
    const tree = growTree(
      statistics,
      data.inputs,
      weights,
      { leafSettings: LEAF_SETTINGS, triedInputs },
      treeRng,
    );
    return { tree, bag };
  });
  return assembleRandomForest({
    inputs: data.inputs,
    transform: transform.record,
    trainingRows: data.y.length,
    noiseVariance: pooledNoise(statistics),
    trees: grown,
    statistics,
  });
}

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadRandomForest(record: SurrogateRecord): Surrogate {
  return assembleRandomForest(loadForestParts(record));
}

function assembleRandomForest(parts: ForestParts): Surrogate {
  const { inputs, statistics, noiseVariance } = parts;
  const transform = createTransform(parts.transform);
  const weights = forestWeights(parts.trees, statistics);
  return {
    kind: "random-forest",
    inputs,
    trainingRows: parts.trainingRows,
    predict(points, options = {}) {
      checkPrediction(inputs, noiseVariance.length, points, options);
      return mixturePosterior(weights(points), statistics.mean, noiseVariance, transform, options);
    },
    describe: () => ({
      trees: parts.trees.length,
      "outcome scale": parts.transform.kind,
      rows: parts.trainingRows,
      settings: statistics.X.rows,
      "average leaves": Math.round(
        parts.trees.reduce((sum, { tree }) => sum + tree.input.filter((k) => k < 0).length, 0) /
          parts.trees.length,
      ),
    }),
    toJSON: () => forestRecord(parts),
  };
}

/** How often each of n settings was drawn in n draws with replacement, [n]. */
function bootstrap(n: number, rng: Rng): Float64Array {
  const bag = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const g = rng.integer(n);
    bag[g] = bag[g]! + 1;
  }
  return bag;
}

/** Variance within replicated settings per noise level; pooled over all where a level has no replicates; 0 without any. */
function pooledNoise(statistics: SettingStatistics): Float64Array {
  const pool = (level: number | null): number | null => {
    let scatter = 0;
    let freedom = 0;
    statistics.count.forEach((count, g) => {
      if (level !== null && statistics.noiseLevel[g] !== level) return;
      scatter += statistics.scatter[g]!;
      freedom += count - 1;
    });
    return freedom > 0 ? scatter / freedom : null;
  };
  return Float64Array.from({ length: statistics.levels }, (_, level) => pool(level) ?? pool(null) ?? 0);
}
