import { describe, expect, it } from "vitest";
import type { AcquisitionFunction } from "../../src/acquisition/acquisition.js";
import { maximizeAcquisition } from "../../src/acquisition/maximize.js";
import { createMatrix } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import type { FeasibleSet } from "../../src/space/feasible-set.js";
import type { Parameter } from "../../src/space/parameter.js";
import { setOf, unit } from "./example-sets.js";

const CHOICES = [5, 4, 4] as const;
const COMBINATIONS = 80;
const WIDTH = 0.15;

const choice = (name: string, count: number): Parameter => ({
  kind: "categorical",
  name,
  unit: "",
  choices: Array.from({ length: count }, (_, k) => `v${k}`),
});

/** Two smooth columns, one stepped one and three choices; each of the 80 combinations has a peak and a height of its own. */
function ruggedFunction(seed: number): {
  acquisition: AcquisitionFunction;
  heights: number[];
  peaks: number[][];
} {
  const rng = createRng(seed);
  const heights = Array.from({ length: COMBINATIONS }, () => 3 * rng.normal());
  const peaks = heights.map(() => [rng.uniform(), rng.uniform(), Math.round(20 * rng.uniform()) / 20]);
  const acquisition: AcquisitionFunction = {
    name: "rugged",
    value: (x) => acquisition.valueAndGradient(x, new Float64Array(x.length)),
    valueAndGradient(x, gradient) {
      const at = (x[3]! * CHOICES[1] + x[4]!) * CHOICES[2] + x[5]!;
      gradient.fill(0);
      let value = heights[at]!;
      peaks[at]!.forEach((center, j) => {
        const off = (x[j]! - center) / WIDTH;
        value -= off * off;
        gradient[j] = (-2 * off) / WIDTH;
      });
      return value;
    },
  };
  return { acquisition, heights, peaks };
}

describe("maximizeAcquisition where every combination of names has a peak of its own", () => {
  const parameters = [
    ...[unit("a"), unit("b"), unit("s", 0.05)],
    ...[choice("c", CHOICES[0]), choice("d", CHOICES[1]), choice("e", CHOICES[2])],
  ];
  const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

  /** How far the search stays below the best of all combinations, for each seed. */
  function shortfalls(
    set: FeasibleSet,
    best: (height: number, peak: readonly number[]) => number,
  ): readonly number[] {
    return SEEDS.map((seed) => {
      const { acquisition, heights, peaks } = ruggedFunction(seed);
      const found = maximizeAcquisition(acquisition, set, {
        rng: createRng(seed),
        incumbents: createMatrix(0, 6),
        exclude: () => false,
      })!;
      expect(set.contains(found.x)).toBe(true);
      return Math.max(...heights.map((height, k) => best(height, peaks[k]!))) - found.value;
    });
  }

  it("finds what enumeration of the combinations finds", () => {
    for (const short of shortfalls(setOf(parameters), (height) => height)) expect(short).toBeLessThan(1e-3);
  });

  it("finds it where a constraint cuts peaks off", () => {
    const set = setOf(parameters, { constraints: ["a + b <= 1.2"] });
    const onTheLine = (height: number, [a, b]: readonly number[]): number => {
      const off = Math.max(a! + b! - 1.2, 0) / 2 / WIDTH; // both move by half of what is too much
      return height - 2 * off * off;
    };
    for (const short of shortfalls(set, onTheLine)) expect(short).toBeLessThan(1e-2);
  });
});
