import { levelCorrelation } from "../kernels/categorical.js";
import type { MultiFidelityParts } from "./multi-fidelity-record.js";
import { logSuffix, readable, scaleName, unitOfModelScale } from "./readable-scale.js";
import type { SitesPosterior } from "./site-view.js";
import type { OutcomeTransform } from "./transform.js";

/** Named numbers of one fidelity, and how much it has in common with the outcome that counts. */
export function describeFidelity(
  parts: MultiFidelityParts,
  { statistics }: SitesPosterior,
  at: number,
  transform: OutcomeTransform,
): Record<string, number | string> {
  const unit = unitOfModelScale(transform);
  const suffix = logSuffix(transform);
  const { lengthscales, coupling, noiseVariance } = parts.hyperparameters;
  const description: Record<string, number | string> = {
    [parts.fidelity]: at,
    kernel: parts.kernel,
    "outcome scale": scaleName(transform),
    rows: parts.trainingRows.reduce((sum, rows) => sum + rows, 0),
    settings: statistics.X.rows,
    "fidelities in the data": parts.fidelities.map(readable).join(", "),
  };
  parts.fidelities.forEach((s) => {
    if (s < 1)
      description[`correlation of ${readable(s)} with 1`] = readable(correlationWithMature(parts, s));
  });
  parts.inputs.forEach((input, k) => {
    const lengthscale = lengthscales[k]!;
    if (input.kind === "continuous") description[`lengthscale of ${input.name}`] = readable(lengthscale);
    else description[`correlation between levels of ${input.name}`] = readable(levelCorrelation(lengthscale));
  });
  description[`signal standard deviation${suffix}`] = readable(unit * Math.sqrt(coupling.signalVariance));
  const first = at === 1 ? 0 : parts.levels;
  for (let level = 0; level < parts.levels; level++) {
    const which = parts.levels === 1 ? "" : `, level ${level}`;
    const variance = noiseVariance[first + level]!;
    description[`noise standard deviation${suffix}${which}`] = readable(unit * Math.sqrt(variance));
  }
  return description;
}

/** Prior correlation of the outcome at fidelity s with the outcome that counts, at one setting. */
function correlationWithMature(parts: MultiFidelityParts, s: number): number {
  const { signalVariance, carriedShare, discrepancyVariance } = parts.hyperparameters.coupling;
  const carried = 1 - (1 - carriedShare) * (1 - s);
  const early = signalVariance * carried * carried + discrepancyVariance * (1 - s) * (1 - s) * (1 + s * s);
  return early > 0 ? (signalVariance * carried) / Math.sqrt(early * signalVariance) : 0;
}
