import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hypervolume } from "../../src/acquisition/hypervolume-value.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { botorch } from "./golden-files.js";

/** Volume by counting cells of the grid that the points' own coordinates span: slow and obvious. */
export function gridVolume(points: readonly number[][], reference: readonly number[]): number {
  const M = reference.length;
  const cuts = reference.map((low, m) =>
    [...new Set([low, ...points.map((point) => point[m]!).filter((value) => value > low)])].sort(
      (a, b) => a - b,
    ),
  );
  let volume = 0;
  const visit = (m: number, corner: number[], size: number): void => {
    if (m === M) {
      if (points.some((point) => point.every((value, k) => value >= corner[k]!))) volume += size;
      return;
    }
    for (let i = 1; i < cuts[m]!.length; i++) {
      visit(m + 1, [...corner, cuts[m]![i]!], size * (cuts[m]![i]! - cuts[m]![i - 1]!));
    }
  };
  visit(0, [], 1);
  return volume;
}

describe("hypervolume", () => {
  it("agrees with BoTorch to 1e-12", () => {
    for (const c of botorch.hypervolume) {
      const volume = hypervolume(matrixFromRows(c.points), Float64Array.from(c.reference));
      expect(Math.abs(volume - c.volume)).toBeLessThan(1e-12 * Math.max(1, c.volume));
    }
  });

  it("agrees with counting grid cells, ties and dominated points included", () => {
    const coordinate = fc.integer({ min: -1, max: 4 });
    for (const M of [2, 3, 4]) {
      const points = fc.array(fc.array(coordinate, { minLength: M, maxLength: M }), { maxLength: 7 });
      fc.assert(
        fc.property(points, (rows) => {
          const reference = new Array<number>(M).fill(0);
          const volume = hypervolume(matrixFromRows(rows, M), Float64Array.from(reference));
          expect(volume).toBeCloseTo(gridVolume(rows, reference), 9);
        }),
        { numRuns: 150 },
      );
    }
  });

  it("is zero for points that are not above the reference", () => {
    expect(
      hypervolume(
        matrixFromRows([
          [1, -1],
          [0, 5],
        ]),
        Float64Array.of(0, 0),
      ),
    ).toBe(0);
  });
});
