import type { Column } from "./encode.js";
import {
  clampToBox,
  continuousColumns,
  encodeRaw,
  holds,
  type Region,
  rawAt,
  snappedAt,
  steppedColumns,
} from "./region.js";
import { EQUALITY_DISTANCE, repair } from "./repair.js";

/**
 * Encoded distances to stay clear of constraints, so that the last decimal cannot break them; then none; then as near as
 * arithmetic comes, where several inequalities leave no more than a line or a point between them.
 */
const MARGINS = [1e-3, 1e-5, 0, -EQUALITY_DISTANCE] as const;
/** The same for a point that has to be moved off its levels: deeper inside, more levels round it are feasible. */
const DEPTHS = [0.1, 0.01, 1e-3, 1e-5, 0] as const;
const NEWTON_STEPS = 30;

/** The two levels round an encoded position, nearest first; one where the position is a level or at an end. */
function levelsAround(column: Column, x: number): readonly number[] {
  const levels = column.levels!;
  const near = levels.nearest(x);
  const at = levels.encoded(near);
  if (Math.abs(at - x) < 1e-12) return [near];
  const other = at < x ? near + 1 : near - 1;
  const ends = Number.isFinite(levels.count) && (other < 0 || other >= levels.count);
  const position = ends ? Number.NaN : levels.encoded(other);
  return position >= column.lower && position <= column.upper ? [near, other] : [near];
}

/**
 * Encoded points with every stepped column on a level beside x, nearest first, at most `limit`.
 *
 * Subsets of columns that take their second-nearest level are listed by the squared distance that they add.
 */
export function* neighbours(region: Region, x: Float64Array, limit: number): Generator<Float64Array> {
  const nearest = x.slice();
  const flips: { readonly column: number; readonly to: number; readonly cost: number }[] = [];
  for (const j of region.free) {
    const column = region.columns[j]!;
    if (column.levels === null) continue;
    const [near = 0, other] =
      column.kind === "categorical" ? [column.levels.nearest(x[j]!)] : levelsAround(column, x[j]!);
    nearest[j] = column.levels.encoded(near);
    if (other === undefined) continue;
    const to = column.levels.encoded(other);
    flips.push({
      column: j,
      to,
      cost: (to - x[j]!) * (to - x[j]!) - (nearest[j] - x[j]!) * (nearest[j] - x[j]!),
    });
  }
  flips.sort((a, b) => a.cost - b.cost || a.column - b.column);
  // Each subset is reached once: by adding the flip after its last one, or by moving its last one on.
  const queue: { readonly cost: number; readonly members: readonly number[] }[] = [{ cost: 0, members: [] }];
  for (let taken = 0; taken < limit && queue.length > 0; taken++) {
    const best = queue.reduce((a, b, i) => (b.cost < queue[a]!.cost ? i : a), 0);
    const { cost, members } = queue.splice(best, 1)[0]!;
    const point = nearest.slice();
    for (const member of members) point[flips[member]!.column] = flips[member]!.to;
    yield point;
    const last = members.at(-1) ?? -1;
    const next = flips[last + 1];
    if (next === undefined) continue;
    queue.push({ cost: cost + next.cost, members: [...members, last + 1] });
    if (last >= 0) {
      queue.push({
        cost: cost - flips[last]!.cost + next.cost,
        members: [...members.slice(0, -1), last + 1],
      });
    }
  }
}

/** Solves one constraint, taken as an equality, for column j by Newton's method on its raw value; the snapped value, or null. */
function solveFor(
  region: Region,
  raw: Float64Array,
  constraint: Region["constraints"][number],
  j: number,
): number | null {
  const column = region.columns[j]!;
  const gradient = new Float64Array(raw.length);
  const at = raw.slice();
  const { equality, expression } = constraint;
  const side = expression.operator === "<=" || expression.operator === "<" ? -1 : 1;
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const difference = constraint.difference(at);
    if (difference === 0) break;
    constraint.slackWithGradient(at, gradient); // of −|difference|, or of ±difference
    const slope = ((equality ? -Math.sign(difference) : side) * gradient[j]!) / column.slope(at[j]!);
    const next = at[j]! - difference / slope;
    if (!Number.isFinite(next)) return null;
    if (next === at[j]) break;
    at[j] = next;
  }
  if (column.scale === "log" && !(at[j]! > 0)) return null;
  const snapped = column.snap(at[j]!);
  return snapped >= column.min && snapped <= column.max ? snapped : null;
}

/** How near is near enough for an equality, at raw values. */
type Met = (constraint: Region["constraints"][number], raw: Float64Array) => boolean;

/** Both sides the same; where no setting of the last decimal gives that, within the tolerance. */
const EXACTNESS: readonly Met[] = [
  (constraint, raw) => constraint.meets(raw),
  (constraint, raw) => constraint.slack(raw) >= 0,
];

/** Makes constraints hold at snapped values by solving each for one column of its own; null where none fits. */
function solveConstraints(region: Region, raw: Float64Array): Float64Array | null {
  for (const met of EXACTNESS) {
    const solved = solveBroken(region, raw, met, []);
    if (solved !== null) return solved;
  }
  return null;
}

function solveBroken(
  region: Region,
  raw: Float64Array,
  met: Met,
  used: readonly number[],
): Float64Array | null {
  const broken = region.constraints.find((constraint) =>
    constraint.equality ? !met(constraint, raw) : !(constraint.slack(raw) >= 0),
  );
  if (broken === undefined) return holds(region, raw) ? raw : null;
  for (const j of broken.columns) {
    if (!region.free.includes(j) || used.includes(j)) continue;
    const value = solveFor(region, raw, broken, j);
    if (value === null) continue;
    const next = raw.slice();
    next[j] = value;
    const solved = solveBroken(region, next, met, [...used, j]);
    if (solved !== null) return solved;
  }
  return null;
}

/** Snaps a point whose stepped columns are on levels, moving the continuous ones where constraints ask for it. */
function settleOnLevels(region: Region, point: Float64Array): Float64Array | null {
  const snapped = snappedAt(region, point);
  const equalities = region.constraints.some(({ equality }) => equality);
  const direct = equalities ? solveConstraints(region, snapped) : null;
  if (direct !== null) return direct;
  if (holds(region, snapped)) return snapped;
  const movable = continuousColumns(region);
  if (movable.length === 0) return null;
  for (const margin of MARGINS) {
    const repaired = repair(region, point, movable, margin);
    if (repaired === null) continue;
    const raw = snappedAt(region, repaired);
    const solve = equalities || margin < 0;
    const solved = !solve && holds(region, raw) ? raw : solve ? solveConstraints(region, raw) : null;
    if (solved !== null) return solved;
  }
  return null;
}

/**
 * Feasible raw points on steps beside an encoded point, nearest first; empty where none was found.
 *
 * All combinations of the two levels round each stepped column are tried (up to `limit`), the continuous columns being
 * moved to keep the constraints. Where none fits, the point is first moved to where the constraints hold between steps.
 *
 * @param enough - Stop after this many.
 */
export function settle(
  region: Region,
  x: Float64Array,
  limit: number,
  enough: number,
): readonly Float64Array[] {
  const z = clampToBox(region, x);
  if (holds(region, rawAt(region, z))) return settleBeside(region, z, limit, enough);
  const movable = [...continuousColumns(region), ...steppedColumns(region)].toSorted((a, b) => a - b);
  // What cannot hold between steps cannot hold on them; what holds up to rounding errors alone has no inside.
  const pinched = repair(region, z, movable, -EQUALITY_DISTANCE);
  if (pinched === null) return [];
  if (repair(region, z, movable, 0) === null) return settleBeside(region, pinched, limit, enough);
  const found = settleBeside(region, z, limit, enough);
  if (found.length > 0) return found;
  for (const depth of DEPTHS) {
    const repaired = repair(region, z, movable, depth);
    if (repaired === null) continue;
    const beside = settleBeside(region, repaired, limit, enough);
    if (beside.length > 0) return beside;
  }
  return [];
}

function settleBeside(
  region: Region,
  z: Float64Array,
  limit: number,
  enough: number,
): readonly Float64Array[] {
  const found = new Map<string, { readonly raw: Float64Array; readonly distance: number }>();
  for (const point of neighbours(region, z, limit)) {
    const raw = settleOnLevels(region, point);
    if (raw === null) continue;
    const encoded = encodeRaw(region, raw);
    const distance = region.free.reduce((sum, j) => sum + (encoded[j]! - z[j]!) * (encoded[j]! - z[j]!), 0);
    if (!found.has(raw.join())) found.set(raw.join(), { raw, distance });
    if (found.size >= enough) break;
  }
  return [...found.values()].toSorted((a, b) => a.distance - b.distance).map(({ raw }) => raw);
}
