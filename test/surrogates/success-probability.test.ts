import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { exp, log } from "../../src/math/elementary.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { type ProbitProblem, probitMode } from "../../src/surrogates/probit-laplace.js";
import { fitSuccessProbability } from "../../src/surrogates/success-probability.js";
import type { InputDimension } from "../../src/surrogates/surrogate.js";

interface Golden {
  readonly cases: readonly {
    readonly X: number[][];
    readonly labels: number[];
    readonly lengthscales: number[];
    readonly signalVariance: number;
    readonly base: number;
    readonly latent: number[];
    readonly logEvidence: number;
  }[];
}
const golden = JSON.parse(readFileSync("test/golden/probit-laplace.scipy-1.17.1.json", "utf8")) as Golden;

function problemOf(rows: readonly number[][], labels: readonly number[], base: number): ProbitProblem {
  const kinds = rows[0]!.map(() => "continuous" as const);
  return {
    kernel: createProductKernel(radialKernels["matern-5/2"], kinds),
    X: matrixFromRows(rows),
    labels: Int8Array.from(labels),
    base,
  };
}

describe("probitMode", () => {
  it.each(golden.cases)("finds the mode and the evidence that SciPy finds", (one) => {
    const found = probitMode(
      problemOf(one.X, one.labels, one.base),
      Float64Array.from(one.lengthscales),
      one.signalVariance,
    );
    expect(found.logEvidence).toBeCloseTo(one.logEvidence, 7);
    found.latent.forEach((f, i) => expect(f).toBeCloseTo(one.latent[i]!, 6));
  });

  it.each(golden.cases)("has the gradient that differences of the evidence have", (one) => {
    const problem = problemOf(one.X, one.labels, one.base);
    const d = one.lengthscales.length;
    const at = (theta: Float64Array, gradient?: Float64Array): number =>
      probitMode(problem, theta.slice(0, d).map(exp), exp(theta[d]!), gradient).logEvidence;
    const theta = Float64Array.from([...one.lengthscales, one.signalVariance], log);
    const gradient = new Float64Array(d + 1);
    at(theta, gradient);
    for (let k = 0; k <= d; k++) {
      const step = (sign: number): number => at(theta.map((t, j) => (j === k ? t + sign * 1e-3 : t)));
      expect(gradient[k]).toBeCloseTo((step(1) - step(-1)) / 2e-3, 5);
    }
  });
});

const continuous = (d: number): InputDimension[] =>
  Array.from({ length: d }, (_, k) => ({ name: `x${k}`, kind: "continuous" }));

function simulated(count: number, fails: (x: readonly number[]) => boolean, seed = 1) {
  const rng = createRng(seed);
  const rows = Array.from({ length: count }, () => [rng.uniform(), rng.uniform()]);
  return { inputs: continuous(2), X: matrixFromRows(rows), succeeded: rows.map((x) => !fails(x)) };
}
const chance = (model: ReturnType<typeof fitSuccessProbability>, ...x: number[]): number =>
  exp(model.logAt(Float64Array.from(x)));

describe("fitSuccessProbability", () => {
  it("learns from the first failure on: less there than far from it", () => {
    const data = {
      inputs: continuous(1),
      X: matrixFromRows([[0.1], [0.3], [0.5], [0.7], [1]]),
      succeeded: [true, true, true, true, false],
    };
    const model = fitSuccessProbability(data);
    expect(model).toMatchObject({ rows: 5, failures: 1 });
    expect(chance(model, 1)).toBeLessThan(0.6);
    expect(chance(model, 0.2)).toBeGreaterThan(0.8);
    expect(chance(model, 0.9)).toBeLessThan(chance(model, 0.6));
  });

  it("finds the side that fails, and is calibrated on new settings", () => {
    const fails = (x: readonly number[]): boolean => x[0]! + 0.3 * x[1]! > 0.9;
    const model = fitSuccessProbability(simulated(60, fails));
    const fresh = simulated(400, fails, 2);
    let [brier, expected, failed] = [0, 0, 0];
    fresh.succeeded.forEach((ok, i) => {
      const p = chance(model, ...fresh.X.data.subarray(2 * i, 2 * i + 2));
      brier += (p - Number(ok)) ** 2 / 400;
      expected += (1 - p) / 400;
      failed += Number(!ok) / 400;
    });
    const share = failed;
    expect(brier).toBeLessThan(0.5 * share * (1 - share));
    expect(Math.abs(expected - failed)).toBeLessThan(0.06);
  });

  it("falls back to the rate of success far from all runs, and takes repeated settings with different ends", () => {
    const X = matrixFromRows([[0], [0], [0], [0.01]]);
    const model = fitSuccessProbability({
      inputs: continuous(1),
      X,
      succeeded: [true, false, true, false],
    });
    expect(chance(model, 0)).toBeGreaterThan(0.35);
    expect(chance(model, 0)).toBeLessThan(0.65);
    expect(chance(model, 1e6)).toBeCloseTo(0.5, 6);
  });

  it("has the input gradient that differences have, none along categories", () => {
    const data = simulated(30, (x) => x[0]! > 0.7);
    const inputs: InputDimension[] = [...data.inputs, { name: "mode", kind: "categorical", levels: 2 }];
    const X = matrixFromRows(
      data.succeeded.map((_, i) => [...data.X.data.subarray(2 * i, 2 * i + 2), i % 2]),
    );
    const model = fitSuccessProbability({ inputs, X, succeeded: data.succeeded });
    const x = Float64Array.from([0.63, 0.4, 1]);
    const gradient = new Float64Array(3);
    model.logAt(x, gradient);
    for (const k of [0, 1]) {
      const step = (sign: number): number => model.logAt(x.map((v, j) => (j === k ? v + sign * 1e-5 : v)));
      expect(gradient[k]).toBeCloseTo((step(1) - step(-1)) / 2e-5, 6);
    }
    expect(gradient[2]).toBe(0);
  });

  it("keeps to the rows about the failures where there are many", () => {
    const fails = (x: readonly number[]): boolean => x[0]! > 0.95;
    const model = fitSuccessProbability(simulated(1500, fails));
    expect(model.rows).toBe(1500);
    expect(chance(model, 0.99, 0.5)).toBeLessThan(0.4);
    expect(chance(model, 0.2, 0.5)).toBeGreaterThan(0.9);
  });

  it("refuses to learn from nothing", () => {
    const none = { inputs: continuous(1), X: { rows: 0, cols: 1, data: new Float64Array(0) }, succeeded: [] };
    expect(() => fitSuccessProbability(none)).toThrow("at least one run");
  });
});
