import type { Matrix } from "./matrix.js";

/** Points in nested boxes. Node 0 holds all; the children of a node are neighbours in the arrays. */
export interface SearchTree {
  /** Index of each point in the given order, leaf by leaf, [n]. */
  readonly order: Int32Array;
  /** The points in that order, [n × d]. */
  readonly points: Float64Array;
  /** First child of each node, −1 for a leaf. */
  readonly left: Int32Array;
  /** Places in `order` that belong to each node. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The box around each node's points, [nodes × d]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Smallest index among each node's points. */
  readonly smallest: Int32Array;
}

/** Most points in a leaf (assumption: a box costs about as much to test as a few points). */
const LEAF = 16;

/**
 * Halves the points at the median of the widest column until few are left in each box.
 *
 * @param points - [n × d], n ≥ 1.
 * @see Friedman, Bentley & Finkel (1977), ACM Trans. Math. Softw. 3(3)
 */
export function buildSearchTree(points: Matrix): SearchTree {
  const { rows: n, cols: d, data } = points;
  const most = 4 * Math.ceil(n / LEAF) + 1;
  const tree = {
    order: Int32Array.from({ length: n }, (_, i) => i),
    points: new Float64Array(n * d),
    left: new Int32Array(most).fill(-1),
    start: new Int32Array(most),
    end: new Int32Array(most),
    lower: new Float64Array(most * d),
    upper: new Float64Array(most * d),
    smallest: new Int32Array(most),
  };
  tree.end[0] = n;
  let nodes = 1;
  for (let node = 0; node < nodes; node++) {
    const widest = encloseNode(tree, node, points);
    const [start, end] = [tree.start[node]!, tree.end[node]!];
    if (end - start <= LEAF || !(tree.upper[node * d + widest]! > tree.lower[node * d + widest]!)) continue;
    const middle = (start + end) >> 1;
    selectMedian(tree.order, start, end - 1, middle, (i) => data[i * d + widest]!);
    tree.left[node] = nodes;
    tree.start[nodes] = start;
    tree.end[nodes] = middle;
    tree.start[nodes + 1] = middle;
    tree.end[nodes + 1] = end;
    nodes += 2;
  }
  tree.order.forEach((i, p) => tree.points.set(data.subarray(i * d, (i + 1) * d), p * d));
  return tree;
}

/** Sets a node's box and smallest index, and returns its widest column. */
function encloseNode(
  tree: Pick<SearchTree, "order" | "start" | "end" | "lower" | "upper" | "smallest">,
  node: number,
  { cols: d, data }: Matrix,
): number {
  const lower = tree.lower.subarray(node * d, (node + 1) * d).fill(Number.POSITIVE_INFINITY);
  const upper = tree.upper.subarray(node * d, (node + 1) * d).fill(Number.NEGATIVE_INFINITY);
  let smallest = Number.POSITIVE_INFINITY;
  for (let p = tree.start[node]!, end = tree.end[node]!; p < end; p++) {
    const i = tree.order[p]!;
    smallest = Math.min(smallest, i);
    for (let k = 0; k < d; k++) {
      const value = data[i * d + k]!;
      if (value < lower[k]!) lower[k] = value;
      if (value > upper[k]!) upper[k] = value;
    }
  }
  tree.smallest[node] = smallest;
  let widest = 0;
  for (let k = 1; k < d; k++) if (upper[k]! - lower[k]! > upper[widest]! - lower[widest]!) widest = k;
  return widest;
}

/**
 * Reorders `order[from … to]` so that place `middle` holds its median by `key` and smaller keys come before it.
 *
 * @see Hoare (1961), Algorithm 65: Find, Communications of the ACM 4(7)
 */
function selectMedian(
  order: Int32Array,
  from: number,
  to: number,
  middle: number,
  key: (index: number) => number,
): void {
  while (from < to) {
    const pivot = key(order[(from + to) >> 1]!);
    let i = from;
    let j = to;
    while (i <= j) {
      while (key(order[i]!) < pivot) i++;
      while (key(order[j]!) > pivot) j--;
      if (i > j) break;
      const swapped = order[i]!;
      order[i++] = order[j]!;
      order[j--] = swapped;
    }
    if (middle <= j) to = j;
    else if (middle >= i) from = i;
    else return;
  }
}
