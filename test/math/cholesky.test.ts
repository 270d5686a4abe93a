import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  extendCholesky,
  invertLowerTransposed,
  logDetFromCholesky,
  solveLower,
  solveLowerMatrix,
  solveLowerRows,
  solveLowerTransposed,
} from "../../src/math/cholesky.js";
import {
  createMatrix,
  type Matrix,
  matrixFromRows,
  matrixRow,
  multiply,
  multiplyTransposed,
  multiplyVector,
  transpose,
} from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { readGolden } from "./ulp-error.js";

interface GoldenCase {
  readonly n: number;
  readonly A: number[];
  readonly L: number[];
  readonly inverse: number[];
  readonly logDet: number;
  readonly b: number[];
  readonly x: number[];
  readonly condition: number;
}
const golden = readGolden("math-cholesky.mpmath-1.3.0.json") as readonly GoldenCase[];

const square = (data: ArrayLike<number>, n: number): Matrix => ({
  rows: n,
  cols: n,
  data: Float64Array.from(data),
});

function factor(A: Matrix): Matrix {
  const result = cholesky(A);
  if (!result.ok) throw new Error(`not positive definite at pivot ${result.pivot}`);
  return result.L;
}

/** X Xᵀ + shift·I of a random X, [n × n]. */
function randomPositiveDefinite(n: number, seed: number, shift: number): Matrix {
  const rng = createRng(seed);
  const X = createMatrix(n, n);
  for (let i = 0; i < n * n; i++) X.data[i] = rng.normal();
  const A = multiplyTransposed(X, X);
  for (let i = 0; i < n; i++) A.data[i * n + i] = A.data[i * n + i]! + shift;
  return A;
}

function largestDifference(A: ArrayLike<number>, B: ArrayLike<number>): number {
  return Array.from(A, (a, i) => Math.abs(a - B[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

const largest = (A: ArrayLike<number>): number => largestDifference(A, new Float64Array(A.length));

describe("Cholesky factors of Matérn matrices against mpmath", () => {
  it.each(golden)("n = $n, condition $condition", ({ n, A, L, inverse, logDet, b, x, condition }) => {
    const found = factor(square(A, n));
    // Forward error: about condition × 1.1e-16 (Higham 2002, section 10.1), with a small constant.
    const tolerance = condition * 1e-15;
    expect(largestDifference(found.data, L)).toBeLessThan(Math.max(tolerance, 1e-15));
    expect(largestDifference(choleskyInverse(found).data, inverse)).toBeLessThan(
      tolerance * largest(inverse),
    );
    expect(Math.abs(logDetFromCholesky(found) - logDet)).toBeLessThan(Math.max(tolerance * n, 1e-14));
    expect(largestDifference(choleskySolve(found, Float64Array.from(b)), x)).toBeLessThan(
      tolerance * largest(x),
    );
  });
});

describe("a Cholesky factorisation", () => {
  const sizes = fc.integer({ min: 1, max: 40 });

  it("multiplies back to its matrix", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (n, seed) => {
        const A = randomPositiveDefinite(n, seed, 0.1);
        const L = factor(A);
        expect(largestDifference(multiplyTransposed(L, L).data, A.data)).toBeLessThan(
          1e-14 * n * largest(A.data),
        );
        for (let i = 0; i < n; i++) expect(largest(matrixRow(L, i).subarray(i + 1))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("has a residual below 1e-14 at n = 301", () => {
    const n = 301;
    const A = randomPositiveDefinite(n, 5, 1);
    const L = factor(A);
    expect(largestDifference(multiplyTransposed(L, L).data, A.data)).toBeLessThan(1e-14 * largest(A.data));
  });

  it("reads the lower triangle only", () => {
    const A = randomPositiveDefinite(5, 1, 1);
    const L = factor(A);
    for (let i = 0; i < 5; i++) for (let j = i + 1; j < 5; j++) A.data[i * 5 + j] = NaN;
    expect(factor(A)).toEqual(L);
  });

  it.each([
    ["a negative first pivot", [[-1]], 0],
    [
      "a zero matrix",
      [
        [0, 0],
        [0, 0],
      ],
      0,
    ],
    [
      "an indefinite second pivot",
      [
        [1, 2],
        [2, 1],
      ],
      1,
    ],
    [
      "an indefinite last pivot of odd size",
      [
        [1, 0, 0],
        [0, 1, 2],
        [0, 2, 4],
      ],
      2,
    ],
    [
      "an exactly singular matrix",
      [
        [1, 1],
        [1, 1],
      ],
      1,
    ],
    [
      "NaN on the diagonal",
      [
        [1, 0],
        [0, NaN],
      ],
      1,
    ],
    [
      "NaN below the diagonal",
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, NaN, 1],
      ],
      2,
    ],
    [
      "infinity on the diagonal",
      [
        [Infinity, 0],
        [0, 1],
      ],
      0,
    ],
    [
      "infinity below the diagonal",
      [
        [1, 0],
        [Infinity, 1],
      ],
      1,
    ],
  ] as const)("of %s reports the pivot instead of NaN", (_what, rows, pivot) => {
    expect(cholesky(matrixFromRows(rows))).toEqual({ ok: false, pivot });
  });

  it("of nothing is nothing", () => {
    expect(factor(createMatrix(0, 0))).toEqual(createMatrix(0, 0));
    expect(logDetFromCholesky(createMatrix(0, 0))).toBe(0);
  });

  it("refuses a matrix that is not square", () => {
    expect(() => cholesky(createMatrix(2, 3))).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("triangular solves", () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 6 }), fc.nat());

  it("leave no residual, whatever the layout of the right-hand sides", () => {
    fc.assert(
      fc.property(shapes, ([n, m, seed]) => {
        const L = factor(randomPositiveDefinite(n, seed, 1));
        const rng = createRng(seed + 1);
        const B = createMatrix(m, n);
        for (let i = 0; i < m * n; i++) B.data[i] = rng.normal();
        const rows = solveLowerRows(L, B);
        const columns = solveLowerMatrix(L, transpose(B));
        expect(largestDifference(multiplyTransposed(rows, L).data, B.data)).toBeLessThan(1e-12);
        expect(largestDifference(multiply(L, columns).data, transpose(B).data)).toBeLessThan(1e-12);
        const b = matrixRow(B, m - 1);
        expect(largestDifference(multiplyVector(L, solveLower(L, b)), b)).toBeLessThan(1e-12);
        expect(largestDifference(multiplyVector(transpose(L), solveLowerTransposed(L, b)), b)).toBeLessThan(
          1e-12,
        );
      }),
    );
  });

  it("L⁻ᵀ is upper triangular and inverts the transposed factor", () => {
    fc.assert(
      fc.property(shapes, ([n, , seed]) => {
        const L = factor(randomPositiveDefinite(n, seed, 1));
        const Y = invertLowerTransposed(L);
        const product = multiply(transpose(L), Y);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) expect(product.data[i * n + j]).toBeCloseTo(i === j ? 1 : 0, 11);
          for (let j = 0; j < i; j++) expect(Y.data[i * n + j]).toBe(0);
        }
      }),
    );
  });

  it("do not change their right-hand side", () => {
    const L = factor(randomPositiveDefinite(3, 1, 1));
    const b = Float64Array.of(1, 2, 3);
    choleskySolve(L, b);
    solveLowerTransposed(L, b);
    expect(Array.from(b)).toEqual([1, 2, 3]);
  });

  it("refuse a right-hand side of another length", () => {
    const L = factor(randomPositiveDefinite(3, 1, 1));
    const mismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    for (const solve of [solveLower, solveLowerTransposed, choleskySolve]) {
      expect(() => solve(L, new Float64Array(2))).toThrow(mismatch);
    }
    expect(() => solveLowerRows(L, createMatrix(3, 2))).toThrow(mismatch);
    expect(() => solveLowerMatrix(L, createMatrix(2, 3))).toThrow(mismatch);
  });
});

describe("extending a factor by new rows", () => {
  it("equals factorising the whole", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), fc.nat(), (n, p, seed) => {
        const m = n + p;
        const A = randomPositiveDefinite(m, seed, 1);
        const block = (r0: number, r1: number, c0: number, c1: number): Matrix =>
          matrixFromRows(
            Array.from({ length: r1 - r0 }, (_, i) => A.data.slice((r0 + i) * m + c0, (r0 + i) * m + c1)),
            c1 - c0,
          );
        const extended = extendCholesky(factor(block(0, n, 0, n)), block(n, m, 0, n), block(n, m, n, m));
        expect(extended.ok).toBe(true);
        if (extended.ok) expect(largestDifference(extended.L.data, factor(A).data)).toBeLessThan(1e-12);
      }),
    );
  });

  it("reports the pivot, counted from the first row, when a new row repeats an old one", () => {
    const L = factor(
      matrixFromRows([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(extendCholesky(L, matrixFromRows([[1, 0]]), matrixFromRows([[1]]))).toEqual({
      ok: false,
      pivot: 2,
    });
  });

  it("refuses blocks that do not fit", () => {
    const L = factor(matrixFromRows([[1]]));
    const mismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });
    expect(() => extendCholesky(L, createMatrix(1, 1), createMatrix(2, 2))).toThrow(mismatch);
    expect(() => extendCholesky(L, createMatrix(1, 2), createMatrix(1, 1))).toThrow(mismatch);
  });
});
