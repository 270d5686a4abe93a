import type { SmoothFunction } from "../kernels/prior-function.js";
import type { Matrix } from "../math/matrix.js";
import type { Rng } from "../math/rng.js";

/** What one column of the encoded inputs is. Categorical columns hold the index of the level, 0 … levels − 1. */
export type InputDimension =
  | { readonly name: string; readonly kind: "continuous" }
  | { readonly name: string; readonly kind: "categorical"; readonly levels: number };

/** Rows to learn one outcome from. Inputs are encoded by `space/`; outcomes are raw, in the campaign's unit. */
export interface SurrogateData {
  readonly inputs: readonly InputDimension[];
  /** Encoded inputs, [n × d]; continuous columns in the unit cube for settings inside the bounds. */
  readonly X: Matrix;
  /** Outcomes, [n], raw units, finite. */
  readonly y: Float64Array;
  /** Known variance of each row's measurement error, [n], raw units squared; 0 where none is known. */
  readonly knownNoiseVariance?: Float64Array;
  /** Which inferred noise level a row belongs to (by context), [n], 0 … L − 1. Absent: one level for all rows. */
  readonly noiseLevel?: Int32Array;
  /**
   * Which whole plot a row belongs to, [n], 0 or more: rows between two changes of what is hard to change. Present: they
   * share an error (whole-plot-gaussian-process.ts).
   */
  readonly wholePlot?: Int32Array;
}

/** How raw outcomes relate to the scale on which the surrogate is Gaussian. */
export type OutcomeScale = "auto" | "identity" | "log";

/** What a surrogate believes at m points, in raw units. */
export interface MarginalPosterior {
  /** Mean of the latent outcome, [m]. */
  readonly mean: Float64Array;
  /** Standard deviation of the latent outcome, [m]. */
  readonly stdDev: Float64Array;
  /**
   * Quantiles, [m], raw units: `latent` of the outcome without noise, `observed` of one new measured run
   * (latent, inferred noise and known measurement error).
   */
  quantile(probability: number, of: "latent" | "observed"): Float64Array;
  /** P(lower ≤ latent outcome ≤ upper), [m]; either bound may be infinite. */
  probabilityBetween(lower: number, upper: number): Float64Array;
  /** Log density of one new observed value `y[i]` at point i, [m], raw units (with the Jacobian of the warp). */
  logDensity(y: ArrayLike<number>): Float64Array;
}

export interface PredictOptions {
  /** Noise level of each point, [m]; absent: level 0. */
  readonly noiseLevel?: Int32Array;
  /** Known measurement variance of the new run, raw units squared, added to `observed`; default 0. */
  readonly knownNoiseVariance?: number;
}

/** Anything that predicts one outcome from encoded settings. */
export interface Surrogate {
  readonly kind: SurrogateKind;
  readonly inputs: readonly InputDimension[];
  /** Rows it was trained on (before replicates were merged). */
  readonly trainingRows: number;
  /** @throws CellwrightError SHAPE_MISMATCH, NON_FINITE */
  predict(points: Matrix, options?: PredictOptions): MarginalPosterior;
  /**
   * The latent outcome drawn jointly at the points, quasi-randomly, [count × m]; absent where the surrogate has no joint
   * posterior.
   *
   * @param scale - `raw` units (default), or the `model` scale.
   * @throws CellwrightError SHAPE_MISMATCH, NON_FINITE, INVALID_OPTION (counts), NOT_POSITIVE_DEFINITE
   */
  samples?(points: Matrix, count: number, rng: Rng, scale?: "raw" | "model"): Matrix;
  /** Named, readable numbers: lengthscales, noise, fitted physical parameters. */
  describe(): Readonly<Record<string, number | string>>;
  /** Rows that a robust fit gives less weight; absent where no fit looked for them. */
  readonly outliers?: readonly Outlier[];
  /** What a user should know of the fit, a sentence each. */
  readonly messages?: readonly string[];
  /** Versioned JSON from which `loadSurrogate` rebuilds the same bits. */
  toJSON(): SurrogateRecord;
}

/** A row that counts less than others because it lies far from what they say. */
export interface Outlier {
  /** Row of the training data, from 0. */
  readonly row: number;
  /** Ordinary noise variance over the row's own: 1 counts in full, 0 not at all. */
  readonly weight: number;
  /** The extra noise variance, model scale. */
  readonly extraVariance: number;
}

export type SurrogateKind =
  | "gaussian-process"
  | "bayesian-gaussian-process"
  | "response-surface"
  | "random-forest"
  | "multi-task-gaussian-process"
  | "multi-fidelity-gaussian-process";

export interface SurrogateRecord {
  readonly schema: "cellwright.surrogate/1";
  readonly kind: SurrogateKind;
  readonly [field: string]: unknown;
}

/** The strictly increasing map between raw outcomes and the scale on which the latent function is Gaussian. */
export interface ModelScale {
  toModel(y: number): number;
  toRaw(z: number): number;
  /** log d model / d raw at a raw value; absent where it is not known in closed form. */
  logSlope?(y: number): number;
}

/** Latent posterior on the model scale at one point, with gradients with respect to the encoded inputs. */
export interface LatentPoint {
  readonly mean: number;
  readonly variance: number;
  /** ∂mean/∂x, [d]; 0 for categorical columns. */
  readonly meanGradient: Float64Array;
  /** ∂variance/∂x, [d]. */
  readonly varianceGradient: Float64Array;
}

/**
 * Posterior of the latent function given S joint draws of it at base points (data and pending), on the model scale.
 * The S means differ; the variance is common (the draws are noise-free values at the same points).
 *
 * @see Letham, Karrer, Ottoni & Bakshy (2019), Bayesian Analysis 14(2), section 3
 */
export interface ConditionalDraws {
  /** Drawn latent values at the base points, [S × b]. */
  readonly values: Matrix;
  /** Mean per draw and the common variance at x, with gradients. `means` [S], `meanGradients` [S × d]. */
  at(x: Float64Array, withGradient: boolean): ConditionalPoint;
  /** Mean of the first draw and variance at many points at once, [m] each; absent where that is no faster. */
  momentsOfOne?(points: Matrix): { readonly mean: Float64Array; readonly variance: Float64Array };
}

export interface ConditionalPoint {
  readonly means: Float64Array;
  readonly variance: number;
  /** Present when asked for. */
  readonly meanGradients?: Matrix;
  readonly varianceGradient?: Float64Array;
}

/** Capability of surrogates that are Gaussian on a model scale: what acquisition functions need. */
export interface GaussianLatent {
  readonly modelScale: ModelScale;
  /** Encoded training inputs, replicates merged, canonical order, [n × d]. */
  readonly trainingInputs: Matrix;
  /** Noise variance of one new run per noise level, model scale; with the error of a new whole plot where there are plots. */
  readonly noiseVariance: Float64Array;
  latentAt(x: Float64Array): LatentPoint;
  /** Latent means and variances of many points at once, [m] each; absent where that is no faster. */
  latentMoments?(points: Matrix): { readonly mean: Float64Array; readonly variance: Float64Array };
  /** The means of `latentMoments` alone; absent where that is no faster. */
  latentMeans?(points: Matrix): Float64Array;
  /** Joint latent posterior on the model scale: mean [m], covariance [m × m]. */
  joint(points: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix };
  /**
   * Functions drawn from the posterior, model scale; the same generator gives the same functions. Absent where the prior
   * has no functions to draw.
   *
   * @throws CellwrightError INVALID_OPTION unless `count` is a whole number from 1 to 65,536
   */
  samplePaths?(count: number, rng: Rng): readonly SmoothFunction[];
  /**
   * Conditions on S joint latent draws at `basePoints` [b × d], made from standard normals [S × b]. What draws at the same
   * matrix share is computed once, so that it must not change.
   */
  draw(basePoints: Matrix, standardNormals: Matrix): ConditionalDraws;
  /**
   * Exact leave-one-out predictions of the merged training rows at the fitted hyperparameters, raw units: mean and
   * standard deviation of the latent outcome, log density of the setting's mean outcome (averaged on the model scale).
   * Where rows share the errors of whole plots a setting is left out with its plot.
   */
  leaveOneOut(): {
    readonly mean: Float64Array;
    readonly stdDev: Float64Array;
    readonly logDensity: Float64Array;
  };
}

/** The default surrogate: predicts, and exposes the Gaussian that acquisition functions work on. */
export type GaussianProcessSurrogate = Surrogate & GaussianLatent;
