import { describe, expect, it } from "vitest";
import { createRng } from "../../src/math/rng.js";
import {
  createSobol,
  createUnscrambledSobol,
  MAX_SOBOL_DIMENSION,
  sobolNormals,
} from "../../src/math/sobol.js";
import { readGolden } from "./ulp-error.js";

interface Golden {
  readonly points: number;
  readonly columns: Record<string, number[]>;
  readonly sums: number[];
}
const golden = readGolden("math-sobol.scipy-1.17.1.json") as Golden;

describe("the plain Sobol sequence", () => {
  it("is SciPy's in every one of its 3,667 dimensions", () => {
    expect(MAX_SOBOL_DIMENSION).toBe(3667);
    const { data } = createUnscrambledSobol(MAX_SOBOL_DIMENSION).points(golden.points);
    const column = (j: number): number[] =>
      Array.from({ length: golden.points }, (_, i) => data[i * MAX_SOBOL_DIMENSION + j]! * 2 ** 30);
    for (const [j, values] of Object.entries(golden.columns))
      expect(column(Number(j)), `dimension ${j}`).toEqual(values);
    golden.sums.forEach((sum, j) =>
      expect(
        column(j).reduce((a, b) => a + b, 0),
        `dimension ${j}`,
      ).toBe(sum),
    );
  });

  it("does not depend on how many dimensions are asked for", () => {
    const wide = createUnscrambledSobol(60).points(40);
    const narrow = createUnscrambledSobol(7).points(40);
    for (let i = 0; i < 40; i++) {
      expect(Array.from(wide.data.slice(i * 60, i * 60 + 7))).toEqual(
        Array.from(narrow.data.slice(i * 7, i * 7 + 7)),
      );
    }
  });

  it.each([0, -1, 1.5, 3668, NaN])("refuses %d dimensions", (dimension) => {
    expect(() => createUnscrambledSobol(dimension)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});

/** How many of the values fall into each of n equal cells of [0, 1). */
function cellCounts(values: readonly number[], n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (const v of values) counts[Math.floor(v * n)]!++;
  return counts;
}

describe("the scrambled Sobol sequence", () => {
  it.each([1, 2, 3])("puts one of 2^8 points in every 2^-8 of every coordinate (seed %d)", (seed) => {
    const d = 300;
    const { data } = createSobol(d, createRng(seed)).points(256);
    for (let j = 0; j < d; j++) {
      const column = Array.from({ length: 256 }, (_, i) => data[i * d + j]!);
      expect(cellCounts(column, 256)).toEqual(new Array<number>(256).fill(1));
    }
  });

  it("keeps the (0, m, 2)-net of the first two dimensions", () => {
    const { data } = createSobol(2, createRng(4)).points(256);
    for (let split = 0; split <= 8; split++) {
      const cells = Array.from({ length: 256 }, (_, i) => {
        const row = Math.floor(data[2 * i]! * 2 ** split);
        return row * 2 ** (8 - split) + Math.floor(data[2 * i + 1]! * 2 ** (8 - split));
      });
      expect(new Set(cells).size).toBe(256);
    }
  });

  it("has coordinates inside (0, 1), repeats itself for a seed, and differs for another", () => {
    const first = createSobol(5, createRng(9)).points(100);
    expect(createSobol(5, createRng(9)).points(100)).toEqual(first);
    expect(createSobol(5, createRng(10)).points(100)).not.toEqual(first);
    for (const v of first.data) expect(v > 0 && v < 1).toBe(true);
  });

  it("goes on where it stopped", () => {
    const whole = createSobol(3, createRng(2)).points(10);
    const parts = createSobol(3, createRng(2));
    const first = parts.points(4);
    expect(Array.from(first.data)).toEqual(Array.from(whole.data.slice(0, 12)));
    expect(Array.from(parts.next())).toEqual(Array.from(whole.data.slice(12, 15)));
    expect(Array.from(parts.points(5).data)).toEqual(Array.from(whole.data.slice(15)));
  });

  it("gives each single point a uniform distribution over seeds", () => {
    const values = Array.from(
      { length: 4000 },
      (_, seed) => createSobol(3, createRng(seed)).points(4).data[10]!,
    );
    // Each of 10 cells holds 400 ± 19; five standard deviations.
    for (const count of cellCounts(values, 10)) expect(Math.abs(count - 400)).toBeLessThan(95);
  });

  it("integrates a smooth function far better than random points would", () => {
    // ∏ (1 + (x_j − ½)/j) has integral 1 and standard deviation 0.34 over [0, 1]^6.
    const errors = [1, 2, 3, 4, 5].map((seed) => {
      const { data } = createSobol(6, createRng(seed)).points(1024);
      let sum = 0;
      for (let i = 0; i < 1024; i++) {
        let product = 1;
        for (let j = 0; j < 6; j++) product *= 1 + (data[i * 6 + j]! - 0.5) / (j + 1);
        sum += product;
      }
      return Math.abs(sum / 1024 - 1);
    });
    expect(Math.max(...errors)).toBeLessThan(0.1 * (0.34 / Math.sqrt(1024)));
  });
});

describe("normals from the Sobol sequence", () => {
  it("have mean 0 and variance 1 in every dimension, better than random draws", () => {
    const n = 512;
    const d = 64;
    const { data, rows, cols } = sobolNormals(n, d, createRng(5));
    expect([rows, cols]).toEqual([n, d]);
    for (let j = 0; j < d; j++) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        sum += data[i * d + j]!;
        squares += data[i * d + j]! ** 2;
      }
      expect(Math.abs(sum / n)).toBeLessThan(0.01); // random: standard error 0.044
      expect(Math.abs(squares / n - 1)).toBeLessThan(0.05); // random: 0.063
    }
  });
});
