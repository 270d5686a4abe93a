import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  logH,
  logHDerivative,
  logNormalInterval,
  normalCdf,
  normalLogCdf,
  normalLogPdf,
  normalPdf,
  normalQuantile,
} from "../../src/math/normal.js";
import { readGolden } from "./ulp-error.js";

type Rows = readonly (readonly number[])[];
const golden = readGolden("math-elementary.mpmath-1.3.0.json") as Record<string, Rows>;

describe("the standard normal against mpmath", () => {
  it.each([
    ["normalPdf", normalPdf, 5e-16],
    ["normalCdf", normalCdf, 1e-15],
    ["normalLogCdf", normalLogCdf, 1e-15],
    ["normalQuantile", normalQuantile, 2e-15],
    ["logHDerivative", logHDerivative, 2e-13],
  ] as const)("%s is right to its stated relative error, far into the tails", (name, f, allowed) => {
    const rows = golden[name]!;
    expect(rows.length).toBeGreaterThan(20);
    for (const [x, value] of rows) {
      expect(Math.abs(f(x!) - value!), `${name}(${x})`).toBeLessThanOrEqual(allowed * Math.abs(value!));
    }
  });

  it("logH is right to 1e-15, relative or absolute, down to z = −2^60", () => {
    for (const [z, value] of golden["logH"]!) {
      expect(Math.abs(logH(z!) - value!), `logH(${z})`).toBeLessThanOrEqual(
        1e-15 * Math.max(1, Math.abs(value!)),
      );
    }
  });

  it("logNormalInterval is right to 1e-15 for narrow and wide intervals anywhere", () => {
    for (const [a, b, value] of golden["logNormalInterval"]!) {
      const error = Math.abs(logNormalInterval(a!, b!) - value!);
      expect(error, `(${a}, ${b})`).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(value!)));
    }
  });
});

describe("logH at the seams of its three branches", () => {
  it.each([-1, -16])("value and derivative are continuous at z = %d", (seam) => {
    const step = 1e-9;
    const jump = logH(seam + step) - logH(seam - step);
    expect(jump).toBeCloseTo(2 * step * logHDerivative(seam), 13);
    expect(logHDerivative(seam + step) / logHDerivative(seam - step) - 1).toBeCloseTo(0, 8);
  });

  it("the derivative is the slope", () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (z) => {
        const step = 1e-4;
        const slope = (logH(z + step) - logH(z - step)) / (2 * step);
        expect(Math.abs(logHDerivative(z) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }),
    );
  });

  it("stays finite where the expected improvement itself underflows", () => {
    expect(logH(-1e10)).toBeCloseTo(-5e19, -5);
    expect(logHDerivative(-1e10)).toBeCloseTo(1e10, -3);
    expect(logH(1e10)).toBeCloseTo(Math.log(1e10), 12);
    expect(logHDerivative(1e10)).toBe(1e-10);
  });
});

describe("the normal quantile", () => {
  it("is the inverse of the distribution function", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (z) => {
        // For z > 0 the rounding of Φ(z) itself moves the quantile by 1.1e-16/φ(z).
        expect(Math.abs(normalQuantile(normalCdf(z)) - z)).toBeLessThan(
          4e-15 * Math.max(1, Math.abs(z)) + 3e-16 / normalPdf(Math.max(z, 0)),
        );
      }),
    );
  });

  it("is odd about one half, and infinite at 0 and 1", () => {
    for (const p of [0.5, 0.25, 0.0625, 0.0078125])
      expect(normalQuantile(1 - p)).toBe(normalQuantile(p) === 0 ? 0 : -normalQuantile(p));
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });

  it.each([-0.1, 1.1, NaN])("refuses %d", (p) => {
    expect(() => normalQuantile(p)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});

describe("the probability of an interval", () => {
  it("is that of its mirror image", () => {
    const end = fc.double({ min: -30, max: 30, noNaN: true });
    fc.assert(
      fc.property(end, end, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(logNormalInterval(low, high)).toBeCloseTo(logNormalInterval(-high, -low), 11);
      }),
    );
  });

  it("of parts adds to that of the whole", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (a, width) => {
          const middle = a + 0.3 * width;
          const parts =
            Math.exp(logNormalInterval(a, middle)) + Math.exp(logNormalInterval(middle, a + width));
          expect(parts / Math.exp(logNormalInterval(a, a + width))).toBeCloseTo(1, 12);
        },
      ),
    );
  });

  it("takes infinite ends", () => {
    expect(logNormalInterval(-Infinity, Infinity)).toBe(0);
    expect(logNormalInterval(-Infinity, -20)).toBeCloseTo(normalLogCdf(-20), 12);
    expect(logNormalInterval(20, Infinity)).toBeCloseTo(normalLogCdf(-20), 12);
    expect(logNormalInterval(-Infinity, 1)).toBeCloseTo(normalLogCdf(1), 15);
  });

  it("of a point is zero, and reversed or missing ends are refused", () => {
    expect(logNormalInterval(2, 2)).toBe(-Infinity);
    for (const [a, b] of [
      [1, 0],
      [NaN, 1],
      [0, NaN],
    ] as const) {
      expect(() => logNormalInterval(a, b)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    }
  });
});

describe("density and distribution at infinity", () => {
  it("take their limits", () => {
    expect([normalPdf(Infinity), normalPdf(-Infinity), normalLogPdf(Infinity)]).toEqual([0, 0, -Infinity]);
    expect([
      normalCdf(Infinity),
      normalCdf(-Infinity),
      normalLogCdf(Infinity),
      normalLogCdf(-Infinity),
    ]).toEqual([1, 0, 0, -Infinity]);
    expect([normalPdf(NaN), normalCdf(NaN)]).toEqual([NaN, NaN]);
  });
});
