import { permutation, type Rng } from "../math/rng.js";

export interface LatinHypercubeOptions {
  readonly runs: number;
  readonly columns: number;
  readonly rng: Rng;
  /** How far a row of shares is outside what is allowed: 0 inside. */
  readonly violation: (row: Float64Array) => number;
}

/** Exchanges that are tried a run and column, and at most in all (assumption: little is gained beyond). */
const EXCHANGES = 60;
const MOST_EXCHANGES = 60_000;

/**
 * A Latin hypercube: every column takes each of `runs` equal strata once, at its middle. Exchanges within columns keep
 * that; they are taken where rows break less of what is allowed and, after that, lie farther apart.
 *
 * @returns Rows of shares 0 … 1, [runs][columns].
 * @see McKay, Beckman & Conover (1979), Technometrics 21(2); Morris & Mitchell (1995), J. Statist. Plann. Inference
 *   43(3), φ_p with p = 15, minimized here by exchanges that never worsen it
 */
export function latinHypercube({ runs, columns, rng, violation }: LatinHypercubeOptions): Float64Array[] {
  const rows = Array.from({ length: runs }, () => new Float64Array(columns));
  for (let j = 0; j < columns; j++)
    permutation(rng, runs).forEach((stratum, i) => (rows[i]![j] = (stratum + 0.5) / runs));
  if (runs < 2 || columns === 0) return rows;
  const broken = rows.map((row) => violation(row));
  const tries = Math.min(MOST_EXCHANGES, EXCHANGES * runs * columns);
  for (let k = 0; k < tries; k++) {
    const j = rng.integer(columns);
    const a = rng.integer(runs);
    const b = (a + 1 + rng.integer(runs - 1)) % runs;
    const before = closeness(rows, a, b);
    swap(rows, a, b, j);
    const [brokenA, brokenB] = [violation(rows[a]!), violation(rows[b]!)];
    const change = brokenA + brokenB - broken[a]! - broken[b]!;
    const better = change < 0 || (change === 0 && closeness(rows, a, b) <= before);
    if (better) [broken[a], broken[b]] = [brokenA, brokenB];
    else swap(rows, a, b, j);
  }
  return rows;
}

function swap(rows: readonly Float64Array[], a: number, b: number, j: number): void {
  const value = rows[a]![j]!;
  rows[a]![j] = rows[b]![j]!;
  rows[b]![j] = value;
}

/** The part of φ_15 that two rows have in: Σ distance^−15 over their pairs, so that the nearest pair decides. */
function closeness(rows: readonly Float64Array[], a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    if (i !== a) sum += inverseDistance(rows[a]!, rows[i]!);
    if (i !== b && i !== a) sum += inverseDistance(rows[b]!, rows[i]!);
  }
  return sum;
}

function inverseDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) * (a[j]! - b[j]!);
  const square = sum / a.length;
  const cube = square * square * square;
  return 1 / (cube * cube * square * Math.sqrt(square));
}
