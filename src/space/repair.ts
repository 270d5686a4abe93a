import { cholesky, choleskySolve } from "../math/cholesky.js";
import { createMatrix } from "../math/matrix.js";
import { type Region, rawAt } from "./region.js";

/** A constraint that is not met, as a distance to go along its unit gradient in encoded units. */
interface Shortfall {
  readonly distance: number;
  readonly direction: Float64Array;
}

const MAX_STEPS = 60;
const MAX_HALVINGS = 10;
/** Ridge on the unit-diagonal Gram matrix of directions, for constraints that run in parallel. */
const RIDGE = 1e-10;
/** Equalities are met to this encoded distance, far below the last decimal of a setting. */
export const EQUALITY_DISTANCE = 1e-11;

/** Shortfalls at z, or null where a constraint is undefined or cannot be moved. */
function shortfalls(
  region: Region,
  z: Float64Array,
  movable: readonly number[],
  margin: number,
): Shortfall[] | null {
  const raw = rawAt(region, z);
  const list: Shortfall[] = [];
  for (const constraint of region.constraints) {
    const gradient = new Float64Array(region.columns.length);
    const slack = constraint.slackWithGradient(raw, gradient);
    const direction = new Float64Array(movable.length);
    let square = 0;
    for (let i = 0; i < movable.length; i++) {
      direction[i] = gradient[movable[i]!]!;
      square += direction[i]! * direction[i]!;
    }
    const norm = Math.sqrt(square);
    if (!(Number.isFinite(slack) && Number.isFinite(norm))) return null;
    if (!(norm > 0)) {
      if (slack >= 0) continue;
      return null;
    }
    const gap = constraint.equality ? Math.abs(constraint.difference(raw)) : 0;
    const distance = constraint.equality ? gap / norm : Math.max(0, margin) - slack / norm;
    const inside = margin < 0 ? distance <= -margin : slack >= 0 && distance <= 1e-3 * margin;
    const met = constraint.equality ? distance <= EQUALITY_DISTANCE : inside;
    if (!met) list.push({ distance, direction: direction.map((slope) => slope / norm) });
  }
  return list;
}

function merit(list: readonly Shortfall[]): number {
  return list.reduce((sum, { distance }) => sum + distance * distance, 0);
}

/** Shortest step that makes up all shortfalls to first order, without columns that stand at a bound and would leave it. */
function shortestStep(list: readonly Shortfall[], blocked: readonly boolean[]): Float64Array | null {
  const m = list.length;
  const gram = createMatrix(m, m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      const [p, q] = [list[a]!.direction, list[b]!.direction];
      let dot = a === b ? RIDGE : 0;
      for (let i = 0; i < p.length; i++) if (!blocked[i]!) dot += p[i]! * q[i]!;
      gram.data[a * m + b] = dot;
      gram.data[b * m + a] = dot;
    }
  }
  const factor = cholesky(gram);
  if (!factor.ok) return null;
  const weights = choleskySolve(
    factor.L,
    Float64Array.from(list, ({ distance }) => distance),
  );
  return Float64Array.from(blocked, (isBlocked, i) =>
    isBlocked ? 0 : list.reduce((sum, { direction }, a) => sum + direction[i]! * weights[a]!, 0),
  );
}

/** The shortest step inside the box: columns that it would push out of their bounds are blocked one round at a time. */
function boxStep(region: Region, z: Float64Array, movable: readonly number[], list: readonly Shortfall[]) {
  const blocked = movable.map(() => false);
  for (let round = 0; round <= movable.length; round++) {
    const step = shortestStep(list, blocked);
    if (step === null) return null;
    const out = movable.map((j, i) => {
      const { lower, upper } = region.columns[j]!;
      return !blocked[i]! && ((z[j]! <= lower && step[i]! < 0) || (z[j]! >= upper && step[i]! > 0));
    });
    if (!out.includes(true)) return step;
    out.forEach((leaves, i) => {
      if (leaves) blocked[i] = true;
    });
  }
  return null;
}

/**
 * Moves an encoded point by shortest steps until every constraint holds, inequalities by `margin` (encoded distance).
 *
 * Gauss–Newton on the violated constraints with minimum-norm steps, a projection on bounds and step halving: what it
 * reaches lies near where it began. Columns are taken as continuous; the caller rounds.
 *
 * @param movable - Columns that may move; others stay.
 * @param margin - Encoded distance by which inequalities are to hold; where it is negative, by which they may fail.
 * @returns The repaired point, or null where no step makes progress.
 * @see Nocedal & Wright (2006), Numerical Optimization, section 10.3 (Gauss–Newton)
 */
export function repair(
  region: Region,
  start: Float64Array,
  movable: readonly number[],
  margin: number,
): Float64Array | null {
  let z = start.slice();
  let list = shortfalls(region, z, movable, margin);
  for (let step = 0; step < MAX_STEPS; step++) {
    if (list === null) return null;
    if (list.length === 0) return z;
    const direction = boxStep(region, z, movable, list);
    if (direction === null) return null;
    const before = merit(list);
    let length = 1;
    let accepted = false;
    for (let halving = 0; halving < MAX_HALVINGS && !accepted; halving++, length /= 2) {
      const trial = z.slice();
      movable.forEach((j, i) => {
        const { lower, upper } = region.columns[j]!;
        trial[j] = Math.min(upper, Math.max(lower, z[j]! + length * direction[i]!));
      });
      const next = shortfalls(region, trial, movable, margin);
      accepted = next !== null && merit(next) < before * (1 - 1e-3 * length);
      if (accepted) [z, list] = [trial, next];
    }
    if (!accepted) return null;
  }
  return null;
}
