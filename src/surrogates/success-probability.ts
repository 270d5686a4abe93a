import { CellwrightError } from "../errors.js";
import { createProductKernel } from "../kernels/product-kernel.js";
import { radialKernels } from "../kernels/radial-kernels.js";
import { exp, log } from "../math/elementary.js";
import { minimize } from "../math/lbfgsb.js";
import { type Matrix, selectRows } from "../math/matrix.js";
import { normalLogCdf, normalLogPdf, normalQuantile } from "../math/normal.js";
import { conditionKernel } from "./conditioned-kernel.js";
import { hvarfner2024 } from "./presets/hvarfner-2024.js";
import { logNormalPrior, type Prior } from "./prior.js";
import { priorMean, type ProbitMode, type ProbitProblem, probitMode } from "./probit-laplace.js";
import type { InputDimension } from "./surrogate.js";

/** Settings at which a run succeeded or failed. */
export interface SuccessData {
  readonly inputs: readonly InputDimension[];
  /** Encoded settings, [n × d]; the same ones may occur again, with another end. */
  readonly X: Matrix;
  /** [n] */
  readonly succeeded: readonly boolean[];
}

/** What failed and successful runs say about the next one. */
export interface SuccessProbability {
  /** Runs that it was learned from. */
  readonly rows: number;
  readonly failures: number;
  /**
   * log P(a run at x succeeds).
   *
   * @param gradient - Receives ∂/∂x, [d]; 0 for categorical columns.
   */
  logAt(x: Float64Array, gradient?: Float64Array): number;
}

/** Rows of one fit: each step costs their cube, and runs far from every failure change nothing (assumption). */
const MOST_ROWS = 200;
/** Fewest failures and successes from which lengthscales are learned; below, the prior's (assumption). */
const FEWEST_OF_EACH = 3;
/** Variance of the latent function: one failure brings its own setting from 95 % to about a half (assumption). */
const SIGNAL: {
  readonly prior: Prior;
  readonly start: number;
  readonly lower: number;
  readonly upper: number;
} = {
  prior: logNormalPrior(log(4), 1),
  ...{ start: 4, lower: 0.25, upper: 64 },
};

/**
 * Learns the probability of success over the settings: a Gaussian process behind a probit, Matérn-5/2 with one
 * lengthscale per input, by Laplace's approximation. Far from all runs it falls back to the rate of success by the rule
 * of succession, (successes + 1)/(runs + 2). From the first failure on; with fewer than three failures or successes the
 * lengthscales are those of the prior.
 *
 * @throws CellwrightError SHAPE_MISMATCH, INVALID_OPTION without any row
 * @see Rasmussen & Williams (2006), sections 3.4 and 5.5.1; Gelbart, Snoek & Adams (2014), UAI, for its place in an
 *   acquisition function
 */
export function fitSuccessProbability(data: SuccessData): SuccessProbability {
  checkData(data);
  const kept = influentialRows(data);
  const labels = Int8Array.from(kept, (i) => (data.succeeded[i] === true ? 1 : -1));
  const failures = data.succeeded.filter((one) => !one).length;
  const problem: ProbitProblem = {
    kernel: createProductKernel(
      radialKernels["matern-5/2"],
      data.inputs.map(({ kind }) => kind),
    ),
    X: selectRows(data.X, kept),
    labels,
    base: normalQuantile((data.succeeded.length - failures + 1) / (data.succeeded.length + 2)),
  };
  const learned = Math.min(failures, data.succeeded.length - failures) >= FEWEST_OF_EACH;
  const { lengthscales, signalVariance } = learned ? searched(problem) : prior(data.inputs.length);
  const mode = probitMode(problem, lengthscales, signalVariance);
  return { rows: data.succeeded.length, failures, ...predictor(problem, mode, lengthscales, signalVariance) };
}

function checkData({ inputs, X, succeeded }: SuccessData): void {
  if (X.rows !== succeeded.length || X.cols !== inputs.length) {
    const expected = `${succeeded.length} × ${inputs.length}`;
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `Settings of runs: ${X.rows} × ${X.cols}, expected ${expected}.`,
    );
  }
  if (X.rows === 0)
    throw new CellwrightError("INVALID_OPTION", "The probability of success needs at least one run.");
}

interface Amplitude {
  readonly lengthscales: Float64Array;
  readonly signalVariance: number;
}

function prior(dimension: number): Amplitude {
  const { start } = hvarfner2024.lengthscale(dimension).range;
  return { lengthscales: new Float64Array(dimension).fill(start), signalVariance: SIGNAL.start };
}

/** The maximum of evidence times priors over the logarithms of lengthscales and signal variance. */
function searched(problem: ProbitProblem): Amplitude {
  const d = problem.X.cols;
  const { prior: lengthPrior, range } = hvarfner2024.lengthscale(d);
  const objective = (theta: Float64Array, gradient: Float64Array): number => {
    const { lengthscales, signalVariance } = amplitude(theta);
    let value = probitMode(problem, lengthscales, signalVariance, gradient).logEvidence;
    for (let k = 0; k <= d; k++) {
      const one = k < d ? lengthPrior : SIGNAL.prior;
      value += one.logDensity(theta[k]!);
      gradient[k] = -(gradient[k]! + one.gradient(theta[k]!));
    }
    return -value;
  };
  const bounds = (length: number, signal: number): Float64Array =>
    Float64Array.from({ length: d + 1 }, (_, k) => log(k < d ? length : signal));
  const { x } = minimize(objective, bounds(range.start, SIGNAL.start), {
    lower: bounds(range.lower, SIGNAL.lower),
    upper: bounds(range.upper, SIGNAL.upper),
    maxIterations: 60,
    functionTolerance: 1e-6,
  });
  return amplitude(x);
}

function amplitude(theta: Float64Array): Amplitude {
  const d = theta.length - 1;
  return { lengthscales: theta.slice(0, d).map(exp), signalVariance: exp(theta[d]!) };
}

/** P = Φ(m/√(1 + v)) with the latent moments m and v at x (Rasmussen & Williams 2006, eq. 3.82). */
function predictor(
  { kernel, X, base }: ProbitProblem,
  { slope, curvature }: ProbitMode,
  lengthscales: Float64Array,
  signalVariance: number,
): Pick<SuccessProbability, "logAt"> {
  const mean = priorMean(base, signalVariance);
  const noise = curvature.map((w) => 1 / w);
  const conditioned = conditionKernel(kernel, X, lengthscales, signalVariance, noise);
  const evaluate = conditioned.evaluator({ rows: 1, cols: X.rows, data: slope });
  return {
    logAt(x, gradient) {
      const at = evaluate(x, gradient !== undefined);
      const spread = 1 + at.variance;
      const u = (mean + at.means[0]!) / Math.sqrt(spread);
      if (gradient !== undefined) {
        const ratio = exp(normalLogPdf(u) - normalLogCdf(u));
        const [byMean, byVariance] = [ratio / Math.sqrt(spread), (-0.5 * ratio * u) / spread];
        for (let k = 0; k < x.length; k++)
          gradient[k] = byMean * at.meanGradients!.data[k]! + byVariance * at.varianceGradient![k]!;
      }
      return normalLogCdf(u);
    },
  };
}

/** All rows while they are few; else the latest failures, the successes nearest to them and others evenly, in order. */
function influentialRows({ X, succeeded, inputs }: SuccessData): number[] {
  const all = succeeded.map((_, i) => i);
  if (all.length <= MOST_ROWS) return all;
  const failed = all.filter((i) => succeeded[i] !== true).slice(-MOST_ROWS / 2);
  const near = (i: number): number =>
    failed.reduce((least, j) => Math.min(least, squaredDistance(X, inputs, i, j)), Infinity);
  const others = all
    .filter((i) => succeeded[i] === true)
    .map((i) => ({ i, distance: near(i) }))
    .sort((a, b) => a.distance - b.distance || a.i - b.i)
    .map(({ i }) => i);
  const places = MOST_ROWS - failed.length;
  const nearest = Math.ceil(places / 2);
  const stride = Math.max(1, Math.ceil((others.length - nearest) / (places - nearest)));
  const kept = others.filter((_, rank) => rank < nearest || (rank - nearest) % stride === 0);
  return [...failed, ...kept].sort((a, b) => a - b);
}

function squaredDistance(X: Matrix, inputs: readonly InputDimension[], i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < X.cols; k++) {
    const step = X.data[i * X.cols + k]! - X.data[j * X.cols + k]!;
    sum += inputs[k]!.kind === "categorical" ? Number(step !== 0) : step * step;
  }
  return sum;
}
