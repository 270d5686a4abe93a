import { createProductKernel } from "../../src/kernels/product-kernel.js";
import { radialKernels } from "../../src/kernels/radial-kernels.js";
import { cholesky } from "../../src/math/cholesky.js";
import { createMatrix, type Matrix, matrixRow } from "../../src/math/matrix.js";
import { sampleNuts } from "../../src/math/nuts.js";
import type { LogDensity } from "../../src/math/nuts-transition.js";
import { createRng, type Rng } from "../../src/math/rng.js";
import { samplingCoordinates } from "../../src/surrogates/bayesian-coordinates.js";
import { logPosterior } from "../../src/surrogates/bayesian-sampling.js";
import type { Hyperparameters } from "../../src/surrogates/hyperparameters.js";
import { conditionGaussianProcess } from "../../src/surrogates/posterior.js";
import type { SettingStatistics } from "../../src/surrogates/setting-statistics.js";

/*
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, arXiv:1804.06788): hyperparameters
 * drawn from the prior, data drawn from them, then the posterior sampled from the data. The rank of the true value
 * among the draws is uniform if likelihood, prior, Jacobian and sampler belong together; that of the latent outcome at
 * a new setting, if the conditioning does too. The test runs few replications, bench/calibration.ts many.
 */

export interface CalibrationOptions {
  readonly replications: number;
  /** Posterior draws, far apart in the chain; ranks are 0 … draws. */
  readonly draws: number;
  /** Transitions from one draw to the next. */
  readonly thinning: number;
  readonly warmup: number;
  readonly settings: number;
  readonly inputs: number;
  /** Damages the density on purpose. */
  readonly change?: (density: LogDensity) => LogDensity;
}

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
function drawPrior(rng: Rng, inputs: number): Hyperparameters {
  return {
    lengthscales: Float64Array.from({ length: inputs }, () => gamma(rng, 3, 6)),
    signalVariance: gamma(rng, 2, 0.15),
    noiseVariance: Float64Array.of(gamma(rng, 1.1, 30)),
  };
}

interface Simulated {
  readonly statistics: SettingStatistics;
  /** A further setting, and the latent outcome there. */
  readonly point: Float64Array;
  readonly latent: number;
}

/** Covariance of the outcomes at the rows of X, from the textbook formula; the last row is latent. */
function covarianceOf(X: Matrix, { lengthscales, signalVariance, noiseVariance }: Hyperparameters): Matrix {
  const K = createMatrix(X.rows, X.rows);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < X.rows; j++) {
      const [a, b] = [matrixRow(X, i), matrixRow(X, j)];
      const r = Math.sqrt(5 * lengthscales.reduce((sum, l, k) => sum + ((a[k]! - b[k]!) / l) ** 2, 0));
      // A billionth of the signal keeps the latent row from being a copy of its neighbours to rounding.
      const own = i !== j ? 0 : i < X.rows - 1 ? noiseVariance[0]! : 1e-9 * signalVariance;
      K.data[i * X.rows + j] = signalVariance * (1 + r + (r * r) / 3) * Math.exp(-r) + own;
    }
  }
  return K;
}

function simulate(truth: Hyperparameters, settings: number, rng: Rng): Simulated {
  const d = truth.lengthscales.length;
  const X = createMatrix(settings + 1, d);
  X.data.forEach((_, i) => (X.data[i] = rng.uniform()));
  const factor = cholesky(covarianceOf(X, truth));
  if (!factor.ok) throw new Error("the simulated covariance must be positive definite");
  const normals = Float64Array.from({ length: settings + 1 }, () => rng.normal());
  const y = normals.map((_, i) =>
    matrixRow(factor.L, i).reduce((sum, l, j) => sum + (j <= i ? l * normals[j]! : 0), 0),
  );
  const statistics = {
    X: { rows: settings, cols: d, data: X.data.slice(0, settings * d) },
    mean: y.slice(0, settings),
    count: new Float64Array(settings).fill(1),
    scatter: new Float64Array(settings),
    knownVariance: new Float64Array(settings),
    noiseLevel: new Int32Array(settings),
    levels: 1,
  };
  return { statistics, point: matrixRow(X, settings), latent: y[settings]! };
}

/** Rank of every true quantity among its draws, one a replication. */
export function calibrationRanks(options: CalibrationOptions): ReadonlyMap<string, readonly number[]> {
  const { replications, draws, thinning, warmup, inputs } = options;
  const change = options.change ?? ((density: LogDensity): LogDensity => density);
  const kinds = new Array<"continuous">(inputs).fill("continuous");
  const kernel = createProductKernel(radialKernels["matern-5/2"], kinds);
  const coordinates = samplingCoordinates("default", inputs, 1);
  const ranks = new Map<string, number[]>();
  for (let replication = 0; replication < replications; replication++) {
    const rng = createRng(replication).fork("calibration");
    const truth = drawPrior(rng, inputs);
    const { statistics, point, latent } = simulate(truth, options.settings, rng);
    const density = change(logPosterior(statistics, kernel, coordinates));
    const chain = sampleNuts(density, { start: coordinates.start, warmup, samples: thinning * draws, rng });
    const latentRng = rng.fork("latent");
    const found = Array.from({ length: draws }, (_, k) => {
      const hyperparameters = coordinates.hyperparametersAt(
        matrixRow(chain.samples, thinning * k + thinning - 1),
      );
      const { mean, variance } = conditionGaussianProcess(
        statistics,
        kernel,
        hyperparameters,
        "zero",
      ).momentsAt(point);
      return quantities(hyperparameters, mean + Math.sqrt(Math.max(0, variance)) * latentRng.normal());
    });
    for (const [name, value] of quantities(truth, latent)) {
      const rank = found.filter((draw) => draw.get(name)! < value).length;
      ranks.set(name, [...(ranks.get(name) ?? []), rank]);
    }
  }
  return ranks;
}

function quantities(h: Hyperparameters, latent: number): ReadonlyMap<string, number> {
  const lengths = Array.from(h.lengthscales, (l, k) => [`lengthscale ${k + 1}`, l] as const);
  return new Map([
    ...lengths,
    ["signal variance", h.signalVariance],
    ["noise variance", h.noiseVariance[0]!],
    ["latent outcome", latent],
  ]);
}

/** χ² of ranks 0 … draws against the uniform distribution in `bins` equal bins, bins − 1 degrees of freedom. */
export function rankChiSquare(ranks: readonly number[], draws: number, bins: number): number {
  const counts = new Float64Array(bins);
  for (const rank of ranks) counts[Math.floor((rank * bins) / (draws + 1))]! += 1;
  const expected = ranks.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
