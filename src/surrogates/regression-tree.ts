import type { Rng } from "../math/rng.js";
import type { SettingStatistics } from "./setting-statistics.js";
import type { InputDimension } from "./surrogate.js";

/**
 * A binary regression tree in arrays, node 0 the root. Inner node i sends x to `left[i]` when x_input ≤ threshold
 * (continuous), or when the level is in the set (categorical); else to `left[i]` + 1. A leaf has input −1.
 */
export interface RegressionTree {
  readonly input: readonly number[];
  readonly threshold: readonly number[];
  /** Levels that go left at categorical nodes; empty elsewhere. */
  readonly levels: readonly (readonly number[])[];
  readonly left: readonly number[];
}

export interface TreeOptions {
  /** Fewest distinct settings in a leaf. */
  readonly leafSettings: number;
  /** Inputs tried at each split. */
  readonly triedInputs: number;
}

interface GrowingTree {
  readonly input: number[];
  readonly threshold: number[];
  readonly levels: (readonly number[])[];
  readonly left: number[];
}

interface Split {
  readonly input: number;
  readonly threshold: number;
  readonly levels: readonly number[];
  readonly gain: number;
}

/**
 * Grows a tree on settings with the given weights, each split the one of the largest decrease in squared error among
 * randomly tried inputs.
 *
 * A continuous threshold is drawn uniformly between the two settings it separates: averaged over trees, predictions
 * change gradually between settings instead of in one step (Hutter, Xu, Hoos & Leyton-Brown 2014, section 4.3.2).
 * Levels of a categorical input are split in the order of their mean outcome, which holds the best of all subsets
 * (Breiman, Friedman, Olshen & Stone 1984, theorem 4.5).
 *
 * @param weights - How often each setting counts, [g]; 0 leaves it out.
 */
export function growTree(
  statistics: SettingStatistics,
  inputs: readonly InputDimension[],
  weights: Float64Array,
  options: TreeOptions,
  rng: Rng,
): RegressionTree {
  const tree: GrowingTree = { input: [], threshold: [], levels: [], left: [] };
  const addLeaf = (): number => {
    tree.threshold.push(0);
    tree.levels.push([]);
    tree.left.push(-1);
    return tree.input.push(-1) - 1;
  };
  const all = Array.from(weights.keys()).filter((g) => weights[g]! > 0);
  const open = [{ node: addLeaf(), settings: all }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, settings } = next;
    const split = bestSplit(statistics, inputs, weights, settings, options, rng);
    if (split === null) continue;
    tree.input[node] = split.input;
    tree.threshold[node] = split.threshold;
    tree.levels[node] = split.levels;
    const left = addLeaf();
    const right = addLeaf();
    tree.left[node] = left;
    const goesLeft = (g: number): boolean => sendsLeft(tree, node, statistics.X.data, g * statistics.X.cols);
    open.push({ node: right, settings: settings.filter((g) => !goesLeft(g)) });
    open.push({ node: left, settings: settings.filter(goesLeft) });
  }
  return tree;
}

/** The leaf that holds the point starting at `offset` of `x`. */
export function leafOf(tree: RegressionTree, x: Float64Array, offset: number): number {
  let node = 0;
  while (tree.input[node]! >= 0) node = tree.left[node]! + (sendsLeft(tree, node, x, offset) ? 0 : 1);
  return node;
}

function sendsLeft(tree: RegressionTree, node: number, x: Float64Array, offset: number): boolean {
  const value = x[offset + tree.input[node]!]!;
  const levels = tree.levels[node]!;
  return levels.length > 0 ? levels.includes(value) : value <= tree.threshold[node]!;
}

function bestSplit(
  statistics: SettingStatistics,
  inputs: readonly InputDimension[],
  weights: Float64Array,
  settings: readonly number[],
  options: TreeOptions,
  rng: Rng,
): Split | null {
  if (settings.length < 2 * options.leafSettings) return null;
  let best: Split | null = null;
  for (const input of triedInputs(inputs.length, options.triedInputs, rng)) {
    const split =
      inputs[input]!.kind === "continuous"
        ? continuousSplit(statistics, weights, settings, input, options.leafSettings, rng)
        : categoricalSplit(statistics, weights, settings, input, options.leafSettings);
    if (split !== null && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** A random subset of the inputs, in random order (partial Fisher–Yates). */
function triedInputs(dimension: number, count: number, rng: Rng): number[] {
  const order = Array.from({ length: dimension }, (_, k) => k);
  for (let k = 0; k < count; k++) {
    const other = k + rng.integer(dimension - k);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order.slice(0, count);
}

function continuousSplit(
  statistics: SettingStatistics,
  weights: Float64Array,
  settings: readonly number[],
  input: number,
  leafSettings: number,
  rng: Rng,
): Split | null {
  const { X } = statistics;
  const valueOf = (g: number): number => X.data[g * X.cols + input]!;
  const sorted = [...settings].sort((a, b) => valueOf(a) - valueOf(b) || a - b);
  const cut = bestCut(
    statistics,
    weights,
    sorted,
    leafSettings,
    (i) => valueOf(sorted[i - 1]!) < valueOf(sorted[i]!),
  );
  if (cut === null) return null;
  const lower = valueOf(sorted[cut.position - 1]!);
  const upper = valueOf(sorted[cut.position]!);
  // In [lower, upper): at the upper end the setting there would change sides.
  const threshold = lower + rng.uniform() * (upper - lower);
  return { input, threshold: threshold < upper ? threshold : lower, levels: [], gain: cut.gain };
}

function categoricalSplit(
  statistics: SettingStatistics,
  weights: Float64Array,
  settings: readonly number[],
  input: number,
  leafSettings: number,
): Split | null {
  const { X, mean } = statistics;
  const levelOf = (g: number): number => X.data[g * X.cols + input]!;
  const sums = new Map<number, { weight: number; total: number }>();
  for (const g of settings) {
    const sum = sums.get(levelOf(g)) ?? { weight: 0, total: 0 };
    sums.set(levelOf(g), { weight: sum.weight + weights[g]!, total: sum.total + weights[g]! * mean[g]! });
  }
  const levelMean = (level: number): number => sums.get(level)!.total / sums.get(level)!.weight;
  const sorted = [...settings].sort((a, b) => {
    const [first, second] = [levelOf(a), levelOf(b)];
    return levelMean(first) - levelMean(second) || first - second || a - b;
  });
  const cut = bestCut(
    statistics,
    weights,
    sorted,
    leafSettings,
    (i) => levelOf(sorted[i - 1]!) !== levelOf(sorted[i]!),
  );
  if (cut === null) return null;
  const levels = [...new Set(sorted.slice(0, cut.position).map(levelOf))].sort((a, b) => a - b);
  return { input, threshold: 0, levels, gain: cut.gain };
}

/** The allowed position that lowers the squared error most: W_l W_r/(W_l + W_r) (mean_l − mean_r)². */
function bestCut(
  statistics: SettingStatistics,
  weights: Float64Array,
  sorted: readonly number[],
  leafSettings: number,
  allowed: (position: number) => boolean,
): { position: number; gain: number } | null {
  let total = 0;
  let weight = 0;
  for (const g of sorted) {
    total += weights[g]! * statistics.mean[g]!;
    weight += weights[g]!;
  }
  let best: { position: number; gain: number } | null = null;
  let leftTotal = 0;
  let leftWeight = 0;
  for (let i = 1; i <= sorted.length - leafSettings; i++) {
    const g = sorted[i - 1]!;
    leftTotal += weights[g]! * statistics.mean[g]!;
    leftWeight += weights[g]!;
    if (i < leafSettings || !allowed(i)) continue;
    const difference = leftTotal / leftWeight - (total - leftTotal) / (weight - leftWeight);
    const gain = ((leftWeight * (weight - leftWeight)) / weight) * difference * difference;
    if (gain > (best?.gain ?? 0)) best = { position: i, gain };
  }
  return best;
}
