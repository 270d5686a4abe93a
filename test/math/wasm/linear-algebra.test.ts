import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { cholesky } from "../../../src/math/cholesky.js";
import {
  createMatrix,
  type Matrix,
  matrixFromRows,
  multiplyTransposed,
  multiplyVector,
  transpose,
} from "../../../src/math/matrix.js";
import { createRng } from "../../../src/math/rng.js";
import { type MatrixFactor, withMatrixFactorWasm } from "../../../src/math/wasm/factor.js";
import { choleskyWasm, multiplyTransposedWasm } from "../../../src/math/wasm/linear-algebra.js";
import { readGolden } from "../ulp-error.js";
import {
  largest,
  norm1,
  randomMatrix,
  randomPositiveDefinite,
  scaledResidual,
  smoothCovariance,
} from "./matrices.js";
import { spoilMemory } from "./spoil-memory.js";

interface GoldenCase {
  readonly n: number;
  readonly A: number[];
  readonly L: number[];
  readonly inverse: number[];
  readonly b: number[];
  readonly x: number[];
  readonly condition: number;
}
const golden = readGolden("math-cholesky.mpmath-1.3.0.json") as readonly GoldenCase[];
const EPSILON = 2.220446049250313e-16;

function factor(A: Matrix): Matrix {
  const result = choleskyWasm(A);
  if (!result.ok) throw new Error(`not positive definite at pivot ${result.pivot}`);
  return result.L;
}

function withFactor<Result>(A: Matrix, use: (factor: MatrixFactor) => Result): Result {
  return withMatrixFactorWasm(A, (result) => {
    if (!result.ok) throw new Error(`not positive definite at pivot ${result.pivot}`);
    return use(result);
  });
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a, (value, i) => value - b[i]!));

beforeEach(spoilMemory);

describe("Cholesky factors by the kernels", () => {
  it.each(golden)(
    "agree with mpmath: n = $n, condition $condition",
    ({ n, A, L, inverse, b, x, condition }) => {
      // Forward error: about condition × 1.1e-16 (Higham 2002, section 10.1), with a small constant.
      const tolerance = Math.max(condition * 1e-15, 1e-15);
      withFactor({ rows: n, cols: n, data: Float64Array.from(A) }, (found) => {
        expect(difference(found.lower().data, L)).toBeLessThan(tolerance);
        expect(
          difference(
            found.diagonal(),
            Array.from({ length: n }, (_, i) => L[i * n + i]!),
          ),
        ).toBeLessThan(tolerance);
        expect(difference(found.inverse().data, inverse)).toBeLessThan(tolerance * largest(inverse));
        expect(difference(found.solve(Float64Array.from(b)), x)).toBeLessThan(tolerance * largest(x));
      });
    },
  );

  it("multiply back to their matrix at every size up to 70, and are those of plain code up to rounding", () => {
    for (let n = 1; n <= 70; n++) {
      spoilMemory();
      const A = randomPositiveDefinite(n, n, 0.5);
      const L = factor(A);
      expect(scaledResidual(A, L)).toBeLessThan(4 * n * EPSILON);
      const plain = cholesky(A);
      expect(plain.ok && difference(L.data, plain.L.data)).toBeLessThan(1e-12);
      for (let i = 0; i < n; i++) expect(largest(L.data.subarray(i * n + i + 1, (i + 1) * n))).toBe(0);
    }
  });

  it.each([127, 128, 129, 255, 257, 511, 513, 1000])("have a residual below 1e-13 at n = %d", (n) => {
    const A = randomPositiveDefinite(n, 5, 0.5);
    expect(scaledResidual(A, factor(A), n > 300 ? 7 : 1)).toBeLessThan(1e-13);
  });

  it.each([2049, 3000])("have a residual below 1e-13 at n = %d", (n) => {
    const A = smoothCovariance(n, 1e-6);
    expect(scaledResidual(A, factor(A), 41)).toBeLessThan(1e-13);
  });

  it("stay accurate near singularity", () => {
    for (const noise of [1e-3, 1e-6, 1e-9, 1e-11]) {
      const A = smoothCovariance(150, noise);
      expect(scaledResidual(A, factor(A))).toBeLessThan(1e-13);
    }
  });

  it("stay accurate row by row when rows differ in scale by 300 orders of magnitude", () => {
    const n = 61;
    const A = randomPositiveDefinite(n, 3, 0.5);
    const exponents = Float64Array.from({ length: n }, (_, i) => ((i * 37) % 301) - 150);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        A.data[i * n + j] = A.data[i * n + j]! * 10 ** (exponents[i]! / 2) * 10 ** (exponents[j]! / 2);
    }
    expect(scaledResidual(A, factor(A))).toBeLessThan(1e-13);
  });

  it("have the same bits whatever lay in memory before", () => {
    const A = randomPositiveDefinite(101, 9, 0.5);
    const first = factor(A);
    multiplyTransposedWasm(randomMatrix(300, 90, 1), randomMatrix(50, 90, 2));
    expect(factor(A).data).toEqual(first.data);
  });

  it("of nothing is nothing", () => {
    expect(factor(createMatrix(0, 0))).toEqual(createMatrix(0, 0));
  });

  it("refuse a matrix that is not square", () => {
    expect(() => choleskyWasm(createMatrix(2, 3))).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

describe("a matrix that is not positive definite", () => {
  it("is reported with the first pivot that fails", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (n, place, seed) => {
        const pivot = place % n;
        // L D Lᵀ with unit lower L of small whole numbers and D_pivot = −1: the pivots of A are those of D.
        const rng = createRng(seed);
        const L = createMatrix(n, n);
        for (let i = 0; i < n; i++) {
          for (let j = Math.max(0, i - 3); j < i; j++) L.data[i * n + j] = rng.integer(3) - 1;
          L.data[i * n + i] = 1;
        }
        const LD = { ...L, data: L.data.map((value, at) => (at % n === pivot ? -value : value)) };
        expect(choleskyWasm(multiplyTransposed(LD, L))).toEqual({ ok: false, pivot });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [
      "zero",
      [
        [0, 0],
        [0, 0],
      ],
      0,
    ],
    [
      "exactly singular",
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
  ] as const)("(%s) is an outcome, never NaN", (_what, rows, pivot) => {
    expect(choleskyWasm(matrixFromRows(rows))).toEqual({ ok: false, pivot });
  });

  it("is found where a large matrix has a NaN deep inside, at the first row that it reaches", () => {
    const n = 90;
    const A = randomPositiveDefinite(n, 4, 0.5);
    A.data[70 * n + 3] = NaN;
    expect(choleskyWasm(A)).toEqual({ ok: false, pivot: 70 });
  });

  it("does not read the upper triangle", () => {
    const n = 37;
    const A = randomPositiveDefinite(n, 4, 0.5);
    const L = factor(A);
    for (let i = 0; i < n; i++) A.data.fill(NaN, i * n + i + 1, (i + 1) * n);
    expect(factor(A).data).toEqual(L.data);
  });
});

describe("solves and inverses by the kernels", () => {
  /** 4 cond₁(A)·n·ε, relative to the largest entry: the bound that a backward stable method keeps with room. */
  const bound = (A: Matrix, inverse: Matrix): number => 4 * norm1(A) * norm1(inverse) * A.rows * EPSILON;

  it.each([1, 2, 3, 4, 5, 8, 31, 64, 65, 130, 203])("are within cond(A)·n·ε at n = %d", (n) => {
    for (const A of [randomPositiveDefinite(n, n, 0.3), smoothCovariance(n, 1e-5)]) {
      const truth = randomMatrix(1, n, 8).data;
      withFactor(A, (found) => {
        const inverse = found.inverse();
        const tolerance = bound(A, inverse);
        expect(difference(found.solve(multiplyVector(A, truth)), truth)).toBeLessThan(
          tolerance * largest(truth),
        );
        const identity = multiplyTransposed(inverse, A);
        for (let i = 0; i < n; i++) identity.data[i * n + i] = identity.data[i * n + i]! - 1;
        expect(largest(identity.data)).toBeLessThan(tolerance);
        const L = found.lower();
        const root = multiplyTransposed(found.inverseLower(), transpose(L));
        for (let i = 0; i < n; i++) root.data[i * n + i] = root.data[i * n + i]! - 1;
        expect(largest(root.data)).toBeLessThan(tolerance);
      });
    }
  });

  it("give a symmetric inverse and a lower triangular inverse factor", () => {
    const n = 23;
    withFactor(randomPositiveDefinite(n, 2, 0.3), (found) => {
      const inverse = found.inverse();
      expect(transpose(inverse).data).toEqual(inverse.data);
      const root = found.inverseLower();
      for (let i = 0; i < n; i++) expect(largest(root.data.subarray(i * n + i + 1, (i + 1) * n))).toBe(0);
    });
  });
});

describe("products of rows by the kernels", () => {
  const size = fc.integer({ min: 1, max: 40 });

  it("are those of plain code", () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(), (m, p, n, seed) => {
        const A = randomMatrix(m, n, seed);
        const B = randomMatrix(p, n, seed + 1);
        spoilMemory();
        const found = multiplyTransposedWasm(A, B);
        expect([found.rows, found.cols]).toEqual([m, p]);
        expect(difference(found.data, multiplyTransposed(A, B).data)).toBeLessThan(1e-13 * n);
      }),
    );
  });

  it("do not depend on how many rows there are", () => {
    const A = randomMatrix(21, 50, 1);
    const B = randomMatrix(9, 50, 2);
    const all = multiplyTransposedWasm(A, B);
    const first = multiplyTransposedWasm({ ...A, rows: 6, data: A.data.slice(0, 300) }, B);
    expect(first.data).toEqual(all.data.slice(0, 54));
  });

  it("refuse rows of different lengths", () => {
    expect(() => multiplyTransposedWasm(createMatrix(1, 2), createMatrix(1, 3))).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
