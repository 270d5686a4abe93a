import type { Campaign, Outcome } from "../campaign/campaign.js";
import { processOptions } from "../campaign/process-options.js";
import { fitAroundLaw, namedLaw } from "../campaign/prior-mean-choice.js";
import type { ParametricMean } from "../space/knowledge.js";
import { fitSurrogateKind } from "../surrogates/fit-surrogate.js";
import type { OutcomeScale, Surrogate, SurrogateData } from "../surrogates/surrogate.js";
import type { CandidateModel } from "./candidate-model.js";

/** Whose outcome is fitted, and with which seed. */
export interface FitPlace {
  readonly campaign: Campaign;
  readonly outcome: Outcome;
  readonly seed: number;
}

/** What a fit needs beside the rows. All of it is plain data, but for the law of a process. */
export interface CandidateFit {
  readonly kind: CandidateModel["kind"];
  readonly preset?: NonNullable<CandidateModel["preset"]>;
  readonly scale: OutcomeScale;
  readonly seed: number;
  /** What the outcome's file says of its surrogate. */
  readonly chosen: Pick<Outcome, "surrogate">;
  /** The law to fit around, over inputs of the given names. */
  readonly law?: (inputs: readonly string[]) => ParametricMean;
}

/** How a candidate is fitted to an outcome of a campaign. */
export function candidateFit(
  { kind, preset, priorMean }: CandidateModel,
  { campaign, outcome, seed }: FitPlace,
): CandidateFit {
  const around = kind === "gaussian-process" && preset !== "saas-2021" ? priorMean : undefined;
  return {
    kind,
    ...(preset === undefined ? {} : { preset }),
    scale: outcome.scale,
    seed,
    chosen: outcome.surrogate === undefined ? {} : { surrogate: outcome.surrogate },
    ...(around === undefined
      ? {}
      : { law: (inputs: readonly string[]) => namedLaw(campaign, outcome, around, inputs) }),
  };
}

/**
 * Fits rows of one outcome.
 *
 * @throws CellwrightError INVALID_OPTION if it names a law that the outcome or the inputs do not allow.
 */
export function fitRows(
  { kind, preset, scale, seed, chosen, law }: CandidateFit,
  data: SurrogateData,
): Surrogate {
  if (law !== undefined && preset !== "saas-2021") {
    const mean = law(data.inputs.map(({ name }) => name));
    return fitAroundLaw(data, mean, { scale, seed, ...(preset === undefined ? {} : { preset }) });
  }
  const process =
    kind === "gaussian-process" && preset !== "saas-2021" ? processOptions(chosen, data.inputs) : {};
  return fitSurrogateKind(kind, data, {
    ...process,
    scale,
    seed,
    ...(preset === undefined ? {} : { preset }),
  });
}

/**
 * Fits a candidate to rows of one outcome.
 *
 * @throws CellwrightError as `fitRows`
 */
export function fitCandidate(candidate: CandidateModel, data: SurrogateData, place: FitPlace): Surrogate {
  return fitRows(candidateFit(candidate, place), data);
}
