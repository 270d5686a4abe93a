import type { Outcome } from "../campaign/campaign.js";
import { formedPrediction } from "../campaign/formed-gain.js";
import { knownOutcome } from "../campaign/known-outcome.js";
import { type Matrix, matrixRow } from "../math/matrix.js";
import type { ReportBasis } from "./report-data.js";

/** What is believed of an outcome at one setting: mean and 95 % of the latent value. */
export interface Predicted {
  readonly mean: number;
  readonly latent95: readonly [number, number];
}

/** Whether a formula, a model or draws of models can tell the outcome. */
export function canPredict({ fits, composites }: ReportBasis, { name, formula }: Outcome): boolean {
  return formula?.known === true || fits.fitted.has(name) || composites.has(name);
}

/** Predicts an outcome that can be predicted at encoded inputs. */
export function predictAll(
  { campaign, fits, composites }: ReportBasis,
  outcome: Outcome,
  points: Matrix,
): Predicted[] {
  const rows = Array.from({ length: points.rows }, (_, i) => matrixRow(points, i));
  const composite = composites.get(outcome.name);
  if (composite !== undefined)
    return rows.map((row) => {
      const { mean, interval95 } = formedPrediction(composite.formed, row, outcome.unit);
      return { mean, latent95: interval95 };
    });
  const fitted = fits.fitted.get(outcome.name);
  if (fitted === undefined) {
    const known = knownOutcome(campaign, outcome);
    return rows.map((row) => known.evaluate(row)).map((mean) => ({ mean, latent95: [mean, mean] }));
  }
  const posterior = fitted.model.predict(points);
  const [low, high] = [posterior.quantile(0.025, "latent"), posterior.quantile(0.975, "latent")];
  return rows.map((_, i) => ({ mean: posterior.mean[i]!, latent95: [low[i]!, high[i]!] }));
}
