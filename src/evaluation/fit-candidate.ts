import { fitSurrogateKind } from "../surrogates/fit-surrogate.js";
import type { OutcomeScale, Surrogate, SurrogateData } from "../surrogates/surrogate.js";
import type { CandidateModel } from "./candidate-model.js";

/** Fits a candidate to rows of one outcome. */
export function fitCandidate(
  candidate: CandidateModel,
  data: SurrogateData,
  options: { readonly scale: OutcomeScale; readonly seed: number },
): Surrogate {
  const { kind, preset } = candidate;
  return fitSurrogateKind(kind, data, { ...options, ...(preset === undefined ? {} : { preset }) });
}
