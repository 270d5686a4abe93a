import { type Matrix, matrixFromRows, matrixRow } from "../math/matrix.js";

/** Disjoint boxes, row i being Π_m [lower(i, m), upper(i, m)]; `upper` may be infinite. Both [boxes × M]. */
export interface Boxes {
  readonly lower: Matrix;
  readonly upper: Matrix;
}

/**
 * Cuts the region above `reference` that no point of `front` dominates into disjoint boxes; larger is better.
 *
 * @param front - Mutually non-dominated points, [n × M]; points not above the reference everywhere are left out.
 * @param reference - [M].
 * @see Lacour, Klamroth & Fonseca (2017), Computers & Operations Research 79, algorithms 1–2 and eq. 9, applied to the
 *   front and again to its local upper bounds (Daulton, Balandat & Bakshy 2021, NeurIPS 34, appendix)
 */
export function nonDominatedBoxes(front: Matrix, reference: Float64Array): Boxes {
  const rows: Float64Array[] = [];
  for (let i = 0; i < front.rows; i++) {
    const row = matrixRow(front, i);
    if (row.every((value, m) => value > reference[m]!)) rows.push(row);
  }
  return reference.length === 2 ? strips(rows, reference) : generalBoxes(rows, reference);
}

/** Two objectives: one strip between neighbours along the first objective, open above. */
function strips(front: readonly Float64Array[], reference: Float64Array): Boxes {
  const sorted = [...front].sort((a, b) => a[0]! - b[0]!);
  const lower: number[][] = [];
  const upper: number[][] = [];
  let left = reference[0]!;
  for (const point of sorted) {
    lower.push([left, point[1]!]);
    upper.push([point[0]!, Infinity]);
    left = point[0]!;
  }
  lower.push([left, reference[1]!]);
  upper.push([Infinity, Infinity]);
  return { lower: matrixFromRows(lower, 2), upper: matrixFromRows(upper, 2) };
}

/**
 * Seen as minimisation, the open region is the union of the zones below the front's local upper bounds. Seen as
 * maximisation again, it is what the negated bounds dominate towards +∞, and that region is cut into boxes.
 */
function generalBoxes(front: readonly Float64Array[], reference: Float64Array): Boxes {
  const corners = localUpperBounds(front.map(negate), negate(reference)).map((bound) => negate(bound.at));
  const open = new Float64Array(reference.length).fill(Infinity);
  return dominatedBoxes(localUpperBounds(corners, open), open);
}

function negate(point: Float64Array): Float64Array {
  return point.map((value) => -value);
}

/** A corner of the region that no point reaches below; `by[k]` is the point that fixes coordinate k. */
interface LocalUpperBound {
  readonly at: Float64Array;
  readonly by: readonly Float64Array[];
}

/**
 * Local upper bounds of `points` below `limit`; smaller is better.
 *
 * Equal coordinates count as if the later point were a little larger, which keeps the partition exact and only adds
 * boxes without volume.
 */
function localUpperBounds(points: readonly Float64Array[], limit: Float64Array): LocalUpperBound[] {
  const outer = [...limit].map((value, k) => {
    const stand = new Float64Array(limit.length).fill(-Infinity);
    stand[k] = value;
    return stand;
  });
  let bounds: LocalUpperBound[] = [{ at: Float64Array.from(limit), by: outer }];
  for (const point of points) {
    const next: LocalUpperBound[] = [];
    for (const bound of bounds) {
      if (point.every((value, j) => value < bound.at[j]!)) next.push(...split(bound, point));
      else next.push(bound);
    }
    bounds = next;
  }
  return bounds;
}

/** The bounds that replace `bound` once `point` lies below it. */
function split(bound: LocalUpperBound, point: Float64Array): LocalUpperBound[] {
  const children: LocalUpperBound[] = [];
  for (let j = 0; j < point.length; j++) {
    const valid = bound.by.every((definer, k) => k === j || point[j]! >= definer[j]!);
    if (!valid) continue;
    const at = Float64Array.from(bound.at);
    at[j] = point[j]!;
    children.push({ at, by: bound.by.map((definer, k) => (k === j ? point : definer)) });
  }
  return children;
}

/** Boxes of the region that the points behind `bounds` dominate below `limit` (Lacour et al. 2017, eq. 9). */
function dominatedBoxes(bounds: readonly LocalUpperBound[], limit: Float64Array): Boxes {
  const M = limit.length;
  const lower: number[][] = [];
  const upper: number[][] = [];
  for (const { at, by } of bounds) {
    const low = [at[0]!];
    const high = [limit[0]!];
    for (let j = 1; j < M; j++) {
      low.push(Math.max(...by.slice(0, j).map((definer) => definer[j]!)));
      high.push(at[j]!);
    }
    if (!low.every((value, j) => value < high[j]!)) continue;
    lower.push(low);
    upper.push(high);
  }
  return { lower: matrixFromRows(lower, M), upper: matrixFromRows(upper, M) };
}
