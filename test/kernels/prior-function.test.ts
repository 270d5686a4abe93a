import { describe, expect, it } from "vitest";
import type { RadialKernelName } from "../../src/kernels/kernel.js";
import { drawPriorFunction } from "../../src/kernels/prior-function.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";

const X = matrixFromRows([
  [0.1, 0.9, 0, 1],
  [0.3, 0.8, 0, 1],
  [0.3, 0.8, 2, 1],
  [0.3, 0.8, 1, 0],
  [0.9, 0.1, 1, 0],
]);
const levels = [0, 0, 3, 2];
const lengthscales = Float64Array.of(0.5, 0.8, 1.2, 0.7);
const kinds = levels.map((count) => (count === 0 ? "continuous" : "categorical"));
const COUNT = 2000;

describe("functions drawn from a prior", () => {
  it.each<RadialKernelName>(["matern-1/2", "matern-3/2", "matern-5/2", "rbf"])(
    "have the covariance of the %s kernel with its categorical factors",
    (radial) => {
      const kernel = createProductKernel(radialKernels[radial], kinds);
      const inputs = kernel.scale(X, lengthscales);
      const functions = Array.from({ length: COUNT }, (_, s) =>
        drawPriorFunction({ radial, levels, lengthscales }, createRng(7).fork(`${s}`)),
      );
      const values = functions.map((f) => Array.from({ length: X.rows }, (_, i) => f.value(matrixRow(X, i))));
      const point = new Float64Array(4);
      const row = new Float64Array(X.rows);
      for (let i = 0; i < X.rows; i++) {
        kernel.pointOf(inputs, i, point);
        kernel.correlations(inputs, point, X.rows, row, new Float64Array(X.rows), 0);
        for (let j = 0; j < X.rows; j++) {
          const found = values.reduce((sum, f) => sum + f[i]! * f[j]!, 0) / COUNT;
          expect(Math.abs(found - row[j]!)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(COUNT));
        }
        const mean = values.reduce((sum, f) => sum + f[i]!, 0) / COUNT;
        expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(COUNT));
      }
    },
  );

  it("have the gradient of central differences", () => {
    const f = drawPriorFunction({ radial: "matern-5/2", levels, lengthscales }, createRng(1));
    const x = Float64Array.of(0.4, 0.2, 1, 0);
    const gradient = new Float64Array(4);
    expect(f.valueAndGradient(x, gradient)).toBe(f.value(x));
    for (const k of [0, 1]) {
      const at = (delta: number): number => f.value(x.map((value, i) => (i === k ? value + delta : value)));
      expect(gradient[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5);
    }
    expect([gradient[2], gradient[3]]).toEqual([0, 0]);
  });
});
