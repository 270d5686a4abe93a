import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentsUnderNormal } from "../../src/surrogates/normal-moments.js";
import { createTransform, fitTransform, type OutcomeTransform } from "../../src/surrogates/transform.js";
import {
  profileLambda,
  yeoJohnson,
  yeoJohnsonInverse,
  yeoJohnsonLogSlope,
} from "../../src/surrogates/yeo-johnson.js";
import { createRng } from "../../src/math/rng.js";
import { readGolden } from "./read-golden.js";

const golden = readGolden("gp-yeo-johnson.scipy-1.17.1.json") as {
  readonly u: readonly number[];
  readonly transformed: readonly { lambda_: number; values: readonly number[]; logLikelihood: number }[];
  readonly best: number;
};

/** Every row a setting of its own. */
const single = (n: number): Int32Array => Int32Array.from({ length: n + 1 }, (_, i) => i);

const yj = (lambda: number): OutcomeTransform =>
  createTransform({
    kind: "yeo-johnson",
    center: 40,
    spread: 6,
    lambda,
    warpedCenter: 0.1,
    warpedSpread: 1.2,
  });

const transforms: readonly [string, OutcomeTransform][] = [
  ["identity", createTransform({ kind: "identity", center: 40, spread: 6 })],
  ["log", createTransform({ kind: "log", center: 3.5, spread: 0.4 })],
  ...[0, 0.3, 1, 1.4, 2].map((lambda): [string, OutcomeTransform] => [`Yeo–Johnson ${lambda}`, yj(lambda)]),
];

describe("the Yeo–Johnson transform, against SciPy 1.17.1", () => {
  it.each(golden.transformed.map((entry) => [entry.lambda_, entry] as const))("λ = %s", (lambda, entry) => {
    golden.u.forEach((u, i) => expect(yeoJohnson(u, lambda)).toBeCloseTo(entry.values[i]!, 12));
  });

  it("finds λ where SciPy's likelihood is largest, with the same gain", () => {
    const { lambda, gain } = profileLambda(
      Float64Array.from(golden.u),
      new Float64Array(golden.u.length).fill(1),
    );
    expect(lambda).toBeCloseTo(golden.best, 3);
    const at = (value: number): number =>
      golden.transformed.find((entry) => entry.lambda_ === value)!.logLikelihood;
    const near = golden.transformed.map((entry) => entry.logLikelihood - at(1));
    expect(gain).toBeGreaterThanOrEqual(Math.max(...near) - 1e-9);
  });

  it("is undone by its inverse over the whole line", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (u, lambda) => {
          const back = yeoJohnsonInverse(yeoJohnson(u, lambda), lambda);
          return Math.abs(back - u) <= 1e-10 * (1 + Math.abs(u));
        },
      ),
    );
  });

  it("has the slope of central differences", () => {
    for (const lambda of [0, 0.4, 1, 1.7, 2]) {
      for (const u of [-3, -0.2, 0.3, 4]) {
        const difference = (yeoJohnson(u + 1e-6, lambda) - yeoJohnson(u - 1e-6, lambda)) / 2e-6;
        expect(Math.exp(yeoJohnsonLogSlope(u, lambda))).toBeCloseTo(difference, 7);
      }
    }
  });
});

describe.each(transforms)("the %s transform", (name, transform) => {
  it("is strictly increasing and keeps order in extrapolation, far beyond the data", () => {
    const raw = [-1e4, -60, -1, 0.01, 1, 20, 40, 47, 100, 1e4].filter((y) => name !== "log" || y > 0);
    const model = raw.map((y) => transform.toModel(y));
    for (let k = 1; k < model.length; k++) expect(model[k]!).toBeGreaterThan(model[k - 1]!);
    const z = [-8, -3, -1, 0, 1, 3, 8].map((value) => transform.toRaw(value));
    for (let k = 1; k < z.length; k++) expect(z[k]!).toBeGreaterThan(z[k - 1]!);
  });

  it("is undone by toRaw", () => {
    for (const z of [-4, -0.6, 0, 0.2, 3]) expect(transform.toModel(transform.toRaw(z))).toBeCloseTo(z, 11);
  });

  it("has the slope of central differences", () => {
    const y = 43;
    const difference = (transform.toModel(y + 1e-5) - transform.toModel(y - 1e-5)) / 2e-5;
    expect(Math.exp(transform.logSlope(y))).toBeCloseTo(difference, 8);
  });

  it("has the raw mean and standard deviation of a brute-force integral", () => {
    for (const [mean, stdDev] of [
      [0.3, 0.05],
      [-0.5, 0.8],
      [1.2, 2],
    ] as const) {
      let [mass, first, second] = [0, 0, 0];
      for (let t = -14; t <= 14; t += 2e-4) {
        const weight = Math.exp(-0.5 * t * t);
        const y = transform.toRaw(mean + stdDev * t);
        mass += weight;
        first += weight * y;
        second += weight * y * y;
      }
      const expected = first / mass;
      const found = transform.rawMoments(mean, stdDev);
      expect(found.mean / expected).toBeCloseTo(1, 7);
      expect(found.stdDev / Math.sqrt(second / mass - expected * expected)).toBeCloseTo(1, 6);
    }
  });
});

describe("moments under a normal distribution", () => {
  it("are exact for a square", () => {
    const { mean, stdDev } = momentsUnderNormal((w) => w * w, 1.5, 0.7, 0);
    expect(mean).toBeCloseTo(1.5 ** 2 + 0.7 ** 2, 10);
    expect(stdDev).toBeCloseTo(Math.sqrt(2 * 0.7 ** 4 + 4 * 1.5 ** 2 * 0.7 ** 2), 9);
  });

  it("are those of the log-normal distribution for e^w, although its tail is far out", () => {
    const { mean, stdDev } = momentsUnderNormal(Math.exp, 0.2, 2.5, 0);
    expect(mean / Math.exp(0.2 + 2.5 ** 2 / 2)).toBeCloseTo(1, 8);
    expect(stdDev / (mean * Math.sqrt(Math.expm1(2.5 ** 2)))).toBeCloseTo(1, 6);
  });

  it("are a point for no variance", () => {
    expect(momentsUnderNormal(Math.exp, 1, 0, 0)).toEqual({ mean: Math.E, stdDev: 0 });
  });
});

describe("fitting a transform", () => {
  const skewed = (n: number): Float64Array => {
    const rng = createRng(4);
    return Float64Array.from({ length: n }, () => Math.exp(1.2 * rng.normal())).sort();
  };

  it("standardises to mean 0 and variance 1", () => {
    const y = Float64Array.of(3, 5, 6, 10);
    const transform = fitTransform(y, single(4), "identity");
    const z = Array.from(y, (value) => transform.toModel(value));
    expect(z.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(z.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 12);
  });

  it("warps a skewed outcome, and makes it less skewed", () => {
    const y = skewed(40);
    const transform = fitTransform(y, single(40), "auto");
    expect(transform.record.kind).toBe("yeo-johnson");
    const skewness = (values: readonly number[]): number =>
      values.reduce((sum, z) => sum + z ** 3, 0) / values.length;
    const plain = fitTransform(y, single(40), "identity");
    const before = skewness(Array.from(y, (value) => plain.toModel(value)));
    expect(before).toBeGreaterThan(1.5);
    expect(Math.abs(skewness(Array.from(y, (value) => transform.toModel(value))))).toBeLessThan(0.5 * before);
  });

  it("does not trust a warp below 10 settings, nor one that gains little", () => {
    expect(fitTransform(skewed(9), single(9), "auto").record.kind).toBe("identity");
    const rng = createRng(2);
    const normal = Float64Array.from({ length: 60 }, () => rng.normal()).sort();
    expect(fitTransform(normal, single(60), "auto").record.kind).toBe("identity");
  });

  it("counts settings, not rows: ninefold replicates of 9 settings teach no warp", () => {
    const rows = Array.from(skewed(9)).flatMap((value) => new Array<number>(9).fill(value));
    const starts = Int32Array.from({ length: 10 }, (_, g) => 9 * g);
    expect(fitTransform(Float64Array.from(rows), starts, "auto").record.kind).toBe("identity");
  });

  it("never warps on an explicit scale", () => {
    expect(fitTransform(skewed(40), single(40), "identity").record.kind).toBe("identity");
    expect(fitTransform(skewed(40), single(40), "log").record.kind).toBe("log");
  });

  it("gives a replicated setting the weight of one, so that a thousand repeats do not move the centre", () => {
    const y = Float64Array.from([...new Array<number>(1000).fill(10), 20, 30]);
    const { record } = fitTransform(y, Int32Array.of(0, 1000, 1001, 1002), "identity");
    expect(record.center).toBeCloseTo(20, 10);
    expect(record.spread).toBeCloseTo(10, 10);
  });

  it("counts the scatter within settings as part of the spread", () => {
    const { record } = fitTransform(Float64Array.of(9, 11, 9, 11), Int32Array.of(0, 2, 4), "identity");
    expect(record.center).toBe(10);
    expect(record.spread).toBeCloseTo(1, 12);
  });
});
