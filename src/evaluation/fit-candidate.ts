import type { Campaign, Outcome } from "../campaign/campaign.js";
import { processOptions } from "../campaign/process-options.js";
import { fitAroundLaw, namedLaw } from "../campaign/prior-mean-choice.js";
import { fitSurrogateKind } from "../surrogates/fit-surrogate.js";
import type { Surrogate, SurrogateData } from "../surrogates/surrogate.js";
import type { CandidateModel } from "./candidate-model.js";

/**
 * Fits a candidate to rows of one outcome.
 *
 * @throws CellwrightError INVALID_OPTION if it names a law that the outcome or the inputs do not allow.
 */
export function fitCandidate(
  candidate: CandidateModel,
  data: SurrogateData,
  options: { readonly campaign: Campaign; readonly outcome: Outcome; readonly seed: number },
): Surrogate {
  const { campaign, outcome, seed } = options;
  const { kind, preset, priorMean } = candidate;
  const { scale } = outcome;
  if (kind === "gaussian-process" && priorMean !== undefined && preset !== "saas-2021") {
    const inputs = data.inputs.map(({ name }) => name);
    const mean = namedLaw(campaign, outcome, priorMean, inputs);
    return fitAroundLaw(data, mean, { scale, seed, ...(preset === undefined ? {} : { preset }) });
  }
  const process =
    kind === "gaussian-process" && preset !== "saas-2021" ? processOptions(outcome, data.inputs) : {};
  return fitSurrogateKind(kind, data, {
    ...process,
    scale,
    seed,
    ...(preset === undefined ? {} : { preset }),
  });
}
