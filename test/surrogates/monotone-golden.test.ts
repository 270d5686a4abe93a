import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { slopeCorrelations, type SmoothKernelName } from "../../src/kernels/slope-covariance.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { propagateSigns } from "../../src/surrogates/sign-propagation.js";
import { readGolden } from "./read-golden.js";

interface CovarianceCase {
  readonly kernel: SmoothKernelName;
  readonly X: readonly number[][];
  readonly lengthscales: readonly number[];
  /** Blocks per point of the value and its d partial derivatives. */
  readonly covariance: readonly number[][];
}

interface SignCase {
  readonly mean: readonly number[];
  readonly covariance: readonly number[][];
  readonly sign: readonly number[];
  readonly slack: readonly number[];
  readonly posteriorMean: readonly number[];
  readonly posteriorCovariance: readonly number[][];
  readonly logProbability: number;
  readonly sampledMean?: readonly number[];
  readonly sampledStdDev?: readonly number[];
  readonly exactLogProbability?: number;
}

describe("covariances with derivatives", () => {
  for (const golden of readGolden("monotone.gpytorch-1.15.2.json") as readonly CovarianceCase[]) {
    const d = golden.lengthscales.length;
    it(`agree with GPyTorch: ${golden.kernel}, ${d} inputs`, () => {
      const kernel = createProductKernel(
        radialKernels[golden.kernel],
        golden.lengthscales.map(() => "continuous" as const),
      );
      const n = golden.X.length;
      const inputs = kernel.scale(matrixFromRows(golden.X), Float64Array.from(golden.lengthscales));
      const point = new Float64Array(d);
      const out = new Float64Array(n);
      for (let a = 0; a < d; a++) {
        const correlations = slopeCorrelations(kernel, inputs, new Int32Array(n).fill(a));
        for (let i = 0; i < n; i++) {
          kernel.pointOf(inputs, i, point);
          correlations.withValue(point, out);
          out.forEach((found, j) =>
            expect(Math.abs(found - golden.covariance[i * (d + 1)]![j * (d + 1) + 1 + a]!)).toBeLessThan(
              1e-8,
            ),
          );
          for (let b = 0; b < d; b++) {
            correlations.withSlope(point, b, out);
            out.forEach((found, j) => {
              const expected = golden.covariance[i * (d + 1) + 1 + b]![j * (d + 1) + 1 + a]!;
              expect(Math.abs(found - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected)));
            });
          }
        }
      }
    });
  }
});

describe("Gaussian quantities whose signs are told", () => {
  for (const golden of readGolden("monotone-signs.scipy-1.17.1.json") as readonly SignCase[]) {
    const m = golden.mean.length;
    const found = propagateSigns({
      mean: Float64Array.from(golden.mean),
      covariance: matrixFromRows(golden.covariance),
      sign: Float64Array.from(golden.sign),
      slack: Float64Array.from(golden.slack),
    });

    it(`have the moments of an independent propagation: ${m} of them`, () => {
      expect(found.converged).toBe(true);
      golden.posteriorMean.forEach((value, i) => expect(Math.abs(found.mean[i]! - value)).toBeLessThan(1e-7));
      golden.posteriorCovariance.flat().forEach((value, i) => {
        expect(Math.abs(found.covariance.data[i]! - value)).toBeLessThan(1e-7);
      });
      expect(Math.abs(found.logProbability - golden.logProbability)).toBeLessThan(1e-6);
    });

    if (golden.sampledMean === undefined) continue;
    it(`have the moments of a sampler and the exact probability: ${m} of them`, () => {
      golden.sampledMean!.forEach((value, i) => {
        // 60,000 dependent draws: a few hundredths of a standard deviation.
        const spread = golden.sampledStdDev![i]!;
        expect(Math.abs(found.mean[i]! - value)).toBeLessThan(0.05 * spread);
        expect(Math.abs(Math.sqrt(found.covariance.data[i * m + i]!) - spread)).toBeLessThan(0.05 * spread);
      });
      expect(Math.abs(found.logProbability - golden.exactLogProbability!)).toBeLessThan(0.01);
    });
  }
});
