import { createNearestList, createNodeQueue, type NearestList } from "./neighbour-queues.js";
import type { Matrix } from "./matrix.js";
import { buildSearchTree, type SearchTree } from "./search-tree.js";

/** How far apart two points are: a sum over columns. */
interface NeighbourMetric {
  /**
   * [d]: 0 for a column whose squared difference counts; above 0 for a column of levels, which adds this much wherever
   * the levels differ.
   */
  readonly mismatch: Float64Array;
}

interface NeighbourOptions {
  /** Only points with a smaller index are candidates; default all. */
  readonly before?: number;
  /**
   * Distances computed at most, default no limit. A limited search looks into the nearest boxes first and returns the
   * best it has seen: near points, not always the nearest.
   */
  readonly visits?: number;
}

export interface NeighbourSearch {
  /**
   * Finds the points nearest to `point` [d] and writes their indices, ascending, to `into`, which holds as many as are
   * wanted. Returns how many there are. Of points at equal distance those first met are kept, the same every time.
   */
  nearest(point: Float64Array, into: Int32Array, options?: NeighbourOptions): number;
}

/**
 * Prepares points for searches of nearest neighbours.
 *
 * A k-d tree whose boxes know the smallest index inside, so that a search among the first points only ("earlier
 * neighbours") passes by everything later. Boxes are opened in the order of their distance.
 *
 * @param points - [n × d], finite, n ≥ 1.
 * @see Friedman, Bentley & Finkel (1977), ACM Trans. Math. Softw. 3(3); Beis & Lowe (1997), CVPR, for the limited search
 */
export function createNeighbourSearch(points: Matrix, metric: NeighbourMetric): NeighbourSearch {
  const tree = buildSearchTree(points);
  const { mismatch } = metric;
  const nodes = createNodeQueue();
  const found = createNearestList();
  return {
    nearest(point, into, { before = points.rows, visits = Number.POSITIVE_INFINITY } = {}) {
      const wanted = Math.min(into.length, before, points.rows);
      if (!(wanted > 0)) return 0;
      nodes.clear();
      found.clear(wanted);
      if (tree.smallest[0]! < before) nodes.add(boxDistance(tree, 0, point, mismatch), 0);
      let seen = 0;
      while (nodes.size() > 0 && (seen < visits || found.size() < wanted)) {
        const nearest = nodes.nearestDistance();
        if (nearest >= found.largest()) break;
        const node = nodes.take();
        if (tree.left[node]! < 0) {
          seen += visitLeaf(tree, node, point, mismatch, before, found);
          continue;
        }
        for (const child of [tree.left[node]!, tree.left[node]! + 1]) {
          if (tree.smallest[child]! >= before) continue;
          const distance = boxDistance(tree, child, point, mismatch);
          if (distance < found.largest()) nodes.add(distance, child);
        }
      }
      return found.write(into);
    },
  };
}

/** Squared distance of a point from a box; 0 inside. */
function boxDistance(tree: SearchTree, node: number, point: Float64Array, mismatch: Float64Array): number {
  const d = point.length;
  const base = node * d;
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const value = point[k]!;
    const below = tree.lower[base + k]! - value;
    const above = value - tree.upper[base + k]!;
    const outside = below > 0 ? below : above > 0 ? above : 0;
    if (outside > 0) sum += mismatch[k]! > 0 ? mismatch[k]! : outside * outside;
  }
  return sum;
}

/** Offers every candidate of a leaf and returns how many there were. */
function visitLeaf(
  tree: SearchTree,
  node: number,
  point: Float64Array,
  mismatch: Float64Array,
  before: number,
  found: NearestList,
): number {
  const d = point.length;
  let seen = 0;
  for (let p = tree.start[node]!, end = tree.end[node]!; p < end; p++) {
    const index = tree.order[p]!;
    if (index >= before) continue;
    seen++;
    const base = p * d;
    let sum = 0;
    for (let k = 0; k < d; k++) {
      const step = tree.points[base + k]! - point[k]!;
      if (mismatch[k]! > 0) sum += step === 0 ? 0 : mismatch[k]!;
      else sum += step * step;
    }
    found.add(sum, index);
  }
  return seen;
}
