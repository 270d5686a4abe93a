import { CellwrightError } from "../errors.js";
import { cholesky, multiplyTransposed } from "../math/dense.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import type { ConditionedKernel } from "./conditioned-kernel.js";
import type { ProcessPosterior } from "./posterior.js";
import { plotErrors, type SettingStatistics } from "./setting-statistics.js";
import type { ConditionalDraws } from "./surrogate.js";
import { noPlots } from "./whole-plots.js";

/**
 * Variance with which drawn values are known, as a share of the prior variance.
 *
 * Draws are of f(B) + ε with ε this small, and are conditioned on with the same ε: an exact statement about a blurred
 * draw, whose covariance can be factorised however close base points lie together. A standard deviation of 3e-5 of the
 * prior's is below anything that a decision rests on (assumption).
 */
const DRAW_VARIANCE = 1e-9;

/**
 * Conditions the prior on S joint posterior draws at base points.
 *
 * Training settings among the base points are covered by the drawn values there (noise-free values make their data
 * redundant); settings that are not keep their data, so that any set of base points gives the right posterior.
 *
 * @param basePoints - [b × d]
 * @param standardNormals - [S × b]
 * @throws CellwrightError SHAPE_MISMATCH, NOT_POSITIVE_DEFINITE
 * @see Letham, Karrer, Ottoni & Bakshy (2019), Bayesian Analysis 14(2), section 3
 */
export function drawConditional(
  posterior: ProcessPosterior,
  basePoints: Matrix,
  standardNormals: Matrix,
): ConditionalDraws {
  if (standardNormals.cols !== basePoints.rows) {
    throw new CellwrightError(
      "SHAPE_MISMATCH",
      `standardNormals has ${standardNormals.cols} columns, expected one per base point (${basePoints.rows}).`,
    );
  }
  const base = baseOf(posterior, basePoints);
  const values = drawValues(base, standardNormals);
  // Draws that only decide which base points matter are never asked about other points.
  let asked: ConditionedDraws | undefined;
  const conditioned = (): ConditionedDraws =>
    (asked ??= conditionOnDraws(posterior, base.anchored(), values));
  const { constant } = posterior;
  return {
    values,
    at(x, withGradient) {
      const point = conditioned().evaluate(x, withGradient);
      for (let s = 0; s < values.rows; s++) point.means[s] = constant + point.means[s]!;
      return point;
    },
    momentsOfOne(points) {
      const { kernel, weights } = conditioned();
      const { means, variances } = kernel.moments(points, matrixRow(weights, 0));
      return { mean: means.map((mean) => constant + mean), variance: variances };
    },
  };
}

/** What is the same for all draws at the same base points, each computed when it is first asked for. */
interface DrawnBase {
  /** Posterior mean [b] and the factor of C + εI, [b × b]. */
  joint(): { readonly mean: Float64Array; readonly L: Matrix };
  anchored(): Anchored;
}

/** The prior conditioned on values at the base points and, below them, on the data of settings that are not among them. */
interface Anchored {
  readonly kernel: ConditionedKernel;
  readonly base: number;
  readonly uncovered: readonly number[];
}

/** A search asks for many draws and for one that stands for them, at the same base points. */
const bases = new WeakMap<ProcessPosterior, WeakMap<Matrix, DrawnBase>>();

function baseOf(posterior: ProcessPosterior, basePoints: Matrix): DrawnBase {
  let known = bases.get(posterior);
  if (known === undefined) bases.set(posterior, (known = new WeakMap<Matrix, DrawnBase>()));
  let base = known.get(basePoints);
  if (base === undefined) known.set(basePoints, (base = createBase(posterior, basePoints)));
  return base;
}

function createBase(posterior: ProcessPosterior, basePoints: Matrix): DrawnBase {
  let joint: ReturnType<DrawnBase["joint"]> | undefined;
  let anchored: Anchored | undefined;
  return {
    joint: () => (joint ??= factorJoint(posterior, basePoints)),
    anchored: () => (anchored ??= anchorAt(posterior, basePoints)),
  };
}

function anchorAt(posterior: ProcessPosterior, basePoints: Matrix): Anchored {
  const { hyperparameters, statistics, noise } = posterior;
  const uncovered = withTheirPlots(statistics, settingsOutside(statistics.X, basePoints));
  const anchors = stack(basePoints, statistics.X, uncovered);
  const anchorNoise = new Float64Array(anchors.rows).fill(DRAW_VARIANCE * hyperparameters.signalVariance);
  uncovered.forEach((g, k) => (anchorNoise[basePoints.rows + k] = noise[g]!));
  const plots = plotErrors(statistics, hyperparameters);
  const anchorPlots = plots && {
    ...plots,
    of: Int32Array.from([...noPlots(basePoints.rows), ...uncovered.map((g) => plots.of[g]!)]),
  };
  const kernel = posterior.condition(anchors, anchorNoise, anchorPlots);
  return { kernel, base: basePoints.rows, uncovered };
}

/** The prior conditioned on drawn values, and A⁻¹ times each draw, [S × n]. */
interface ConditionedDraws {
  readonly kernel: ConditionedKernel;
  readonly weights: Matrix;
  readonly evaluate: ReturnType<ConditionedKernel["evaluator"]>;
}

function conditionOnDraws(
  { constant, statistics, slopes }: ProcessPosterior,
  { kernel, base, uncovered }: Anchored,
  values: Matrix,
): ConditionedDraws {
  const anchors = kernel.X.rows;
  const size = anchors + (slopes?.value.length ?? 0);
  const weights = createMatrix(values.rows, size);
  const centred = new Float64Array(size);
  if (slopes !== undefined) centred.set(slopes.value, anchors);
  uncovered.forEach((g, k) => (centred[base + k] = statistics.mean[g]! - constant));
  for (let s = 0; s < values.rows; s++) {
    for (let k = 0; k < base; k++) centred[k] = values.data[s * base + k]! - constant;
    weights.data.set(kernel.solve(centred), s * size);
  }
  return { kernel, weights, evaluate: kernel.evaluator(weights) };
}

/** m + chol(C + εI) ξ, [S × b]. */
function drawValues(base: DrawnBase, standardNormals: Matrix): Matrix {
  const { mean, L } = base.joint();
  const b = mean.length;
  const values = multiplyTransposed(standardNormals, L);
  for (let s = 0; s < values.rows; s++) {
    for (let i = 0; i < b; i++) values.data[s * b + i] = mean[i]! + values.data[s * b + i]!;
  }
  return values;
}

function factorJoint(posterior: ProcessPosterior, basePoints: Matrix): ReturnType<DrawnBase["joint"]> {
  const { mean, covariance } = posterior.joint(basePoints);
  const b = basePoints.rows;
  const blur = DRAW_VARIANCE * posterior.hyperparameters.signalVariance;
  for (let i = 0; i < b; i++) covariance.data[i * b + i] = covariance.data[i * b + i]! + blur;
  const factor = cholesky(covariance);
  if (factor.ok) return { mean, L: factor.L };
  throw new CellwrightError(
    "NOT_POSITIVE_DEFINITE",
    "The posterior covariance of the base points cannot be factorised.",
    { details: { points: b, pivot: factor.pivot } },
  );
}

/** Settings that are not bit for bit among the base points. */
function settingsOutside(settings: Matrix, basePoints: Matrix): number[] {
  const key = (matrix: Matrix, i: number): string => matrixRow(matrix, i).join(",");
  const covered = new Set(Array.from({ length: basePoints.rows }, (_, i) => key(basePoints, i)));
  return Array.from({ length: settings.rows }, (_, g) => g).filter((g) => !covered.has(key(settings, g)));
}

/**
 * With the error of a whole plot the data of a covered setting still tell what the plot's error is, and so say something
 * of the others in it: all settings of such a plot keep their data.
 */
function withTheirPlots({ plot }: SettingStatistics, uncovered: readonly number[]): readonly number[] {
  if (plot === undefined || uncovered.length === 0) return uncovered;
  const concerned = new Set(uncovered.map((g) => plot[g]!));
  return Array.from(plot.keys()).filter((g) => concerned.has(plot[g]!));
}

/** The base points and, below them, the chosen settings. */
function stack(basePoints: Matrix, settings: Matrix, chosen: readonly number[]): Matrix {
  const stacked = createMatrix(basePoints.rows + chosen.length, settings.cols);
  stacked.data.set(basePoints.data);
  chosen.forEach((g, k) => stacked.data.set(matrixRow(settings, g), (basePoints.rows + k) * settings.cols));
  return stacked;
}
