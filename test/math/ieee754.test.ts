import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  centredExponent,
  centredSignificand,
  powerOfTwo,
  productError,
  scaleByPowerOfTwo,
  sumError,
} from "../../src/math/ieee754.js";

const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });

/** An integer-valued fraction: exact arithmetic on doubles for the comparison. */
function exactInteger(x: number): bigint {
  return BigInt(x);
}

describe("the parts of a double", () => {
  it("multiply back to it, with the significand between √½ and √2", () => {
    fc.assert(
      fc.property(positive, (x) => {
        const k = centredExponent(x);
        const m = centredSignificand(x, k);
        expect(m).toBeGreaterThanOrEqual(0.707106);
        expect(m).toBeLessThan(1.414215);
        expect(k > 1023 ? m * powerOfTwo(1023) * 2 : scaleByPowerOfTwo(m, k)).toBe(x);
      }),
    );
  });

  it("scaling rounds once where the result is subnormal, and ends at zero and infinity", () => {
    expect(scaleByPowerOfTwo(1, -1074)).toBe(5e-324);
    expect(scaleByPowerOfTwo(1.5, -1074)).toBe(1e-323); // a tie, to even
    expect(scaleByPowerOfTwo(1.4999999999999998, -1074)).toBe(5e-324);
    expect(scaleByPowerOfTwo(0.9, -1400)).toBe(0);
    expect(scaleByPowerOfTwo(1, 1023)).toBe(powerOfTwo(1023));
    expect(scaleByPowerOfTwo(0.75, 1024)).toBe(1.5 * powerOfTwo(1023));
    expect(scaleByPowerOfTwo(1, 1024)).toBe(Infinity);
  });
});

describe("error-free operations", () => {
  const whole = fc.integer({ min: -(2 ** 52), max: 2 ** 52 }).map((n) => n * 1);

  it("sum and error together are the exact sum", () => {
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: 0, max: 40 }), (a, b, shift) => {
        const large = a * 2 ** shift;
        const sum = large + b;
        expect(exactInteger(sum) + exactInteger(sumError(large, b, sum))).toBe(
          exactInteger(large) + exactInteger(b),
        );
      }),
    );
  });

  it("product and error together are the exact product", () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const product = a * b;
        const error = productError(a, b, product);
        expect(exactInteger(product) + exactInteger(error)).toBe(exactInteger(a) * exactInteger(b));
      }),
    );
  });
});
