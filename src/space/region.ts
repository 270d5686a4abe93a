import type { Constraint } from "./constraint.js";
import type { Column } from "./encode.js";

/** The settings that one request leaves open: columns, what is fixed, and what must hold. */
export interface Region {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  /** Columns that may move. */
  readonly free: readonly number[];
  /** Raw values of all columns; those of free columns are only a start. */
  readonly base: Float64Array;
}

/** Free columns with counted levels and an order. */
export function steppedColumns(region: Region): readonly number[] {
  return region.free.filter(
    (j) => region.columns[j]!.kind === "continuous" && region.columns[j]!.levels !== null,
  );
}

/** Free columns without levels. */
export function continuousColumns(region: Region): readonly number[] {
  return region.free.filter((j) => region.columns[j]!.levels === null);
}

/** Whether every constraint holds at raw values. */
export function holds(region: Region, raw: Float64Array): boolean {
  for (const constraint of region.constraints) if (!(constraint.slack(raw) >= 0)) return false;
  return true;
}

/** Encoded position of raw values. */
export function encodeRaw(region: Region, raw: Float64Array): Float64Array {
  const encoded = new Float64Array(raw.length);
  for (let j = 0; j < raw.length; j++) encoded[j] = region.columns[j]!.toEncoded(raw[j]!);
  return encoded;
}

/** Raw values at an encoded point, not snapped; columns that are not free keep their value. */
export function rawAt(region: Region, z: Float64Array): Float64Array {
  const raw = region.base.slice();
  for (const j of region.free) raw[j] = region.columns[j]!.toRaw(z[j]!);
  return raw;
}

/** `rawAt`, snapped to steps, sets and decimals. */
export function snappedAt(region: Region, z: Float64Array): Float64Array {
  const raw = rawAt(region, z);
  for (const j of region.free) raw[j] = region.columns[j]!.snap(raw[j]!);
  return raw;
}

/** Encoded point inside the encoded ranges of the free columns; others at the base. */
export function clampToBox(region: Region, x: Float64Array): Float64Array {
  const z = encodeRaw(region, region.base);
  for (const j of region.free)
    z[j] = Math.min(region.columns[j]!.upper, Math.max(region.columns[j]!.lower, x[j]!));
  return z;
}
