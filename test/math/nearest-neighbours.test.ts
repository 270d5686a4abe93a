import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatrix, type Matrix, matrixRow } from "../../src/math/matrix.js";
import { createNeighbourSearch } from "../../src/math/nearest-neighbours.js";
import { createRng } from "../../src/math/rng.js";

/** Two continuous columns and one of three levels, with repeated points. */
function samplePoints(n: number, seed: number): Matrix {
  const rng = createRng(seed);
  const points = createMatrix(n, 3);
  for (let i = 0; i < n; i++) {
    if (i > 0 && rng.uniform() < 0.1) matrixRow(points, i).set(matrixRow(points, rng.integer(i)));
    else matrixRow(points, i).set([rng.uniform(), 3 * rng.uniform(), rng.integer(3)]);
  }
  return points;
}

const mismatch = Float64Array.of(0, 0, 0.3);

function squaredDistance(a: Float64Array, b: Float64Array): number {
  const levels = a[2] === b[2] ? 0 : mismatch[2]!;
  return (a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2 + levels;
}

function sortedDistances(points: Matrix, x: Float64Array, indices: Iterable<number>): number[] {
  return Array.from(indices, (i) => squaredDistance(matrixRow(points, i), x)).sort((a, b) => a - b);
}

describe("nearest neighbours", () => {
  it("are those of a search through all points, among the earlier ones too", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, seed, count, share) => {
          const points = samplePoints(n, seed);
          const search = createNeighbourSearch(points, { mismatch });
          const x = matrixRow(samplePoints(5, seed + 1), 4);
          const before = Math.floor(share * n);
          const into = new Int32Array(count);
          const found = search.nearest(x, into, { before });
          const indices = into.subarray(0, found);
          const all = Array.from({ length: before }, (_, i) => i);
          expect(found).toBe(Math.min(count, before));
          expect(new Set(indices).size).toBe(found);
          expect([...indices]).toEqual([...indices].sort((a, b) => a - b));
          expect(indices.every((i) => i < before)).toBe(true);
          expect(sortedDistances(points, x, indices)).toEqual(
            sortedDistances(points, x, all).slice(0, found),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("stays close to the nearest when distances are limited, and still returns as many as wanted", () => {
    const points = samplePoints(4000, 3);
    const search = createNeighbourSearch(points, { mismatch });
    const into = new Int32Array(20);
    const exact = new Int32Array(20);
    let shared = 0;
    for (let q = 0; q < 50; q++) {
      const x = matrixRow(points, 37 * q);
      expect(search.nearest(x, into, { visits: 100 })).toBe(20);
      search.nearest(x, exact);
      shared += [...into].filter((i) => exact.includes(i)).length;
    }
    expect(shared / 1000).toBeGreaterThan(0.9);
    expect(search.nearest(matrixRow(points, 0), new Int32Array(500), { visits: 1 })).toBe(500);
  });

  it("takes points that are all equal, and none before the first", () => {
    const points = createMatrix(100, 2);
    const search = createNeighbourSearch(points, { mismatch: new Float64Array(2) });
    const into = new Int32Array(7);
    expect(search.nearest(new Float64Array(2), into)).toBe(7);
    expect(search.nearest(new Float64Array(2), into, { before: 0 })).toBe(0);
  });
});
