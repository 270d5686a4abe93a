import { describe, expect, it } from "vitest";
import { cholesky as choleskyPlain } from "../../src/math/cholesky.js";
import { cholesky, multiplyTransposed, usesWasm } from "../../src/math/dense.js";
import { multiplyTransposed as multiplyTransposedPlain } from "../../src/math/matrix.js";
import { choleskyWasm, multiplyTransposedWasm } from "../../src/math/wasm/linear-algebra.js";
import { randomMatrix, randomPositiveDefinite } from "./wasm/matrices.js";

/** Which bytes a suggestion has rests on this number: a change changes sealed suggestions. */
const FROM = 16;

describe("the choice between plain code and kernels", () => {
  it("is by size alone", () => {
    expect([FROM - 1, FROM].map(usesWasm)).toEqual([false, true]);
  });

  it.each([1, FROM - 1, FROM, 33])("is made for factors of size %d", (n) => {
    const A = randomPositiveDefinite(n, 1, 1);
    expect(cholesky(A)).toEqual(n < FROM ? choleskyPlain(A) : choleskyWasm(A));
  });

  it.each([1, FROM - 1, FROM, 33])("is made for products of rows of length %d, however many rows", (n) => {
    const A = randomMatrix(3, n, 1);
    const B = randomMatrix(50, n, 2);
    const expected = n < FROM ? multiplyTransposedPlain(A, B) : multiplyTransposedWasm(A, B);
    expect(multiplyTransposed(A, B)).toEqual(expected);
  });
});
