import type { SurrogateKind } from "../surrogates/surrogate.js";

/** Which surrogate is fitted, and under which preset of priors. */
export interface CandidateModel {
  readonly kind: SurrogateKind;
  /** Gaussian processes only; absent: the default preset. `saas-2021` is for kind "bayesian-gaussian-process". */
  readonly preset?: "default" | "hvarfner-2024" | "saas-2021";
}

/** What `train` compares, simplest habit first where two are equally good. */
export const DEFAULT_CANDIDATES: readonly CandidateModel[] = [
  { kind: "gaussian-process", preset: "default" },
  { kind: "gaussian-process", preset: "hvarfner-2024" },
  { kind: "response-surface" },
  { kind: "random-forest" },
];

/** `gaussian-process (hvarfner-2024)`, `gaussian-process (bayesian)`, `gaussian-process (bayesian, saas-2021)`, `response-surface`. */
export function candidateLabel(candidate: {
  readonly kind: string;
  readonly preset?: string | null;
}): string {
  if (candidate.kind === "bayesian-gaussian-process") {
    const priors = candidate.preset && candidate.preset !== "default" ? `, ${candidate.preset}` : "";
    return `gaussian-process (bayesian${priors})`;
  }
  return candidate.preset ? `${candidate.kind} (${candidate.preset})` : candidate.kind;
}
