import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignBlocks } from "../../src/designs/blocks.js";
import { aliases } from "../../src/designs/design-quality.js";
import { latinHypercube } from "../../src/designs/latin-hypercube.js";
import { type Factor, modelTerms } from "../../src/designs/model-terms.js";
import {
  BOX_BEHNKEN_FACTORS,
  boxBehnken,
  evenLevels,
  fullFactorial,
} from "../../src/designs/response-surface-designs.js";
import { aliasesOf, fractionRuns, twoLevelFraction } from "../../src/designs/two-level.js";
import { createRng } from "../../src/math/rng.js";

const numbers = (k: number): Factor[] =>
  Array.from({ length: k }, (_, j) => ({ name: `x${j + 1}`, levels: null }));
const minDistance = (rows: readonly Float64Array[]): number =>
  rows
    .flatMap((a, i) => rows.slice(i + 1).map((b) => Math.hypot(...a.map((v, k) => v - b[k]!))))
    .reduce((a, b) => Math.min(a, b));

describe("a two-level fraction", () => {
  // Box, Hunter & Hunter (2005), table 6.22: factors, runs, resolution.
  it.each([
    ...[
      [3, 4, 3],
      [4, 8, 4],
      [5, 8, 3],
      [5, 16, 5],
      [6, 8, 3],
      [6, 16, 4],
      [6, 32, 6],
      [7, 8, 3],
    ],
    ...[
      [7, 16, 4],
      [7, 32, 4],
      [7, 64, 7],
      [8, 16, 4],
      [8, 32, 4],
      [8, 64, 5],
      [9, 16, 3],
      [9, 32, 4],
    ],
    ...[
      [9, 64, 4],
      [10, 16, 3],
      [10, 32, 4],
      [11, 16, 3],
      [11, 32, 4],
      [15, 16, 3],
    ],
  ])("of %i factors in %i runs has the tabled resolution %i", (factors, runs, resolution) => {
    const fraction = twoLevelFraction(factors, Math.log2(runs));
    expect(fraction.resolution).toBe(resolution);
  });

  it("is orthogonal in its main effects and equals its generators", () => {
    const rows = fractionRuns(twoLevelFraction(7, 4));
    expect(rows).toHaveLength(16);
    for (let a = 0; a < 7; a++)
      for (let b = a + 1; b < 7; b++) expect(rows.reduce((sum, x) => sum + x[a]! * x[b]!, 0)).toBe(0);
  });

  it("names what it cannot tell apart", () => {
    const half = twoLevelFraction(3, 2);
    expect(half.defining).toEqual([0b111]);
    expect(aliasesOf(half, 0b001, 2)).toEqual([0b110]);
  });
});

describe("a Latin hypercube", () => {
  it("takes every stratum of every column once, whatever is forbidden", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (runs, columns, seed) => {
          const rows = latinHypercube({
            ...{ runs, columns, rng: createRng(seed) },
            violation: (row) => Math.max(0, row[0]! - 0.5),
          });
          for (let j = 0; j < columns; j++) {
            const strata = rows.map((row) => Math.floor(row[j]! * runs)).sort((a, b) => a - b);
            expect(strata).toEqual(Array.from({ length: runs }, (_, i) => i));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps its rows inside a triangle where that is possible", () => {
    const rows = latinHypercube({
      ...{ runs: 12, columns: 2, rng: createRng(3) },
      violation: (row) => Math.max(0, Math.abs(row[0]! + row[1]! - 1) - 0.5),
    });
    for (const row of rows) expect(Math.abs(row[0]! + row[1]! - 1)).toBeLessThanOrEqual(0.5 + 1e-12);
  });

  it("spreads its rows farther than random permutations", () => {
    const distances = (exchanges: boolean): number =>
      Array.from({ length: 10 }, (_, seed) =>
        minDistance(
          latinHypercube({
            ...{ runs: 15, columns: 3, rng: createRng(seed) },
            // An ever-growing violation refuses every exchange: what remains is the random start.
            violation: exchanges ? () => 0 : growing(),
          }),
        ),
      ).reduce((a, b) => a + b);
    expect(distances(true)).toBeGreaterThan(1.5 * distances(false));
  });
});

function growing(): () => number {
  let count = 0;
  return () => ++count;
}

describe("a factorial", () => {
  it("has every combination once", () => {
    const rows = fullFactorial([evenLevels(3), [-1, 1], [0, 1, 2]]);
    expect(new Set(rows.map(({ x }) => x.join(" "))).size).toBe(18);
  });

  it.each(BOX_BEHNKEN_FACTORS)("of Box and Behnken with %i factors is balanced", (k) => {
    const rows = boxBehnken(k);
    for (let a = 0; a < k; a++) {
      expect(rows.reduce((sum, { x }) => sum + x[a]!, 0)).toBe(0);
      for (let b = a + 1; b < k; b++) expect(rows.reduce((sum, { x }) => sum + x[a]! * x[b]!, 0)).toBe(0);
    }
    expect(rows).toHaveLength({ 3: 12, 4: 24, 5: 40, 6: 48, 7: 56 }[k]!);
  });
});

describe("blocks of a design", () => {
  it("are orthogonal to main effects and products of two where that is possible", () => {
    const rows = fullFactorial([
      [-1, 1],
      [-1, 1],
      [-1, 1],
    ]).map(({ x }) => x);
    const { of, mixed } = assignBlocks(
      rows,
      modelTerms(numbers(3), "interactions"),
      2,
      rows.map(() => false),
      createRng(1),
    );
    expect(mixed).toEqual([]);
    expect([...of].filter((block) => block === 0)).toHaveLength(4);
  });

  it("says what is mixed with them where it is not", () => {
    const rows = fullFactorial([
      [-1, 1],
      [-1, 1],
    ]).map(({ x }) => x);
    const { mixed } = assignBlocks(
      rows,
      modelTerms(numbers(2), "interactions"),
      2,
      rows.map(() => false),
      createRng(1),
    );
    expect(mixed).toEqual(["x1·x2"]);
  });
});

describe("aliases of a design", () => {
  it("are those of its generators", () => {
    const rows = fractionRuns(twoLevelFraction(3, 2));
    const fitted = modelTerms(numbers(3), "linear");
    const leftOut = modelTerms(numbers(3), "interactions").filter(({ order }) => order === 2);
    const found = aliases(fitted, leftOut, rows);
    expect(found).toHaveLength(3);
    for (const { share } of found) expect(share).toBeCloseTo(1, 12);
    expect(found.map(({ term, leftOut: other }) => `${term} ${other}`).sort()).toEqual([
      "x1 x2·x3",
      "x2 x1·x3",
      "x3 x1·x2",
    ]);
  });
});
