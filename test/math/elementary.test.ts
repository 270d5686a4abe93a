import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cos,
  erf,
  erfc,
  erfcx,
  exp,
  expm1,
  lgamma,
  log,
  log1mexp,
  log1p,
  log2,
  log10,
  logAddExp,
  logSumExp,
  pow,
  sin,
  sinh,
  tanh,
} from "../../src/math/elementary.js";
import { readGolden, ulpError } from "./ulp-error.js";

type Rows = readonly (readonly number[])[];
const golden = readGolden("math-elementary.mpmath-1.3.0.json") as Record<string, Rows>;

/** Largest error allowed, in ulps: measured on 6,000 points per function, with a little room. */
const unary = {
  exp: [exp, 1],
  expm1: [expm1, 1],
  log: [log, 0.85],
  log1p: [log1p, 0.85],
  log2: [log2, 0.51],
  log10: [log10, 0.51],
  sin: [sin, 0.8],
  cos: [cos, 0.8],
  sinh: [sinh, 2],
  tanh: [tanh, 2],
  erf: [erf, 0.9],
  erfc: [erfc, 2],
  erfcx: [erfcx, 3],
  lgamma: [lgamma, 6],
  log1mexp: [log1mexp, 1.3],
} as const;

describe("elementary functions against mpmath", () => {
  it.each(Object.entries(unary))("%s keeps its digits over its whole range", (name, [f, allowed]) => {
    const rows = golden[name]!;
    expect(rows.length).toBeGreaterThan(20);
    for (const [x, nearest, rest] of rows) {
      expect(ulpError(f(x!), nearest!, rest!), `${name}(${x})`).toBeLessThanOrEqual(allowed);
    }
  });

  it.each([
    ["pow", pow, 0.7],
    ["logAddExp", logAddExp, 1],
  ] as const)("%s keeps its digits over its whole range", (name, f, allowed) => {
    for (const [a, b, nearest, rest] of golden[name]!) {
      expect(ulpError(f(a!, b!), nearest!, rest!), `${name}(${a}, ${b})`).toBeLessThanOrEqual(allowed);
    }
  });
});

describe("elementary functions at the ends of their ranges", () => {
  it("overflow to infinity and underflow to zero where the engine's do", () => {
    for (const x of [
      709.782712893384, 709.7827128933841, -745.1332191019411, -745.1332191019412, -745.2, -1e4, 1e4,
    ]) {
      expect(exp(x)).toBe(Math.exp(x));
    }
    expect([exp(Infinity), exp(-Infinity), exp(NaN)]).toEqual([Infinity, 0, NaN]);
    expect([expm1(800), expm1(-800), expm1(-0), expm1(NaN)]).toEqual([Infinity, -1, -0, NaN]);
    expect([sinh(711), sinh(-711), sinh(-0), sinh(710)]).toEqual([Infinity, -Infinity, -0, Math.sinh(710)]);
    expect([tanh(400), tanh(-Infinity), tanh(-0), tanh(NaN)]).toEqual([1, -1, -0, NaN]);
    expect([erf(7), erf(-Infinity), erfc(28), erfc(-7), erfc(NaN), erfcx(-27.5)]).toEqual([
      1,
      -1,
      0,
      2,
      NaN,
      Infinity,
    ]);
  });

  it("take logarithms of zero, of negative numbers and of subnormal numbers as IEEE 754 says", () => {
    for (const f of [log, log2, log10])
      expect([f(0), f(-1), f(NaN), f(Infinity)]).toEqual([-Infinity, NaN, NaN, Infinity]);
    expect([log1p(-1), log1p(-2), log1p(-0), log1p(Infinity)]).toEqual([-Infinity, NaN, -0, Infinity]);
    expect(log2(5e-324)).toBe(-1074);
    expect(log(5e-324)).toBeCloseTo(-744.4400719213812, 12);
  });

  it("give whole logarithms of powers of two and of ten exactly", () => {
    for (let k = -1074; k <= 1023; k++) expect(log2(pow(2, k))).toBe(k);
    for (let k = 0; k <= 22; k++) expect(log10(Number(`1e${k}`))).toBe(k);
  });

  it("reduce huge angles exactly", () => {
    // Values by mpmath 1.3.0 with 400 digits.
    expect(sin(1e22)).toBe(-0.8522008497671888);
    expect(cos(1.7976931348623157e308)).toBe(-0.9999876894265599);
    expect(sin(6381956970095103 * pow(2, 797))).toBeCloseTo(1, 15); // the double nearest to a multiple of π/2
    expect(cos(6381956970095103 * pow(2, 797)) / 4.687165924254624e-19 + 1).toBeCloseTo(0, 10);
    expect([sin(Infinity), cos(-Infinity), sin(NaN), sin(-0)]).toEqual([NaN, NaN, NaN, -0]);
  });

  it("pow treats zeros, infinities, signs and NaN as ECMAScript does", () => {
    const numbers = [
      0,
      -0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -2,
      3,
      -3,
      1e300,
      -1e300,
      Infinity,
      -Infinity,
      NaN,
      2.5,
      -2.5,
    ];
    for (const x of numbers)
      for (const y of numbers) {
        const ours = pow(x, y);
        const engine = Math.pow(x, y);
        if (Number.isFinite(engine) && engine !== 0) expect(Math.abs(ours / engine - 1)).toBeLessThan(3e-16);
        else expect(Object.is(ours, engine), `${x} ^ ${y}: ${ours}, ${engine}`).toBe(true);
      }
  });

  it("pow is exact where the power is a double", () => {
    for (let k = 0; k <= 22; k++) expect(pow(10, k)).toBe(Number(`1e${k}`));
    for (let n = 2; n < 200; n++) expect(pow(n, 3)).toBe(n * n * n);
    for (let n = 2; n < 200; n++) expect(pow(n * n, 0.5)).toBe(n);
  });

  it("lgamma meets the factorials, its poles and infinity", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(Math.abs(lgamma(n) - log(factorial))).toBeLessThanOrEqual(4e-16 * Math.max(1, log(factorial)));
      factorial *= n;
    }
    expect([lgamma(0), lgamma(-1.5), lgamma(Infinity), lgamma(NaN)]).toEqual([Infinity, NaN, Infinity, NaN]);
  });
});

describe("elementary functions agree with one another", () => {
  const anywhere = fc.double({ min: -300, max: 300, noNaN: true });

  it("exp and log are inverse", () => {
    fc.assert(fc.property(anywhere, (x) => Math.abs(log(exp(x)) - x) <= 2e-16 * Math.max(1, Math.abs(x))));
  });

  it("erf and erfc add to one, and erfc and erfcx differ by the Gaussian", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(3e-16);
        expect(Math.abs((erfcx(x) * exp(-x * x)) / erfc(x) - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  it("the squares of sine and cosine add to one", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (x) => Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1) < 5e-16,
      ),
    );
  });

  it("logSumExp of two values is logAddExp, in either order", () => {
    fc.assert(
      fc.property(anywhere, anywhere, (a, b) => {
        expect(logAddExp(a, b)).toBe(logAddExp(b, a));
        expect(Math.abs(logSumExp([a, b]) - logAddExp(a, b))).toBeLessThan(1e-13);
      }),
    );
  });

  it("logSumExp of nothing is log 0; infinities and NaN come through", () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([1, Infinity])).toBe(Infinity);
    expect(logSumExp([NaN, 1])).toBe(NaN);
    expect(logSumExp([1, NaN])).toBe(NaN);
    expect(logAddExp(NaN, -Infinity)).toBe(NaN);
    expect(logAddExp(-Infinity, 3)).toBe(3);
    expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + log(2), 12);
  });

  it("no function steps backwards where it must rise", () => {
    const rising = [exp, expm1, erf, tanh, sinh] as const;
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        (x, step) => {
          for (const f of rising) expect(f(x + step)).toBeGreaterThanOrEqual(f(x));
        },
      ),
    );
  });
});
