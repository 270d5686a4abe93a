import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCompactModel } from "../../src/math/compact-model.js";
import { minimize, type MinimizeOptions, type Objective } from "../../src/math/lbfgsb.js";
import { createFullModel } from "../../src/math/quadratic-model.js";
import { createRng } from "../../src/math/rng.js";
import { readGolden } from "./ulp-error.js";

interface GoldenMinimum {
  readonly problem: string;
  readonly start: number[];
  readonly low: number | null;
  readonly high: number | null;
  readonly value: number;
  readonly x: number[];
  readonly iterations: number;
  readonly evaluations: number;
}
const golden = readGolden("math-lbfgsb.scipy-1.17.1.json") as readonly GoldenMinimum[];

/** The problems of test/golden/math-lbfgsb.py. */
const problems: Record<string, Objective> = {
  rosenbrock(x, g) {
    let f = 0;
    g.fill(0);
    for (let i = 0; i + 1 < x.length; i++) {
      const a = x[i + 1]! - x[i]! * x[i]!;
      const b = 1 - x[i]!;
      f += 100 * a * a + b * b;
      g[i] = g[i]! - 400 * a * x[i]! - 2 * b;
      g[i + 1] = g[i + 1]! + 200 * a;
    }
    return f;
  },
  quadratic(x, g) {
    let f = 0;
    for (let i = 0; i < x.length; i++) {
      const c = 10 ** ((4 * i) / x.length);
      const e = x[i]! - (i % 3);
      f += 0.5 * c * e * e;
      g[i] = c * e;
    }
    return f;
  },
  beale(x, g) {
    const [a, b] = [x[0]!, x[1]!];
    let f = 0;
    g.fill(0);
    [1.5, 2.25, 2.625].forEach((target, i) => {
      const k = i + 1;
      const e = target - a * (1 - b ** k);
      f += e * e;
      g[0] = g[0]! - 2 * e * (1 - b ** k);
      g[1] = g[1]! + 2 * e * a * k * b ** (k - 1);
    });
    return f;
  },
  powell(x, g) {
    const [p, q, r, s] = [x[0]!, x[1]!, x[2]!, x[3]!];
    const [a, b, c, d] = [p + 10 * q, r - s, q - 2 * r, p - s];
    g.set([2 * a + 40 * d ** 3, 20 * a + 4 * c ** 3, 10 * b - 8 * c ** 3, -10 * b - 40 * d ** 3]);
    return a * a + 5 * b * b + c ** 4 + 10 * d ** 4;
  },
};

const box = (n: number, low: number | null, high: number | null): MinimizeOptions => ({
  lower: new Float64Array(n).fill(low ?? -Infinity),
  upper: new Float64Array(n).fill(high ?? Infinity),
});
const tight = { gradientTolerance: 1e-10, functionTolerance: 0 };

describe("minimisation in a box against SciPy's L-BFGS-B", () => {
  const cases = golden.flatMap((g) => [1, 5, 10].map((memory) => ({ ...g, n: g.start.length, memory })));

  it.each(cases)("$problem, n = $n in [$low, $high], memory $memory", (g) => {
    const result = minimize(problems[g.problem]!, Float64Array.from(g.start), {
      ...box(g.n, g.low, g.high),
      ...tight,
      memory: g.memory,
    });
    expect(result.value).toBeLessThanOrEqual(g.value + 1e-9 * Math.max(1, Math.abs(g.value)));
    expect(result.status === "converged" || result.status === "line-search-failed").toBe(true);
    // Powell's function is flat to fourth order at its minimum: x is not well determined.
    const precision = g.problem === "powell" ? 1e-2 : 1e-5;
    result.x.forEach((v, i) => {
      expect(Math.abs(v - g.x[i]!)).toBeLessThan(precision);
      expect(v >= (g.low ?? -Infinity) && v <= (g.high ?? Infinity)).toBe(true);
    });
  });

  it("needs about as many evaluations as SciPy, over all problems", () => {
    let ours = 0;
    let theirs = 0;
    for (const g of golden) {
      const n = g.start.length;
      ours += minimize(problems[g.problem]!, Float64Array.from(g.start), {
        ...box(n, g.low, g.high),
        ...tight,
      }).evaluations;
      theirs += g.evaluations;
    }
    expect(ours).toBeLessThan(1.25 * theirs);
  });
});

describe("minimisation in a box", () => {
  it("ends where no feasible direction goes down: random convex quadratics with active bounds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (n, seed) => {
        const rng = createRng(seed);
        const factor = Array.from({ length: n * n }, () => rng.normal());
        const target = Array.from({ length: n }, () => 2 * rng.normal());
        const objective: Objective = (x, g) => {
          g.fill(0);
          let f = 0;
          for (let r = 0; r < n; r++) {
            let e = 0;
            for (let i = 0; i < n; i++) e += factor[r * n + i]! * (x[i]! - target[i]!);
            f += 0.5 * e * e + 0.005 * (x[r]! - target[r]!) ** 2;
            for (let i = 0; i < n; i++) g[i] = g[i]! + e * factor[r * n + i]!;
            g[r] = g[r]! + 0.01 * (x[r]! - target[r]!);
          }
          return f;
        };
        const { x } = minimize(objective, new Float64Array(n), {
          ...box(n, -1, 1),
          gradientTolerance: 1e-7,
          functionTolerance: 0,
        });
        const g = new Float64Array(n);
        objective(x, g);
        for (let i = 0; i < n; i++) {
          const projected = Math.min(Math.max(x[i]! - g[i]!, -1), 1) - x[i]!;
          expect(Math.abs(projected)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("treats NaN, infinity and a non-finite gradient as steps that are too long", () => {
    const bad = [
      (x: number, g: Float64Array) => (x > 1.5 ? NaN : ((g[0] = 2 * (x - 1)), (x - 1) ** 2)),
      (x: number, g: Float64Array) => (x > 1.5 ? -Infinity : ((g[0] = 2 * (x - 1)), (x - 1) ** 2)),
      (x: number, g: Float64Array) => (
        (g[0] = x > 1.5 ? NaN : 2 * (x - 1)), (x - 1) ** 2 - (x > 1.5 ? 9 : 0)
      ),
    ];
    for (const f of bad) {
      const result = minimize((x, g) => f(x[0]!, g), Float64Array.of(-8), { ...box(1, -10, 10), ...tight });
      expect(result.x[0]).toBeCloseTo(1, 7);
    }
  });

  it("finds its way beside a region where the objective is infinite", () => {
    // Σx² − log Σx is infinite unless Σx > 0; its minimum in three dimensions has every x = 1/√6.
    const objective: Objective = (x, g) => {
      const sum = x[0]! + x[1]! + x[2]!;
      if (sum <= 0) return Infinity;
      x.forEach((v, i) => (g[i] = 2 * v - 1 / sum));
      return x.reduce((total, v) => total + v * v, 0) - Math.log(sum);
    };
    const result = minimize(objective, Float64Array.of(1, 2, 3), { ...box(3, -50, 50), ...tight });
    for (const v of result.x) expect(v).toBeCloseTo(1 / Math.sqrt(6), 7);
  });

  it("reports a start without a finite value, and returns it", () => {
    const result = minimize(() => NaN, Float64Array.of(0.5), box(1, 0, 1));
    expect(result).toEqual({
      x: Float64Array.of(0.5),
      value: Infinity,
      iterations: 0,
      evaluations: 1,
      status: "line-search-failed",
    });
  });

  it("never leaves the box, even by a rounding error, and never asks outside it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 0, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (low, width) => {
          const high = low + width;
          const seen: number[] = [];
          minimize(
            (x, g) => {
              seen.push(x[0]!, x[1]!);
              return problems["rosenbrock"]!(x, g);
            },
            Float64Array.of(low, low + 0.7 * width),
            box(2, low, high),
          );
          expect(seen.every((v) => v >= low && v <= high)).toBe(true);
        },
      ),
    );
  });

  it("keeps variables whose bounds coincide", () => {
    const result = minimize(problems["quadratic"]!, Float64Array.of(0.3, 0.3, 0.3), {
      lower: Float64Array.of(0.3, -5, -5),
      upper: Float64Array.of(0.3, 5, 5),
      ...tight,
    });
    expect(result.x[0]).toBe(0.3);
    expect(result.x[1]).toBeCloseTo(1, 8);
    expect(result.x[2]).toBeCloseTo(2, 8);
  });

  it("stops at its limits and says so", () => {
    const start = Float64Array.of(-1.2, 1);
    const short = minimize(problems["rosenbrock"]!, start, { ...box(2, null, null), maxIterations: 3 });
    expect([short.status, short.iterations]).toEqual(["max-iterations", 3]);
    for (const maxEvaluations of [1, 2, 5, 11]) {
      let calls = 0;
      const counted: Objective = (x, g) => (calls++, problems["rosenbrock"]!(x, g));
      const result = minimize(counted, start, { ...box(2, null, null), maxEvaluations });
      expect([result.status, result.evaluations, calls]).toEqual([
        "max-evaluations",
        maxEvaluations,
        maxEvaluations,
      ]);
      expect(result.value).toBeLessThanOrEqual(24.2);
      expect(problems["rosenbrock"]!(result.x, new Float64Array(2))).toBe(result.value);
    }
  });

  it("does nothing at a minimum, with no variables, or with its start's array", () => {
    const start = Float64Array.of(1, 1);
    const result = minimize(problems["rosenbrock"]!, start, box(2, null, null));
    expect([result.status, result.iterations, result.value]).toEqual(["converged", 0, 0]);
    expect(minimize(() => 7, new Float64Array(0), box(0, 0, 1)).value).toBe(7);
    expect(Array.from(start)).toEqual([1, 1]);
  });

  it("names every start value outside its bounds, reversed bounds included", () => {
    const options = { lower: Float64Array.of(0, 0, 2), upper: Float64Array.of(1, 1, 1) };
    expect(() => minimize(problems["quadratic"]!, Float64Array.of(0.5, NaN, 1.5), options)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        problems: [
          expect.objectContaining({ where: "start[1]" }),
          expect.objectContaining({ where: "start[2]" }),
        ],
      }),
    );
    expect(() => minimize(problems["quadratic"]!, new Float64Array(2), options)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

describe("the two quadratic models", () => {
  it("are the same matrix while no pair is dropped, and solve their free blocks", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (n, pairs, seed) => {
          const rng = createRng(seed);
          const vector = (): Float64Array => new Float64Array(n).map(() => rng.normal());
          const full = createFullModel(n);
          const compact = createCompactModel(n, pairs);
          // The full matrix starts from the scale of its first pair, the compact one from that of its last.
          const gradient = (s: Float64Array): Float64Array => s.map((v, i) => v * (1 + 0.5 * (i % 2)));
          const s = vector();
          full.update(s, gradient(s));
          compact.update(s, gradient(s));
          for (const model of [full, compact]) {
            const z = vector();
            const Bz = new Float64Array(n);
            model.multiply(s, Bz);
            gradient(s).forEach((y, i) => expect(Bz[i]).toBeCloseTo(y, 9)); // secant equation B s = y
            const free = Int32Array.from({ length: n }, (_, i) => i).filter((i) => i !== 1);
            const d = new Float64Array(n);
            expect(model.solveFree(free, free.length, z, d)).toBe(true);
            model.multiply(d, Bz);
            for (const i of free) expect(Bz[i]).toBeCloseTo(-z[i]!, 8);
          }
          const probe = vector();
          const [a, b] = [new Float64Array(n), new Float64Array(n)];
          full.multiply(probe, a);
          compact.multiply(probe, b);
          a.forEach((v, i) => expect(b[i]).toBeCloseTo(v, 9));
        },
      ),
    );
  });

  it("ignore a pair without positive curvature", () => {
    for (const model of [createFullModel(2), createCompactModel(2, 3)]) {
      model.update(Float64Array.of(1, 0), Float64Array.of(-1, 0));
      expect(model.learned).toBe(false);
      model.update(Float64Array.of(1, 0), Float64Array.of(3, 1));
      expect(model.learned).toBe(true);
      model.reset();
      const out = new Float64Array(2);
      model.multiply(Float64Array.of(1, 2), out);
      expect([model.learned, ...out]).toEqual([false, 1, 2]);
    }
  });
});
