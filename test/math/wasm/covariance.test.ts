import { beforeEach, describe, expect, it } from "vitest";
import type { Matrix } from "../../../src/math/matrix.js";
import { createRng } from "../../../src/math/rng.js";
import { layOutInputs, writeInputs } from "../../../src/math/wasm/correlated-inputs.js";
import {
  type CovarianceFactor,
  fillCovariance,
  withCovarianceFactorWasm,
} from "../../../src/math/wasm/covariance.js";
import type { Indefinite } from "../../../src/math/wasm/factor.js";
import { readLower, triangleSize } from "../../../src/math/wasm/tiles.js";
import { memoryBytes, memoryNumbers, withWorkingMemory } from "../../../src/math/wasm/working-memory.js";
import { factorCovariancePlain, plainCovariance } from "../../../src/surrogates/plain-covariance.js";
import { type Example, exampleInputs, KINDS, RADIALS } from "./example-inputs.js";
import { spoilMemory } from "./spoil-memory.js";

/** The covariance that the kernels fill, lower triangle. */
function filled({ correlated }: Example, signalVariance: number, noise: Float64Array): Matrix {
  const layout = layOutInputs(correlated);
  return withWorkingMemory((memory) => {
    const columns = memory.allocate(layout.size);
    const A = memory.allocate(triangleSize(layout.T));
    writeInputs(correlated, layout, columns);
    fillCovariance(layout, columns, signalVariance, noise, A, memory);
    return readLower(memoryNumbers(), A / 8, layout.n, false);
  });
}

function noiseOf(n: number): Float64Array {
  const rng = createRng(n);
  return Float64Array.from({ length: n }, () => 0.01 + 0.1 * rng.uniform());
}

/** Everything that a likelihood asks of a factor, or the pivot. */
function answers(factor: CovarianceFactor | Indefinite, z: Float64Array): Float64Array[] | number {
  if (!factor.ok) return factor.pivot;
  const alpha = factor.solve(z);
  const { lengthscales, inverseDiagonal } = factor.likelihoodSums(alpha);
  return [factor.diagonal(), alpha, lengthscales, inverseDiagonal];
}

function largestRelativeError(found: Float64Array, expected: Float64Array): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!) / scale), 0);
}

beforeEach(spoilMemory);

describe("covariances by the kernels", () => {
  for (const radial of RADIALS) {
    it(`have the bits of plain code: ${radial}`, () => {
      for (const kinds of KINDS) {
        for (const n of [1, 2, 3, 4, 5, 17, 30]) {
          const example = exampleInputs(n, kinds, radial, 10 * n);
          const noise = noiseOf(n);
          const plain = plainCovariance(example.kernel, example.inputs, 1.7, noise);
          expect(filled(example, 1.7, noise)).toEqual(plain.A);
        }
      }
    });

    it(`give solves and likelihood sums of plain code up to rounding: ${radial}`, () => {
      for (const kinds of KINDS) {
        for (const n of [1, 4, 7, 33, 90]) {
          const { kernel, inputs, correlated } = exampleInputs(n, kinds, radial, 3 * n);
          const noise = noiseOf(n);
          const rng = createRng(n);
          const z = Float64Array.from({ length: n }, () => rng.normal());
          const plain = answers(factorCovariancePlain(kernel, inputs, 1.7, noise), z) as Float64Array[];
          spoilMemory();
          const wasm = withCovarianceFactorWasm(correlated, 1.7, noise, (factor) => answers(factor, z));
          (wasm as Float64Array[]).forEach((values, k) => {
            // Condition up to 90 · 1.7/0.01, times n·ε.
            expect(largestRelativeError(values, plain[k]!)).toBeLessThan(1e-9);
          });
        }
      }
    });
  }

  it("have lengthscale gradients that differences of the log likelihood confirm", () => {
    const n = 40;
    const kinds = ["continuous", "categorical", "continuous"] as const;
    const { kernel, X, lengthscales } = exampleInputs(n, kinds, "matern-5/2", 5);
    const noise = noiseOf(n);
    const rng = createRng(1);
    const z = Float64Array.from({ length: n }, () => rng.normal());
    const likelihood = (ls: Float64Array): { value: number; gradient: Float64Array } => {
      const inputs = { ...kernel.scale(X, ls), radial: kernel.radial.name, categorical: kernel.categorical };
      return withCovarianceFactorWasm(inputs, 1.7, noise, (factor) => {
        if (!factor.ok) throw new Error("indefinite");
        const alpha = factor.solve(z);
        const value = factor.diagonal().reduce((sum, l) => sum - Math.log(l), 0);
        const quadratic = alpha.reduce((sum, a, i) => sum + a * z[i]!, 0);
        return { value: value - 0.5 * quadratic, gradient: factor.likelihoodSums(alpha).lengthscales };
      });
    };
    const { gradient } = likelihood(lengthscales);
    const h = 1e-5;
    kinds.forEach((_, k) => {
      const at = (sign: number): number =>
        likelihood(lengthscales.map((value, j) => (j === k ? value * Math.exp(sign * h) : value))).value;
      expect(gradient[k]).toBeCloseTo((at(1) - at(-1)) / (2 * h), 6);
    });
  });

  it("that are not positive definite name the row of plain code", () => {
    const { kernel, inputs, correlated } = exampleInputs(50, ["continuous"], "rbf", 2);
    const noise = new Float64Array(50).fill(0.1);
    noise[37] = -2;
    const z = new Float64Array(50);
    const pivot = answers(factorCovariancePlain(kernel, inputs, 1, noise), z);
    expect(typeof pivot).toBe("number");
    expect(withCovarianceFactorWasm(correlated, 1, noise, (factor) => answers(factor, z))).toBe(pivot);
  });

  it("with an input that is not a number are an outcome", () => {
    const { correlated } = exampleInputs(20, ["continuous", "continuous"], "matern-5/2", 2);
    correlated.columns[7] = NaN;
    const found = withCovarianceFactorWasm(correlated, 1, noiseOf(20), (factor) =>
      factor.ok ? -1 : factor.pivot,
    );
    expect(found).toBe(7);
  });

  it("of inputs so far apart that correlations vanish are diagonal", () => {
    const example = exampleInputs(20, ["continuous"], "matern-5/2", 2);
    for (let i = 0; i < 20; i++) example.correlated.columns[i] = i * 1e150;
    const A = filled(example, 2, new Float64Array(20));
    for (let i = 0; i < 20; i++)
      for (let j = 0; j <= i; j++) expect(A.data[i * 20 + j]).toBe(i === j ? 2 : 0);
  });

  it("use no more memory after a thousand of them", () => {
    const { correlated } = exampleInputs(60, ["continuous", "categorical"], "matern-5/2", 2);
    const z = new Float64Array(60).fill(1);
    const run = (): void =>
      withCovarianceFactorWasm(correlated, 1, noiseOf(60), (factor) => void answers(factor, z));
    run();
    const before = memoryBytes();
    for (let k = 0; k < 1000; k++) run();
    expect(memoryBytes()).toBe(before);
  });
});
