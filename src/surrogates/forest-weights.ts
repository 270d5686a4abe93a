import { createMatrix, type Matrix } from "../math/matrix.js";
import { leafOf, type RegressionTree } from "./regression-tree.js";
import type { SettingStatistics } from "./setting-statistics.js";

/** A tree and how often it saw each setting. */
export interface BaggedTree {
  readonly tree: RegressionTree;
  /** [g] */
  readonly bag: Float64Array;
}

/** What a forest says about m points. */
export interface ForestPrediction {
  /** Weight of each setting, rows sum to 1, [m × g]. */
  readonly weights: Matrix;
  /** Average of the trees' predictions, [m]. */
  readonly mean: Float64Array;
  /** Variance between the trees' predictions, [m]. */
  readonly betweenTrees: Float64Array;
}

/**
 * Prepares the prediction of a forest: at a point each tree spreads weight 1 over the settings of the leaf by rows seen.
 *
 * @see Meinshausen (2006), eqs. 4–5
 */
export function forestWeights(
  trees: readonly BaggedTree[],
  statistics: SettingStatistics,
): (points: Matrix) => ForestPrediction {
  const leaves = trees.map((bagged) => leafContents(bagged, statistics));
  const groups = statistics.X.rows;
  return (points) => {
    const m = points.rows;
    const weights = createMatrix(m, groups);
    const mean = new Float64Array(m);
    const betweenTrees = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const predictions = trees.map(({ tree }, t) => {
        const leaf = leaves[t]!.get(leafOf(tree, points.data, i * points.cols))!;
        for (const { setting, share } of leaf.shares) {
          weights.data[i * groups + setting] = weights.data[i * groups + setting]! + share / trees.length;
        }
        return leaf.mean;
      });
      const average = predictions.reduce((sum, value) => sum + value, 0) / trees.length;
      mean[i] = average;
      betweenTrees[i] =
        predictions.reduce((sum, value) => sum + (value - average) * (value - average), 0) /
        (trees.length - 1);
    }
    return { weights, mean, betweenTrees };
  };
}

interface Leaf {
  readonly shares: readonly { readonly setting: number; readonly share: number }[];
  readonly mean: number;
}

function leafContents({ tree, bag }: BaggedTree, statistics: SettingStatistics): Map<number, Leaf> {
  const settingsOf = new Map<number, number[]>();
  bag.forEach((times, g) => {
    if (times === 0) return;
    const leaf = leafOf(tree, statistics.X.data, g * statistics.X.cols);
    settingsOf.set(leaf, [...(settingsOf.get(leaf) ?? []), g]);
  });
  return new Map(
    [...settingsOf].map(([leaf, settings]) => {
      const rows = settings.reduce((sum, g) => sum + bag[g]! * statistics.count[g]!, 0);
      const shares = settings.map((setting) => ({
        setting,
        share: (bag[setting]! * statistics.count[setting]!) / rows,
      }));
      const mean = shares.reduce((sum, { setting, share }) => sum + share * statistics.mean[setting]!, 0);
      return [leaf, { shares, mean }] as const;
    }),
  );
}
