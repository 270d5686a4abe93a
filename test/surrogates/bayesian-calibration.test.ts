import { describe, expect, it } from "vitest";
import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, matrixFromRows, matrixRow } from "../../src/math/matrix.js";
import { sampleNuts } from "../../src/math/nuts.js";
import type { LogDensity } from "../../src/math/nuts-transition.js";
import { createRng, type Rng } from "../../src/math/rng.js";
import { samplingCoordinates } from "../../src/surrogates/bayesian-coordinates.js";
import { logPosterior } from "../../src/surrogates/bayesian-sampling.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";

/*
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, arXiv:1804.06788): hyperparameters
 * drawn from the prior, data drawn from them, then the posterior sampled from the data. The rank of the true value
 * among the draws is uniform if likelihood, prior, Jacobian and sampler belong together.
 */

const SETTINGS = 12;
const DRAWS = 19;
const BINS = 5; // of four ranks each
const REPLICATIONS = 100;

const kernel = createProductKernel(radialKernels["matern-5/2"], ["continuous"]);
const coordinates = samplingCoordinates("default", 1, 1);

/** Gamma variate (Marsaglia & Tsang 2000, ACM TOMS 26(3)), shape of at least 1. */
function gamma(rng: Rng, shape: number, rate: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

/** The priors of the default preset, written out again; its lower limits cut off less than 1e-4 of them. */
function drawPrior(rng: Rng): Hyperparameters {
  return {
    lengthscales: Float64Array.of(gamma(rng, 3, 6)),
    signalVariance: gamma(rng, 2, 0.15),
    noiseVariance: Float64Array.of(gamma(rng, 1.1, 30)),
  };
}

/** Outcomes of the model at random settings, from the textbook formula of the kernel. */
function simulate(
  { lengthscales, signalVariance, noiseVariance }: Hyperparameters,
  rng: Rng,
): SettingStatistics {
  const x = Array.from({ length: SETTINGS }, () => rng.uniform());
  const K = createMatrix(SETTINGS, SETTINGS);
  x.forEach((a, i) => {
    x.forEach((b, j) => {
      const r = (Math.sqrt(5) * Math.abs(a - b)) / lengthscales[0]!;
      K.data[i * SETTINGS + j] =
        signalVariance * (1 + r + (r * r) / 3) * Math.exp(-r) + (i === j ? noiseVariance[0]! : 0);
    });
  });
  const factor = cholesky(K);
  if (!factor.ok) throw new Error("the simulated covariance must be positive definite");
  const normals = Array.from(x, () => rng.normal());
  return {
    X: matrixFromRows(x.map((value) => [value])),
    mean: Float64Array.from(x, (_, i) =>
      matrixRow(factor.L, i).reduce((sum, l, j) => sum + (j <= i ? l * normals[j]! : 0), 0),
    ),
    count: new Float64Array(SETTINGS).fill(1),
    scatter: new Float64Array(SETTINGS),
    knownVariance: new Float64Array(SETTINGS),
    noiseLevel: new Int32Array(SETTINGS),
    levels: 1,
  };
}

const QUANTITIES = {
  lengthscale: (h: Hyperparameters): number => h.lengthscales[0]!,
  "signal variance": (h: Hyperparameters): number => h.signalVariance,
  "noise variance": (h: Hyperparameters): number => h.noiseVariance[0]!,
} as const;

/** χ² of each quantity's ranks against the uniform distribution, BINS − 1 degrees of freedom. */
function rankStatistics(change: (density: LogDensity) => LogDensity): Record<string, number> {
  const counts = Object.values(QUANTITIES).map(() => new Float64Array(BINS));
  for (let replication = 0; replication < REPLICATIONS; replication++) {
    const rng = createRng(replication).fork("calibration");
    const truth = drawPrior(rng);
    const density = change(logPosterior(simulate(truth, rng), kernel, coordinates));
    const thinning = 15;
    const chain = sampleNuts(density, {
      start: coordinates.start,
      warmup: 120,
      samples: thinning * DRAWS,
      rng,
    });
    const draws = Array.from({ length: DRAWS }, (_, k) =>
      coordinates.hyperparametersAt(matrixRow(chain.samples, thinning * k + thinning - 1)),
    );
    Object.values(QUANTITIES).forEach((pick, q) => {
      const rank = draws.filter((draw) => pick(draw) < pick(truth)).length;
      counts[q]![Math.floor((rank * BINS) / (DRAWS + 1))]! += 1;
    });
  }
  const expected = REPLICATIONS / BINS;
  return Object.fromEntries(
    Object.keys(QUANTITIES).map((name, q) => [
      name,
      counts[q]!.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0),
    ]),
  );
}

/** 99.9 % point of χ² with four degrees of freedom. */
const CRITICAL = 18.47;

describe("simulation-based calibration of the Bayesian fit", () => {
  it("ranks the true hyperparameters uniformly among the draws", () => {
    const statistics = rankStatistics((density) => density);
    for (const [name, value] of Object.entries(statistics))
      expect([name, value < CRITICAL]).toEqual([name, true]);
  });

  it("would notice a lengthscale prior of shape 1 instead of 3", () => {
    const wrong = rankStatistics((density) => (x, gradient) => {
      const value = density(x, gradient) - 2 * x[0]!;
      gradient[0] = gradient[0]! - 2;
      return value;
    });
    expect(wrong["lengthscale"]).toBeGreaterThan(CRITICAL);
  });
});
