import { describe, expect, it } from "vitest";
import { CellwrightError } from "../../src/errors.js";
import { cholesky, choleskySolve, logDetFromCholesky } from "../../src/math/cholesky.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { type EvidenceGradient, linearEvidence } from "../../src/surrogates/linear-evidence.js";
import { designMatrix, quadraticTerms } from "../../src/surrogates/quadratic-features.js";
import { fitResponseSurface } from "../../src/surrogates/response-surface.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";
import type { InputDimension } from "../../src/surrogates/surrogate.js";

const inputs: readonly InputDimension[] = [
  { name: "load", kind: "continuous" },
  { name: "speed", kind: "continuous" },
  { name: "web", kind: "categorical", levels: 2 },
];

describe("the terms of a quadratic surface", () => {
  it("are intercept, main effects, squares and two-factor interactions", () => {
    expect(quadraticTerms(inputs).map(({ name }) => name)).toEqual([
      "intercept",
      "load",
      "speed",
      "web = level 0",
      "web = level 1",
      "load²",
      "speed²",
      "load × speed",
      "load × web = level 0",
      "load × web = level 1",
      "speed × web = level 0",
      "speed × web = level 1",
    ]);
  });

  it("use coded units: −1 to 1 over a parameter's range", () => {
    const terms = quadraticTerms(inputs.slice(0, 2));
    const values = designMatrix(terms, matrixFromRows([[0, 1]])).data;
    expect([...values]).toEqual([1, -1, 1, 1 - 1 / 3, 1 - 1 / 3, -1]);
  });
});

describe("the evidence of a Bayesian linear model", () => {
  const rng = createRng(6);
  const n = 9;
  const X = matrixFromRows(Array.from({ length: n }, () => [rng.uniform(), rng.uniform(), rng.integer(2)]));
  const statistics: SettingStatistics = {
    X,
    mean: Float64Array.from({ length: n }, () => rng.normal()),
    count: Float64Array.from({ length: n }, (_, g) => 1 + (g % 3)),
    scatter: Float64Array.from({ length: n }, (_, g) => (g % 3) * 0.07),
    knownVariance: Float64Array.from({ length: n }, (_, g) => (g % 2) * 0.05),
    noiseLevel: Int32Array.from({ length: n }, (_, g) => g % 2),
    levels: 2,
  };
  const Phi = designMatrix(quadraticTerms(inputs), X);
  const p = Phi.cols;
  const hyper = (x: Float64Array) => ({
    coefficientVariance: Float64Array.from({ length: p }, (_, j) => Math.exp(x[0]!) * (1 + j / 10)),
    lackOfFit: Math.exp(x[1]!),
    noiseVariance: Float64Array.of(Math.exp(x[2]!), Math.exp(x[3]!)),
  });
  const x0 = Float64Array.of(-0.4, -2.2, -1.5, -0.7);

  it("is the density of the data under the covariance ΦΛΦ^T + D, with replicates", () => {
    const { coefficientVariance, lackOfFit, noiseVariance } = hyper(x0);
    const A = createMatrix(n, n);
    let replicates = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        A.data[i * n + j] = coefficientVariance.reduce(
          (sum, variance, k) => sum + variance * Phi.data[i * p + k]! * Phi.data[j * p + k]!,
          0,
        );
      }
      const noise = noiseVariance[i % 2]! + statistics.knownVariance[i]!;
      const c = statistics.count[i]!;
      A.data[i * n + i] = A.data[i * n + i]! + lackOfFit + noise / c;
      replicates -=
        0.5 * ((c - 1) * Math.log(2 * Math.PI * noise) + Math.log(c) + statistics.scatter[i]! / noise);
    }
    const factor = cholesky(A);
    expect(factor.ok).toBe(true);
    const L = (factor as { L: typeof A }).L;
    const alpha = choleskySolve(L, statistics.mean);
    const quadratic = alpha.reduce((sum, value, i) => sum + value * statistics.mean[i]!, 0);
    const expected = -0.5 * (quadratic + logDetFromCholesky(L) + n * Math.log(2 * Math.PI)) + replicates;
    expect(linearEvidence(Phi, statistics, hyper(x0))?.value).toBeCloseTo(expected, 9);
  });

  it("has the gradients of central differences", () => {
    const slopes: EvidenceGradient = {
      coefficient: new Float64Array(p),
      lackOfFit: 0,
      noise: new Float64Array(2),
    };
    linearEvidence(Phi, statistics, hyper(x0), slopes);
    const found = [
      slopes.coefficient.reduce((sum, value) => sum + value, 0),
      slopes.lackOfFit,
      ...slopes.noise,
    ];
    found.forEach((value, k) => {
      const at = (delta: number): number =>
        linearEvidence(Phi, statistics, hyper(x0.map((v, i) => (i === k ? v + delta : v))))!.value;
      expect(value).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
    });
  });
});

describe("a response surface", () => {
  const rng = createRng(2);
  const rows = Array.from({ length: 60 }, () => [rng.uniform(), rng.uniform(), rng.integer(2)]);
  // In coded units a, b: 20 + 3a − 2b + 1.5a² + ab, and 2 more on level 1.
  const truth = ([x, y, web]: readonly number[]): number => {
    const [a, b] = [2 * x! - 1, 2 * y! - 1];
    return 20 + 3 * a - 2 * b + 1.5 * a * a + a * b + 2 * web!;
  };
  const y = Float64Array.from(rows, (row) => truth(row) + 0.1 * rng.normal());
  const model = fitResponseSurface({ inputs, X: matrixFromRows(rows), y }, { scale: "identity" });

  it("recovers a quadratic", () => {
    const test = [
      [0.2, 0.3, 0],
      [0.9, 0.1, 1],
      [0.5, 0.5, 1],
    ];
    const { mean, stdDev } = model.predict(matrixFromRows(test));
    test.forEach((row, i) => {
      expect(Math.abs(mean[i]! - truth(row))).toBeLessThan(0.15);
      expect(stdDev[i]).toBeLessThan(0.1);
    });
  });

  it("tells its effects in the outcome's unit per half range", () => {
    const description = model.describe();
    expect(description["effect of load"]).toBeCloseTo(3, 0);
    expect(description["effect of speed"]).toBeCloseTo(-2, 0);
    expect(description["effect of load²"]).toBeCloseTo(1.5, 0);
    expect(description["effect of load × speed"]).toBeCloseTo(1, 0);
    expect(description["lack of fit standard deviation"]).toBe(0);
    expect(description["noise standard deviation"]).toBeCloseTo(0.1, 1);
  });

  it("is less sure where it extrapolates", () => {
    const { stdDev } = model.predict(
      matrixFromRows([
        [0.5, 0.5, 0],
        [2, 2, 0],
      ]),
    );
    expect(stdDev[1]!).toBeGreaterThan(3 * stdDev[0]!);
  });

  it("tells lack of fit from pure error where settings are replicated", () => {
    const settings = Array.from({ length: 15 }, () => [rng.uniform(), rng.uniform(), 0]);
    const replicated = settings.flatMap((row) => [row, row, row, row]);
    const bumps = (row: readonly number[]): number =>
      truth(row) + 1.5 * Math.sin(25 * row[0]!) * Math.cos(23 * row[1]!);
    const outcomes = Float64Array.from(replicated, (row) => bumps(row) + 0.05 * rng.normal());
    const fitted = fitResponseSurface(
      { inputs, X: matrixFromRows(replicated), y: outcomes },
      { scale: "identity" },
    );
    const description = fitted.describe();
    expect(description["lack of fit standard deviation"]).toBeGreaterThan(
      5 * Number(description["noise standard deviation"]),
    );
    const posterior = fitted.predict(matrixFromRows([matrixRow(matrixFromRows(settings), 0)]));
    const latent = posterior.quantile(0.975, "latent")[0]! - posterior.quantile(0.025, "latent")[0]!;
    expect(latent).toBeGreaterThan(0.5);
  });

  it("takes many rows and can be cancelled", () => {
    const many = Array.from({ length: 3000 }, () => [rng.uniform(), rng.uniform(), 0]);
    const fitted = fitResponseSurface({ inputs, X: matrixFromRows(many), y: Float64Array.from(many, truth) });
    expect(fitted.predict(matrixFromRows([[0.3, 0.4, 0]])).mean[0]).toBeCloseTo(truth([0.3, 0.4, 0]), 2);
    const cancelled = () =>
      fitResponseSurface({ inputs, X: matrixFromRows(rows), y }, { signal: AbortSignal.abort() });
    expect(cancelled).toThrow(CellwrightError);
  });
});
