import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, permutation } from "../../src/math/rng.js";
import { readGolden } from "./ulp-error.js";

interface GoldenStream {
  readonly seed: number;
  readonly uniforms: number[];
  readonly forked: number[];
}
const golden = readGolden("math-rng.python-3.11.7.json") as readonly GoldenStream[];
const draw = (n: number, next: () => number): number[] => Array.from({ length: n }, next);

describe("a random stream", () => {
  it.each(golden)("of seed $seed gives the documented draws", ({ seed, uniforms, forked }) => {
    const rng = createRng(seed);
    expect(rng.name).toBe("xoshiro128**/1");
    expect(draw(uniforms.length, () => rng.uniform())).toEqual(uniforms);
    const fork = rng.fork("Sobol é");
    expect(draw(forked.length, () => fork.uniform())).toEqual(forked);
  });

  it("forks by label, however much was drawn before", () => {
    const fresh = createRng(3);
    const used = createRng(3);
    draw(17, () => used.normal());
    expect(draw(5, () => used.fork("a").uniform())).toEqual(draw(5, () => fresh.fork("a").uniform()));
    expect(fresh.fork("a").uniform()).not.toBe(fresh.fork("b").uniform());
    expect(fresh.fork("a").fork("b").uniform()).not.toBe(fresh.fork("b").fork("a").uniform());
  });

  it("has uniforms in [0, 1) with the right mean, variance and lag correlation", () => {
    const rng = createRng(11);
    const n = 100_000;
    const u = draw(n, () => rng.uniform() - 0.5);
    let sum = 0;
    let squares = 0;
    let lagged = 0;
    u.forEach((v, i) => {
      expect(v >= -0.5 && v < 0.5).toBe(true);
      sum += v;
      squares += v * v;
      lagged += v * (u[i + 1] ?? 0);
    });
    // Standard errors: 1/√(12n), 1/√(180n), 1/(12√n); five of each.
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(12 * n));
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(5 / Math.sqrt(180 * n));
    expect(Math.abs(lagged / n)).toBeLessThan(5 / (12 * Math.sqrt(n)));
  });

  it("has normals with moments 0, 1, 0, 3", () => {
    const rng = createRng(12);
    const n = 100_000;
    const z = draw(n, () => rng.normal());
    const moment = (k: number): number => z.reduce((sum, v) => sum + v ** k, 0) / n;
    // Standard errors: 1, √2, √15, √96 over √n; five of each.
    [0, 1, 0, 3].forEach((expected, i) => {
      const error = [1, Math.sqrt(2), Math.sqrt(15), Math.sqrt(96)][i]! / Math.sqrt(n);
      expect(Math.abs(moment(i + 1) - expected)).toBeLessThan(5 * error);
    });
  });

  it("has integers below their bound, all equally often", () => {
    const rng = createRng(13);
    const counts = new Int32Array(7);
    for (let i = 0; i < 70_000; i++) counts[rng.integer(7)]!++;
    // Standard deviation of each count: √(10,000 · 6/7) ≈ 93; five of them.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(465);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (n) => {
        const value = rng.integer(n);
        return Number.isInteger(value) && value >= 0 && value < n;
      }),
    );
    expect(rng.integer(1)).toBe(0);
    expect(rng.integer(2 ** 53)).toBeLessThan(2 ** 53);
  });

  it.each([0.5, NaN, Infinity, 2 ** 53])("refuses the seed %d", (seed) => {
    expect(() => createRng(seed)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });

  it.each([0, -1, 1.5, NaN, 2 ** 54])("refuses to count to %d", (n) => {
    expect(() => createRng(1).integer(n)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});

describe("a permutation", () => {
  it("holds every index once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.nat(), (n, seed) => {
        const order = permutation(createRng(seed), n);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it("puts every order of three equally often", () => {
    const rng = createRng(21);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = permutation(rng, 3).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * (5 / 6)));
  });

  it("refuses a length that is not a whole number", () => {
    for (const n of [-1, 1.5, NaN]) {
      expect(() => permutation(createRng(1), n)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    }
  });
});
