import { CellwrightError, type Problem } from "../errors.js";
import { createMatrix, type Matrix, matrixFromRows } from "../math/matrix.js";
import { permutation, type Rng } from "../math/rng.js";
import { conflictError } from "./conflict.js";
import { isAdmissible, readSetting } from "./encode.js";
import { feasibleGrid, gridSize, MAX_GRID } from "./enumerate.js";
import { findFeasible } from "./find-feasible.js";
import type { Settings } from "./parameter.js";
import { clampToBox, encodeRaw, holds, type Region, rawAt, snappedAt } from "./region.js";
import { settle } from "./rounding.js";
import { fillRows, sampleRegion, spread } from "./sample.js";
import { admissibleProblem, type SearchSpace, settingProblem } from "./search-space.js";

/** What one request holds fast. */
export interface SearchRequest {
  /** Parameters that are not chosen this time (`--fix`). */
  readonly fixed: Settings;
  /** The state for which settings are asked; complete. */
  readonly context: Settings;
}

/** The settings that satisfy one request, as encoded points. */
export interface FeasibleSet {
  readonly space: SearchSpace;
  readonly request: SearchRequest;
  /** Encoded columns that may move. */
  readonly free: readonly number[];
  /** Number of feasible grid points where all free parameters are discrete and there are at most 20,000; else Infinity. */
  readonly size: number;
  /** All feasible encoded points, in lexicographic order of the parameters' levels; null where `size` is Infinity. */
  enumerate(): Matrix | null;
  /** Feasible encoded points on steps, [count × inputs], spread evenly; distinct unless the set has fewer. */
  sample(count: number, rng: Rng): Matrix;
  /** Feasible encoded points on steps round x, nearest first; empty where none was found beside it. */
  round(x: Float64Array): readonly Float64Array[];
  /** Whether x is a point of the set: on steps, with what is fixed, inside bounds and constraints. */
  contains(x: Float64Array): boolean;
  /**
   * Smallest slack of the inequality constraints between steps, about as an encoded distance; Infinity where there is
   * none. Negative outside. With `gradient`, [inputs], its slope. Equalities are left to `round`.
   */
  slack(x: Float64Array, gradient?: Float64Array): number;
}

const MAX_ENUMERATED = 20_000;
const ROUNDINGS = 64;
const SCALE_POINTS = 32;
/** How exactly an encoded point must repeat what it decodes to. */
const ENCODED_TOLERANCE = 1e-9;

function requestProblems(space: SearchSpace, request: SearchRequest): Problem[] {
  const problems: Problem[] = [];
  const parameters = space.parameters.map(({ name }) => name);
  for (const name of Object.keys(request.fixed)) {
    if (parameters.includes(name)) continue;
    const context = space.context.some((variable) => variable.name === name);
    const remedy = context
      ? `Give the state by --context ${name}=….`
      : `Parameters: ${parameters.join(", ")}.`;
    problems.push({
      where: `fixed.${name}`,
      found: "no parameter of this name",
      expected: "a parameter",
      remedy,
    });
  }
  for (const column of space.columns) {
    const of = column.role === "parameter" ? request.fixed : request.context;
    if (column.role === "parameter" && !Object.hasOwn(of, column.name)) continue;
    const setting = Object.hasOwn(of, column.name) ? of[column.name] : undefined;
    const where = `${column.role === "parameter" ? "fixed" : "context"}.${column.name}`;
    const raw = readSetting(column, setting);
    if (raw === null) problems.push({ ...settingProblem(column, setting), where });
    else if (!isAdmissible(column, raw)) problems.push({ ...admissibleProblem(column, raw), where });
  }
  return problems;
}

function createRegion(space: SearchSpace, request: SearchRequest): Region {
  const free: number[] = [];
  const base = Float64Array.from(space.columns, (column, j) => {
    const of = column.role === "parameter" ? request.fixed : request.context;
    if (Object.hasOwn(of, column.name)) {
      const raw = readSetting(column, of[column.name])!;
      // What is fixed stays as it was said, even where it has more digits than a suggestion has.
      return column.role === "parameter" && column.levels !== null ? column.snap(raw) : raw;
    }
    if (column.levels === null ? column.max > column.min : column.levels.count > 1) free.push(j);
    return column.levels?.value(0) ?? column.min;
  });
  return { columns: space.columns, constraints: space.constraints, free, base };
}

/** Every feasible grid point, or null where they are too many to list. */
function listPoints(region: Region): readonly Float64Array[] | null {
  if (gridSize(region, region.free) > MAX_GRID) return null;
  if (region.constraints.length === 0 && gridSize(region, region.free) > MAX_ENUMERATED) return null;
  const points: Float64Array[] = [];
  for (const raw of feasibleGrid(region, region.free)) {
    if (points.length === MAX_ENUMERATED) return null;
    points.push(raw);
  }
  return points;
}

interface ScaledConstraint {
  readonly constraint: Region["constraints"][number];
  readonly scale: number;
}

/** Inequalities that move with a free column, each with the median size of its encoded gradient. */
function scaleConstraints(region: Region, rng: Rng): readonly ScaledConstraint[] {
  const points = spread(region, rng);
  const raws = Array.from({ length: SCALE_POINTS }, () => rawAt(region, points.next().value as Float64Array));
  const moving = region.constraints.filter(
    ({ equality, columns }) => !equality && columns.some((j) => region.free.includes(j)),
  );
  return moving.map((constraint) => {
    const gradient = new Float64Array(region.columns.length);
    const norms = raws.map((raw) => {
      constraint.slackWithGradient(raw, gradient);
      return Math.sqrt(region.free.reduce((sum, j) => sum + gradient[j]! * gradient[j]!, 0));
    });
    const finite = norms.filter((norm) => norm > 0 && Number.isFinite(norm)).toSorted((a, b) => a - b);
    return { constraint, scale: finite[Math.floor(finite.length / 2)] ?? 1 };
  });
}

function smallestSlack(
  region: Region,
  scaled: readonly ScaledConstraint[],
  x: Float64Array,
  gradient: Float64Array | undefined,
): number {
  if (scaled.length === 0) {
    gradient?.fill(0);
    return Number.POSITIVE_INFINITY;
  }
  const raw = rawAt(region, x);
  let [smallest, at] = [Number.POSITIVE_INFINITY, -1];
  scaled.forEach(({ constraint, scale }, i) => {
    const slack = constraint.slack(raw) / scale;
    if (slack < smallest) [smallest, at] = [slack, i];
  });
  if (gradient === undefined) return smallest;
  const active = scaled[at];
  gradient.fill(0);
  if (active === undefined || !Number.isFinite(smallest)) return smallest;
  const slopes = new Float64Array(gradient.length);
  active.constraint.slackWithGradient(raw, slopes);
  for (const j of region.free) gradient[j] = slopes[j]! / active.scale;
  return smallest;
}

function containsPoint(region: Region, x: Float64Array): boolean {
  if (x.length !== region.columns.length || x.some((value) => !Number.isFinite(value))) return false;
  const raw = snappedAt(region, x);
  const encoded = encodeRaw(region, raw);
  const repeats = raw.every((_, j) => {
    const decimals = region.columns[j]!.levels === null && region.free.includes(j); // any place snaps to itself
    return decimals || Math.abs(encoded[j]! - x[j]!) <= ENCODED_TOLERANCE * (1 + Math.abs(x[j]!));
  });
  return repeats && region.free.every((j) => isAdmissible(region.columns[j]!, raw[j]!)) && holds(region, raw);
}

/** Points of a listed set in a spread order: Sobol points first, then the rest at random. */
function sampleListed(
  region: Region,
  listed: readonly Float64Array[],
  count: number,
  rng: Rng,
): Float64Array[] {
  const rows = [...sampleRegion(region, Math.min(count, listed.length), listed[0]!, rng)];
  const seen = new Set(rows.map((row) => row.join()));
  for (const i of permutation(rng, listed.length)) {
    if (rows.length >= Math.min(count, listed.length)) break;
    if (!seen.has(listed[i]!.join())) rows.push(listed[i]!);
  }
  return rows;
}

/**
 * The settings that a request allows.
 *
 * @param rng - Only a fork of it is used: the caller's stream does not move.
 * @throws CellwrightError INVALID_OPTION that names each fixed or context value that is unknown, missing or not allowed;
 *   SPACE_UNSATISFIABLE with a minimal conflicting set of constraints, bounds, steps and fixed values (`details.members`).
 */
export function createFeasibleSet(space: SearchSpace, request: SearchRequest, rng: Rng): FeasibleSet {
  const problems = requestProblems(space, request);
  if (problems.length > 0) {
    const names = problems.map(({ where }) => where).join(", ");
    throw new CellwrightError("INVALID_OPTION", `The request cannot be used: ${names}.`, {
      problems,
      details: { summary: "The request cannot be used." },
    });
  }
  const region = createRegion(space, request);
  const { witness, proven } = findFeasible(region, rng.fork("feasible-set/witness"));
  if (witness === null) {
    throw conflictError(
      region,
      new Set(Object.keys(request.fixed)),
      proven,
      rng.fork("feasible-set/conflict"),
    );
  }
  const listed = listPoints(region);
  const scaled = scaleConstraints(region, rng.fork("feasible-set/scale"));
  return {
    space,
    request,
    free: region.free,
    size: listed?.length ?? Number.POSITIVE_INFINITY,
    enumerate: () => (listed === null ? null : matrixFromRows(listed.map((raw) => encodeRaw(region, raw)))),
    sample(count, stream) {
      const rows =
        listed === null
          ? sampleRegion(region, count, witness, stream)
          : sampleListed(region, listed, count, stream);
      return fillRows(region, rows, createMatrix(count, region.columns.length));
    },
    round: (x) =>
      settle(region, clampToBox(region, x), ROUNDINGS, ROUNDINGS).map((raw) => encodeRaw(region, raw)),
    contains: (x) => containsPoint(region, x),
    slack: (x, gradient) => smallestSlack(region, scaled, x, gradient),
  };
}
