import { normalQuantile } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { type DrawnFailures, drawFailures, failuresAt, type WindowTerm } from "./window-draws.js";
import { createSobol } from "../math/sobol.js";
import type { LevelBox, WindowAxis, WindowRegion } from "./window-region.js";
import { failureCounter, type FoundBox, largestBox, nearestLevel } from "./window-search.js";

/** Points and draws on which a box is chosen (assumptions: the certificate does not rest on them). */
const POINTS = 784;
const DRAWS = 512;
/** Rounds in which points are drawn anew round the box that was found: fewer where a grid holds every level. */
const ROUNDS = 2;
/** Levels on both sides of an end of the box at which the next round looks. */
const NEAR = 4;
/** A grid may have so much more points than were asked for. */
const ROOM = 1.25;

/**
 * Share of draws that may fail where a box is chosen: enough of them to be counted. Where fewer may, deviations are
 * exaggerated until so many do, as for a normal deviation at one place; the certificate counts draws as they are.
 */
const COUNTED = 0.05;

export interface SelectionOptions {
  readonly points?: number;
  readonly draws?: number;
  /** Rounds in which points are drawn anew round the box that was found. */
  readonly rounds?: number;
}

/** Draws over the whole range of the set-points of a region and their tolerances. */
export interface Selection {
  readonly region: WindowRegion;
  readonly whole: DrawnFailures;
}

/** Draws over the whole range of the set-points and their tolerances. */
export function drawWhole(
  region: WindowRegion,
  terms: readonly WindowTerm[],
  rng: Rng,
  { points = POINTS, draws = DRAWS }: SelectionOptions = {},
  exaggeration = 1,
): Selection {
  const own = rng.fork("whole");
  const along = sideCount(region, points);
  const places = region.axes.map((a) => thinned(edgesOf(a, 0, a.levels.length - 1), along));
  return {
    region,
    whole: drawFailures(region, terms, combined(places, points, own), draws, own, exaggeration),
  };
}

/** The largest box in which about the share `allowed` of draws fails anywhere, refined round where it was found. */
export function chooseBox(
  region: WindowRegion,
  terms: readonly WindowTerm[],
  allowed: number,
  rng: Rng,
  options: SelectionOptions = {},
): FoundBox | null {
  const exaggeration = allowed < COUNTED ? normalQuantile(allowed) / normalQuantile(COUNTED) : 1;
  const { whole } = drawWhole(region, terms, rng, options, exaggeration);
  const most = Math.floor(Math.max(allowed, COUNTED) * whole.draws);
  let found = largestBox(region, whole, most, rng.fork("search"));
  for (let round = 0; found !== null && round < (options.rounds ?? ROUNDS); round++) {
    const own = rng.fork(`round ${round}`);
    const within = widened(region, found.box);
    const places = placesRound(region, found.box, within, sideCount(region, whole.points.length));
    const points = combined(places, whole.points.length, own);
    const failures = drawFailures(region, terms, points, whole.draws, own, exaggeration);
    found = largestBox(region, failures, most, own, within);
  }
  return found;
}

/** Places along each axis that may be combined: a full grid along one or two, more than a grid could hold along others. */
function sideCount({ axes }: WindowRegion, points: number): number {
  const moving = axes.filter(({ low, high }) => high.at(-1)! > low[0]!).length;
  return moving <= 1 ? points : Math.floor(Math.sqrt(points));
}

/** Encoded ends of bands round levels, ascending: where sides of boxes can lie, tolerance included. */
function edgesOf({ low, high }: WindowAxis, from: number, to: number): number[] {
  const all = [...low.slice(from, to + 1), ...high.slice(from, to + 1)];
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** At most `count` of the values, evenly, the outermost among them. */
function thinned(values: readonly number[], count: number): readonly number[] {
  if (values.length <= count) return values;
  const last = values.length - 1;
  return Array.from({ length: count }, (_, i) => values[Math.round((i * last) / (count - 1))]!);
}

/** The box and some levels round it. */
function widened({ axes }: WindowRegion, { from, to }: LevelBox): LevelBox {
  return {
    from: from.map((k) => Math.max(0, k - NEAR)),
    to: to.map((k, j) => Math.min(axes[j]!.levels.length - 1, k + NEAR)),
  };
}

/** Places along each axis: every end that a side near the box's may have, and some between them. */
function placesRound(
  { axes }: WindowRegion,
  { from, to }: LevelBox,
  within: LevelBox,
  count: number,
): (readonly number[])[] {
  return axes.map((a, j) => {
    const [first, last] = [within.from[j]!, within.to[j]!];
    const lower = a.low.slice(first, Math.min(last, from[j]! + NEAR) + 1);
    const upper = a.high.slice(Math.max(first, to[j]! - NEAR), last + 1);
    const near = new Set([...lower, ...upper]);
    const between = thinned(edgesOf(a, first, last), Math.max(2, count - near.size));
    return [...new Set([...near, ...between])].toSorted((x, y) => x - y);
  });
}

/** All combinations of places where they are few enough, else Sobol picks among them. */
function combined(places: readonly (readonly number[])[], count: number, rng: Rng): readonly Float64Array[] {
  const size = places.reduce((product, { length }) => product * length, 1);
  if (size <= ROOM * count) {
    let points: number[][] = [[]];
    for (const along of places) points = points.flatMap((point) => along.map((x) => [...point, x]));
    return points.map((point) => Float64Array.from(point));
  }
  const sequence = createSobol(places.length, rng.fork("picks"));
  return Array.from({ length: count }, () => {
    const u = sequence.next();
    return Float64Array.from(places, (along, j) => along[Math.floor(u[j]! * along.length)]!);
  });
}

/** The set-point with the fewest failing draws within its tolerance, and their share. */
export function bestPoint({ region, whole }: Selection): { levels: number[]; failed: number } {
  const count = failureCounter(region.axes, whole);
  let best: { levels: number[]; failed: number } | null = null;
  whole.points.forEach((point, i) => {
    const alone = failuresAt(whole, i);
    if (best !== null && alone >= best.failed * whole.draws) return;
    const levels = region.axes.map((a, j) => nearestLevel(a, point[j]!));
    const failed = Math.max(alone, count.start(levels, levels)) / whole.draws;
    if (best === null || failed < best.failed) best = { levels, failed };
  });
  return best!;
}
