import type { FeasibleSet } from "../space/feasible-set.js";
import type { Settings } from "../space/parameter.js";
import { tidySettings } from "./tidy-settings.js";

/** A setting that a plan wants, made feasible. */
export interface PlacedRun {
  readonly x: Float64Array;
  /** Whether it had to leave the wanted place by more than the rounding to machine steps. */
  readonly moved: boolean;
}

/** Distance of an encoded number from where it was wanted that is not worth telling. */
const SAME_PLACE = 2e-3;
/** Steps on the line to the anchor. */
const LINE_STEPS = 50;

/**
 * The allowed setting nearest to a wanted one: the wanted one on machine steps, else one beside it, else the farthest
 * one on the way to an anchor inside; null where there is none.
 *
 * @param wanted - Encoded, [inputs].
 * @param anchor - A point of the set.
 * @param isRefused - What only the process can see.
 */
export function placeRun(
  set: FeasibleSet,
  wanted: Float64Array,
  anchor: Float64Array,
  isRefused: (x: Float64Array) => boolean,
): PlacedRun | null {
  for (let step = LINE_STEPS; step >= 0; step--) {
    const share = step / LINE_STEPS;
    const point = wanted.map((value, j) =>
      set.space.columns[j]!.kind === "categorical" ? value : anchor[j]! + share * (value - anchor[j]!),
    );
    const x = set.round(point).find((one) => !isRefused(one));
    if (x === undefined) continue;
    return { x: tidySettings(set, Float64Array.from(x), isRefused), moved: isElsewhere(set, wanted, x) };
  }
  return null;
}

function isElsewhere({ space, free }: FeasibleSet, wanted: Float64Array, x: Float64Array): boolean {
  return free.some((j) => {
    const { levels } = space.columns[j]!;
    const there = levels === null ? wanted[j]! : levels.encoded(levels.nearest(wanted[j]!));
    return !(Math.abs(x[j]! - there) <= SAME_PLACE);
  });
}

/** Of the points of a set the one nearest to the middle of all free numbers. */
export function middleOf(set: FeasibleSet, points: readonly Float64Array[]): Float64Array {
  const distance = (x: Float64Array): number =>
    set.free.reduce((sum, j) => {
      const { kind, upper, lower } = set.space.columns[j]!;
      const off = kind === "categorical" ? 0 : x[j]! - (lower + upper) / 2;
      return sum + off * off;
    }, 0);
  const distances = points.map(distance);
  return points[distances.indexOf(distances.reduce((a, b) => Math.min(a, b)))]!;
}

/** Settings in words, for messages. */
export function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
