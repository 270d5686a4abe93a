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
const SWEEPS = 3;
const SHRINKS = 40;

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

/** A move of one column, or of all continuous ones along a line: the current point is at 0, the box is reached at the ends. */
interface Line {
  readonly low: number;
  readonly high: number;
  at(t: number): Float64Array;
}

function columnLine(region: Region, z: Float64Array, j: number): Line {
  const { lower, upper } = region.columns[j]!;
  const at = (t: number) => {
    const point = z.slice();
    point[j] = z[j]! + t;
    return point;
  };
  return { low: lower - z[j]!, high: upper - z[j]!, at };
}

function diagonalLine(region: Region, z: Float64Array, columns: readonly number[], rng: Rng): Line {
  const direction = columns.map(() => rng.normal());
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  columns.forEach((j, i) => {
    const { lower, upper } = region.columns[j]!;
    const [a, b] = [(lower - z[j]!) / direction[i]!, (upper - z[j]!) / direction[i]!];
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  });
  const at = (t: number) => {
    const point = z.slice();
    columns.forEach((j, i) => {
      point[j] = z[j]! + t * direction[i]!;
    });
    return point;
  };
  return { low, high, at };
}

/**
 * A feasible point drawn uniformly on a line through a feasible one: the interval shrinks towards it at every miss.
 *
 * @see Neal (2003), "Slice sampling", Annals of Statistics 31(3), figure 5
 */
function drawOnLine(region: Region, from: Float64Array, line: Line, rng: Rng): Float64Array {
  let { low, high } = line;
  for (let i = 0; i < SHRINKS; i++) {
    const t = low + rng.uniform() * (high - low);
    const raw = snappedAt(region, line.at(t));
    if (inBounds(region, raw) && holds(region, raw)) return raw;
    if (t < 0) low = t;
    else high = t;
  }
  return from;
}

function inBounds(region: Region, raw: Float64Array): boolean {
  return region.free.every((j) => raw[j]! >= region.columns[j]!.min && raw[j]! <= region.columns[j]!.max);
}

/** A feasible point some sweeps away from a feasible one. */
function walk(region: Region, from: Float64Array, rng: Rng): Float64Array {
  const continuous = continuousColumns(region);
  let raw = from;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const j of region.free)
      raw = drawOnLine(region, raw, columnLine(region, encodeRaw(region, raw), j), rng);
    if (continuous.length < 2) continue;
    raw = drawOnLine(region, raw, diagonalLine(region, encodeRaw(region, raw), continuous, rng), rng);
  }
  return raw;
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
 * them; where equalities leave no volume, Sobol points projected on them.
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
  if (rows.length === 0) collection.add(witness);
  const pool = rows.length;
  for (let i = 0; i < 4 * count && rows.length < count && !equalities; i++) {
    collection.add(walk(region, rows[i < pool ? i : rng.integer(rows.length)]!, rng));
  }
  return rows.slice(0, count);
}

/** Encoded rows as a matrix, repeated in order where there are fewer than `count`. */
export function fillRows(region: Region, rows: readonly Float64Array[], matrix: Matrix): Matrix {
  for (let i = 0; i < matrix.rows; i++) matrixRow(matrix, i).set(encodeRaw(region, rows[i % rows.length]!));
  return matrix;
}
