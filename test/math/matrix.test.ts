import { describe, expect, it } from "vitest";
import {
  concatRows,
  createMatrix,
  type Matrix,
  matrixFromRows,
  matrixRow,
  multiply,
  multiplyTransposed,
  multiplyTransposedVector,
  multiplyVector,
  selectRows,
  transpose,
} from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";

function randomMatrix(rows: number, cols: number, seed: number): Matrix {
  const rng = createRng(seed);
  const matrix = createMatrix(rows, cols);
  for (let i = 0; i < matrix.data.length; i++) matrix.data[i] = rng.normal();
  return matrix;
}

/** The definition, summed plainly. */
function plainProduct(A: Matrix, B: Matrix): number[] {
  const out: number[] = [];
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j < B.cols; j++) {
      let sum = 0;
      for (let k = 0; k < A.cols; k++) sum += A.data[i * A.cols + k]! * B.data[k * B.cols + j]!;
      out.push(sum);
    }
  }
  return out;
}

describe("products of matrices", () => {
  it.each([
    [1, 1, 1],
    [2, 3, 4],
    [3, 5, 3],
    [4, 8, 5],
    [7, 6, 1],
    [1, 9, 6],
    [5, 1, 7],
    [3, 0, 2],
    [0, 3, 2],
  ])("of %d × %d and × %d are the sums of the definition", (m, n, p) => {
    const A = randomMatrix(m, n, 1);
    const B = randomMatrix(n, p, 2);
    const expected = plainProduct(A, B);
    const product = multiply(A, B);
    expect([product.rows, product.cols]).toEqual([m, p]);
    expected.forEach((value, i) => expect(product.data[i]).toBeCloseTo(value, 13));
    expect(multiplyTransposed(A, transpose(B)).data).toEqual(product.data);
    const x = matrixRow(randomMatrix(1, n, 3), 0);
    const Ax = plainProduct(A, { rows: n, cols: 1, data: x });
    multiplyVector(A, x).forEach((value, i) => expect(value).toBeCloseTo(Ax[i]!, 13));
    multiplyTransposedVector(transpose(A), x).forEach((value, i) => expect(value).toBeCloseTo(Ax[i]!, 13));
  });

  it("refuse shapes that do not fit, and say what was expected", () => {
    const A = createMatrix(2, 3);
    const mismatch: unknown = expect.objectContaining({
      code: "SHAPE_MISMATCH",
      message: expect.stringContaining("expected 3") as unknown,
    });
    expect(() => multiply(A, createMatrix(2, 2))).toThrow(mismatch);
    expect(() => multiplyTransposed(A, createMatrix(2, 2))).toThrow(mismatch);
    expect(() => multiplyVector(A, new Float64Array(2))).toThrow(mismatch);
    expect(() => multiplyTransposedVector(transpose(A), new Float64Array(2))).toThrow(mismatch);
    expect(() => concatRows(A, createMatrix(1, 2))).toThrow(mismatch);
  });
});

describe("rows of matrices", () => {
  const A = matrixFromRows([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

  it("are selected in the order of the indices, repeats included", () => {
    expect(selectRows(A, [2, 0, 2])).toEqual(
      matrixFromRows([
        [5, 6],
        [1, 2],
        [5, 6],
      ]),
    );
    expect(selectRows(A, [])).toEqual(createMatrix(0, 2));
  });

  it("are joined below one another", () => {
    expect(concatRows(A, matrixFromRows([[7, 8]]))).toEqual(
      matrixFromRows([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ]),
    );
  });

  it("transpose into columns and back", () => {
    expect(transpose(A)).toEqual(
      matrixFromRows([
        [1, 3, 5],
        [2, 4, 6],
      ]),
    );
    expect(transpose(transpose(A))).toEqual(A);
  });

  it("of unequal length are refused", () => {
    expect(() => matrixFromRows([[1, 2], [3]])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});
