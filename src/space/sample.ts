import type { Matrix } from "../math/matrix.js";
import { matrixRow } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";
import { createSobol } from "../math/sobol.js";
import type { Column } from "./encode.js";
import { continuousColumns, encodeRaw, holds, type Region, rawAt, snappedAt } from "./region.js";
import { settle } from "./rounding.js";

/** Sobol points that are looked at before the walk takes over: where fewer than about 1 in 16 is feasible. */
const TRIES_PER_POINT = 16;
const EXTRA_TRIES = 2_048;
/** Levels up to which every level is equally likely whatever its scale. */
const EVEN_LEVELS = 32;
/** Moves of single columns between two points of a walk, at least one each. Assumption: enough to lose the start. */
const MOVES = 18;
const SHRINKS = 40;
/** Points moved into a set that no Sobol point hit, for walks to start from: it may have parts, or no volume. */
const PROJECTED = 64;

/** Position of a uniform number on a column: levels get equal shares, so that the outer ones are not rarer. */
function place(column: Column, u: number): number {
  const { levels } = column;
  if (levels === null) return Math.min(u, column.upper); // a column without width stays at 0
  const even = Number.isFinite(levels.count) && (column.scale === "linear" || levels.count <= EVEN_LEVELS);
  return levels.encoded(even ? Math.min(levels.count - 1, Math.floor(u * levels.count)) : levels.nearest(u));
}

/** Encoded points of a scrambled Sobol sequence over the free columns, in the box 0 … 1 of each. */
export function* spread(region: Region, rng: Rng): Generator<Float64Array> {
  const base = encodeRaw(region, region.base);
  const { free } = region;
  if (free.length === 0) {
    for (;;) yield base.slice();
  }
  const sequence = createSobol(free.length, rng);
  for (;;) {
    const u = sequence.next();
    const point = base.slice();
    free.forEach((j, i) => {
      point[j] = place(region.columns[j]!, u[i]!);
    });
    yield point;
  }
}

/**
 * Draws a parameter uniformly on an interval through a feasible one (0): the interval shrinks towards 0 at every miss.
 *
 * @see Neal (2003), "Slice sampling", Annals of Statistics 31(3), figure 5
 * @returns Whether `accept` took a draw.
 */
function shrinkingDraw(low: number, high: number, rng: Rng, accept: (t: number) => boolean): boolean {
  for (let i = 0; i < SHRINKS; i++) {
    const t = low + rng.uniform() * (high - low);
    if (accept(t)) return true;
    if (t < 0) low = t;
    else high = t;
  }
  return false;
}

/** Moves one column of a feasible raw point in place; only the constraints that ask for it are looked at. */
function moveColumn(
  region: Region,
  raw: Float64Array,
  j: number,
  touching: Region["constraints"],
  rng: Rng,
): void {
  const column = region.columns[j]!;
  const [from, z] = [raw[j]!, column.toEncoded(raw[j]!)];
  const moved = shrinkingDraw(column.lower - z, column.upper - z, rng, (t) => {
    const value = column.snap(column.toRaw(z + t));
    raw[j] = value;
    return (
      value >= column.min && value <= column.max && touching.every((constraint) => constraint.slack(raw) >= 0)
    );
  });
  if (!moved) raw[j] = from;
}

/** Moves all continuous columns of a feasible raw point along a random line; the moved point, or the same. */
function moveAlongLine(
  region: Region,
  raw: Float64Array,
  columns: readonly number[],
  rng: Rng,
): Float64Array {
  const z = encodeRaw(region, raw);
  const direction = columns.map(() => rng.normal());
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  columns.forEach((j, i) => {
    const { lower, upper } = region.columns[j]!;
    const [a, b] = [(lower - z[j]!) / direction[i]!, (upper - z[j]!) / direction[i]!];
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  });
  let reached = raw;
  shrinkingDraw(low, high, rng, (t) => {
    const point = z.slice();
    columns.forEach((j, i) => {
      point[j] = z[j]! + t * direction[i]!;
    });
    const candidate = snappedAt(region, point);
    if (!inBounds(region, candidate) || !holds(region, candidate)) return false;
    reached = candidate;
    return true;
  });
  return reached;
}

function inBounds(region: Region, raw: Float64Array): boolean {
  return region.free.every((j) => raw[j]! >= region.columns[j]!.min && raw[j]! <= region.columns[j]!.max);
}

/** A walker that takes a feasible point to another, some sweeps away. */
function createWalk(region: Region, rng: Rng): (from: Float64Array) => Float64Array {
  const continuous = continuousColumns(region);
  const touching = region.columns.map((_, j) =>
    region.constraints.filter(({ columns }) => columns.includes(j)),
  );
  const sweeps = Math.max(1, Math.round(MOVES / region.free.length));
  return (from) => {
    let raw: Float64Array = from.slice();
    for (let sweep = 0; sweep < sweeps; sweep++) {
      for (const j of region.free) moveColumn(region, raw, j, touching[j]!, rng);
      if (continuous.length > 1) raw = moveAlongLine(region, raw, continuous, rng);
    }
    return raw;
  };
}

/** Rows without repeats. */
interface Collection {
  readonly rows: Float64Array[];
  add(raw: Float64Array): void;
}

function createCollection(): Collection {
  const rows: Float64Array[] = [];
  const buckets = new Map<number, Float64Array[]>(); // by a number that equal rows share: texts as keys take longer
  return {
    rows,
    add(raw) {
      const key = raw.reduce((sum, value) => sum * 0.6180339887498949 + value, 0);
      const bucket = buckets.get(key);
      if (bucket?.some((row) => row.every((value, j) => value === raw[j])) === true) return;
      if (bucket === undefined) buckets.set(key, [raw]);
      else bucket.push(raw);
      rows.push(raw);
    },
  };
}

/**
 * Distinct feasible raw points, at most `count`: Sobol points that satisfy the constraints; where too few do, walks from
 * them, or from moved ones; where equalities leave no volume, Sobol points projected on them.
 *
 * @param witness - A feasible point to walk from where no Sobol point is feasible.
 */
export function sampleRegion(
  region: Region,
  count: number,
  witness: Float64Array,
  rng: Rng,
): readonly Float64Array[] {
  const collection = createCollection();
  const { rows } = collection;
  if (region.free.length === 0) return [witness];
  const equalities = region.constraints.some(({ equality }) => equality);
  const points = spread(region, rng);
  const tries = equalities ? 4 * count + 64 : TRIES_PER_POINT * count + EXTRA_TRIES;
  for (let i = 0; i < tries && rows.length < count; i++) {
    const z = points.next().value as Float64Array;
    if (equalities) {
      const [raw] = settle(region, z, 8, 1);
      if (raw !== undefined) collection.add(raw);
    } else if (holds(region, rawAt(region, z))) {
      const raw = snappedAt(region, z);
      if (holds(region, raw)) collection.add(raw);
    }
  }
  if (rows.length === 0) {
    collection.add(witness);
    for (let i = 0; i < PROJECTED && rows.length < count && !equalities; i++) {
      const [raw] = settle(region, points.next().value as Float64Array, 8, 1);
      if (raw !== undefined) collection.add(raw);
    }
  }
  const pool = rows.length;
  const walk = createWalk(region, rng);
  for (let i = 0; i < 4 * count && rows.length < count && !equalities; i++) {
    collection.add(walk(rows[i < pool ? i : rng.integer(rows.length)]!));
  }
  return rows.slice(0, count);
}

/** Encoded rows as a matrix, repeated in order where there are fewer than `count`. */
export function fillRows(region: Region, rows: readonly Float64Array[], matrix: Matrix): Matrix {
  for (let i = 0; i < matrix.rows; i++) matrixRow(matrix, i).set(encodeRaw(region, rows[i % rows.length]!));
  return matrix;
}
