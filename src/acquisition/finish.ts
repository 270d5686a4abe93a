import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { byValue, type Scored } from "./choose-starts.js";
import { type FreeColumns, isThin } from "./columns.js";
import { levelExchanges, levelsBeside, singleSteps } from "./lattice-moves.js";
import { movedNear } from "./raw-points.js";
import type { WorkMeter } from "./work-meter.js";

export interface FinishOptions {
  readonly set: FeasibleSet;
  readonly columns: FreeColumns;
  readonly exclude: (x: Float64Array) => boolean;
  readonly rng: Rng;
  /** Local search in some columns, the others staying. */
  readonly climb: (start: Float64Array, columns: readonly number[]) => Scored;
}

const SETTINGS = {
  /** Rounded neighbours of an optimum that are finished: assumption. */
  neighbours: 3,
  /** Alternations between discrete and continuous moves: assumption. */
  alternations: 20,
  /** On a thin set, widths of random moves and tries of each: assumption. */
  widths: [0.1, 0.03, 0.01, 0.003, 0.001],
  tries: 32,
} as const;

/** Alternates the best exchange of one name with a climb from there, while it helps. */
export function exchangeLevels(meter: WorkMeter, start: Scored, options: FinishOptions): Scored {
  const { set, columns } = options;
  let current = start;
  for (let round = 0; round < SETTINGS.alternations && meter.left > 0; round++) {
    const exchanges = levelExchanges(set, current.x, columns).filter((x) => set.slack(x) >= 0);
    const [best] = byValue(meter.scoreAll(exchanges));
    if (best === undefined) return current;
    const climbed = options.climb(best.x, [...columns.smooth, ...columns.stepped]);
    if (!(climbed.value > current.value)) return current;
    current = climbed;
  }
  return current;
}

/**
 * Rounds an optimum to its feasible neighbours, at once and in turns, scores them, and from the best of them moves by
 * single steps and names, the smooth columns following, while it helps. Where all neighbours are excluded it begins one
 * move beside them. Null if nothing there is allowed.
 */
export function finishOnLevels(meter: WorkMeter, optimum: Scored, options: FinishOptions): Scored | null {
  const { set, columns } = options;
  const discrete = columns.stepped.length + columns.categorical.length > 0;
  const inTurns = columns.stepped.length === 0 ? [] : set.round(roundedInTurns(meter, optimum.x, options));
  const rounded = [...inTurns.slice(0, 1), ...set.round(optimum.x)];
  const free = rounded.filter((x) => !options.exclude(x));
  const neighbours = free.length > 0 ? free : rounded.slice(0, 1).flatMap((x) => allowedMoves(x, options));
  const ranked = byValue(meter.scoreAll(neighbours)).slice(0, SETTINGS.neighbours);
  if (isThin(set)) return byValue(ranked.map((neighbour) => wander(meter, neighbour, options)))[0] ?? null;
  if (!discrete) return ranked[0] ?? null;
  return byValue(ranked.map((neighbour) => walkLevels(meter, neighbour, options)))[0] ?? null;
}

/** Single steps and exchanges of a rounded point that are feasible and not excluded. */
function allowedMoves(x: Float64Array, options: FinishOptions): Float64Array[] {
  const { set, columns } = options;
  const moves = [...singleSteps(set, x, columns), ...levelExchanges(set, x, columns)];
  return moves.filter((move) => allowed(move, options));
}

/**
 * Puts one stepped column after the other on a level, the coarsest first, and lets all finer and smooth columns follow:
 * on a ridge a coarse step moves the best place of the others by many of theirs.
 */
function roundedInTurns(meter: WorkMeter, start: Float64Array, options: FinishOptions): Float64Array {
  const { set, columns } = options;
  const spacing = (j: number): number => 1 / set.space.columns[j]!.levels!.count;
  const order = [...columns.stepped].sort((a, b) => spacing(b) - spacing(a) || a - b);
  let current = start;
  for (let k = 0; k < order.length && meter.left > 0; k++) {
    const free = [...columns.smooth, ...order.slice(k + 1)];
    const placed = levelsBeside(set, current, order[k]!).filter((x) => set.slack(x) >= 0);
    const [best] = byValue(placed.map((x) => options.climb(x, free)));
    if (best === undefined) return current;
    current = best.x;
  }
  return current;
}

function walkLevels(meter: WorkMeter, start: Scored, options: FinishOptions): Scored {
  let current = settleSmooth(meter, start, options);
  for (let round = 0; round < SETTINGS.alternations && meter.left > 0; round++) {
    const [best] = byValue(meter.scoreAll(allowedMoves(current.x, options)));
    if (best === undefined) break;
    const settled = settleSmooth(meter, best, options);
    if (!(settled.value > current.value)) break;
    current = settled;
  }
  return current;
}

/** Re-optimises the smooth columns with the others where they are; never worse than where it starts. */
function settleSmooth(meter: WorkMeter, start: Scored, options: FinishOptions): Scored {
  const { set, columns } = options;
  if (columns.smooth.length === 0 || meter.left === 0) return start;
  const climbed = options.climb(start.x, columns.smooth);
  const rounded = set.round(climbed.x).filter((x) => !options.exclude(x));
  const [best] = byValue(meter.scoreAll(rounded.slice(0, 1)));
  return best !== undefined && best.value > start.value ? best : start;
}

/** On a thin set gradients lead out of it: random moves, each rounded back into it, ever narrower. */
function wander(meter: WorkMeter, start: Scored, options: FinishOptions): Scored {
  let current = start;
  for (const width of SETTINGS.widths) {
    for (let k = 0; k < SETTINGS.tries && meter.left > 0; k++) {
      const x = movedNear(options.set, current.x, width, options.rng);
      if (x === null || !allowed(x, options)) continue;
      const value = meter.value(x);
      if (value > current.value) current = { x, value };
    }
  }
  return current;
}

function allowed(x: Float64Array, { set, exclude }: FinishOptions): boolean {
  return set.contains(x) && !exclude(x);
}
