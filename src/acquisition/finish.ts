import type { Rng } from "../math/rng.js";
import type { FeasibleSet } from "../space/feasible-set.js";
import { byValue, type Scored } from "./choose-starts.js";
import { type FreeColumns, isThin } from "./columns.js";
import { levelExchanges, singleSteps } from "./lattice-moves.js";
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
  alternations: 8,
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
 * Rounds an optimum to its feasible neighbours, scores them, and from the best of them moves by single steps and names,
 * the smooth columns following, while it helps. Null if no neighbour is allowed.
 */
export function finishOnLevels(meter: WorkMeter, optimum: Scored, options: FinishOptions): Scored | null {
  const { set, columns } = options;
  const neighbours = set.round(optimum.x).filter((x) => !options.exclude(x));
  const ranked = byValue(meter.scoreAll(neighbours)).slice(0, SETTINGS.neighbours);
  if (isThin(set)) return byValue(ranked.map((neighbour) => wander(meter, neighbour, options)))[0] ?? null;
  if (columns.stepped.length + columns.categorical.length === 0) return ranked[0] ?? null;
  return byValue(ranked.map((neighbour) => walkLevels(meter, neighbour, options)))[0] ?? null;
}

function walkLevels(meter: WorkMeter, start: Scored, options: FinishOptions): Scored {
  const { set, columns } = options;
  let current = settleSmooth(meter, start, options);
  for (let round = 0; round < SETTINGS.alternations && meter.left > 0; round++) {
    const moves = [...singleSteps(set, current.x, columns), ...levelExchanges(set, current.x, columns)];
    const [best] = byValue(meter.scoreAll(moves.filter((x) => allowed(x, options))));
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
