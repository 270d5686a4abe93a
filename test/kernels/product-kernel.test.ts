import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levelCorrelation } from "../../src/kernels/categorical.js";
import type { RadialKernelName } from "../../src/kernels/kernel.js";
import { createProductKernel, type ProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, type Matrix, matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";

const names = Object.keys(radialKernels) as RadialKernelName[];
const kinds = ["continuous", "categorical", "continuous", "continuous", "categorical"] as const;
const lengthscales = Float64Array.of(0.4, 0.7, 1.3, 0.25, 2.1);

/** ρ between a point and every row of X. */
function correlations(kernel: ProductKernel, X: Matrix, ell: Float64Array, x: Float64Array): Float64Array {
  const inputs = kernel.scale(X, ell);
  const point = new Float64Array(kernel.dimension);
  kernel.scalePoint(inputs, x, point);
  const out = new Float64Array(X.rows);
  kernel.correlations(inputs, point, X.rows, out, new Float64Array(X.rows), 0);
  return out;
}

function randomInputs(n: number, seed: number): Matrix {
  const rng = createRng(seed);
  return matrixFromRows(
    Array.from({ length: n }, () =>
      kinds.map((kind) => (kind === "continuous" ? rng.uniform() : rng.integer(3))),
    ),
  );
}

/** The closed forms of Rasmussen & Williams (2006), section 4.2, written out with the engine's own functions. */
const closedForm: Readonly<Record<RadialKernelName, (r: number) => number>> = {
  "matern-1/2": (r) => Math.exp(-r),
  "matern-3/2": (r) => (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r),
  "matern-5/2": (r) => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r),
  rbf: (r) => Math.exp(-0.5 * r * r),
};

describe.each(names)("%s", (name) => {
  const radial = radialKernels[name];
  const kernel = createProductKernel(radial, kinds);
  const X = randomInputs(7, 2);
  const x = Float64Array.of(0.33, 1, 0.71, 0.48, 2);

  it("is its closed form of the scaled distance times the level correlations", () => {
    const found = correlations(kernel, X, lengthscales, x);
    for (let j = 0; j < X.rows; j++) {
      let r2 = 0;
      let factor = 1;
      kinds.forEach((kind, k) => {
        const step = x[k]! - X.data[j * 5 + k]!;
        if (kind === "continuous") r2 += (step / lengthscales[k]!) ** 2;
        else if (step !== 0) factor *= Math.exp(-1 / lengthscales[k]!);
      });
      expect(found[j]).toBeCloseTo(closedForm[name](Math.sqrt(r2)) * factor, 13);
    }
  });

  it("has a slope of −ρ′(r)/r", () => {
    const r = 0.83;
    const at = (distance: number): { rho: number; slope: number } => {
      const correlation = Float64Array.of(distance * distance);
      const slope = new Float64Array(1);
      radial.evaluate(0, 1, correlation, slope);
      return { rho: correlation[0]!, slope: slope[0]! };
    };
    const difference = (at(r + 1e-6).rho - at(r - 1e-6).rho) / 2e-6;
    expect(at(r).slope).toBeCloseTo(-difference / r, 8);
  });

  it("is 1 and finite where two points coincide", () => {
    const correlation = Float64Array.of(0);
    const slope = new Float64Array(1);
    radial.evaluate(0, 1, correlation, slope);
    expect(correlation[0]).toBe(1);
    expect(Number.isFinite(slope[0])).toBe(true);
  });

  it("has the lengthscale gradient of central differences, for every number of inputs seen", () => {
    for (const count of [0, 1, 4, 7]) {
      const inputs = kernel.scale(X, lengthscales);
      const point = new Float64Array(5);
      kernel.scalePoint(inputs, x, point);
      const rho = new Float64Array(10);
      const slope = new Float64Array(10);
      kernel.correlations(inputs, point, count, rho, slope, 3);
      const weights = Float64Array.of(0.3, -1.2, 0.8, 2.1, -0.4, 0.9, 1.7);
      const gradient = new Float64Array(5);
      kernel.addLengthscaleGradient(inputs, point, count, rho, slope, 3, weights.slice(), gradient);
      for (let k = 0; k < 5; k++) {
        const total = (delta: number): number => {
          const moved = lengthscales.map((value, i) => (i === k ? value * Math.exp(delta) : value));
          return correlations(kernel, X, moved, x).reduce(
            (sum, v, j) => sum + (j < count ? weights[j]! * v : 0),
            0,
          );
        };
        expect(gradient[k]).toBeCloseTo((total(1e-6) - total(-1e-6)) / 2e-6, 7);
      }
    }
  });

  it("has the input gradient of central differences, and none along categories", () => {
    const inputs = kernel.scale(X, lengthscales);
    const point = new Float64Array(5);
    kernel.scalePoint(inputs, x, point);
    const rho = new Float64Array(7);
    const slope = new Float64Array(7);
    kernel.correlations(inputs, point, 7, rho, slope, 0);
    const derivative = new Float64Array(7);
    kinds.forEach((kind, k) => {
      kernel.inputDerivative(inputs, point, k, slope, derivative);
      if (kind === "categorical") {
        expect([...derivative]).toEqual(new Array(7).fill(0));
        return;
      }
      const at = (delta: number): Float64Array =>
        correlations(
          kernel,
          X,
          lengthscales,
          x.map((value, i) => (i === k ? value + delta : value)),
        );
      const [up, down] = [at(1e-6), at(-1e-6)];
      derivative.forEach((value, j) => expect(value).toBeCloseTo((up[j]! - down[j]!) / 2e-6, 7));
    });
  });

  it("is positive definite over any distinct points, levels included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), (seed) => {
        const points = randomInputs(12, seed);
        const K = createMatrix(12, 12);
        for (let i = 0; i < 12; i++) {
          K.data.set(correlations(kernel, points, lengthscales, points.data.slice(5 * i, 5 * i + 5)), 12 * i);
          K.data[13 * i] = K.data[13 * i]! + 1e-10;
        }
        return cholesky(K).ok;
      }),
      { numRuns: 40 },
    );
  });
});

describe("the level correlation", () => {
  it("grows from nothing shared to everything shared", () => {
    expect(levelCorrelation(0.05)).toBeLessThan(1e-8);
    expect(levelCorrelation(1)).toBeCloseTo(Math.exp(-1), 15);
    expect(levelCorrelation(1e4)).toBeGreaterThan(0.9998);
  });
});
