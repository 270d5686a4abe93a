import { CellwrightError } from "../errors.js";
import { cholesky, multiplyTransposed } from "../math/dense.js";
import { createMatrix, type Matrix, matrixRow } from "../math/matrix.js";
import { normalQuantile } from "../math/normal.js";
import type { Rng } from "../math/rng.js";
import { createSobol, MAX_SOBOL_DIMENSION } from "../math/sobol.js";
import type { InputDimension, ModelScale } from "./surrogate.js";
import { checkPrediction } from "./warped-posterior.js";

/** Joint latent moments on the model scale: mean [m], covariance [m × m]. */
export interface JointMoments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/** A posterior, Gaussian or an equally weighted mixture of Gaussians. */
export interface JointPosterior {
  readonly inputs: readonly InputDimension[];
  readonly modelScale: ModelScale;
  /** One, or one per draw of the hyperparameters. */
  readonly components: readonly ((points: Matrix) => JointMoments)[];
}

/**
 * Variance added to every sample, model scale, where the data have variance 1: so that the covariance of points that
 * nearly coincide can be factorised. As in conditional-draws.ts, below anything that a decision rests on (assumption).
 */
const SAMPLE_VARIANCE = 1e-9;
/** More samples than anybody can look at: a slip of the pen (assumption). */
const MOST_SAMPLES = 1 << 20;

/**
 * Draws the latent outcome jointly at some points, quasi-randomly: scrambled Sobol normals through the Cholesky factor of
 * the joint covariance; a further Sobol coordinate chooses the component of a mixture.
 *
 * @param points - [m × d], at most 3,666.
 * @param scale - `raw` units, or the `model` scale.
 * @returns [count × m]
 * @throws CellwrightError SHAPE_MISMATCH, NON_FINITE, INVALID_OPTION, NOT_POSITIVE_DEFINITE
 * @see Balandat et al. (2020), NeurIPS 33, section 4
 */
export function sampleJointly(
  posterior: JointPosterior,
  points: Matrix,
  count: number,
  rng: Rng,
  scale: "raw" | "model" = "raw",
): Matrix {
  const { inputs, components, modelScale } = posterior;
  checkPrediction(inputs, 1, points, {});
  checkCounts(points.rows, count);
  const m = points.rows;
  const sequence = createSobol(m + 1, rng.fork("samples"));
  const componentOf = new Int32Array(count);
  const normals = createMatrix(count, m);
  for (let s = 0; s < count; s++) {
    const [first, ...others] = sequence.next();
    componentOf[s] = Math.floor(first! * components.length);
    matrixRow(normals, s).set(others.map(normalQuantile));
  }
  const samples = createMatrix(count, m);
  components.forEach((joint, c) => {
    const own = Array.from(componentOf, (_, s) => s).filter((s) => componentOf[s] === c);
    if (own.length === 0) return;
    const drawn = correlate(joint(points), normals, own);
    own.forEach((s, row) => matrixRow(samples, s).set(matrixRow(drawn, row)));
  });
  if (scale === "raw") samples.data.forEach((z, i) => (samples.data[i] = modelScale.toRaw(z)));
  return samples;
}

/** Mean and covariance of an equally weighted mixture: E[C] + E[(m − E m)(m − E m)ᵀ]. */
export function mixtureMoments(components: readonly JointMoments[]): JointMoments {
  const share = 1 / components.length;
  const m = components[0]!.mean.length;
  const mean = new Float64Array(m);
  const covariance = createMatrix(m, m);
  for (const one of components) for (let i = 0; i < m; i++) mean[i] = mean[i]! + share * one.mean[i]!;
  for (const one of components) {
    const apart = one.mean.map((value, i) => value - mean[i]!);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        const at = i * m + j;
        const value = one.covariance.data[at]! + apart[i]! * apart[j]!;
        covariance.data[at] = covariance.data[at]! + share * value;
      }
    }
  }
  return { mean, covariance };
}

function checkCounts(points: number, count: number): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_SAMPLES)) {
    throw new CellwrightError(
      "INVALID_OPTION",
      `The number of samples must be a whole number from 1 to ${MOST_SAMPLES}, found ${count}.`,
    );
  }
  if (points >= 1 && points < MAX_SOBOL_DIMENSION) return;
  throw new CellwrightError(
    "INVALID_OPTION",
    `Joint samples are drawn at 1 to ${MAX_SOBOL_DIMENSION - 1} points, found ${points}: use sample functions beyond.`,
  );
}

/** m + chol(C + εI) ξ for the chosen rows of normals, [rows × m]. */
function correlate({ mean, covariance }: JointMoments, normals: Matrix, rows: readonly number[]): Matrix {
  const m = mean.length;
  for (let i = 0; i < m; i++) covariance.data[i * m + i] = covariance.data[i * m + i]! + SAMPLE_VARIANCE;
  const factor = cholesky(covariance);
  if (!factor.ok) {
    throw new CellwrightError(
      "NOT_POSITIVE_DEFINITE",
      "The posterior covariance of the points cannot be factorised.",
      { details: { points: m, pivot: factor.pivot } },
    );
  }
  const chosen = createMatrix(rows.length, m);
  rows.forEach((s, row) => matrixRow(chosen, row).set(matrixRow(normals, s)));
  const values = multiplyTransposed(chosen, factor.L);
  for (let i = 0; i < values.data.length; i++) values.data[i] = mean[i % m]! + values.data[i]!;
  return values;
}
