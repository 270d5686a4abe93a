import { CellwrightError, type Problem } from "../errors.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";
import { createSobol } from "../math/sobol.js";
import type { Rng } from "../math/rng.js";
import type { Column } from "../space/encode.js";
import type { Parameter, Settings } from "../space/parameter.js";
import type { SearchSpace } from "../space/search-space.js";

/** One numeric setting (or a context that varies) along which a box has two sides. */
export interface WindowAxis {
  readonly column: Column;
  /** Position among the encoded inputs. */
  readonly at: number;
  /** Set-points that a side may lie on, ascending, raw; one where it is fixed. */
  readonly levels: readonly number[];
  /** Half-width within which the setting is held, raw; 0 where none is stated. */
  readonly tolerance: number;
  /** Encoded ends of the band round each level, [levels]. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Encoded distance between neighbouring levels: what a box of one level is worth. */
  readonly spacing: number;
}

/** Where a box may lie for one combination of choices. */
export interface WindowRegion {
  readonly space: SearchSpace;
  readonly axes: readonly WindowAxis[];
  /** Raw values of all columns; those of the axes are replaced. */
  readonly base: Float64Array;
  /** The choices of categorical parameters that are held. */
  readonly choices: Settings;
}

/** Level numbers of the sides of a box, per axis. */
export interface LevelBox {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Set-points along a number without a step (assumption: a fortieth of the range is what an operator tells apart). */
const SET_POINTS = 41;
/** Digits of a set-point without a step. */
const DIGITS = 4;

/**
 * The axes of a box: every numeric parameter, and every context that varies.
 *
 * @throws CellwrightError INVALID_OPTION, with every problem, for context tolerances that cannot be used.
 */
export function windowAxes(
  space: SearchSpace,
  fixed: Settings,
  context: Settings,
  contextTolerance: Readonly<Record<string, number>>,
): readonly WindowAxis[] {
  requireTolerances(space, contextTolerance);
  return space.columns.flatMap((column, at): WindowAxis[] => {
    if (column.choices !== null) return [];
    if (column.role === "context") {
      const tolerance = contextTolerance[column.name];
      return tolerance === undefined ? [] : [axis(column, at, [Number(context[column.name])], tolerance)];
    }
    const parameter = space.parameters.find(({ name }) => name === column.name)!;
    const levels = Object.hasOwn(fixed, column.name) ? [Number(fixed[column.name])] : setPoints(column);
    return [axis(column, at, levels, toleranceOf(parameter))];
  });
}

function toleranceOf(parameter: Parameter): number {
  return parameter.kind === "continuous" || parameter.kind === "discrete" ? (parameter.tolerance ?? 0) : 0;
}

function axis(column: Column, at: number, all: readonly number[], tolerance: number): WindowAxis {
  // On a log scale a band that reaches zero has no image.
  const levels = column.scale === "log" ? all.filter((v) => v - tolerance > 0) : all;
  if (levels.length === 0)
    throw new CellwrightError("INVALID_OPTION", `The tolerance of ${column.name} reaches below zero.`, {
      problems: [
        { where: column.name, found: `±${tolerance}`, expected: "less than the setting on a log scale" },
      ],
    });
  const encoded = levels.map((v) => column.toEncoded(v));
  const span = encoded.at(-1)! - encoded[0]!;
  return {
    ...{ column, at, levels, tolerance },
    low: Float64Array.from(levels, (v) => column.toEncoded(v - tolerance)),
    high: Float64Array.from(levels, (v) => column.toEncoded(v + tolerance)),
    spacing: levels.length > 1 ? span / (levels.length - 1) : 1,
  };
}

/** All levels where they are few, else some evenly spread; numbers that a person would type where there is no step. */
function setPoints(column: Column): readonly number[] {
  const { levels, min, max } = column;
  if (levels !== null && levels.count <= SET_POINTS)
    return Array.from({ length: levels.count }, (_, k) => levels.value(k));
  const even = Array.from({ length: SET_POINTS }, (_, i) => {
    const raw = column.snap(column.toRaw((column.upper * i) / (SET_POINTS - 1)));
    if (levels !== null) return raw;
    const tidy = Number(raw.toPrecision(DIGITS));
    return tidy >= min && tidy <= max ? tidy : raw;
  });
  return [...new Set(even)].toSorted((a, b) => a - b);
}

function requireTolerances(space: SearchSpace, tolerances: Readonly<Record<string, number>>): void {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(tolerances)) {
    const variable = space.context.find((one) => one.name === name);
    if (variable === undefined || variable.kind === "categorical")
      problems.push({
        where: `context tolerance ${name}`,
        found: name,
        expected: "a numeric context of the campaign",
      });
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      problems.push({
        where: `context tolerance ${name}`,
        found: String(value),
        expected: "a half-width of 0 or more",
      });
  }
  if (problems.length > 0)
    throw new CellwrightError("INVALID_OPTION", "The tolerance of a context cannot be used.", { problems });
}

/** Encoded ends of a box, tolerance included, per axis. */
export function encodedEnds(
  region: Pick<WindowRegion, "axes">,
  box: LevelBox,
): { low: number[]; high: number[] } {
  return {
    low: region.axes.map((a, j) => a.low[box.from[j]!]!),
    high: region.axes.map((a, j) => a.high[box.to[j]!]!),
  };
}

/** Product over axes of the share of the range that a box takes; a box of one level takes one spacing. */
export function volumeOf({ axes }: Pick<WindowRegion, "axes">, box: LevelBox): number {
  return axes.reduce((product, a, j) => {
    const count = a.levels.length;
    return count === 1 ? product : product * shareOf(a, box.from[j]!, box.to[j]!);
  }, 1);
}

function shareOf({ column, levels, spacing }: WindowAxis, from: number, to: number): number {
  const encoded = (k: number): number => column.toEncoded(levels[k]!);
  const all = encoded(levels.length - 1) - encoded(0) + spacing;
  return (encoded(to) - encoded(from) + spacing) / all;
}

/** Encoded inputs [n × inputs] of points given by their encoded coordinates along the axes. */
export function inputsAt(region: WindowRegion, points: readonly ArrayLike<number>[]): Matrix {
  const { space, axes, base } = region;
  const encoded = base.map((raw, j) => space.columns[j]!.toEncoded(raw));
  const rows = points.map((point) => {
    const x = encoded.slice();
    axes.forEach((a, j) => {
      x[a.at] = point[j]!;
    });
    return x;
  });
  return matrixFromRows(rows, encoded.length);
}

/** Whether all constraints hold at a point given by its encoded coordinates along the axes. */
export function keepsConstraints(region: WindowRegion, point: ArrayLike<number>): boolean {
  const raw = region.base.slice();
  region.axes.forEach((a, j) => {
    raw[a.at] = a.column.toRaw(point[j]!);
  });
  return region.space.constraints.every((constraint) => constraint.slack(raw) >= -ROUNDING);
}

/** Encoding and decoding a bound costs some bits. */
const ROUNDING = 1e-9;

/** Settings at levels of a region. */
export function settingsAt(region: WindowRegion, levels: readonly number[]): Settings {
  const { space, axes } = region;
  const numbers = new Map(axes.map((a, j) => [a.column.name, a.levels[levels[j]!]!]));
  return Object.fromEntries(
    space.parameters.map(({ name }) => [name, numbers.get(name) ?? region.choices[name]!]),
  );
}

/** Points of a full grid at most this many along one and two axes. */
const ALONG = [0, 257, 30];
/** Axes up to which all corners of a box are looked at: 256. */
const MOST_HALVED = 8;

/**
 * Encoded points of a box [low, high], its ends included: a grid along one or two moving axes; else corners, centres of
 * faces, Sobol points inside and on faces, since what goes wrong goes wrong at the border first.
 */
export function spreadIn(
  low: readonly number[],
  high: readonly number[],
  count: number,
  rng: Rng,
): readonly Float64Array[] {
  const moving = low.flatMap((value, j) => (high[j]! > value ? [j] : []));
  const at = (u: ArrayLike<number>): Float64Array => {
    const point = Float64Array.from(low);
    moving.forEach((j, i) => {
      point[j] = low[j]! + u[i]! * (high[j]! - low[j]!);
    });
    return point;
  };
  if (moving.length === 0) return [at([])];
  if (moving.length < ALONG.length) {
    const n = Math.min(ALONG[moving.length]!, Math.floor(moving.length === 1 ? count : Math.sqrt(count)));
    const along = Array.from({ length: n }, (_, i) => i / (n - 1));
    return moving.length === 1
      ? along.map((u) => at([u]))
      : along.flatMap((u) => along.map((v) => at([u, v])));
  }
  const d = moving.length;
  const corners = d <= MOST_HALVED ? 1 << d : 0;
  const points = Array.from({ length: corners }, (_, mask) =>
    at(Array.from({ length: d }, (_, i) => (mask >> i) & 1)),
  );
  for (let f = 0; f < 2 * d; f++)
    points.push(at(Array.from({ length: d }, (_, i) => (i === f >> 1 ? f % 2 : 0.5))));
  const sequence = createSobol(d, rng.fork("spread"));
  for (let i = 0; points.length < count; i++) {
    const u = sequence.next();
    if (i % 2 === 1) u[(i >> 1) % d] = ((i >> 1) / d) % 2 < 1 ? 0 : 1;
    points.push(at(u));
  }
  return points;
}
