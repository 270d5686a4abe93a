import { pow } from "../math/elementary.js";
import { fractionOfResolution, fractionRuns } from "./two-level.js";

/** What a row is for. */
export type PointType = "factorial" | "axial" | "edge" | "center" | "spread" | "optimal";

/** A row in coded units: −1 … 1 of a number, or the index of a choice. */
export interface CodedRun {
  readonly x: Float64Array;
  readonly type: PointType;
}

/** Every combination of levels, the first factor fastest. `levels[j]` holds the coded values of factor j. */
export function fullFactorial(levels: readonly (readonly number[])[]): CodedRun[] {
  const total = levels.reduce((product, { length }) => product * length, 1);
  return Array.from({ length: total }, (_, run) => {
    let rest = run;
    const x = Float64Array.from(levels, (of) => {
      const value = of[rest % of.length]!;
      rest = Math.floor(rest / of.length);
      return value;
    });
    return { x, type: "factorial" };
  });
}

/** n coded values from −1 to 1, evenly. */
export function evenLevels(n: number): number[] {
  return Array.from({ length: n }, (_, k) => (n === 1 ? 0 : -1 + (2 * k) / (n - 1)));
}

/**
 * A central composite design inside the bounds: corners (a fraction of resolution V from five factors on) and two axial
 * points a factor. `rotatable` puts the axial points on the bounds and the corners at 1/α of the way, α = F^¼ for F
 * corners; `face` puts both on the bounds.
 *
 * @see Box & Wilson (1951), J. R. Stat. Soc. B 13(1); Box & Hunter (1957), Ann. Math. Stat. 28(1), for rotatability
 */
export function centralComposite(factors: number, axial: "rotatable" | "face"): CodedRun[] {
  const full = factors < FIRST_FRACTION;
  const corners = full
    ? fullFactorial(Array.from({ length: factors }, () => [-1, 1])).map(({ x }) => x)
    : fractionRuns(fractionOfResolution(factors, 5)!);
  const shrink = axial === "face" ? 1 : 1 / pow(corners.length, 0.25);
  return [
    ...corners.map(
      (x): CodedRun => ({ x: x.map((level) => level * Math.min(shrink, 1)), type: "factorial" }),
    ),
    ...Array.from({ length: factors }, (_, j) =>
      [-1, 1].map((level) => axialPoint(factors, j, level)),
    ).flat(),
  ];
}

/** From here on a fraction of resolution V is smaller than the full factorial. */
const FIRST_FRACTION = 5;

function axialPoint(factors: number, j: number, level: number): CodedRun {
  const x = new Float64Array(factors);
  x[j] = level;
  return { x, type: "axial" };
}

/** Factors that vary together, from 0 (Box & Behnken 1960, tables 1 and 2; all pairs up to five factors). */
const BLOCKS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  3: pairs(3),
  4: pairs(4),
  5: pairs(5),
  6: [
    [0, 1, 3],
    [1, 2, 4],
    [2, 3, 5],
    [0, 3, 4],
    [1, 4, 5],
    [0, 2, 5],
  ],
  7: [
    [3, 4, 5],
    [0, 5, 6],
    [1, 4, 6],
    [0, 1, 3],
    [2, 3, 6],
    [0, 2, 4],
    [1, 2, 5],
  ],
};

function pairs(n: number): number[][] {
  return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: n - i - 1 }, (_, k) => [i, i + 1 + k]),
  );
}

/** Numbers of factors for which there is a Box–Behnken design here. */
export const BOX_BEHNKEN_FACTORS: readonly number[] = Object.keys(BLOCKS).map(Number);

/**
 * A Box–Behnken design without its centre points: three levels a factor and no corners.
 *
 * @param factors - One of BOX_BEHNKEN_FACTORS.
 * @see Box & Behnken (1960), Technometrics 2(4), 455–475
 */
export function boxBehnken(factors: number): CodedRun[] {
  return BLOCKS[factors]!.flatMap((block) =>
    fullFactorial(block.map(() => [-1, 1])).map(({ x: signs }): CodedRun => {
      const x = new Float64Array(factors);
      block.forEach((j, k) => (x[j] = signs[k]!));
      return { x, type: "edge" };
    }),
  );
}
