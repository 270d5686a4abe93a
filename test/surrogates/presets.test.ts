import { describe, expect, it } from "vitest";
import type { RadialKernelName } from "../../src/kernels/kernel.js";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { matrixFromRows } from "../../src/math/matrix.js";
import { createRng } from "../../src/math/rng.js";
import { maximizePosterior } from "../../src/surrogates/maximum-a-posteriori.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import { defaultPreset } from "../../src/surrogates/presets/default.js";
import { hvarfner2024 } from "../../src/surrogates/presets/hvarfner-2024.js";
import { gammaPrior, logNormalPrior, type Prior } from "../../src/surrogates/prior.js";
import { settingStatistics } from "../../src/surrogates/setting-statistics.js";
import { arrangeRows } from "../../src/surrogates/training-rows.js";
import { createTransform } from "../../src/surrogates/transform.js";
import { readGolden } from "./read-golden.js";

const golden = readGolden("gp-presets.botorch-0.18.1.json") as {
  readonly gamma: readonly { shape: number; rate: number; x: number; logDensity: number }[];
  readonly dimensionScaled: readonly { dimension: number; x: number; logDensity: number; mode: number }[];
  readonly noise: { x: number; logDensity: number; mode: number };
  readonly fits: readonly {
    kernel: RadialKernelName;
    X: readonly number[][];
    y: readonly number[];
    logPosterior: number;
    lengthscales: readonly number[];
    noiseVariance: number;
    constant: number;
    test: readonly number[][];
    posteriorMean: readonly number[];
    posteriorVariance: readonly number[];
  }[];
};

describe("priors, against BoTorch 0.18.1", () => {
  it.each(golden.gamma.map((entry) => [`Gamma(${entry.shape}, ${entry.rate})`, entry] as const))(
    "%s",
    (_, entry) => {
      expect(gammaPrior(entry.shape, entry.rate).logDensity(Math.log(entry.x))).toBeCloseTo(
        entry.logDensity,
        10,
      );
    },
  );

  it.each(golden.dimensionScaled.map((entry) => [entry.dimension, entry] as const))(
    "dimension-scaled lengthscales, d = %s: density, and the mode as start",
    (dimension, entry) => {
      const { prior, range } = hvarfner2024.lengthscale(dimension);
      expect(prior.logDensity(Math.log(entry.x))).toBeCloseTo(entry.logDensity, 10);
      expect(range.start).toBeCloseTo(entry.mode, 12);
    },
  );

  it("noise variance, LogNormal(−4, 1)", () => {
    const { prior, range } = hvarfner2024.noiseVariance;
    expect(prior.logDensity(Math.log(golden.noise.x))).toBeCloseTo(golden.noise.logDensity, 10);
    expect(range.start).toBeCloseTo(golden.noise.mode, 12);
  });

  it("have the gradients of central differences", () => {
    const priors: readonly Prior[] = [gammaPrior(3, 6), logNormalPrior(-4, 1)];
    for (const prior of priors) {
      const difference = (prior.logDensity(-1 + 1e-6) - prior.logDensity(-1 - 1e-6)) / 2e-6;
      expect(prior.gradient(-1)).toBeCloseTo(difference, 7);
    }
  });
});

describe("a fit with dimension-scaled priors, against BoTorch's SingleTaskGP", () => {
  it.each(golden.fits.map((entry) => [entry.kernel, entry] as const))(
    "%s: at least as good an optimum",
    (kernelName, entry) => {
      const kinds = entry.X[0]!.map(() => "continuous" as const);
      const rows = arrangeRows({
        inputs: kinds.map((kind, k) => ({ name: `x${k}`, kind })),
        X: matrixFromRows(entry.X),
        y: Float64Array.from(entry.y),
      });
      const statistics = settingStatistics(rows, createTransform({ kind: "identity", center: 0, spread: 1 }));
      const kernel = createProductKernel(radialKernels[kernelName], kinds);
      const found = maximizePosterior(statistics, kernel, hvarfner2024, {
        randomStarts: 4,
        rng: createRng(1),
      });
      // The peer's optimiser stops within 1e-5 nats of the optimum.
      expect(found.logPosterior).toBeGreaterThan(entry.logPosterior - 1e-4);
      expect(found.logPosterior).toBeLessThan(entry.logPosterior + 0.01);
      const posterior = conditionGaussianProcess(
        statistics,
        kernel,
        found.hyperparameters,
        hvarfner2024.mean,
      );
      expect(posterior.constant).toBeCloseTo(entry.constant, 2);
      entry.test.forEach((x, i) => {
        const { mean, variance } = posterior.momentsAt(Float64Array.from(x));
        expect(mean).toBeCloseTo(entry.posteriorMean[i]!, 2);
        expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(entry.posteriorVariance[i]!), 2);
      });
    },
  );
});

describe("the default preset", () => {
  it("is that of the table: Gamma(3, 6), Gamma(2, 0.15), Gamma(1.1, 30), noise floor 1e-6", () => {
    expect(defaultPreset.lengthscale(6).prior.name).toBe("Gamma(3, 6)");
    expect(defaultPreset.signalVariance?.prior.name).toBe("Gamma(2, 0.15)");
    expect(defaultPreset.noiseVariance.prior.name).toBe("Gamma(1.1, 30)");
    expect(defaultPreset.noiseVariance.range.lower).toBe(1e-6);
  });

  it("finds within 1e-3 nats what twenty starts find", () => {
    const rng = createRng(3);
    const X = matrixFromRows(Array.from({ length: 30 }, () => [rng.uniform(), rng.uniform(), rng.uniform()]));
    const y = Float64Array.from(
      { length: 30 },
      (_, i) => Math.sin(5 * X.data[3 * i]!) + X.data[3 * i + 1]! + 0.1 * rng.normal(),
    );
    const inputs = ["a", "b", "c"].map((name) => ({ name, kind: "continuous" as const }));
    const statistics = settingStatistics(
      arrangeRows({ inputs, X, y }),
      createTransform({ kind: "identity", center: 0, spread: 1 }),
    );
    const kernel = createProductKernel(radialKernels["matern-5/2"], [
      "continuous",
      "continuous",
      "continuous",
    ]);
    const search = (randomStarts: number): number =>
      maximizePosterior(statistics, kernel, defaultPreset, { randomStarts, rng: createRng(9) }).logPosterior;
    expect(search(2)).toBeGreaterThan(search(20) - 1e-3);
  });
});
