import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp } from "../../../src/math/elementary.js";
import { wasmKernels } from "../../../src/math/wasm/kernels.js";
import { numbersAt, withWorkingMemory, writeVector } from "../../../src/math/wasm/working-memory.js";

/** e^x of every x ≤ 0 by the kernels. */
function exponentials(x: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(x);
  const even = values.length + (values.length & 1);
  return withWorkingMemory((memory) => {
    const address = memory.allocate(even);
    writeVector(values, even, address);
    wasmKernels().exponentialsOfNegative(address, 8 * even);
    return numbersAt(address, values.length).slice();
  });
}

function expectSameBits(x: ArrayLike<number>): void {
  const found = exponentials(x);
  const wrong = Array.from(x).filter((value, i) => !Object.is(found[i], exp(value)));
  expect(wrong).toEqual([]);
}

describe("e^x of the kernels, x ≤ 0", () => {
  it("has the bits of the plain function on a fine grid of the range that covariances use", () => {
    expectSameBits(Float64Array.from({ length: 100_001 }, (_, i) => -i / 2000));
  });

  it("has the bits of the plain function down to underflow, through subnormal results", () => {
    expectSameBits(Float64Array.from({ length: 60_001 }, (_, i) => -690 - i / 1000));
  });

  it("has the bits of the plain function anywhere below zero", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ max: 0, noNaN: true }), { minLength: 1, maxLength: 40 }), (x) => {
        expectSameBits(x);
      }),
      { numRuns: 500 },
    );
  });

  it("knows the corners", () => {
    const x = [
      0,
      -0,
      -5e-324,
      -745.1332191019412,
      -745.1332191019413,
      -746,
      -1e300,
      Number.NEGATIVE_INFINITY,
    ];
    expectSameBits(x);
    expect(exponentials([Number.NaN])[0]).toBeNaN();
  });
});
