import { CellwrightError } from "../errors.js";
import { cholesky, logDetFromCholesky } from "../math/cholesky.js";
import { createMatrix, type Matrix, matrixFromRows } from "../math/matrix.js";
import { addPlotErrors } from "../surrogates/whole-plots.js";
import type { AskProblem } from "./ask-problem.js";
import { hardParameters } from "./changeovers.js";
import type { FittedOutcome } from "./fit-outcomes.js";

/** What a batch is expected to tell of an outcome whose runs share errors of set-ups, before and after runs share settings. */
export interface SharedInformation {
  readonly outcome: string;
  /** Nats. */
  readonly apart: number;
  readonly shared: number;
}

/**
 * What two batches of the same size tell of every outcome that carries errors of set-ups: the mutual information
 * ½ log |Σ + N| − ½ log |N| between the runs and the outcome at their settings, with Σ the joint latent covariance and
 * N = σ² I + σ_w² Z Zᵀ. Runs of one batch at one setting of what is hard to change are one set-up, a new one.
 *
 * @see Cover & Thomas (2006), Elements of Information Theory, section 9.4, for the formula
 */
export function sharedInformation(
  { judged, campaign: { space } }: AskProblem,
  apart: readonly Float64Array[],
  shared: readonly Float64Array[],
): readonly SharedInformation[] {
  const hard = hardParameters(space.parameters).map(({ name }) => name);
  const levelOf = (x: Float64Array): string =>
    JSON.stringify(hard.map((name) => space.decode(x).parameters[name]));
  return judged.flatMap(({ outcome, fitted }): readonly SharedInformation[] => {
    if (fitted?.sharedError === undefined) return [];
    const told = (batch: readonly Float64Array[]): number => {
      const levels = batch.map(levelOf);
      const plots = Int32Array.from(levels, (level) => levels.indexOf(level));
      return informationOf(fitted, batch, plots, (x) => fitted.rows.noiseLevelAt(space.decode(x)));
    };
    return [{ outcome: outcome.name, apart: told(apart), shared: told(shared) }];
  });
}

function informationOf(
  { model }: FittedOutcome,
  batch: readonly Float64Array[],
  plots: Int32Array,
  levelAt: (x: Float64Array) => number,
): number {
  const { noiseVariance, plotVariance = 0 } = model.hyperparameters;
  const n = batch.length;
  const noise = createMatrix(n, n);
  batch.forEach((x, i) => (noise.data[i * n + i] = noiseVariance[levelAt(x)] ?? noiseVariance[0]!));
  addPlotErrors(noise, { of: plots, variance: plotVariance });
  const { covariance } = model.joint(matrixFromRows(batch));
  const seen = { ...covariance, data: covariance.data.map((value, k) => value + noise.data[k]!) };
  return 0.5 * (logDeterminant(seen) - logDeterminant(noise));
}

/** Of a covariance of which the lower triangle is filled. @throws CellwrightError NOT_POSITIVE_DEFINITE */
function logDeterminant(A: Matrix): number {
  const factor = cholesky(A);
  if (factor.ok) return logDetFromCholesky(factor.L);
  throw new CellwrightError("NOT_POSITIVE_DEFINITE", "The covariance of a batch cannot be factorised.", {
    details: { pivot: factor.pivot },
  });
}
